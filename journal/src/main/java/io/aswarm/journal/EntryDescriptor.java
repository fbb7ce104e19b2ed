package io.aswarm.journal;

import io.aswarm.trust.CanonicalJson;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Layout of one entry of the journal, little endian. The queue's own framing carries no checksum.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                 Magic "ASJ1" (the 1 is the version)           |
 *  +---------------------------------------------------------------+
 *  |                CRC-32C of all that follows                    |
 *  +---------------------------------------------------------------+
 *  |                   Sequence (64 bits) ...                      |
 *  +---------------------------------------------------------------+
 *  |        SHA-256 of the previous entry's envelope (32 bytes) ... |
 *  +---------------------------------------------------------------+
 *  |                   Length of the envelope                      |
 *  +---------------------------------------------------------------+
 *  |                   Envelope, UTF-8 JSON ...                    |
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class EntryDescriptor
{
    static final int MAGIC = 0x314a5341;
    static final int HASH_LENGTH = 32;

    static final int MAGIC_OFFSET = 0;
    static final int CRC_OFFSET = MAGIC_OFFSET + Integer.BYTES;
    static final int SEQUENCE_OFFSET = CRC_OFFSET + Integer.BYTES;
    static final int PREVIOUS_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    static final int LENGTH_OFFSET = PREVIOUS_OFFSET + HASH_LENGTH;
    static final int HEADER_LENGTH = LENGTH_OFFSET + Integer.BYTES;

    /** The previous hash of the first entry of a chain. */
    static final String NO_PREVIOUS = "0".repeat(2 * HASH_LENGTH);

    private EntryDescriptor()
    {
    }

    /**
     * Write an entry.
     *
     * @param buffer         to be cleared and filled; flipped on return.
     * @param sequence       of the entry.
     * @param previousSha256 in hexadecimal.
     * @param envelope       itself.
     */
    static void encode(
        final ByteBuffer buffer, final long sequence, final String previousSha256, final byte[] envelope)
    {
        buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(0).putLong(sequence);
        buffer.put(HexFormat.of().parseHex(previousSha256));
        buffer.putInt(envelope.length).put(envelope);
        buffer.flip();
        buffer.putInt(CRC_OFFSET, crc(buffer));
    }

    /**
     * Is this a whole entry with the right checksum?
     *
     * @param buffer whose position is 0 and whose limit is at least the end of the entry.
     * @return true if it is.
     */
    static boolean isIntact(final ByteBuffer buffer)
    {
        if (buffer.limit() < HEADER_LENGTH || MAGIC != buffer.getInt(MAGIC_OFFSET))
        {
            return false;
        }
        final int length = buffer.getInt(LENGTH_OFFSET);
        if (length < 0 || length > Envelope.LENGTH_MAX || HEADER_LENGTH + length > buffer.limit())
        {
            return false;
        }
        buffer.limit(HEADER_LENGTH + length);
        return buffer.getInt(CRC_OFFSET) == crc(buffer);
    }

    static long sequence(final ByteBuffer buffer)
    {
        return buffer.getLong(SEQUENCE_OFFSET);
    }

    static String previousSha256(final ByteBuffer buffer)
    {
        final byte[] hash = new byte[HASH_LENGTH];
        buffer.get(PREVIOUS_OFFSET, hash);
        return HexFormat.of().formatHex(hash);
    }

    static byte[] envelope(final ByteBuffer buffer)
    {
        final byte[] envelope = new byte[buffer.getInt(LENGTH_OFFSET)];
        buffer.get(HEADER_LENGTH, envelope);
        return envelope;
    }

    static String sha256(final byte[] envelope)
    {
        return CanonicalJson.sha256(envelope);
    }

    private static int crc(final ByteBuffer buffer)
    {
        final CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(SEQUENCE_OFFSET));
        return (int)crc.getValue();
    }
}
