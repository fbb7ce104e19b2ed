package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;
import io.aswarm.trust.Signer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Takes a certificate out of its envelope: form, canonical form, signatures. The bytes that are parsed are the bytes
 * that were verified. Strict throughout: any other form of the same content would be a second file with another hash.
 */
final class EnvelopeCheck
{
    private static final int LENGTH_MAX = 1 << 20;
    private static final Set<String> ENVELOPE_FIELDS = Set.of("payload", "payloadType", "signatures");
    private static final Set<String> SIGNATURE_FIELDS = Set.of("keyid", "sig");
    private static final Set<String> CERTIFICATE_FIELDS =
        Set.of("certificate_id", "asset_id", "action", "policy", "outcome", "timestamps");

    private final Map<String, Roster.Node> nodeByKeyId = new HashMap<>();
    private final Roster roster;

    EnvelopeCheck(final Roster roster)
    {
        this.roster = roster;
        roster.nodes().forEach((node) -> nodeByKeyId.put(node.publicKey().keyId(), node));
    }

    Opened open(final String source, final byte[] bytes, final FaultList faults)
    {
        final String sha256 = CanonicalJson.sha256(bytes);
        if (bytes.length > LENGTH_MAX)
        {
            faults.add(FaultCode.UNREADABLE, bytes.length + " bytes are more than " + LENGTH_MAX);
            return new Opened(null, null, false, sha256);
        }
        final JsonNode document = parse(source, bytes, FaultCode.NOT_JSON, faults);
        if (null == document)
        {
            return new Opened(null, null, false, sha256);
        }
        if (ENVELOPE_FIELDS.stream().anyMatch(document::has) && !document.has("certificate_id"))
        {
            return openEnvelope(document, bytes, sha256, faults);
        }

        faults.add(FaultCode.UNSIGNED, "it is not in an envelope");
        if (document.has("predicateType"))
        {
            return new Opened(document.get("predicate"), document, false, sha256);
        }
        if (CERTIFICATE_FIELDS.stream().noneMatch(document::has))
        {
            faults.add(FaultCode.NOT_A_CERTIFICATE, "");
            return new Opened(null, null, false, sha256);
        }
        return new Opened(document, null, false, sha256);
    }

    private Opened openEnvelope(
        final JsonNode envelope, final byte[] bytes, final String sha256, final FaultList faults)
    {
        final Opened nothing = new Opened(null, null, true, sha256);
        if (!isCanonical(envelope, bytes))
        {
            faults.add(FaultCode.ENVELOPE_NOT_CANONICAL, "");
        }
        if (!hasOnly(envelope, ENVELOPE_FIELDS) || !envelope.path("payload").isTextual() ||
            !envelope.path("payloadType").isTextual() || !envelope.path("signatures").isArray())
        {
            faults.add(FaultCode.NOT_AN_ENVELOPE, "");
            return nothing;
        }
        final String payloadType = envelope.get("payloadType").textValue();
        if (!Envelope.PAYLOAD_TYPE.equals(payloadType))
        {
            faults.add(FaultCode.WRONG_PAYLOAD_TYPE, payloadType);
        }
        final byte[] payload = base64(envelope.get("payload").textValue());
        if (null == payload)
        {
            faults.add(FaultCode.PAYLOAD_NOT_BASE64, "");
            return nothing;
        }
        final JsonNode statement = parse("payload", payload, FaultCode.PAYLOAD_NOT_JSON, faults);
        if (null != statement && !isCanonical(statement, payload))
        {
            faults.add(FaultCode.PAYLOAD_NOT_CANONICAL, "");
        }
        verifySignatures(envelope.get("signatures"), Envelope.pae(payloadType, payload), statement, faults);
        return null == statement ? nothing : new Opened(statement.get("predicate"), statement, true, sha256);
    }

    private void verifySignatures(
        final JsonNode signatures, final byte[] message, final JsonNode statement, final FaultList faults)
    {
        if (signatures.isEmpty())
        {
            faults.add(FaultCode.UNSIGNED, "the envelope has no signature");
        }
        final JsonNode predicate = null == statement ? null : statement.path("predicate");
        final String nodeName = null == predicate ? "" : predicate.path("node").path("name").asText();
        final Set<String> verified = new HashSet<>();
        for (final JsonNode signature : signatures)
        {
            if (!hasOnly(signature, SIGNATURE_FIELDS) || !signature.path("sig").isTextual() ||
                (signature.has("keyid") && !signature.get("keyid").isTextual()))
            {
                faults.add(FaultCode.NOT_AN_ENVELOPE, "a signature is not {keyid, sig}");
                continue;
            }
            final Roster.Node node = signature.has("keyid") ? nodeByKeyId.get(signature.get("keyid").textValue()) :
                roster.node(nodeName);
            if (verifySignature(signature, node, message, faults))
            {
                verified.add("ed25519:" + node.publicKey().keyId());
                if (null != predicate && !node.name().equals(nodeName))
                {
                    faults.add(FaultCode.SIGNER_IS_NOT_THE_NODE, "signed by " + node.name() + ", names " + nodeName);
                }
            }
        }
        if (null != predicate)
        {
            for (final JsonNode required : predicate.path("signatures"))
            {
                if (!verified.contains(required.asText()))
                {
                    faults.add(FaultCode.REQUIRED_SIGNATURE_MISSING, required.asText());
                }
            }
        }
    }

    private static boolean verifySignature(
        final JsonNode signature, final Roster.Node node, final byte[] message, final FaultList faults)
    {
        final byte[] bytes = base64(signature.get("sig").textValue());
        if (null == node)
        {
            faults.add(FaultCode.UNKNOWN_SIGNER, "keyid=" + signature.path("keyid").asText("none"));
        }
        if (null == bytes)
        {
            faults.add(FaultCode.SIGNATURE_NOT_BASE64, "");
            return false;
        }
        if (Signer.SIGNATURE_LENGTH != bytes.length)
        {
            faults.add(FaultCode.SIGNATURE_LENGTH, bytes.length + " bytes");
            return false;
        }
        if (null == node)
        {
            return false;
        }
        if (!node.publicKey().verify(message, 0, message.length, bytes))
        {
            faults.add(FaultCode.BAD_SIGNATURE, "signer=" + node.name());
            return false;
        }
        return true;
    }

    private static JsonNode parse(
        final String source, final byte[] bytes, final FaultCode notJson, final FaultList faults)
    {
        try
        {
            final JsonNode node = CanonicalJson.parse(
                source, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            if (node.isObject())
            {
                return node;
            }
            faults.add(FaultCode.NOT_JSON == notJson ? FaultCode.NOT_A_CERTIFICATE : FaultCode.NOT_A_STATEMENT,
                "it is not a JSON object");
        }
        catch (final CharacterCodingException ex)
        {
            faults.add(FaultCode.NOT_UTF8, "");
        }
        catch (final DocumentException ex)
        {
            final boolean isDuplicate = ex.getMessage().contains("Duplicate field");
            faults.add(isDuplicate ? FaultCode.DUPLICATE_KEY : notJson, ex.getMessage());
        }
        return null;
    }

    private static boolean isCanonical(final JsonNode node, final byte[] bytes)
    {
        try
        {
            return Arrays.equals(bytes, CanonicalJson.bytes(node));
        }
        catch (final IllegalArgumentException ex)
        {
            return false;
        }
    }

    /** Java's decoder ignores the unused bits of the last digit; two texts would mean the same bytes. */
    private static byte[] base64(final String text)
    {
        try
        {
            final byte[] bytes = Base64.getDecoder().decode(text);
            return Base64.getEncoder().encodeToString(bytes).equals(text) ? bytes : null;
        }
        catch (final IllegalArgumentException ex)
        {
            return null;
        }
    }

    private static boolean hasOnly(final JsonNode node, final Set<String> allowed)
    {
        if (!node.isObject())
        {
            return false;
        }
        final Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return allowed.containsAll(names);
    }
}
