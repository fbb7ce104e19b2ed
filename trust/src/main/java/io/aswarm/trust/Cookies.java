package io.aswarm.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * Proof that a sender hears what is sent to its origin, kept by nobody: a MAC over origin, claimed node and minute
 * (after RFC 7296 section 2.6). It sorts out senders of blind floods; who hears the group can echo a cookie as well.
 */
final class Cookies
{
    private static final long WINDOW_NS = 60_000_000_000L;

    private final byte[] key = new byte[32];

    Cookies(final SecureRandom random)
    {
        random.nextBytes(key);
    }

    byte[] of(final int nodeId, final int origin, final long nowNs)
    {
        return of(nodeId, origin, Math.floorDiv(nowNs, WINDOW_NS), 0);
    }

    /** Was it given out in this minute or the last? */
    boolean isValid(final byte[] cookie, final int nodeId, final int origin, final long nowNs)
    {
        final long window = Math.floorDiv(nowNs, WINDOW_NS);
        return MessageDigest.isEqual(cookie, of(nodeId, origin, window, 0)) |
            MessageDigest.isEqual(cookie, of(nodeId, origin, window, 1));
    }

    private byte[] of(final int nodeId, final int origin, final long window, final int back)
    {
        final byte[] message = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
            .putInt(nodeId).putInt(origin).putLong(window - back).array();
        return Pairing.mac(key, message, 0, message.length);
    }
}
