package io.aswarm.dataplane;

import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.ConversationHandler;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Decides what detection hears of the host's own conversations.
 * <ul>
 * <li>What this host itself answers is handed on where its answers are seen, that is where the egress program is on the
 * interface. Elsewhere it is kept back: who scrapes a few ports of a gateway would look like a scanner of silent
 * ones.</li>
 * <li>What this host itself asks (its names, its monitoring, ARP and neighbour solicitations) is kept back. A node
 * is no judge of itself: nothing could be done about the verdict, since own addresses are never contained. Other nodes
 * hear it like anybody else. Nobody hides behind it: a host forwards nothing that claims to come from itself over IPv4
 * (net/ipv4/fib_frontend.c, fib_validate_source()).</li>
 * </ul>
 * Both are counted. Owned by the sensor thread.
 */
final class HostTraffic implements ConversationHandler
{
    private final OwnAddresses own;
    private final WatchedInterfaces watched;
    private final AtomicCounter answersUnseen;
    private final AtomicCounter asked;
    private final ConversationHandler next;

    /**
     * Stand before a handler.
     *
     * @param own           addresses of this host.
     * @param watched       interfaces and what is seen there.
     * @param answersUnseen counts records kept back because this host's answers are not seen.
     * @param asked         counts records kept back because this host itself asked.
     * @param next          gets the rest.
     */
    HostTraffic(
        final OwnAddresses own,
        final WatchedInterfaces watched,
        final AtomicCounter answersUnseen,
        final AtomicCounter asked,
        final ConversationHandler next)
    {
        this.own = own;
        this.watched = watched;
        this.answersUnseen = answersUnseen;
        this.asked = asked;
        this.next = next;
    }

    @Override
    public void onConversation(final ConversationFlyweight conversation)
    {
        if (own.contains(conversation.initiatorHigh(), conversation.initiatorLow()))
        {
            asked.incrementRelease();
        }
        else if (!watched.seesSent(conversation.interfaceIndex()) &&
            own.contains(conversation.responderHigh(), conversation.responderLow()))
        {
            answersUnseen.incrementRelease();
        }
        else
        {
            next.onConversation(conversation);
        }
    }
}
