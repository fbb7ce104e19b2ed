package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Ed25519VectorsTest
{
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void shouldAgreeWithEveryWycheproofVector() throws IOException
    {
        final JsonNode root = new ObjectMapper().readTree(
            Vectors.require("wycheproof/ed25519_test.json").toFile());
        int tests = 0;
        int valid = 0;
        for (final JsonNode group : root.get("testGroups"))
        {
            final PublicKey key = PublicKey.fromRaw(HEX.parseHex(group.get("publicKey").get("pk").asText()));
            for (final JsonNode test : group.get("tests"))
            {
                final byte[] message = HEX.parseHex(test.get("msg").asText());
                final byte[] signature = HEX.parseHex(test.get("sig").asText());
                final boolean isValid = "valid".equals(test.get("result").asText());
                assertEquals(isValid, key.verify(message, 0, message.length, signature),
                    () -> "tcId=" + test.get("tcId") + " " + test.get("comment"));
                tests++;
                valid += isValid ? 1 : 0;
            }
        }
        assertEquals(root.get("numberOfTests").asInt(), tests);
        assertTrue(valid > 0 && valid < tests);
    }

    /** RFC 8032 section 7.1, TEST 2; in the repository so that something is held also without the vectors. */
    @Test
    void shouldSignAsRfc8032Prints()
    {
        final Signer signer = new Signer(new Ed25519PrivateKeyParameters(
            HEX.parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"), 0));
        final byte[] message = {0, 0x72, 0};
        final byte[] expected = HEX.parseHex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        assertArrayEquals(expected, signer.sign(message, 1, 1));
        assertEquals(
            PublicKey.fromRaw(HEX.parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")),
            signer.publicKey());
        assertTrue(signer.publicKey().verify(message, 1, 1, expected));
        assertFalse(signer.publicKey().verify(message, 0, 1, expected));
    }

    @Test
    void shouldRefuseASignatureThatIsLongerOrShorterByAByte()
    {
        final Signer signer = new Signer(new Ed25519PrivateKeyParameters(new byte[32], 0));
        final byte[] message = {1, 2, 3};
        final byte[] signature = signer.sign(message, 0, 3).clone();
        assertTrue(signer.publicKey().verify(message, 0, 3, signature));
        assertFalse(signer.publicKey().verify(message, 0, 3, Arrays.copyOf(signature, 65)), "a zero byte appended");
        assertFalse(signer.publicKey().verify(message, 0, 3, Arrays.copyOf(signature, 63)));
        assertFalse(signer.publicKey().verify(message, 0, 3, new byte[0]));
    }
}
