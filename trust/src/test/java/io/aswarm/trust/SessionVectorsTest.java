package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Wycheproof's vectors for what sessions are made of: a few of each file from the repository, all of each where the
 * published vectors lie.
 */
class SessionVectorsTest
{
    private static final HexFormat HEX = HexFormat.of();

    private interface Check
    {
        /** True if the operation gives what the vector says, false if it refuses. */
        boolean passes(JsonNode group, JsonNode test);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDecapsulateMlKem768(final boolean isWhole) throws IOException
    {
        check("mlkem_768_test.json", isWhole, (group, test) ->
        {
            final byte[] seed = bytes(test, "seed");
            if (64 != seed.length)
            {
                assertThrows(IllegalArgumentException.class, () -> HybridKeyPair.decapsulationKey(seed));
                return false;
            }
            final MLKEMPrivateKeyParameters key = HybridKeyPair.decapsulationKey(seed);
            assertArrayEquals(bytes(test, "ek"), key.getPublicKey());
            final byte[] encapsulation = bytes(test, "c");
            return HybridKeyPair.ENCAPSULATION_LENGTH == encapsulation.length &&
                Arrays.equals(bytes(test, "K"), HybridKeyPair.decapsulate(key, encapsulation));
        });
    }

    /** Wycheproof leaves it open whether the all-zero secret is refused; a session must. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAgreeX25519AndRefusePointsOfLowOrder(final boolean isWhole) throws IOException
    {
        final int[] refused = {0};
        check("x25519_test.json", isWhole, (group, test) ->
        {
            final byte[] secret = HybridKeyPair.agree(bytes(test, "private"), bytes(test, "public"));
            final byte[] expected = bytes(test, "shared");
            if (Arrays.equals(new byte[32], expected))
            {
                refused[0]++;
                assertNull(secret, () -> "tcId=" + test.get("tcId"));
                return true;
            }
            return Arrays.equals(expected, secret);
        });
        assertTrue(refused[0] > 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeriveHkdfSha256(final boolean isWhole) throws IOException
    {
        check("hkdf_sha256_test.json", isWhole, (group, test) ->
        {
            final int length = test.get("size").asInt();
            if ("invalid".equals(test.get("result").asText()))
            {
                assertThrows(IllegalArgumentException.class, () -> Hkdf.derive(
                    bytes(test, "ikm"), bytes(test, "salt"), bytes(test, "info"), length));
                return false;
            }
            return Arrays.equals(bytes(test, "okm"), Hkdf.derive(
                bytes(test, "ikm"), bytes(test, "salt"), bytes(test, "info"), length));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAuthenticateWithHmacSha256(final boolean isWhole) throws IOException
    {
        check("hmac_sha256_test.json", isWhole, (group, test) ->
        {
            final byte[] message = bytes(test, "msg");
            final byte[] tag = Arrays.copyOf(bytes(test, "tag"), Pairing.MAC_LENGTH);
            final boolean isSame = Arrays.equals(tag, Pairing.mac(bytes(test, "key"), message, 0, message.length));
            // some modified tags differ behind the 16 bytes that are used
            return isSame && !(test.get("result").asText().equals("invalid") && group.get("tagSize").asInt() > 128);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSealAndOpenChaCha20Poly1305(final boolean isWhole) throws IOException
    {
        check("chacha20_poly1305_test.json", isWhole, (group, test) ->
        {
            final byte[] nonce = bytes(test, "iv");
            if (Aead.NONCE_LENGTH != nonce.length)
            {
                assertThrows(IllegalArgumentException.class,
                    () -> Aead.opening(bytes(test, "key")).begin(nonce, new byte[0], 0, 0));
                return false;
            }
            final byte[] associated = bytes(test, "aad");
            final byte[] message = bytes(test, "msg");
            final byte[] sealed = HEX.parseHex(test.get("ct").asText() + test.get("tag").asText());
            final byte[] opened = new byte[sealed.length];
            final int length = Aead.opening(bytes(test, "key")).begin(nonce, associated, 0, associated.length)
                .finish(sealed, 0, sealed.length, opened, 0);
            final byte[] again = new byte[message.length + Aead.TAG_LENGTH];
            // a key is born with the nonce of zeroes, which it never seals under
            final boolean canSeal = !Arrays.equals(new byte[Aead.NONCE_LENGTH], nonce);
            final int sealedLength = canSeal ? Aead.sealing(bytes(test, "key"))
                .begin(nonce, associated, 0, associated.length).finish(message, 0, message.length, again, 0) : 0;
            return length == message.length && Arrays.equals(message, Arrays.copyOf(opened, length)) &&
                (!canSeal || (sealedLength == sealed.length && Arrays.equals(sealed, again)));
        });
    }

    /** The test value of the paper's appendix A. */
    @Test
    void shouldAuthenticateAsTheSipHashPaperPrints()
    {
        final byte[] key = HEX.parseHex("000102030405060708090a0b0c0d0e0f");
        final byte[] message = HEX.parseHex("000102030405060708090a0b0c0d0e");
        final Authenticator authenticator = new Authenticator(key);
        assertEquals(0xa129ca6149be45e5L, authenticator.of(message, 0, message.length));
        assertEquals(0xa129ca6149be45e5L, authenticator.of(message, 0, message.length), "again, from the start");
        authenticator.destroy();
        assertNotEquals(0xa129ca6149be45e5L, authenticator.of(message, 0, message.length));
    }

    /** FIPS 203 section 7.2: every coefficient below q = 3329, and the right length. */
    @Test
    void shouldRefuseAnEncapsulationKeyThatFailsTheModulusCheck()
    {
        final SessionLab.Seeded random = new SessionLab.Seeded(1);
        final byte[] key = new HybridKeyPair(random).encapsulationKey();
        assertNotNull(HybridKeyPair.encapsulate(key, random));
        assertNull(HybridKeyPair.encapsulate(Arrays.copyOf(key, key.length - 1), random));
        assertNull(HybridKeyPair.encapsulate(Arrays.copyOf(key, key.length + 1), random));
        for (final int coefficient : new int[]{0, 1, 383, 767})
        {
            assertNull(HybridKeyPair.encapsulate(with(key, coefficient, 3329), random), "coefficient " + coefficient);
            assertNotNull(HybridKeyPair.encapsulate(with(key, coefficient, 3328), random), "and the greatest");
        }
    }

    /** The key with one coefficient of 12 bits replaced, FIPS 203 algorithm 5. */
    private static byte[] with(final byte[] key, final int coefficient, final int value)
    {
        final byte[] changed = key.clone();
        final int at = coefficient / 2 * 3;
        final int pair = Byte.toUnsignedInt(key[at]) | Byte.toUnsignedInt(key[at + 1]) << 8 |
            Byte.toUnsignedInt(key[at + 2]) << 16;
        final int replaced = 0 == coefficient % 2 ? (pair & 0xFFF000) | value : (pair & 0xFFF) | (value << 12);
        changed[at] = (byte)replaced;
        changed[at + 1] = (byte)(replaced >> 8);
        changed[at + 2] = (byte)(replaced >> 16);
        return changed;
    }

    private static void check(final String name, final boolean isWhole, final Check check) throws IOException
    {
        final JsonNode root = isWhole ?
            new ObjectMapper().readTree(Vectors.require("wycheproof/" + name).toFile()) : subset(name);
        int tests = 0;
        for (final JsonNode group : root.get("testGroups"))
        {
            for (final JsonNode test : group.get("tests"))
            {
                final String what = name + " tcId=" + test.get("tcId") + " " + test.path("comment").asText();
                assertEquals(!"invalid".equals(test.get("result").asText()), check.passes(group, test), what);
                tests++;
            }
        }
        assertEquals(root.get("numberOfTests").asInt(), tests);
        assertFalse(0 == tests);
    }

    private static JsonNode subset(final String name) throws IOException
    {
        try (InputStream in = SessionVectorsTest.class.getResourceAsStream("wycheproof-subset.json"))
        {
            return new ObjectMapper().readTree(in).get("files").get(name);
        }
    }

    private static byte[] bytes(final JsonNode node, final String name)
    {
        return HEX.parseHex(node.path(name).asText());
    }
}
