package io.aswarm.sketch;

/**
 * How many packets a record of volume stands for: one was sampled of {@link Conversation#quantity()} bytes of its like.
 * Less than one is a part of a packet. Only where the length is known.
 */
final class SampledPackets
{
    /** No path of IPv6 cuts shorter pieces (RFC 8200, section 5) but the last, and hardly any of IPv4 does. */
    static final int FRAGMENT_MIN_BYTES = 1_280;
    /** The largest packet that may be in pieces (RFC 791, section 3.1; RFC 8200, section 4.5). */
    static final int PACKET_MAX_BYTES = 65_535;

    private SampledPackets()
    {
    }

    /** Each frame is a packet. */
    static double of(final Conversation c)
    {
        return standsFor(c, c.lengthBytes());
    }

    /** A frame that may be a piece is one of the largest packet; the last piece counts as a packet. */
    static double ofWhole(final Conversation c)
    {
        return standsFor(c, c.lengthBytes() < FRAGMENT_MIN_BYTES ? c.lengthBytes() : PACKET_MAX_BYTES);
    }

    private static double standsFor(final Conversation c, final int packetBytes)
    {
        return Math.max(1, c.quantity()) / (double)packetBytes;
    }
}
