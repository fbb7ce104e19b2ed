package io.aswarm.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets of two nodes, from their two signed offers and one ML-KEM encapsulation each way.
 * <p>
 * <b>Combiner.</b> As X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem) concatenates, with both encapsulations: HKDF-SHA-256
 * over {@code secret low→high || secret high→low || X25519}, salted with the SHA-256 of the transcript: the site, both
 * offers (and so all public keys and both identities' claims), both encapsulations. "Low" has the lower node id. The
 * result is secret as long as X25519 or ML-KEM-768 is, since all that either of them exchanged is hashed with it.
 * <p>
 * <b>Authentication.</b> Each side's secret key stands in an offer that its identity signed, and the result needs both
 * secret keys: X25519 of both offers, and opening what the other encapsulated to one's offer. Who can use the result is
 * thus who signed; both sides show it by the first message under it. That is implicit authentication by signed
 * ephemeral keys as in PQXDH, here in both directions for the post-quantum part too, in place of two signatures for
 * each pair.
 * <p>
 * <b>Gate.</b> The message with the encapsulation is authenticated under the X25519 secret alone, so that strangers do
 * not even make us decapsulate.
 */
final class Pairing
{
    static final int MAC_LENGTH = 16;

    private static final int PAIR_LENGTH = 5 * 32;
    private static final byte[] LABEL = "aswarm/session/v1".getBytes(StandardCharsets.US_ASCII);

    private final Offer own;
    private final Offer peer;
    private final boolean isLow;
    private final byte[] site;
    private final byte[] classical;
    private final byte[] gateOut;
    private final byte[] gateIn;
    private final HybridKeyPair ownKeys;
    private final HybridKeyPair.Encapsulation out;

    private byte[] in;
    private byte[] wrapOut;
    private byte[] wrapIn;
    private byte[] receiptOut;
    private byte[] receiptIn;
    private byte[] authenticators;

    /**
     * Begin with a peer.
     *
     * @param site      name.
     * @param own       offer of this node.
     * @param ownKeys   its secret half.
     * @param peer      the peer's offer, verified.
     * @param classical X25519 secret of both; kept and overwritten here.
     * @param out       encapsulation for the peer.
     */
    Pairing(
        final String site,
        final Offer own,
        final HybridKeyPair ownKeys,
        final Offer peer,
        final byte[] classical,
        final HybridKeyPair.Encapsulation out)
    {
        this.site = site.getBytes(StandardCharsets.UTF_8);
        this.own = own;
        this.ownKeys = ownKeys;
        this.peer = peer;
        this.isLow = own.nodeId() < peer.nodeId();
        this.classical = classical;
        this.out = out;
        final byte[] gates = Hkdf.derive(classical, transcript(new byte[0], new byte[0]), info("gate"), 64);
        final byte[] low = Arrays.copyOf(gates, 32);
        final byte[] high = Arrays.copyOfRange(gates, 32, 64);
        this.gateOut = isLow ? low : high;
        this.gateIn = isLow ? high : low;
        Arrays.fill(gates, (byte)0);
    }

    Offer own()
    {
        return own;
    }

    Offer peer()
    {
        return peer;
    }

    /** The encapsulation for the peer. */
    byte[] encapsulation()
    {
        return out.bytes();
    }

    /** Take in the peer's encapsulation, already authenticated by the gate. A later one replaces what stood before. */
    void complete(final byte[] encapsulation)
    {
        in = encapsulation;
        final byte[] secretIn = ownKeys.decapsulate(encapsulation);
        final byte[] secretOut = out.secret();
        final byte[] secrets = ByteBuffer.allocate(3 * HybridKeyPair.SECRET_LENGTH)
            .put(isLow ? secretOut : secretIn).put(isLow ? secretIn : secretOut).put(classical).array();
        final byte[] keys = Hkdf.derive(secrets,
            isLow ? transcript(out.bytes(), in) : transcript(in, out.bytes()), info("pair"), PAIR_LENGTH);
        wrapOut = Arrays.copyOfRange(keys, isLow ? 0 : 32, isLow ? 32 : 64);
        wrapIn = Arrays.copyOfRange(keys, isLow ? 32 : 0, isLow ? 64 : 32);
        receiptOut = Arrays.copyOfRange(keys, isLow ? 64 : 96, isLow ? 96 : 128);
        receiptIn = Arrays.copyOfRange(keys, isLow ? 96 : 64, isLow ? 128 : 96);
        authenticators = Arrays.copyOfRange(keys, 128, 160);
        Arrays.fill(secretIn, (byte)0);
        Arrays.fill(secrets, (byte)0);
        Arrays.fill(keys, (byte)0);
    }

    boolean isComplete()
    {
        return null != wrapOut;
    }

    byte[] gateMac(final boolean isOwn, final byte[] bytes, final int offset, final int length)
    {
        return mac(isOwn ? gateOut : gateIn, bytes, offset, length);
    }

    byte[] receiptMac(final boolean isOwn, final byte[] bytes, final int offset, final int length)
    {
        return mac(isOwn ? receiptOut : receiptIn, bytes, offset, length);
    }

    /** Under which sender keys are wrapped, for the peer or by it. */
    byte[] wrapKey(final boolean isOwn)
    {
        return isOwn ? wrapOut : wrapIn;
    }

    /** Key of the authenticators in datagrams that one of the two seals under a sender key. */
    byte[] authenticatorKey(final int senderId, final int keyId)
    {
        final byte[] context = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short)senderId).putInt(keyId).array();
        return Hkdf.derive(authenticators, context, info("authenticator"), SenderKey.AUTHENTICATOR_KEY_LENGTH);
    }

    /** Overwrite all secrets. */
    void destroy()
    {
        for (final byte[] secret : new byte[][]{
            classical, gateOut, gateIn, out.secret(), wrapOut, wrapIn, receiptOut, receiptIn, authenticators})
        {
            if (null != secret)
            {
                Arrays.fill(secret, (byte)0);
            }
        }
    }

    private byte[] transcript(final byte[] lowToHigh, final byte[] highToLow)
    {
        try
        {
            final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(LABEL);
            sha256.update((byte)0);
            sha256.update(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(site.length).array());
            sha256.update(site);
            sha256.update((isLow ? own : peer).digest());
            sha256.update((isLow ? peer : own).digest());
            sha256.update(lowToHigh);
            sha256.update(highToLow);
            return sha256.digest();
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    private static byte[] info(final String what)
    {
        return ("aswarm/session/v1 " + what).getBytes(StandardCharsets.US_ASCII);
    }

    /** HMAC-SHA-256, its first 16 bytes. */
    static byte[] mac(final byte[] key, final byte[] bytes, final int offset, final int length)
    {
        try
        {
            final Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(key, "HmacSHA256"));
            hmac.update(bytes, offset, length);
            return Arrays.copyOf(hmac.doFinal(), MAC_LENGTH);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("every Java platform has HmacSHA256", ex);
        }
    }

    @Override
    public String toString()
    {
        return "pairing with node " + peer.nodeId() + (isComplete() ? ", complete" : "");
    }
}
