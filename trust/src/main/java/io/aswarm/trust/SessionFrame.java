package io.aswarm.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How session bytes are told from the mesh's other messages. Those begin with an SBE header, whose first two bytes are
 * a block length, little endian; here they would mean a block beyond 65,279 bytes, which no datagram holds.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |  kind         |  0xFF         |  sender's node id             |
 *  +---------------+---------------+-------------------------------+
 * </pre>
 * All numbers are little endian, as in the mesh's other messages. A kind is never given another layout: a changed
 * layout is a new kind.
 */
public final class SessionFrame
{
    static final byte MARK = (byte)0xFF;
    static final byte SEALED = 1;
    static final byte OFFER = 2;
    static final byte REQUEST = 3;
    static final byte ENCAPSULATION = 4;
    static final byte SENDER_KEY = 5;
    static final byte RECEIPT = 6;

    static final int KIND_OFFSET = 0;
    static final int MARK_OFFSET = 1;
    static final int NODE_ID_OFFSET = 2;
    static final int LENGTH = 4;

    private SessionFrame()
    {
    }

    /** A message of this length with its frame written, to be filled from there. */
    static ByteBuffer begin(final int length, final byte kind, final int nodeId)
    {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put(kind).put(MARK).putShort((short)nodeId);
    }

    static void put(final byte[] bytes, final int offset, final byte kind, final int nodeId)
    {
        bytes[offset + KIND_OFFSET] = kind;
        bytes[offset + MARK_OFFSET] = MARK;
        bytes[offset + NODE_ID_OFFSET] = (byte)nodeId;
        bytes[offset + NODE_ID_OFFSET + 1] = (byte)(nodeId >> 8);
    }

    static int nodeId(final byte[] bytes, final int offset)
    {
        return Byte.toUnsignedInt(bytes[offset + NODE_ID_OFFSET]) |
            Byte.toUnsignedInt(bytes[offset + NODE_ID_OFFSET + 1]) << 8;
    }

    /**
     * Is this a datagram for {@link Session#open}?
     *
     * @param bytes  received.
     * @param offset of the first.
     * @param length of the message.
     * @return true if it says so.
     */
    public static boolean isSealed(final byte[] bytes, final int offset, final int length)
    {
        return length >= LENGTH && MARK == bytes[offset + MARK_OFFSET] && SEALED == bytes[offset + KIND_OFFSET];
    }

    /**
     * Is this a message for {@link SessionKeys#onMessage}?
     *
     * @param bytes  received.
     * @param offset of the first.
     * @param length of the message.
     * @return true if it says so.
     */
    public static boolean isHandshake(final byte[] bytes, final int offset, final int length)
    {
        return length >= LENGTH && MARK == bytes[offset + MARK_OFFSET] && SEALED != bytes[offset + KIND_OFFSET];
    }
}
