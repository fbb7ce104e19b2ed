package io.aswarm.dataplane;

import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.ConversationHandler;
import io.aswarm.ebpf.IpAddress;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.List;

/**
 * Keeps back the conversations that this host answers itself. XDP sees only what comes in, so such an answer is never
 * seen: who scrapes a few ports of a gateway would look like a scanner of silent ones. Counted, since it is a blind
 * spot. The addresses are those of the start; owned by the sensor thread.
 */
final class HostTraffic implements ConversationHandler
{
    private final long[] high;
    private final long[] low;
    private final AtomicCounter keptBack;
    private final ConversationHandler next;

    /**
     * Stand before a handler.
     *
     * @param own      addresses of this host.
     * @param keptBack counts what was not handed on.
     * @param next     gets the rest.
     */
    HostTraffic(final List<IpAddress> own, final AtomicCounter keptBack, final ConversationHandler next)
    {
        this.high = own.stream().mapToLong(IpAddress::high).toArray();
        this.low = own.stream().mapToLong(IpAddress::low).toArray();
        this.keptBack = keptBack;
        this.next = next;
    }

    @Override
    public void onConversation(final ConversationFlyweight conversation)
    {
        if (isOwn(conversation.responderHigh(), conversation.responderLow()))
        {
            keptBack.incrementRelease();
        }
        else
        {
            next.onConversation(conversation);
        }
    }

    private boolean isOwn(final long responderHigh, final long responderLow)
    {
        for (int i = 0; i < high.length; i++)
        {
            if (low[i] == responderLow && high[i] == responderHigh)
            {
                return true;
            }
        }
        return false;
    }
}
