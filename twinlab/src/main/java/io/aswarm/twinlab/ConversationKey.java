package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;

/**
 * A conversation, whichever way a packet of it goes.
 *
 * @param initiatorHigh first eight bytes of who asked.
 * @param initiatorLow  last eight.
 * @param responderHigh first eight bytes of who was asked.
 * @param responderLow  last eight.
 * @param initiatorPort of who asked.
 * @param responderPort of who was asked.
 * @param protocol      IANA number.
 */
record ConversationKey(
    long initiatorHigh, long initiatorLow, long responderHigh, long responderLow, int initiatorPort,
    int responderPort, int protocol)
{
    /** That of a record. */
    static ConversationKey of(final Conversation record)
    {
        return new ConversationKey(
            record.initiatorHigh(), record.initiatorLow(), record.responderHigh(), record.responderLow(),
            record.initiatorPort(), record.responderPort(), record.protocol());
    }

    /** The sender of a packet as initiator. */
    static ConversationKey outward(final CaptureDecoder packet)
    {
        return new ConversationKey(
            packet.sourceHigh(), packet.sourceLow(), packet.destinationHigh(), packet.destinationLow(),
            packet.sourcePort(), packet.destinationPort(), packet.protocol());
    }

    /** The same, of a packet that was kept. */
    static ConversationKey outward(final CapturedPacket packet)
    {
        return new ConversationKey(
            packet.source().high(), packet.source().low(), packet.destination().high(), packet.destination().low(),
            packet.sourcePort(), packet.destinationPort(), packet.protocol());
    }

    /** Whether both are of one initiator. */
    boolean isFrom(final ConversationKey other)
    {
        return initiatorHigh == other.initiatorHigh && initiatorLow == other.initiatorLow;
    }

    /** Whether both are to one responder. */
    boolean isTo(final ConversationKey other)
    {
        return responderHigh == other.responderHigh && responderLow == other.responderLow;
    }

    /** The same, where the responder's ports differ. */
    ConversationKey withoutPort()
    {
        return new ConversationKey(
            initiatorHigh, initiatorLow, responderHigh, responderLow, initiatorPort, 0, protocol);
    }

    /** The service that was asked, and who asked, by whatever port. */
    ConversationKey withoutSocket()
    {
        return new ConversationKey(
            initiatorHigh, initiatorLow, responderHigh, responderLow, 0, responderPort, protocol);
    }

    /** The other side as initiator. */
    ConversationKey back()
    {
        return new ConversationKey(
            responderHigh, responderLow, initiatorHigh, initiatorLow, responderPort, initiatorPort, protocol);
    }

    /** Of an echo's reply: the identifier is the initiator's port, the responder has none. */
    ConversationKey answering()
    {
        return new ConversationKey(
            initiatorHigh, initiatorLow, responderHigh, responderLow, responderPort, initiatorPort, protocol);
    }

    /** Under which a packet's bytes are looked up: as {@link #outward}, but for the ports of echoes. */
    static ConversationKey measured(final CaptureDecoder packet)
    {
        final ConversationKey key = outward(packet);
        final boolean isReply = 0 == packet.type() || 129 == packet.type();
        return CaptureDecoder.isEcho(packet.protocol()) && isReply ? key.answering() : key;
    }
}
