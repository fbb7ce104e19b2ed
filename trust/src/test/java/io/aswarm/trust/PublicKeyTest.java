package io.aswarm.trust;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PublicKeyTest
{
    private static final String TEXT = "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

    @Test
    void shouldPrintWhatItParsed()
    {
        final PublicKey key = PublicKey.parse(TEXT);
        assertEquals(TEXT, key.toString());
        assertEquals(key, PublicKey.parse(TEXT));
        assertEquals(key.hashCode(), PublicKey.parse(TEXT).hashCode());
    }

    @Test
    void shouldWriteAPemThatTheJdkReads() throws Exception
    {
        final PublicKey key = PublicKey.parse(TEXT);
        final String[] lines = key.toPem().split("\n");
        assertEquals("-----BEGIN PUBLIC KEY-----", lines[0]);
        assertEquals("-----END PUBLIC KEY-----", lines[2]);
        final byte[] der = Base64.getDecoder().decode(lines[1]);
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        assertEquals(CanonicalJson.sha256(der), key.keyId());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=", "ed25519:", "ed25519:!!!!", "ed25519:AAAA",
        // the neutral element, of order 1, and a y that no point has
        "ed25519:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "ed25519:AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    void shouldRefuseWhatIsNoKey(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> PublicKey.parse(text));
    }
}
