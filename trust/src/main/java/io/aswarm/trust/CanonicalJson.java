package io.aswarm.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.erdtman.jcs.JsonCanonicalizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * JSON in the canonical form of RFC 8785, so that the same content always has the same bytes to sign and hash.
 * <p>
 * What the canonical form would change silently is refused first: integers beyond 2^53 (write them as strings) and
 * lone surrogates. Duplicate keys are refused.
 */
public final class CanonicalJson
{
    private static final long INTEGER_MAX = (1L << 53) - 1;
    /** Where a bracket opened, as Jackson tells it: a line of its own internals. */
    private static final Pattern PLACE = Pattern.compile(" \\(start marker at \\[Source: [^]]*]\\)");
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(1 << 20).build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();

    private CanonicalJson()
    {
    }

    /**
     * Parse JSON text strictly.
     *
     * @param source name used in messages.
     * @param text   of one JSON value.
     * @return the value.
     * @throws DocumentException when it is not well formed, has a duplicate key or trailing text.
     */
    public static JsonNode parse(final Object source, final String text) throws DocumentException
    {
        try
        {
            final JsonNode node = MAPPER.readTree(text);
            if (null == node || node.isMissingNode())
            {
                throw new DocumentException(source, 1, "the document is empty");
            }
            return node;
        }
        catch (final JsonProcessingException ex)
        {
            final int line = null == ex.getLocation() ? 0 : ex.getLocation().getLineNr();
            throw new DocumentException(source, line, "not well-formed JSON: " +
                PLACE.matcher(ex.getOriginalMessage()).replaceAll(""));
        }
    }

    /**
     * The canonical bytes of a value.
     *
     * @param value an object or array: a JsonNode, or a map or list of maps, lists, text, numbers, booleans.
     * @return UTF-8 bytes, RFC 8785.
     * @throws IllegalArgumentException when the value cannot be canonicalised without loss.
     */
    public static byte[] bytes(final Object value)
    {
        try
        {
            final JsonNode node = MAPPER.valueToTree(value);
            refuseLossy(node);
            return new JsonCanonicalizer(MAPPER.writeValueAsString(node)).getEncodedUTF8();
        }
        catch (final IOException ex)
        {
            throw new IllegalArgumentException("cannot be canonicalised: " + ex.getMessage(), ex);
        }
    }

    /** The tree of a value. */
    static JsonNode tree(final Object value)
    {
        return MAPPER.valueToTree(value);
    }

    /** The tree of canonical bytes. */
    static JsonNode tree(final byte[] canonical)
    {
        try
        {
            return MAPPER.readTree(canonical);
        }
        catch (final IOException ex)
        {
            throw new IllegalArgumentException("not canonical JSON: " + ex.getMessage(), ex);
        }
    }

    /**
     * SHA-256 over the canonical bytes.
     *
     * @param value as in {@link #bytes(Object)}.
     * @return 64 lower case hexadecimal digits.
     */
    public static String sha256(final Object value)
    {
        return sha256(bytes(value));
    }

    /**
     * SHA-256 over bytes.
     *
     * @param bytes to be hashed.
     * @return 64 lower case hexadecimal digits.
     */
    public static String sha256(final byte[] bytes)
    {
        try
        {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    private static void refuseLossy(final JsonNode node)
    {
        if (node.isIntegralNumber() && (!node.canConvertToLong() ||
            node.longValue() > INTEGER_MAX || node.longValue() < -INTEGER_MAX))
        {
            throw new IllegalArgumentException(node + " is beyond 2^53: write it as a string");
        }
        if (node.isTextual())
        {
            refuseLoneSurrogate(node.textValue());
        }
        node.fieldNames().forEachRemaining(CanonicalJson::refuseLoneSurrogate);
        node.elements().forEachRemaining(CanonicalJson::refuseLossy);
    }

    private static void refuseLoneSurrogate(final String text)
    {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text))
        {
            throw new IllegalArgumentException("text with a lone surrogate has no UTF-8 form");
        }
    }
}
