package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Which of an attack's openings over TCP were not completed within a second, the first retransmission timeout (RFC
 * 6298, section 2). Who completes what he opens and then asks, slowly or fast, is told from a benchmark, a proxy or a
 * slow client by his intent alone.
 */
final class UnfinishedOpenings
{
    private static final long GRACE_NS = 1_000_000_000L;

    /** Gets each, in the order of the openings' time. */
    interface Handler
    {
        void onUnfinished(Opening opening);
    }

    /** One opening, and what became of it so far. */
    static final class Opening
    {
        private final ConversationKey key;
        private final boolean isBare;
        private final long openedNs;
        private boolean isCompleted;
        private boolean isRefused;

        Opening(final ConversationKey key, final boolean isBare, final long openedNs)
        {
            this.key = key;
            this.isBare = isBare;
            this.openedNs = openedNs;
        }

        ConversationKey key()
        {
            return key;
        }

        /** Whether it has none of a stack's options ({@link Conversation#isBareOpening}). */
        boolean isBare()
        {
            return isBare;
        }

        boolean isRefused()
        {
            return isRefused;
        }

        long openedNs()
        {
            return openedNs;
        }
    }

    private final Deque<Opening> pending = new ArrayDeque<>();
    private final Map<ConversationKey, Opening> latest = new HashMap<>();
    private final Handler handler;

    UnfinishedOpenings(final Handler handler)
    {
        this.handler = handler;
    }

    /** What a conversation of the attack came to. A retransmission opens nothing. */
    void onConversation(final Conversation conversation)
    {
        tell(conversation.timeNs() - GRACE_NS);
        final ConversationKey key = ConversationKey.of(conversation);
        final Opening known = latest.get(key);
        switch (conversation.kind())
        {
            case ConversationKind.OPENED:
                if ((conversation.flags() & Conversation.FLAG_REPEAT) == 0)
                {
                    final Opening opening = new Opening(key, conversation.isBareOpening(), conversation.timeNs());
                    latest.put(key, opening);
                    pending.add(opening);
                }
                break;

            case ConversationKind.ESTABLISHED:
                if (null != known)
                {
                    known.isCompleted = true;
                }
                break;

            case ConversationKind.REFUSED:
            case ConversationKind.UNREACHABLE:
                if (null != known)
                {
                    known.isRefused = true;
                }
                break;

            default:
                break;
        }
    }

    /** Tell what was opened until then and is not completed. */
    void tell(final long untilNs)
    {
        while (!pending.isEmpty() && pending.element().openedNs <= untilNs)
        {
            final Opening opening = pending.remove();
            latest.remove(opening.key, opening);
            if (!opening.isCompleted)
            {
                handler.onUnfinished(opening);
            }
        }
    }
}
