package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The operators' signatures over a roster, in a file beside it: JSON
 * {@code {"signatures": [{"signer": NAME, "signature": BASE64}]}}, each by all halves of an identity over the roster's
 * bytes. A roster can make anybody an operator, so it takes as many of them as an order: two, or all where there are
 * fewer.
 */
public final class RosterSignature
{
    private static final String CONTEXT = "aswarm/roster/v1";
    private static final int LENGTH_MAX = 256 * 1024;

    private RosterSignature()
    {
    }

    /**
     * Where the signatures of a roster are kept.
     *
     * @param roster in YAML.
     * @return the file beside it with {@code .sig} added to its name.
     */
    public static Path fileOf(final Path roster)
    {
        return roster.resolveSibling(roster.getFileName() + ".sig");
    }

    /**
     * Add an operator's signature. What is not a roster is not signed.
     *
     * @param roster   in YAML.
     * @param operator name as in the roster in force.
     * @param signer   with that operator's identity.
     * @throws DocumentException when the roster or its present signatures cannot be read.
     * @throws IOException       when the signatures cannot be written.
     */
    public static void sign(final Path roster, final String operator, final HybridSigner signer)
        throws DocumentException, IOException
    {
        final String text = DocumentText.read(roster, Yaml.LENGTH_MAX);
        if (RosterReader.read(roster, text, System.currentTimeMillis() * 1_000_000L).isVouched())
        {
            throw new DocumentException(roster, 0, "is made of certificates; their authority signs it, not operators");
        }
        final Path file = fileOf(roster);
        final Map<String, byte[]> signatures = Files.exists(file) ? read(file) : new TreeMap<>();
        signatures.put(operator, signer.sign(CONTEXT, text.getBytes(StandardCharsets.UTF_8)));
        final List<Map<String, String>> entries = new ArrayList<>();
        signatures.forEach((name, bytes) -> entries.add(
            Map.of("signer", name, "signature", Base64.getEncoder().encodeToString(bytes))));
        Files.write(file, CanonicalJson.bytes(Map.of("signatures", entries)));
    }

    /** Is a roster's text signed by enough operators of the one in force, all of them in their time? */
    static void verify(final Path file, final String text, final Roster inForce, final long nowEpochNs)
        throws DocumentException
    {
        final int required = Math.min(SignedOrder.SIGNERS_MIN, inForce.operators().size());
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final Set<PublicKey> signers = new HashSet<>();
        for (final Map.Entry<String, byte[]> entry : read(file).entrySet())
        {
            final Roster.Operator operator = inForce.operator(entry.getKey());
            if (null != operator && operator.validity().includes(nowEpochNs))
            {
                if (!operator.identity().verify(CONTEXT, bytes, entry.getValue()))
                {
                    throw new DocumentException(file, 0, "signature of \"" + entry.getKey() + "\" does not verify: " +
                        "the roster was changed after it was signed, or another key signed it");
                }
                signers.add(operator.publicKey());
            }
        }
        if (signers.size() < required || 0 == required)
        {
            throw new DocumentException(file, 0, "signed by " + signers.size() + " operators of the roster in force; " +
                "required: " + Math.max(1, required));
        }
    }

    private static Map<String, byte[]> read(final Path file) throws DocumentException
    {
        final JsonNode root = CanonicalJson.parse(file, DocumentText.read(file, LENGTH_MAX));
        final Map<String, byte[]> signatures = new TreeMap<>();
        for (final JsonNode entry : root.path("signatures"))
        {
            try
            {
                signatures.put(entry.path("signer").asText(),
                    Base64.getDecoder().decode(entry.path("signature").asText()));
            }
            catch (final IllegalArgumentException ex)
            {
                throw new DocumentException(file, 0, "a \"signature\" is not base64");
            }
        }
        return signatures;
    }
}
