package io.aswarm.dataplane;

import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.ConversationHandler;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.LocalPolicy;

/**
 * Shows a record in the kernel's ring to the local policy, in place: nothing is copied and nothing allocated. Kinds and
 * flags have the same numbers on both sides; a test holds that.
 */
public final class ConversationAdapter implements ConversationHandler, Conversation
{
    private final LocalPolicy policy;
    private ConversationFlyweight record;

    /**
     * Feed a policy.
     *
     * @param policy of the same thread.
     */
    public ConversationAdapter(final LocalPolicy policy)
    {
        this.policy = policy;
    }

    @Override
    public void onConversation(final ConversationFlyweight conversation)
    {
        record = conversation;
        policy.onConversation(this);
    }

    @Override
    public int kind()
    {
        return record.kind();
    }

    @Override
    public long timeNs()
    {
        return record.timeNs();
    }

    @Override
    public long initiatorHigh()
    {
        return record.initiatorHigh();
    }

    @Override
    public long initiatorLow()
    {
        return record.initiatorLow();
    }

    @Override
    public long responderHigh()
    {
        return record.responderHigh();
    }

    @Override
    public long responderLow()
    {
        return record.responderLow();
    }

    @Override
    public int lengthBytes()
    {
        return record.lengthBytes();
    }

    @Override
    public int initiatorPort()
    {
        return record.initiatorPort();
    }

    @Override
    public int responderPort()
    {
        return record.responderPort();
    }

    @Override
    public int protocol()
    {
        return record.protocol();
    }

    @Override
    public int weight()
    {
        return record.weight();
    }

    @Override
    public int flags()
    {
        return record.flags();
    }

    @Override
    public long quantity()
    {
        return record.quantity();
    }

    @Override
    public int tcpFlags()
    {
        return record.tcpFlags();
    }

    @Override
    public int interfaceIndex()
    {
        return record.interfaceIndex();
    }
}
