package io.aswarm.twinlab;

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
    /** The sender of a packet as initiator. */
    static ConversationKey outward(final CaptureDecoder packet)
    {
        return new ConversationKey(
            packet.sourceHigh(), packet.sourceLow(), packet.destinationHigh(), packet.destinationLow(),
            packet.sourcePort(), packet.destinationPort(), packet.protocol());
    }

    /** The other side as initiator. */
    ConversationKey back()
    {
        return new ConversationKey(
            responderHigh, responderLow, initiatorHigh, initiatorLow, responderPort, initiatorPort, protocol);
    }

    /** The other side as initiator, of an echo: the identifier is the initiator's port; the responder has none. */
    ConversationKey echoed()
    {
        return new ConversationKey(
            responderHigh, responderLow, initiatorHigh, initiatorLow, initiatorPort, 0, protocol);
    }
}
