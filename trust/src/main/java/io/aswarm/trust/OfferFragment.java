package io.aswarm.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A part of an offer, which with its signatures does not fit one datagram. Each part carries the digests of all, so it
 * is checked as it comes: who hears a genuine part cannot spoil the rest, and parts of different offers never mix.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |  session frame: OFFER, sender's node id                       |  0
 *  +-------------------------------+---------------+---------------+
 *  |  to: node id, 0 = all         |  index        |  count        |  4
 *  +-------------------------------+---------------+---------------+
 *  |  length of the whole offer    |  zero                         |  8
 *  +-------------------------------+-------------------------------+
 *  |  generation                                                   |  12
 *  |  boot epoch (64)                                              |  16
 *  |  cookie (128), 0 = none                                       |  24
 *  +---------------------------------------------------------------+
 *  |  for each part: first 16 bytes of its SHA-256                 |  40
 *  +---------------------------------------------------------------+
 *  |  this part                                                    |  40 + 16 * count
 *  +---------------------------------------------------------------+
 * </pre>
 * All parts but the last have {@code ceil(length / count)} bytes. A view, valid while its bytes are.
 */
final class OfferFragment
{
    static final int COUNT_MAX = 5;
    static final int COOKIE_LENGTH = 16;
    static final int TO_OFFSET = 4;
    static final int COOKIE_OFFSET = 24;

    private static final int DIGEST_LENGTH = 16;
    private static final int DIGESTS_OFFSET = 40;
    private static final int PART_MAX =
        SessionKeys.MESSAGE_LENGTH_MAX - DIGESTS_OFFSET - COUNT_MAX * DIGEST_LENGTH;

    static
    {
        if (Offer.LENGTH_MAX > COUNT_MAX * PART_MAX)
        {
            throw new IllegalStateException("an offer does not fit its fragments");
        }
    }

    private final ByteBuffer message;
    private final int length;

    private OfferFragment(final ByteBuffer message, final int length)
    {
        this.message = message;
        this.length = length;
    }

    /** The messages that carry an offer to all; each is sent as it is, or with another address and cookie. */
    static byte[][] split(final Offer offer)
    {
        final byte[] bytes = offer.bytes();
        final int count = (bytes.length + PART_MAX - 1) / PART_MAX;
        final int partLength = partLength(bytes.length, count);
        final byte[] digests = new byte[count * DIGEST_LENGTH];
        for (int i = 0; i < count; i++)
        {
            final byte[] part = Arrays.copyOfRange(
                bytes, i * partLength, Math.min(bytes.length, (i + 1) * partLength));
            System.arraycopy(Offer.sha256(part, part.length), 0, digests, i * DIGEST_LENGTH, DIGEST_LENGTH);
        }

        final byte[][] messages = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            final int end = Math.min(bytes.length, (i + 1) * partLength);
            messages[i] = SessionFrame.begin(
                DIGESTS_OFFSET + digests.length + end - i * partLength, SessionFrame.OFFER, offer.nodeId())
                .putShort((short)0).put((byte)i).put((byte)count)
                .putShort((short)bytes.length).putShort((short)0)
                .putInt(offer.generation()).putLong(offer.bootEpoch()).put(new byte[COOKIE_LENGTH])
                .put(digests).put(bytes, i * partLength, end - i * partLength).array();
        }
        return messages;
    }

    /** Have a message say for whom it is: a node and its cookie, or 0 and null for all. */
    static void address(final byte[] message, final int to, final byte[] cookie)
    {
        message[TO_OFFSET] = (byte)to;
        message[TO_OFFSET + 1] = (byte)(to >> 8);
        System.arraycopy(
            null == cookie ? new byte[COOKIE_LENGTH] : cookie, 0, message, COOKIE_OFFSET, COOKIE_LENGTH);
    }

    /** A fragment in these bytes, or null when they have another form. */
    static OfferFragment wrap(final byte[] bytes, final int offset, final int length)
    {
        if (length < DIGESTS_OFFSET || length > SessionKeys.MESSAGE_LENGTH_MAX)
        {
            return null;
        }
        final OfferFragment fragment = new OfferFragment(
            ByteBuffer.wrap(bytes, offset, length).slice().order(ByteOrder.LITTLE_ENDIAN), length);
        final int count = fragment.count();
        final boolean isPossible = count > 0 && count <= COUNT_MAX && fragment.index() < count &&
            fragment.offerLength() >= Offer.BODY_LENGTH && fragment.offerLength() <= Offer.LENGTH_MAX &&
            length == fragment.partOffset() + fragment.partLength();
        return isPossible ? fragment : null;
    }

    int to()
    {
        return Short.toUnsignedInt(message.getShort(TO_OFFSET));
    }

    int index()
    {
        return Byte.toUnsignedInt(message.get(6));
    }

    int count()
    {
        return Byte.toUnsignedInt(message.get(7));
    }

    int offerLength()
    {
        return Short.toUnsignedInt(message.getShort(8));
    }

    int generation()
    {
        return message.getInt(12);
    }

    long bootEpoch()
    {
        return message.getLong(16);
    }

    byte[] cookie()
    {
        return bytes(COOKIE_OFFSET, COOKIE_LENGTH);
    }

    /** What parts of one offer have in common, and parts of two never. */
    byte[] wholeId()
    {
        return bytes(DIGESTS_OFFSET, count() * DIGEST_LENGTH);
    }

    /** Is the part what its digest says? */
    boolean isIntact()
    {
        final byte[] part = bytes(partOffset(), partLength());
        final byte[] digest = bytes(DIGESTS_OFFSET + index() * DIGEST_LENGTH, DIGEST_LENGTH);
        return MessageDigest.isEqual(digest, Arrays.copyOf(Offer.sha256(part, part.length), DIGEST_LENGTH));
    }

    void copyInto(final byte[] offer)
    {
        message.get(partOffset(), offer, index() * partLength(offerLength(), count()), partLength());
    }

    private int partOffset()
    {
        return DIGESTS_OFFSET + count() * DIGEST_LENGTH;
    }

    private int partLength()
    {
        final int whole = partLength(offerLength(), count());
        return Math.min(whole, Math.max(0, offerLength() - index() * whole));
    }

    private static int partLength(final int offerLength, final int count)
    {
        return (offerLength + count - 1) / count;
    }

    private byte[] bytes(final int offset, final int count)
    {
        final byte[] copy = new byte[count];
        message.get(offset, copy);
        return copy;
    }

    @Override
    public String toString()
    {
        return "part " + index() + " of " + count() + ", " + length + " bytes";
    }
}
