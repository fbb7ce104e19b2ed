package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class P256Test
{
    private static final HexFormat HEX = HexFormat.of();
    private static final BigInteger ORDER =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    @Test
    void shouldVerifyWhatTheJdkSignsInOneFormOnly() throws Exception
    {
        final KeyPair pair = pair();
        final PublicKey key = PublicKey.fromSubjectPublicKeyInfo(pair.getPublic().getEncoded());
        final byte[] message = {0, 1, 2, 3, 0};
        for (int i = 0; i < 20; i++)
        {
            final Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
            signer.initSign(pair.getPrivate());
            signer.update(message, 1, 3);
            final byte[] low = KeyScheme.withLowS(signer.sign());
            final byte[] high = highS(low);
            assertEquals(64, low.length);
            assertTrue(key.verify(message, 1, 3, low));
            assertFalse(key.verify(message, 1, 3, high), "the other s that verifies");
            assertArrayEquals(low, KeyScheme.withLowS(high));
            assertFalse(key.verify(message, 0, 3, low));
            assertFalse(key.verify(message, 1, 3, Arrays.copyOf(low, 65)));
            assertFalse(key.verify(message, 1, 3, new byte[64]));
        }
    }

    @Test
    void shouldPrintWhatItParsedAndWriteWhatTheJdkWrites() throws Exception
    {
        final KeyPair pair = pair();
        final PublicKey key = PublicKey.fromSubjectPublicKeyInfo(pair.getPublic().getEncoded());
        assertTrue(key.toString().startsWith("p256:"));
        assertEquals(key, PublicKey.parse(key.toString()));
        assertEquals(CanonicalJson.sha256(pair.getPublic().getEncoded()), key.keyId());
        assertEquals(key, HybridPublicKey.parse(key.toString()).classical());
        final HybridPublicKey hybrid = HybridSignerTest.signer(1).with(new Signer(key, null)).publicKey();
        assertTrue(hybrid.toString().startsWith("p256+ml-dsa-65:"));
        assertEquals(hybrid, HybridPublicKey.parse(hybrid.toString()));
        assertNotEquals(hybrid, HybridSignerTest.signer(1).publicKey());
    }

    @Test
    void shouldRefuseWhatIsNoPoint() throws Exception
    {
        final byte[] der = pair().getPublic().getEncoded();
        final byte[] offCurve = der.clone();
        offCurve[der.length - 1] ^= 2;
        assertNull(PublicKey.fromSubjectPublicKeyInfo(offCurve));
        assertNull(PublicKey.fromSubjectPublicKeyInfo(Arrays.copyOf(der, der.length - 1)));
        assertNull(PublicKey.fromSubjectPublicKeyInfo(Arrays.copyOf(der, der.length + 1)));
        final KeyPairGenerator other = KeyPairGenerator.getInstance("EC");
        other.initialize(new ECGenParameterSpec("secp384r1"));
        assertNull(PublicKey.fromSubjectPublicKeyInfo(other.generateKeyPair().getPublic().getEncoded()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "000000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000ff",
        // above the field's prime
        "02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "04ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"})
    void shouldRefuseRawBytesThatAreNoPoint(final String hex)
    {
        final String text = "p256:" + Base64.getEncoder().encodeToString(HEX.parseHex(hex));
        assertThrows(IllegalArgumentException.class, () -> PublicKey.parse(text));
    }

    /** Wycheproof's signatures are DER; those that are well formed are judged by their numbers, in their lower form. */
    @Test
    void shouldAgreeWithWycheproofOnAllThatIsWellFormed() throws IOException
    {
        final JsonNode root = new ObjectMapper().readTree(
            Vectors.require("wycheproof/ecdsa_secp256r1_sha256_test.json").toFile());
        int valid = 0;
        int invalid = 0;
        for (final JsonNode group : root.get("testGroups"))
        {
            final PublicKey key = PublicKey.fromSubjectPublicKeyInfo(
                HEX.parseHex(group.get("publicKeyDer").asText()));
            for (final JsonNode test : group.get("tests"))
            {
                final byte[] raw = raw(HEX.parseHex(test.get("sig").asText()));
                if (null != raw)
                {
                    final byte[] message = HEX.parseHex(test.get("msg").asText());
                    final boolean isValid = "valid".equals(test.get("result").asText());
                    final boolean isInRange = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64)).compareTo(ORDER) < 0;
                    final byte[] signature = isInRange ? KeyScheme.withLowS(raw) : raw;
                    assertEquals(isValid, key.verify(message, 0, message.length, signature),
                        () -> "tcId=" + test.get("tcId"));
                    valid += isValid ? 1 : 0;
                    invalid += isValid ? 0 : 1;
                }
            }
        }
        assertEquals(174, valid);
        assertTrue(invalid >= 75, invalid + " invalid");
    }

    /** r and s of a signature in strict DER, where they have no more than 256 bits; else null. */
    private static byte[] raw(final byte[] der)
    {
        final byte[] raw = new byte[64];
        int at = 2;
        if (der.length < 8 || 0x30 != der[0] || der[1] != der.length - 2)
        {
            return null;
        }
        for (int i = 0; i < 2; i++)
        {
            final int length = at + 2 <= der.length ? der[at + 1] : -1;
            if (length < 1 || at + 2 + length > der.length || 2 != der[at])
            {
                return null;
            }
            final BigInteger number = new BigInteger(Arrays.copyOfRange(der, at + 2, at + 2 + length));
            if (number.signum() < 0 || number.bitLength() > 256 || number.toByteArray().length != length)
            {
                return null;
            }
            put(number, raw, i * 32);
            at += 2 + length;
        }
        return at == der.length ? raw : null;
    }

    private static byte[] highS(final byte[] signature)
    {
        final byte[] high = signature.clone();
        put(ORDER.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))), high, 32);
        return high;
    }

    private static void put(final BigInteger number, final byte[] to, final int offset)
    {
        final byte[] hex = HEX.parseHex(String.format("%064x", number));
        System.arraycopy(hex, 0, to, offset, 32);
    }

    private static KeyPair pair() throws Exception
    {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }
}
