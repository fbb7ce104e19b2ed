package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;

/**
 * A record of a {@link ConversationTracker}, shown to the local policy as one of the kernel's ring would be. Written
 * again for each record.
 */
final class TrackedConversation implements Conversation
{
    private static final long NS_PER_MS = 1_000_000L;

    private int kind;
    private int flags;
    private int tunnelFlag;
    private int tcpFlags;
    private int weight;
    private long quantity;
    private int lengthBytes;
    private long timeNs;
    private ConversationKey key;

    /** The packet that gives the records to come. */
    void by(final DecodedPacket packet)
    {
        tunnelFlag = packet.tunnels > 0 ? FLAG_TUNNEL : 0;
        tcpFlags = packet.tcpFlags;
    }

    TrackedConversation of(final int newKind, final ConversationKey newKey, final int newFlags, final long nowNs)
    {
        kind = newKind;
        key = newKey;
        flags = newFlags | tunnelFlag;
        quantity = 0;
        lengthBytes = 0;
        weight = 1;
        timeNs = nowNs;
        return this;
    }

    /** Stand for one more, which is the one shown; flags tell what the others did not share with it. */
    void weigh(final TrackedConversation record)
    {
        int varying = 0;
        ConversationKey shown = record.key;
        if (weight > 0)
        {
            varying = flags & (FLAG_SOURCES_VARY | FLAG_AIMS_VARY);
            varying |= key.isFrom(shown) ? 0 : FLAG_SOURCES_VARY;
            varying |= key.isTo(shown) ? 0 : FLAG_AIMS_VARY;
            shown = key.responderPort() == shown.responderPort() ? shown : shown.withoutPort();
        }
        kind = record.kind;
        key = shown;
        flags = (record.flags & ~FLAG_ON_LINK) | varying;
        tcpFlags = record.tcpFlags;
        quantity = record.quantity;
        lengthBytes = record.lengthBytes;
        timeNs = record.timeNs;
        weight++;
    }

    TrackedConversation opened(
        final ConversationKey newKey, final int newFlags, final int tcpHeaderBytes, final long nowNs)
    {
        of(ConversationKind.OPENED, newKey, newFlags, nowNs);
        quantity = tcpHeaderBytes;
        return this;
    }

    TrackedConversation ended(
        final ConversationKey newKey, final int newFlags, final long durationNs, final long nowNs)
    {
        of(ConversationKind.ENDED, newKey, newFlags, nowNs);
        quantity = Math.min(durationNs / NS_PER_MS, DURATION_UNKNOWN);
        return this;
    }

    TrackedConversation volume(
        final ConversationKey newKey, final int newFlags, final long bytes, final long nowNs)
    {
        of(ConversationKind.VOLUME, newKey, newFlags, nowNs);
        quantity = bytes;
        return this;
    }

    /** The length of the packet that gave the record. */
    TrackedConversation withLength(final int bytes)
    {
        lengthBytes = bytes;
        return this;
    }

    /** Whether it is the first of a conversation, and no retransmission. */
    boolean isOpening()
    {
        return ConversationKind.OPENED == kind && 0 == (flags & FLAG_REPEAT);
    }

    ConversationKey key()
    {
        return key;
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
        return quantity;
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
}
