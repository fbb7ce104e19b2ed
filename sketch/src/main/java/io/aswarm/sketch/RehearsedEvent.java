package io.aswarm.sketch;

import java.nio.charset.StandardCharsets;

/** An event of a {@link Rehearsal}: a conversation, or the start of a program. */
final class RehearsedEvent implements Conversation, ProcessEvent
{
    private static final int PORT_MASK = 0xffff;
    private EventStep step;
    private int kind;
    private int time;
    private long nowNs;

    void set(final EventStep happening, final int itsKind, final int times, final long atNs)
    {
        step = happening;
        kind = itsKind;
        time = times;
        nowNs = atNs;
    }

    @Override
    public int kind()
    {
        return kind;
    }

    @Override
    public long timeNs()
    {
        return nowNs;
    }

    @Override
    public long initiatorHigh()
    {
        return step.ends().fromHigh();
    }

    @Override
    public long initiatorLow()
    {
        return step.ends().fromLow() + next(EventStep.NEXT_FROM);
    }

    @Override
    public long responderHigh()
    {
        return step.ends().toHigh();
    }

    @Override
    public long responderLow()
    {
        return step.ends().toLow() + next(EventStep.NEXT_TO);
    }

    @Override
    public int initiatorPort()
    {
        return (step.ends().fromPort() + next(EventStep.NEXT_FROM_PORT)) & PORT_MASK;
    }

    @Override
    public int responderPort()
    {
        return (step.ends().port() + next(EventStep.NEXT_PORT)) & PORT_MASK;
    }

    @Override
    public int protocol()
    {
        return step.ends().protocol();
    }

    @Override
    public int weight()
    {
        return 1;
    }

    @Override
    public int flags()
    {
        return step.flags();
    }

    @Override
    public long quantity()
    {
        if (kind == ConversationKind.OPENED)
        {
            return protocol() == ConversationKind.TCP ? step.measures().headerBytes() : 0;
        }
        return kind == ConversationKind.ENDED || kind == ConversationKind.VOLUME ? step.measures().quantity() : 0;
    }

    @Override
    public int lengthBytes()
    {
        return step.measures().lengthBytes();
    }

    @Override
    public int tcpFlags()
    {
        return step.measures().tcpFlags();
    }

    @Override
    public long hostHigh()
    {
        return initiatorHigh();
    }

    @Override
    public long hostLow()
    {
        return initiatorLow();
    }

    @Override
    public int path(final byte[] destination)
    {
        return put(step.program().path(), destination);
    }

    @Override
    public int parentPath(final byte[] destination)
    {
        return put(step.program().parent(), destination);
    }

    private int next(final int which)
    {
        return (step.next() & which) != 0 ? time : 0;
    }

    private static int put(final String text, final byte[] destination)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final int length = Math.min(bytes.length, destination.length);
        System.arraycopy(bytes, bytes.length - length, destination, 0, length);
        return length;
    }
}
