package io.aswarm.trust;

import java.util.Arrays;

/**
 * "Send me your offer": 40 bytes, unauthenticated, so it causes no more than one sending of an offer in a while.
 * <pre>
 *   0  session frame: REQUEST, sender's node id
 *   4  to: node id, 0 = all (16), zero (16)
 *   8  id of the offer that the sender knows already (128), 0 = none
 *  24  cookie to be put into each part (128), 0 = none needed
 * </pre>
 */
final class OfferRequest
{
    static final int LENGTH = 40;
    private static final byte[] NONE = new byte[16];

    private OfferRequest()
    {
    }

    static byte[] write(final int from, final int to, final Offer known, final byte[] cookie)
    {
        return SessionFrame.begin(LENGTH, SessionFrame.REQUEST, from)
            .putShort((short)to).putShort((short)0)
            .put(null == known ? NONE : known.id()).put(null == cookie ? NONE : cookie).array();
    }

    static int to(final byte[] message, final int offset)
    {
        return Byte.toUnsignedInt(message[offset + 4]) | Byte.toUnsignedInt(message[offset + 5]) << 8;
    }

    static boolean isKnown(final byte[] message, final int offset, final Offer offer)
    {
        return Arrays.equals(message, offset + 8, offset + 24, offer.id(), 0, Offer.ID_LENGTH);
    }

    /** The cookie asked for, or null. */
    static byte[] cookie(final byte[] message, final int offset)
    {
        final byte[] cookie = Arrays.copyOfRange(message, offset + 24, offset + 40);
        return Arrays.equals(NONE, cookie) ? null : cookie;
    }
}
