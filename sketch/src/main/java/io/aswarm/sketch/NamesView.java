package io.aswarm.sketch;

/**
 * A conversation with a name server, seen from who asks. Whose first packets were not seen, be it lost or sent before
 * the sensor began, is oriented by the next one, which may be an answer; at a name server the port tells who is who.
 * What comes from a name server without having been asked looks the same: it is the responder's volume here.
 */
final class NamesView implements Conversation
{
    static final int NAMES_PORT = 53;

    private Conversation seen;
    private boolean isTurned;

    /** The conversation as it is, or turned round, valid until the next call. */
    Conversation of(final Conversation c)
    {
        if (c.protocol() != ConversationKind.UDP || (c.initiatorPort() == NAMES_PORT) ==
            (c.responderPort() == NAMES_PORT))
        {
            return c;
        }
        seen = c;
        isTurned = c.initiatorPort() == NAMES_PORT;
        return this;
    }

    @Override
    public int flags()
    {
        final int flags = seen.flags() & ~FLAG_UNORIENTED;
        return isTurned ? flags ^ FLAG_FROM_RESPONDER : flags;
    }

    @Override
    public long initiatorHigh()
    {
        return isTurned ? seen.responderHigh() : seen.initiatorHigh();
    }

    @Override
    public long initiatorLow()
    {
        return isTurned ? seen.responderLow() : seen.initiatorLow();
    }

    @Override
    public long responderHigh()
    {
        return isTurned ? seen.initiatorHigh() : seen.responderHigh();
    }

    @Override
    public long responderLow()
    {
        return isTurned ? seen.initiatorLow() : seen.responderLow();
    }

    @Override
    public int initiatorPort()
    {
        return isTurned ? seen.responderPort() : seen.initiatorPort();
    }

    @Override
    public int responderPort()
    {
        return NAMES_PORT;
    }

    @Override
    public int kind()
    {
        return seen.kind();
    }

    @Override
    public long timeNs()
    {
        return seen.timeNs();
    }

    @Override
    public int protocol()
    {
        return seen.protocol();
    }

    @Override
    public int weight()
    {
        return seen.weight();
    }

    @Override
    public long quantity()
    {
        return seen.quantity();
    }

    @Override
    public int tcpFlags()
    {
        return seen.tcpFlags();
    }

    @Override
    public int lengthBytes()
    {
        return seen.lengthBytes();
    }

    @Override
    public int interfaceIndex()
    {
        return seen.interfaceIndex();
    }
}
