package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;

/**
 * A certificate taken out of its envelope, to be shown or exported. Nothing is verified here, see
 * {@link CertificateVerifier}; fields that are missing read as empty.
 */
public final class Certificate
{
    private final JsonNode predicate;
    private final String sha256;

    private Certificate(final JsonNode predicate, final String sha256)
    {
        this.predicate = predicate;
        this.sha256 = sha256;
    }

    /**
     * Open an envelope.
     *
     * @param source   name used in messages.
     * @param envelope DSSE, as the journal holds it.
     * @return the certificate in it.
     * @throws DocumentException when there is none in it.
     */
    public static Certificate parse(final Object source, final byte[] envelope) throws DocumentException
    {
        final JsonNode outer = CanonicalJson.parse(source, new String(envelope, StandardCharsets.UTF_8));
        final byte[] payload;
        try
        {
            payload = Base64.getDecoder().decode(outer.path("payload").asText());
        }
        catch (final IllegalArgumentException ex)
        {
            throw new DocumentException(source, 0, "the payload is not base64");
        }
        final JsonNode statement = CanonicalJson.parse(source, new String(payload, StandardCharsets.UTF_8));
        if (!statement.path("predicate").isObject())
        {
            throw new DocumentException(source, 0, "the payload holds no predicate");
        }
        return new Certificate(statement.get("predicate"), CanonicalJson.sha256(envelope));
    }

    /**
     * The certificate's content as JSON.
     *
     * @return the predicate.
     */
    public JsonNode predicate()
    {
        return predicate;
    }

    /**
     * SHA-256 of the envelope.
     *
     * @return hexadecimal.
     */
    public String sha256()
    {
        return sha256;
    }

    /**
     * The certificate's name.
     *
     * @return {@code certificate_id}.
     */
    public String id()
    {
        return text("certificate_id");
    }

    /**
     * What it certifies.
     *
     * @return the kind, or null if it is none that is known.
     */
    public CertificateKind kind()
    {
        return CertificateKind.of(text("kind"));
    }

    /**
     * Its place in its node's chain.
     *
     * @return the sequence, 0 where there is none.
     */
    public long sequence()
    {
        try
        {
            return Long.parseLong(text("chain", "sequence"));
        }
        catch (final NumberFormatException ex)
        {
            return 0;
        }
    }

    /**
     * When it was certified.
     *
     * @return nanoseconds since the epoch, 0 where it does not say.
     */
    public long certifiedEpochNs()
    {
        return epochNs("certified");
    }

    /**
     * One of its instants.
     *
     * @param name within {@code timestamps}.
     * @return nanoseconds since the epoch, 0 where it does not say.
     */
    public long epochNs(final String name)
    {
        try
        {
            return Rfc3339.parse(text("timestamps", name));
        }
        catch (final DateTimeException ex)
        {
            return 0;
        }
    }

    /**
     * A field by its path.
     *
     * @param first name of the field.
     * @param rest  names of the fields within it.
     * @return its text, empty where it is missing.
     */
    public String text(final String first, final String... rest)
    {
        JsonNode node = predicate.path(first);
        for (final String name : rest)
        {
            node = node.path(name);
        }
        return node.asText("");
    }
}
