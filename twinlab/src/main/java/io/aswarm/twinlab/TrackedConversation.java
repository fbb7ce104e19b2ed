package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;

/**
 * Shows what a {@link ConversationTracker} found to the local policy, as a record of the kernel's ring would be shown.
 */
final class TrackedConversation implements Conversation
{
    private int kind;
    private long timeNs;
    private boolean isRepeat;
    private ConversationTracker.Key key;

    /** Show the conversation of the tracker's last packet. */
    TrackedConversation of(final int newKind, final ConversationTracker tracker, final long nowNs)
    {
        kind = newKind;
        timeNs = nowNs;
        isRepeat = tracker.isRepeat();
        key = tracker.key();
        return this;
    }

    @Override
    public int kind()
    {
        return kind;
    }

    @Override
    public long timeNs()
    {
        return timeNs;
    }

    @Override
    public long initiatorHigh()
    {
        return key.initiatorHigh();
    }

    @Override
    public long initiatorLow()
    {
        return key.initiatorLow();
    }

    @Override
    public long responderHigh()
    {
        return key.responderHigh();
    }

    @Override
    public long responderLow()
    {
        return key.responderLow();
    }

    @Override
    public int initiatorPort()
    {
        return key.initiatorPort();
    }

    @Override
    public int responderPort()
    {
        return key.responderPort();
    }

    @Override
    public int protocol()
    {
        return key.protocol();
    }

    @Override
    public int weight()
    {
        return 1;
    }

    @Override
    public int flags()
    {
        return isRepeat ? FLAG_REPEAT : 0;
    }
}
