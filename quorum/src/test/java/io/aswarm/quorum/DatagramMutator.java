package io.aswarm.quorum;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Changes datagrams of the mesh by what it knows of their layouts: single fields to values at the edges or of other
 * messages, kinds and templates, parts of one message in another, lists of authenticators, parts of offers with digests
 * that fit; and a fourth of the time blindly. The layouts are written down here a second time, from the Javadoc of the
 * descriptors.
 */
final class DatagramMutator
{
    private static final byte MARK = -1;
    private static final byte SEALED = 1;
    private static final byte OFFER = 2;
    private static final byte REQUEST = 3;
    private static final byte RECEIPT = 6;
    private static final int LENGTH_MAX = 1_500;
    private static final int CHANGES_MAX = 3;
    private static final int AUTHENTICATOR = 8;
    private static final int COUNT_OFFSET = 16;
    private static final int OFFER_INDEX = 6;
    private static final int OFFER_COUNT = 7;
    private static final int OFFER_DIGESTS = 40;
    private static final int DIGEST = 16;

    /** Offset and length of each field. */
    private static final int[][] SBE_FIELDS = {
        {0, 2}, {2, 2}, {4, 2}, {6, 2}, {8, 2}, {10, 2}, {12, 4}, {16, 8}, {24, 8}, {32, 8}, {40, 8}, {48, 4}, {52, 4},
        {56, 4}, {60, 2}, {62, 2}, {64, 8}, {72, 8}, {80, 8}, {88, 8}, {96, 8}, {104, 1}, {105, 1}, {106, 8}};
    private static final int[][] SEALED_FIELDS = {{2, 2}, {4, 4}, {8, 8}, {COUNT_OFFSET, 1}, {17, 8}};
    private static final int[][] OFFER_FIELDS = {
        {2, 2}, {4, 2}, {OFFER_INDEX, 1}, {OFFER_COUNT, 1}, {8, 2}, {10, 2}, {12, 4}, {16, 8}, {24, 8}, {32, 8},
        {OFFER_DIGESTS, 8}, {120, 8}};
    private static final int[][] REQUEST_FIELDS = {{2, 2}, {4, 2}, {6, 2}, {8, 8}, {24, 8}};
    private static final int[][] PAIR_FIELDS = {{2, 2}, {4, 2}, {6, 2}, {8, 4}, {12, 8}, {28, 8}, {44, 8}, {52, 8}};

    private final Random random;
    private final List<byte[]> corpus;
    private final int nodes;
    private final MessageDigest sha256;

    DatagramMutator(final List<byte[]> corpus, final int nodes, final Random random)
    {
        this.corpus = corpus;
        this.nodes = nodes;
        this.random = random;
        try
        {
            sha256 = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** A datagram that nobody sent, or one that somebody did send, again. */
    byte[] next()
    {
        final byte[] original = corpus.get(random.nextInt(corpus.size()));
        if (0 == random.nextInt(4))
        {
            return blindly(original);
        }
        byte[] message = original.clone();
        for (int i = random.nextInt(CHANGES_MAX); i >= 0; i--)
        {
            message = byLayout(message);
        }
        return message;
    }

    private byte[] byLayout(final byte[] message)
    {
        switch (random.nextInt(6))
        {
            case 0:
                return spliced(message);

            case 1:
                return withAnotherKind(message);

            case 2:
                return isOf(message, SEALED) ? withOtherAuthenticators(message) : field(message);

            case 3:
                return isOf(message, OFFER) ? withFittingDigest(message) : field(message);

            default:
                return field(message);
        }
    }

    private byte[] field(final byte[] message)
    {
        final int[][] fields = fields(message);
        final int[] field = fields[random.nextInt(fields.length)];
        if (field[0] + field[1] > message.length)
        {
            return message;
        }
        final ByteBuffer view = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        final long before = get(view, field);
        final long[] values = {
            0, 1, -1, before - 1, before + 1, Long.MIN_VALUE, Long.MAX_VALUE, 1 + random.nextInt(nodes), 0xFFFF,
            random.nextLong(), get(ByteBuffer.wrap(like(message)).order(ByteOrder.LITTLE_ENDIAN), field)};
        put(view, field, values[random.nextInt(values.length)]);
        return message;
    }

    private static long get(final ByteBuffer view, final int[] field)
    {
        if (field[0] + field[1] > view.capacity())
        {
            return 0;
        }
        switch (field[1])
        {
            case 1:
                return view.get(field[0]);
            case 2:
                return view.getShort(field[0]);
            case 4:
                return view.getInt(field[0]);
            default:
                return view.getLong(field[0]);
        }
    }

    private static void put(final ByteBuffer view, final int[] field, final long value)
    {
        switch (field[1])
        {
            case 1:
                view.put(field[0], (byte)value);
                break;
            case 2:
                view.putShort(field[0], (short)value);
                break;
            case 4:
                view.putInt(field[0], (int)value);
                break;
            default:
                view.putLong(field[0], value);
                break;
        }
    }

    /** The end of another message of the kind: its signature, tag, authenticators or part of an offer. */
    private byte[] spliced(final byte[] message)
    {
        final byte[] other = like(message);
        final int length = random.nextInt(Math.min(message.length, other.length)) + 1;
        System.arraycopy(other, other.length - length, message, message.length - length, length);
        return message;
    }

    private byte[] withAnotherKind(final byte[] message)
    {
        final byte[] other = corpus.get(random.nextInt(corpus.size()));
        final byte[] result = random.nextBoolean() ? Arrays.copyOf(message, other.length) : message;
        System.arraycopy(other, 0, result, 0, Math.min(8, Math.min(result.length, other.length)));
        if (MARK == result[1] && random.nextBoolean())
        {
            result[0] = (byte)random.nextInt(RECEIPT + 2);
        }
        return result;
    }

    /** More or fewer of them, with a count that fits, or in another order. */
    private byte[] withOtherAuthenticators(final byte[] message)
    {
        final int count = Math.max(0, Byte.toUnsignedInt(message[COUNT_OFFSET]) + random.nextInt(3) - 1);
        final int change = (count - Byte.toUnsignedInt(message[COUNT_OFFSET])) * AUTHENTICATOR;
        if (message.length + change <= COUNT_OFFSET || message.length < 3 * AUTHENTICATOR)
        {
            return message;
        }
        final byte[] result = Arrays.copyOf(message, message.length + change);
        result[COUNT_OFFSET] = (byte)count;
        if (0 == change)
        {
            final byte[] last = Arrays.copyOfRange(result, result.length - AUTHENTICATOR, result.length);
            System.arraycopy(result, result.length - 2 * AUTHENTICATOR, result, result.length - AUTHENTICATOR,
                AUTHENTICATOR);
            System.arraycopy(last, 0, result, result.length - 2 * AUTHENTICATOR, AUTHENTICATOR);
        }
        return result;
    }

    /** Another part of an offer, which its digest vouches for: whether the offer is signed is another matter. */
    private byte[] withFittingDigest(final byte[] message)
    {
        final int part = OFFER_DIGESTS + DIGEST * Byte.toUnsignedInt(message[OFFER_COUNT]);
        final int digest = OFFER_DIGESTS + DIGEST * Byte.toUnsignedInt(message[OFFER_INDEX]);
        if (part >= message.length || digest + DIGEST > part)
        {
            return message;
        }
        for (int i = random.nextInt(4); i >= 0; i--)
        {
            message[part + random.nextInt(message.length - part)] ^= (byte)(1 << random.nextInt(8));
        }
        sha256.update(message, part, message.length - part);
        System.arraycopy(sha256.digest(), 0, message, digest, DIGEST);
        return message;
    }

    private byte[] blindly(final byte[] message)
    {
        switch (random.nextInt(4))
        {
            case 0:
                return message;

            case 1:
                return Arrays.copyOf(message, random.nextInt(message.length + 64));

            case 2:
                final byte[] noise = new byte[random.nextInt(LENGTH_MAX)];
                random.nextBytes(noise);
                return noise;

            default:
                final byte[] flipped = message.clone();
                for (int i = random.nextInt(6); i >= 0; i--)
                {
                    flipped[random.nextInt(flipped.length)] ^= (byte)(1 << random.nextInt(8));
                }
                return flipped;
        }
    }

    private static int[][] fields(final byte[] message)
    {
        if (message.length < 2 || MARK != message[1])
        {
            return SBE_FIELDS;
        }
        switch (message[0])
        {
            case SEALED:
                return SEALED_FIELDS;
            case OFFER:
                return OFFER_FIELDS;
            case REQUEST:
                return REQUEST_FIELDS;
            default:
                return PAIR_FIELDS;
        }
    }

    private static boolean isOf(final byte[] message, final byte kind)
    {
        return message.length > OFFER_DIGESTS && MARK == message[1] && kind == message[0];
    }

    /** Another message of the same kind, or this one. */
    private byte[] like(final byte[] message)
    {
        for (int i = 0; i < 4; i++)
        {
            final byte[] other = corpus.get(random.nextInt(corpus.size()));
            if (message.length > 1 && other[0] == message[0] && other[1] == message[1])
            {
                return other;
            }
        }
        return message.clone();
    }
}
