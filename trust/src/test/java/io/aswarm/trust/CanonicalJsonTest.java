package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CanonicalJsonTest
{
    @ParameterizedTest
    @ValueSource(strings = {"arrays", "french", "structures", "unicode", "values", "weird"})
    void shouldGiveTheBytesOfTheRfcsVectors(final String name) throws IOException, DocumentException
    {
        final Path folder = Vectors.require("jcs-rfc8785/testdata");
        final String input = Files.readString(folder.resolve("input/" + name + ".json"), StandardCharsets.UTF_8);
        final String hex = Files.readString(folder.resolve("outhex/" + name + ".txt")).replaceAll("\\s", "");
        assertArrayEquals(
            HexFormat.of().parseHex(hex), CanonicalJson.bytes(CanonicalJson.parse(name, input)));
    }

    @Test
    void shouldGiveTheTextOfAnotherProjectsVectors() throws IOException
    {
        final JsonNode vectors = new ObjectMapper().readTree(
            Vectors.require("jcs-clawdstrike/jcs_vectors.json").toFile());
        assertEquals(9, vectors.size());
        for (final JsonNode vector : vectors)
        {
            assertEquals(vector.get("expected").asText(),
                new String(CanonicalJson.bytes(vector.get("input")), StandardCharsets.UTF_8),
                vector.get("name").asText());
        }
    }

    /** From RFC 8785 section 3.2.2 to 3.2.4; in the repository so that something is held also without the vectors. */
    @Test
    void shouldGiveTheExampleOfTheRfc() throws DocumentException
    {
        final JsonNode input = CanonicalJson.parse("rfc", "{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, " +
            "0.000000000000000000000000001], " +
            "\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\", " +
            "\"literals\": [null, true, false]}");
        assertEquals("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27]," +
            "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
            new String(CanonicalJson.bytes(input), StandardCharsets.UTF_8));
    }

    @Test
    void shouldSayWhereTheTextBreaksOffWithoutInternals()
    {
        final DocumentException ex =
            assertThrows(DocumentException.class, () -> CanonicalJson.parse("order.json", "{\"a\":\n{"));
        assertEquals("order.json:2: not well-formed JSON: Unexpected end-of-input: expected close marker for Object",
            ex.getMessage());
    }

    @Test
    void shouldNotDependOnTheOrderOfKeys()
    {
        final Map<String, Object> one = new LinkedHashMap<>();
        one.put("b", 1);
        one.put("a", List.of(1, 2));
        final Map<String, Object> other = new LinkedHashMap<>();
        other.put("a", List.of(1, 2));
        other.put("b", 1);
        assertEquals(CanonicalJson.sha256(one), CanonicalJson.sha256(other));
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            CanonicalJson.sha256(new byte[0]));
    }

    @Test
    void shouldRefuseIntegersThatWouldBeRoundedAndNotTheLargestThatIsNot()
    {
        assertEquals("[9007199254740991,-9007199254740991]", new String(
            CanonicalJson.bytes(List.of((1L << 53) - 1, 1 - (1L << 53))), StandardCharsets.US_ASCII));
        for (final long tooLarge : new long[] {1L << 53, -(1L << 53), Long.MAX_VALUE, Long.MIN_VALUE})
        {
            assertThrows(IllegalArgumentException.class, () -> CanonicalJson.bytes(Map.of("a", List.of(tooLarge))));
        }
    }

    @Test
    void shouldRefuseLoneSurrogatesInValuesAndKeys()
    {
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.bytes(Map.of("a", "x\ud800y")));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.bytes(Map.of("\udc00", 1)));
        assertEquals("[\"\ud83d\ude00\"]",
            new String(CanonicalJson.bytes(List.of("\ud83d\ude00")), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"a\":1,\"a\":2} | a.json:1: ", "{\"a\":1} x | a.json:1: ", "'' | a.json:1: the document is empty",
        "{\"a\": | a.json:1: ", "NaN | a.json:1: "})
    void shouldRefuseMalformedJsonWithItsLine(final String text, final String expected)
    {
        final DocumentException wrong = assertThrows(
            DocumentException.class, () -> CanonicalJson.parse("a.json", text));
        assertTrue(wrong.getMessage().startsWith(expected), wrong.getMessage());
    }

    @Test
    void shouldRefuseDeepNesting()
    {
        final String deep = "[".repeat(10_000) + "]".repeat(10_000);
        assertThrows(DocumentException.class, () -> CanonicalJson.parse("deep.json", deep));
    }
}
