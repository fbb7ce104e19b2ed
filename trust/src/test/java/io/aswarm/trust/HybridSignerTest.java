package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HybridSignerTest
{
    private static final String CONTEXT = "aswarm/test/v1";
    private static final byte[] MESSAGE = "what is signed".getBytes(StandardCharsets.US_ASCII);

    private final HybridSigner signer = signer(1);
    private final HybridPublicKey key = signer.publicKey();
    private final byte[] signature = signer.sign(CONTEXT, MESSAGE);

    @Test
    void shouldVerifyWhatBothHalvesSigned()
    {
        assertTrue(key.isHybrid());
        assertEquals(64 + 3309, signature.length);
        assertTrue(key.verify(CONTEXT, MESSAGE, signature));
        assertTrue(key.verify(CONTEXT, MESSAGE, signer.sign(CONTEXT, MESSAGE)));
    }

    @Test
    void shouldRefuseEachChangeOfMessageOrContext()
    {
        assertFalse(key.verify("aswarm/test/v2", MESSAGE, signature));
        assertFalse(key.verify(CONTEXT, Arrays.copyOf(MESSAGE, MESSAGE.length - 1), signature));
        assertFalse(key.verify(CONTEXT, Arrays.copyOf(MESSAGE, MESSAGE.length + 1), signature));
        assertFalse(signer(2).publicKey().verify(CONTEXT, MESSAGE, signature));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 63, 64, 100, 2000, 3372})
    void shouldRefuseAChangedBitInEitherHalf(final int index)
    {
        final byte[] changed = signature.clone();
        changed[index] ^= 1;
        assertFalse(key.verify(CONTEXT, MESSAGE, changed));
    }

    @Test
    void shouldRefuseOneHalfOfAnotherSigner()
    {
        final byte[] other = signer(2).sign(CONTEXT, MESSAGE);
        final byte[] classicalOfOther = signature.clone();
        System.arraycopy(other, 0, classicalOfOther, 0, 64);
        assertFalse(key.verify(CONTEXT, MESSAGE, classicalOfOther));
        final byte[] mlDsaOfOther = signature.clone();
        System.arraycopy(other, 64, mlDsaOfOther, 64, 3309);
        assertFalse(key.verify(CONTEXT, MESSAGE, mlDsaOfOther));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 64, 65, 3372, 3374})
    void shouldRefuseEveryOtherLength(final int length)
    {
        assertFalse(key.verify(CONTEXT, MESSAGE, Arrays.copyOf(signature, length)));
    }

    @Test
    void shouldNotLetAHalfStandAlone()
    {
        final HybridPublicKey classicalOnly = HybridPublicKey.of(key.classical());
        assertFalse(classicalOnly.verify(CONTEXT, MESSAGE, Arrays.copyOf(signature, 64)));
        assertFalse(key.classical().verify(MESSAGE, 0, MESSAGE.length, Arrays.copyOf(signature, 64)));

        final byte[] alone = HybridSigner.of(signer.classical()).sign(CONTEXT, MESSAGE);
        assertTrue(classicalOnly.verify(CONTEXT, MESSAGE, alone));
        final byte[] grafted = signature.clone();
        System.arraycopy(alone, 0, grafted, 0, 64);
        assertFalse(key.verify(CONTEXT, MESSAGE, grafted));

        final byte[] bound = key.bind(CONTEXT, MESSAGE);
        final byte[] second = Arrays.copyOfRange(signature, 64, 3373);
        assertTrue(MlDsa65.verify(mlDsa(1).getPublicKeyParameters(), key.label(), bound, second));
        assertFalse(MlDsa65.verify(mlDsa(1).getPublicKeyParameters(), new byte[0], bound, second));
    }

    @Test
    void shouldPrintWhatItParsed()
    {
        final String text = key.toString();
        assertTrue(text.startsWith("ed25519+ml-dsa-65:"));
        assertEquals(key, HybridPublicKey.parse(text));
        assertEquals(key.hashCode(), HybridPublicKey.parse(text).hashCode());
        assertEquals(HybridPublicKey.of(key.classical()), HybridPublicKey.parse(key.classical().toString()));
        assertNotEquals(key, HybridPublicKey.of(key.classical()));
        assertNotEquals(key, signer(2).publicKey());
    }

    @Test
    void shouldRefuseTextOfAnotherLength()
    {
        final byte[] raw = Base64.getDecoder().decode(key.toString().substring("ed25519+ml-dsa-65:".length()));
        for (final int length : new int[]{0, 32, raw.length - 1, raw.length + 1})
        {
            final String text = "ed25519+ml-dsa-65:" + Base64.getEncoder().encodeToString(Arrays.copyOf(raw, length));
            assertThrows(IllegalArgumentException.class, () -> HybridPublicKey.parse(text));
        }
        assertThrows(IllegalArgumentException.class, () -> HybridPublicKey.parse("ed25519+ml-dsa-65:!"));
        assertThrows(IllegalArgumentException.class, () -> HybridPublicKey.parse("ml-dsa-65:AAAA"));
        Arrays.fill(raw, 0, 32, (byte)0);
        raw[0] = 1;
        final String neutral = "ed25519+ml-dsa-65:" + Base64.getEncoder().encodeToString(raw);
        assertThrows(IllegalArgumentException.class, () -> HybridPublicKey.parse(neutral), "a key of order 1");
    }

    @Test
    void shouldPrintNoSecret()
    {
        assertEquals("signer of " + key.classical(), signer.toString());
    }

    /** An identity made from a seed of one byte. */
    static HybridSigner signer(final int seed)
    {
        final byte[] bytes = new byte[32];
        bytes[0] = (byte)seed;
        bytes[31] = 1;
        return new HybridSigner(
            new Signer(new Ed25519PrivateKeyParameters(bytes, 0)), mlDsa(seed), new SecureRandom());
    }

    private static MLDSAPrivateKeyParameters mlDsa(final int seed)
    {
        final byte[] bytes = new byte[32];
        bytes[0] = (byte)seed;
        bytes[31] = 2;
        return MlDsa65.privateKey(bytes);
    }
}
