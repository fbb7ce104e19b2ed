package io.aswarm.trust;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Layout of a sealed datagram, little endian:
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |  session frame: SEALED, sender's node id                      |  0
 *  +---------------------------------------------------------------+
 *  |  key id                                                       |  4
 *  |  sequence (64)                                                |  8
 *  +---------------+-----------------------------------------------+
 *  |  authenticators |                                                16
 *  +---------------+
 *  |  message, encrypted                                              17
 *  |  tag (128) over all before
 *  |  for each receiver, in the order of slots: authenticator (64) over all before this list
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class SealedDescriptor
{
    static final int KEY_ID_OFFSET = SessionFrame.LENGTH;
    static final int SEQUENCE_OFFSET = KEY_ID_OFFSET + Integer.BYTES;
    static final int COUNT_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    static final int HEADER_LENGTH = COUNT_OFFSET + 1;
    static final int AUTHENTICATOR_LENGTH = Long.BYTES;
    /** What sealing adds besides authenticators. */
    static final int OVERHEAD = HEADER_LENGTH + Aead.TAG_LENGTH;

    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static
    {
        if (17 != HEADER_LENGTH || 33 != OVERHEAD)
        {
            throw new IllegalStateException("the layout of sealed datagrams changed without a new kind");
        }
    }

    private SealedDescriptor()
    {
    }

    static long getLong(final byte[] bytes, final int offset)
    {
        return (long)LONG.get(bytes, offset);
    }

    static void putLong(final byte[] bytes, final int offset, final long value)
    {
        LONG.set(bytes, offset, value);
    }

    static int getInt(final byte[] bytes, final int offset)
    {
        return (int)INT.get(bytes, offset);
    }

    static void putInt(final byte[] bytes, final int offset, final int value)
    {
        INT.set(bytes, offset, value);
    }
}
