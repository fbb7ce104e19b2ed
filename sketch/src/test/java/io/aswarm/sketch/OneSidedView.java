package io.aswarm.sketch;

/** What a sensor tells of conversations of which one direction passes it. */
enum OneSidedView
{
    /** All of it. */
    BOTH,
    /** Only what initiators send: openings, and their volume. */
    FORTH,
    /** Only what responders send. */
    BACK;

    /**
     * What of an event is seen.
     *
     * @param c of a whole conversation.
     * @return the event as it is told; null when it is not.
     */
    Conversation of(final Conversation c)
    {
        final boolean isResponders = (c.flags() & Conversation.FLAG_FROM_RESPONDER) != 0;
        switch (this)
        {
            case FORTH:
                return c.kind() == ConversationKind.OPENED || (c.kind() == ConversationKind.VOLUME && !isResponders) ?
                    c : null;

            case BACK:
                if (c.kind() == ConversationKind.VOLUME && isResponders)
                {
                    return new Turned(c, ConversationKind.VOLUME);
                }
                if (c.kind() == ConversationKind.ACCEPTED && c.protocol() == PolicyHarness.UDP)
                {
                    return new Turned(c, ConversationKind.OPENED);
                }
                return c.kind() == ConversationKind.ACCEPTED || c.kind() == ConversationKind.REFUSED ? c : null;

            default:
                return c;
        }
    }

    /** A packet of which nobody saw what it answers: its sender seems to have begun. */
    private record Turned(Conversation of, int kind) implements Conversation
    {
        @Override
        public long timeNs()
        {
            return of.timeNs();
        }

        @Override
        public long initiatorHigh()
        {
            return of.responderHigh();
        }

        @Override
        public long initiatorLow()
        {
            return of.responderLow();
        }

        @Override
        public long responderHigh()
        {
            return of.initiatorHigh();
        }

        @Override
        public long responderLow()
        {
            return of.initiatorLow();
        }

        @Override
        public int initiatorPort()
        {
            return of.responderPort();
        }

        @Override
        public int responderPort()
        {
            return of.initiatorPort();
        }

        @Override
        public int protocol()
        {
            return of.protocol();
        }

        @Override
        public int weight()
        {
            return 1;
        }

        @Override
        public int flags()
        {
            return kind == ConversationKind.VOLUME ? FLAG_UNORIENTED : 0;
        }

        @Override
        public long quantity()
        {
            return of.quantity();
        }
    }
}
