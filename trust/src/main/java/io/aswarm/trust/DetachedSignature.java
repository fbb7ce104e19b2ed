package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * An operator's signature over a document, in a file of its own beside it: JSON
 * {@code {"signer": NAME, "algorithm": "ed25519", "signature": BASE64}} over {@code context || 0x00 || bytes}. The
 * context separates the uses of one key, so that a signed catalog can never be replayed as an order.
 */
public final class DetachedSignature
{
    private static final String ALGORITHM = "ed25519";
    private static final int LENGTH_MAX = 4096;

    private DetachedSignature()
    {
    }

    /**
     * Sign bytes and write the signature's file.
     *
     * @param file    to be written.
     * @param context of use, for example {@code aswarm/catalog/v1}.
     * @param bytes   to be signed.
     * @param name    of the operator as in the roster.
     * @param signer  with the operator's key.
     * @throws IOException when the file cannot be written.
     */
    public static void write(
        final Path file, final String context, final byte[] bytes, final String name, final Signer signer)
        throws IOException
    {
        final byte[] message = message(context, bytes);
        final String signature = Base64.getEncoder().encodeToString(signer.sign(message, 0, message.length));
        Files.write(file, CanonicalJson.bytes(
            Map.of("signer", name, "algorithm", ALGORITHM, "signature", signature)));
    }

    /**
     * Verify a signature's file.
     *
     * @param file      with the signature.
     * @param context   of use.
     * @param bytes     which should be signed.
     * @param operators who may sign.
     * @return the operator who signed.
     * @throws DocumentException when the file is unreadable, the signer is unknown or the signature does not verify.
     */
    public static Roster.Operator verify(
        final Path file, final String context, final byte[] bytes, final List<Roster.Operator> operators)
        throws DocumentException
    {
        final JsonNode node = CanonicalJson.parse(file, DocumentText.read(file, LENGTH_MAX));
        if (!ALGORITHM.equals(node.path("algorithm").asText()))
        {
            throw new DocumentException(file, 0, "\"algorithm\" is \"" + node.path("algorithm").asText() +
                "\"; allowed: " + ALGORITHM);
        }
        final String name = node.path("signer").asText();
        for (final Roster.Operator operator : operators)
        {
            if (operator.name().equals(name))
            {
                final byte[] message = message(context, bytes);
                if (!operator.publicKey().verify(message, 0, message.length, signature(file, node)))
                {
                    throw new DocumentException(file, 0, "signature of \"" + name + "\" does not verify: the " +
                        "document was changed after it was signed, or another key signed it");
                }
                return operator;
            }
        }
        throw new DocumentException(file, 0, "signer \"" + name + "\" is not an operator of the roster");
    }

    private static byte[] signature(final Path file, final JsonNode node) throws DocumentException
    {
        try
        {
            return Base64.getDecoder().decode(node.path("signature").asText());
        }
        catch (final IllegalArgumentException ex)
        {
            throw new DocumentException(file, 0, "\"signature\" is not base64");
        }
    }

    private static byte[] message(final String context, final byte[] bytes)
    {
        final byte[] prefix = context.getBytes(StandardCharsets.US_ASCII);
        final byte[] message = new byte[prefix.length + 1 + bytes.length];
        System.arraycopy(prefix, 0, message, 0, prefix.length);
        System.arraycopy(bytes, 0, message, prefix.length + 1, bytes.length);
        return message;
    }
}
