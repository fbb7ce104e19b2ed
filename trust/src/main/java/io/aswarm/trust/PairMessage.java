package io.aswarm.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The messages between two nodes that hold each other's offers. All begin alike, little endian:
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |  session frame: kind, sender's node id                        |  0
 *  +-------------------------------+-------------------------------+
 *  |  to: node id                  |  flags or slot                |  4
 *  +-------------------------------+-------------------------------+
 *  |  attempt or key id                                            |  8
 *  |  id of the sender's offer (128)                               |  12
 *  |  id of the receiver's offer (128)                             |  28
 *  +---------------------------------------------------------------+  44
 * </pre>
 * <ul>
 * <li>ENCAPSULATION: ML-KEM-768 encapsulation (1,088 bytes) for the receiver's offer, then 16 bytes of HMAC-SHA-256
 * under the gate key. The attempt grows with each encapsulation of one start. Flag 1: the sender holds no key of the
 * receiver.</li>
 * <li>SENDER_KEY: the key (32 bytes) sealed under the pair's wrap key, with its tag; the nonce is the key id.</li>
 * <li>RECEIPT: 16 bytes of HMAC-SHA-256 under the pair's receipt key.</li>
 * </ul>
 */
final class PairMessage
{
    static final int NEEDS_KEY = 1;
    static final int HEADER_LENGTH = 44;
    static final int ENCAPSULATION_LENGTH =
        HEADER_LENGTH + HybridKeyPair.ENCAPSULATION_LENGTH + Pairing.MAC_LENGTH;
    static final int SENDER_KEY_LENGTH = HEADER_LENGTH + Aead.KEY_LENGTH + Aead.TAG_LENGTH;
    static final int RECEIPT_LENGTH = HEADER_LENGTH + Pairing.MAC_LENGTH;

    static
    {
        if (ENCAPSULATION_LENGTH > SessionKeys.MESSAGE_LENGTH_MAX)
        {
            throw new IllegalStateException("an encapsulation does not fit one datagram");
        }
    }

    private final byte[] bytes;
    private final ByteBuffer view;

    private PairMessage(final byte[] bytes)
    {
        this.bytes = bytes;
        this.view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A pair message in these bytes, copied; null when its length is not that of its kind. */
    static PairMessage of(final byte[] message, final int offset, final int length)
    {
        final int expected;
        switch (message[offset])
        {
            case SessionFrame.ENCAPSULATION:
                expected = ENCAPSULATION_LENGTH;
                break;
            case SessionFrame.SENDER_KEY:
                expected = SENDER_KEY_LENGTH;
                break;
            case SessionFrame.RECEIPT:
                expected = RECEIPT_LENGTH;
                break;
            default:
                expected = -1;
                break;
        }
        return length == expected ? new PairMessage(Arrays.copyOfRange(message, offset, offset + length)) : null;
    }

    static byte[] encapsulation(final Pairing pairing, final int attempt, final boolean needsKey)
    {
        final byte[] message = begin(ENCAPSULATION_LENGTH, SessionFrame.ENCAPSULATION, pairing,
            needsKey ? NEEDS_KEY : 0, attempt).put(pairing.encapsulation()).array();
        final int signedLength = ENCAPSULATION_LENGTH - Pairing.MAC_LENGTH;
        return putMac(message, pairing.gateMac(true, message, 0, signedLength));
    }

    static byte[] senderKey(final Pairing pairing, final SenderKey key, final int slot)
    {
        final byte[] message = begin(
            SENDER_KEY_LENGTH, SessionFrame.SENDER_KEY, pairing, slot, key.id()).array();
        final Aead aead = Aead.sealing(pairing.wrapKey(true));
        aead.begin(nonce(key.id()), message, 0, HEADER_LENGTH)
            .finish(key.key(), 0, Aead.KEY_LENGTH, message, HEADER_LENGTH);
        aead.destroy();
        return message;
    }

    static byte[] receipt(final Pairing pairing, final int keyId)
    {
        final byte[] message = begin(RECEIPT_LENGTH, SessionFrame.RECEIPT, pairing, 0, keyId).array();
        return putMac(message, pairing.receiptMac(true, message, 0, HEADER_LENGTH));
    }

    byte kind()
    {
        return bytes[0];
    }

    int to()
    {
        return Short.toUnsignedInt(view.getShort(4));
    }

    /** The slot of a sender key. */
    int slot()
    {
        return Short.toUnsignedInt(view.getShort(6));
    }

    boolean needsKey()
    {
        return 0 != (view.getShort(6) & NEEDS_KEY);
    }

    /** The attempt of an encapsulation, the number of a sender key. */
    int number()
    {
        return view.getInt(8);
    }

    boolean isFrom(final Offer offer)
    {
        return Arrays.equals(bytes, 12, 28, offer.id(), 0, Offer.ID_LENGTH);
    }

    boolean isFor(final Offer offer)
    {
        return Arrays.equals(bytes, 28, 44, offer.id(), 0, Offer.ID_LENGTH);
    }

    byte[] encapsulation()
    {
        return Arrays.copyOfRange(bytes, HEADER_LENGTH, HEADER_LENGTH + HybridKeyPair.ENCAPSULATION_LENGTH);
    }

    boolean isGateMacOf(final Pairing pairing)
    {
        final int signedLength = bytes.length - Pairing.MAC_LENGTH;
        return MessageDigest.isEqual(pairing.gateMac(false, bytes, 0, signedLength), mac());
    }

    boolean isReceiptMacOf(final Pairing pairing)
    {
        return MessageDigest.isEqual(pairing.receiptMac(false, bytes, 0, HEADER_LENGTH), mac());
    }

    /** The sender key, or null when it was not sealed by the peer of this pairing. */
    byte[] unwrap(final Pairing pairing)
    {
        final byte[] key = new byte[Aead.KEY_LENGTH + Aead.TAG_LENGTH];
        final Aead aead = Aead.opening(pairing.wrapKey(false));
        final int length = aead.begin(nonce(number()), bytes, 0, HEADER_LENGTH)
            .finish(bytes, HEADER_LENGTH, bytes.length - HEADER_LENGTH, key, 0);
        aead.destroy();
        return Aead.KEY_LENGTH == length ? Arrays.copyOf(key, Aead.KEY_LENGTH) : null;
    }

    private byte[] mac()
    {
        return Arrays.copyOfRange(bytes, bytes.length - Pairing.MAC_LENGTH, bytes.length);
    }

    private static byte[] putMac(final byte[] message, final byte[] mac)
    {
        System.arraycopy(mac, 0, message, message.length - Pairing.MAC_LENGTH, Pairing.MAC_LENGTH);
        return message;
    }

    private static ByteBuffer begin(
        final int length, final byte kind, final Pairing pairing, final int flags, final int number)
    {
        return SessionFrame.begin(length, kind, pairing.own().nodeId())
            .putShort((short)pairing.peer().nodeId()).putShort((short)flags).putInt(number)
            .put(pairing.own().id()).put(pairing.peer().id());
    }

    private static byte[] nonce(final int keyId)
    {
        return ByteBuffer.allocate(Aead.NONCE_LENGTH).order(ByteOrder.LITTLE_ENDIAN).putInt(keyId).array();
    }

    @Override
    public String toString()
    {
        return "pair message of kind " + kind();
    }
}
