package io.aswarm.sketch;

/** An event whose fields a test sets. */
final class TestConversation implements Conversation
{
    int kind;
    long timeNs;
    long initiatorHigh;
    long initiatorLow;
    long responderHigh;
    long responderLow;
    int initiatorPort;
    int responderPort;
    int protocol = ConversationKind.TCP;
    int weight = 1;
    int flags;
    long quantity;
    /** Of an opening over TCP: what Linux sends. */
    int headerBytes = 40;
    int tcpFlags;
    int lengthBytes;
    int interfaceIndex;

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
        return initiatorHigh;
    }

    @Override
    public long initiatorLow()
    {
        return initiatorLow;
    }

    @Override
    public long responderHigh()
    {
        return responderHigh;
    }

    @Override
    public long responderLow()
    {
        return responderLow;
    }

    @Override
    public int initiatorPort()
    {
        return initiatorPort;
    }

    @Override
    public int responderPort()
    {
        return responderPort;
    }

    @Override
    public int protocol()
    {
        return protocol;
    }

    @Override
    public int weight()
    {
        return weight;
    }

    @Override
    public int flags()
    {
        return flags;
    }

    @Override
    public long quantity()
    {
        final boolean isTcpOpening = kind == ConversationKind.OPENED && protocol == ConversationKind.TCP;
        return quantity == 0 && isTcpOpening ? headerBytes : quantity;
    }

    @Override
    public int tcpFlags()
    {
        return tcpFlags;
    }

    @Override
    public int lengthBytes()
    {
        return lengthBytes;
    }

    @Override
    public int interfaceIndex()
    {
        return interfaceIndex;
    }
}
