package io.aswarm.trust;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Layout of a signed order on the wire, big endian:
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |  length of the statement (s)  |  statement: canonical JSON    |  0
 *  +-------------------------------+                               |
 *  |                                                               |
 *  +---------------+-----------------------------------------------+
 *  |  signatures   |                                                  2 + s
 *  +---------------+  and for each, by the signer's name:
 *  |  length (n)   |  name of the signer, UTF-8                       0
 *  +---------------+---------------+
 *  |  length                       |  signature, all its halves       1 + n
 *  +-------------------------------+
 * </pre>
 * Its version is the {@code type} of the statement. Lengths are unsigned.
 */
final class OrderDescriptor
{
    static final int STATEMENT_OFFSET = Short.BYTES;
    /** Of a signature, besides the name and itself. */
    static final int SIGNATURE_OVERHEAD = Byte.BYTES + Short.BYTES;

    /**
     * What the bytes hold, not looked into.
     *
     * @param statement     that is signed.
     * @param signatures    by the name of their signers.
     * @param isSignedTwice whether one name came more than once; its last signature counts.
     */
    record Parts(byte[] statement, Map<String, byte[]> signatures, boolean isSignedTwice)
    {
    }

    private OrderDescriptor()
    {
    }

    static byte[] encode(final byte[] statement, final Map<String, byte[]> signatures)
    {
        int length = STATEMENT_OFFSET + statement.length + Byte.BYTES;
        for (final Map.Entry<String, byte[]> each : signatures.entrySet())
        {
            length += SIGNATURE_OVERHEAD + utf8(each.getKey()).length + each.getValue().length;
        }
        final ByteBuffer out = ByteBuffer.allocate(length)
            .putShort((short)statement.length).put(statement).put((byte)signatures.size());
        signatures.forEach((signer, signature) ->
        {
            final byte[] name = utf8(signer);
            out.put((byte)name.length).put(name).putShort((short)signature.length).put(signature);
        });
        return out.array();
    }

    /** The parts, or null when the lengths do not fit the bytes. */
    static Parts decode(final byte[] bytes, final int offset, final int length)
    {
        final ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        try
        {
            final byte[] statement = take(in, Short.toUnsignedInt(in.getShort()));
            final Map<String, byte[]> signatures = new TreeMap<>();
            boolean isTwice = false;
            for (int count = Byte.toUnsignedInt(in.get()); count > 0; count--)
            {
                final byte[] name = take(in, Byte.toUnsignedInt(in.get()));
                final byte[] signature = take(in, Short.toUnsignedInt(in.getShort()));
                isTwice |= null != signatures.put(new String(name, StandardCharsets.UTF_8), signature);
            }
            return in.hasRemaining() ? null : new Parts(statement, signatures, isTwice);
        }
        catch (final BufferUnderflowException ignore)
        {
            return null;
        }
    }

    private static byte[] take(final ByteBuffer in, final int length)
    {
        final byte[] taken = new byte[length];
        in.get(taken);
        return taken;
    }

    private static byte[] utf8(final String name)
    {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
