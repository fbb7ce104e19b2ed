package io.aswarm.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What a node offers to all others, signed by its identity: one X25519 and one ML-KEM-768 public key for a generation
 * of one of its starts. It is what authenticates a node: whoever can use the secret halves is who signed. One offer
 * serves all peers, so a site of n nodes makes n signatures per rekey, not one for each pair.
 * <pre>
 *   0  format (8), 7 bytes of zero
 *   8  boot epoch (64)
 *  16  issued, epoch ns (64)
 *  24  expires, epoch ns (64)
 *  32  generation (32), node id (16), zero (16)
 *  40  X25519 public key (32 bytes)
 *  72  ML-KEM-768 encapsulation key (1,184 bytes)
 * 1256 signature of the identity (64 or 3,373 bytes) over all before
 * </pre>
 * Immutable.
 */
final class Offer
{
    static final int BODY_LENGTH = 40 + HybridKeyPair.X25519_LENGTH + HybridKeyPair.ENCAPSULATION_KEY_LENGTH;
    static final int LENGTH_MAX = BODY_LENGTH + Signer.SIGNATURE_LENGTH + MlDsa65.SIGNATURE_LENGTH;
    static final int ID_LENGTH = 16;

    private static final byte FORMAT = 1;
    private static final String CONTEXT = "aswarm/session-offer/v1 ";

    private final byte[] bytes;
    private final byte[] digest;
    private final byte[] id;
    private final long bootEpoch;
    private final long issuedEpochNs;
    private final long expiresEpochNs;
    private final int generation;
    private final int nodeId;

    private Offer(final byte[] bytes)
    {
        this.bytes = bytes;
        final ByteBuffer body = ByteBuffer.wrap(bytes, 0, BODY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bootEpoch = body.getLong(8);
        issuedEpochNs = body.getLong(16);
        expiresEpochNs = body.getLong(24);
        generation = body.getInt(32);
        nodeId = Short.toUnsignedInt(body.getShort(36));
        digest = sha256(bytes, BODY_LENGTH);
        id = Arrays.copyOf(digest, ID_LENGTH);
    }

    static Offer sign(
        final String site,
        final int nodeId,
        final long bootEpoch,
        final int generation,
        final long issuedEpochNs,
        final long expiresEpochNs,
        final HybridKeyPair keys,
        final HybridSigner signer)
    {
        final byte[] body = ByteBuffer.allocate(BODY_LENGTH).order(ByteOrder.LITTLE_ENDIAN)
            .putLong(FORMAT).putLong(bootEpoch).putLong(issuedEpochNs).putLong(expiresEpochNs)
            .putInt(generation).putShort((short)nodeId).putShort((short)0)
            .put(keys.x25519()).put(keys.encapsulationKey()).array();
        final byte[] signature = signer.sign(CONTEXT + siteDigest(site), body);
        final byte[] bytes = Arrays.copyOf(body, BODY_LENGTH + signature.length);
        System.arraycopy(signature, 0, bytes, BODY_LENGTH, signature.length);
        return new Offer(bytes);
    }

    /** The offer in these bytes, not yet believed; null when they have another form. */
    static Offer parse(final byte[] bytes)
    {
        if (bytes.length < BODY_LENGTH || bytes.length > LENGTH_MAX || FORMAT != bytes[0])
        {
            return null;
        }
        return new Offer(bytes);
    }

    boolean isSignedBy(final HybridPublicKey identity, final String site)
    {
        return identity.verify(CONTEXT + siteDigest(site), Arrays.copyOf(bytes, BODY_LENGTH),
            Arrays.copyOfRange(bytes, BODY_LENGTH, bytes.length));
    }

    /** Is it from a later start or a later generation than another? */
    boolean isAfter(final Offer other)
    {
        return null == other || isAfter(bootEpoch, generation, other);
    }

    static boolean isAfter(final long bootEpoch, final int generation, final Offer other)
    {
        final int newer = Long.compareUnsigned(bootEpoch, other.bootEpoch);
        return newer > 0 || (0 == newer && Integer.compareUnsigned(generation, other.generation) > 0);
    }

    byte[] bytes()
    {
        return bytes;
    }

    /** SHA-256 of all that is signed. */
    byte[] digest()
    {
        return digest;
    }

    /** The first bytes of the digest: how messages refer to it. */
    byte[] id()
    {
        return id;
    }

    long bootEpoch()
    {
        return bootEpoch;
    }

    long issuedEpochNs()
    {
        return issuedEpochNs;
    }

    long expiresEpochNs()
    {
        return expiresEpochNs;
    }

    int generation()
    {
        return generation;
    }

    int nodeId()
    {
        return nodeId;
    }

    byte[] x25519()
    {
        return Arrays.copyOfRange(bytes, 40, 72);
    }

    byte[] encapsulationKey()
    {
        return Arrays.copyOfRange(bytes, 72, BODY_LENGTH);
    }

    static byte[] sha256(final byte[] bytes, final int length)
    {
        try
        {
            final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, 0, length);
            return sha256.digest();
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    private static String siteDigest(final String site)
    {
        return CanonicalJson.sha256(site.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
