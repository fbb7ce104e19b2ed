package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MlDsa65VectorsTest
{
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void shouldVerifyAsWycheproofSays() throws IOException
    {
        final JsonNode root = read("wycheproof/mldsa_65_verify_test.json");
        int tests = 0;
        int valid = 0;
        for (final JsonNode group : root.get("testGroups"))
        {
            final byte[] key = bytes(group, "publicKey");
            for (final JsonNode test : group.get("tests"))
            {
                final boolean isValid = "valid".equals(test.get("result").asText());
                assertEquals(isValid, verifies(key, test),
                    () -> "tcId=" + test.get("tcId") + " " + test.get("comment"));
                tests++;
                valid += isValid ? 1 : 0;
            }
        }
        assertEquals(root.get("numberOfTests").asInt(), tests);
        assertTrue(valid > 0 && valid < tests);
    }

    /** Those that go through the whole algorithm, deterministic, from a seed. */
    @Test
    void shouldSignAsWycheproofSays() throws IOException
    {
        int signed = 0;
        for (final JsonNode group : read("wycheproof/mldsa_65_sign_seed_test.json").get("testGroups"))
        {
            for (final JsonNode test : group.get("tests"))
            {
                final String flags = test.get("flags").toString();
                if ("valid".equals(test.get("result").asText()) &&
                    !flags.contains("Internal") && !flags.contains("Randomized"))
                {
                    final MLDSAPrivateKeyParameters key = MlDsa65.privateKey(bytes(group, "privateSeed"));
                    assertArrayEquals(bytes(group, "publicKey"), key.getPublicKeyParameters().getEncoded());
                    assertArrayEquals(bytes(test, "sig"), MlDsa65.sign(
                        key, null, bytes(test, "ctx"), bytes(test, "msg")), () -> "tcId=" + test.get("tcId"));
                    signed++;
                }
            }
        }
        assertTrue(signed > 50, () -> "only a part of the file was understood");
    }

    /**
     * Wycheproof mldsa_65_sign_seed_test.json, tcId 1: seed, and the SHA-256 of its public key and signature; in the
     * repository so that something is held also without the vectors.
     */
    @Test
    void shouldSignTheFirstVector()
    {
        final byte[] seed = new byte[32];
        Arrays.fill(seed, (byte)0x2a);
        final byte[] message = HEX.parseHex("48656c6c6f20776f726c64");
        final MLDSAPrivateKeyParameters key = MlDsa65.privateKey(seed);
        final byte[] signature = MlDsa65.sign(key, null, new byte[0], message);
        assertEquals(
            "b7acce2ddb11f8cc1aa46e2bafac6eacfa2b732ef192bd636ad8d3a56d649c66",
            CanonicalJson.sha256(key.getPublicKeyParameters().getEncoded()));
        assertEquals(
            "39fbbb0d97a52c79844213b325af823a7f16a174e00a5b3daeb3e6e6d1c89681",
            CanonicalJson.sha256(signature));
        assertTrue(MlDsa65.verify(key.getPublicKeyParameters(), new byte[0], message, signature));
        assertFalse(MlDsa65.verify(key.getPublicKeyParameters(), new byte[1], message, signature));
    }

    private static boolean verifies(final byte[] key, final JsonNode test)
    {
        try
        {
            return MlDsa65.verify(
                MlDsa65.publicKey(key), bytes(test, "ctx"), bytes(test, "msg"), bytes(test, "sig"));
        }
        catch (final IllegalArgumentException ignore)
        {
            return false;
        }
    }

    private static byte[] bytes(final JsonNode node, final String name)
    {
        return node.has(name) ? HEX.parseHex(node.get(name).asText()) : new byte[0];
    }

    private static JsonNode read(final String name) throws IOException
    {
        return new ObjectMapper().readTree(Vectors.require(name).toFile());
    }
}
