package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.trust.CanonicalJson;

import java.time.DateTimeException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Has the certificate all that the schema demands, each of its type? The published schema for any certificate, and
 * what this version adds for those in an envelope.
 */
final class ContentCheck
{
    private static final Set<String> TIERS =
        Set.of("simulated", "daemon_enforced", "linux_kernel_enforced", "linux_kernel_attested");
    private static final Predicate<JsonNode> TEXT = JsonNode::isTextual;
    private static final Predicate<JsonNode> OBJECT = JsonNode::isObject;
    private static final Predicate<JsonNode> INTEGER = JsonNode::isIntegralNumber;
    private static final Predicate<JsonNode> ARRAY = JsonNode::isArray;
    private static final Predicate<JsonNode> LONG_AS_TEXT = (node) ->
        node.isTextual() && node.textValue().matches("0|-?[1-9][0-9]{0,19}");

    private final String site;

    ContentCheck(final String site)
    {
        this.site = site;
    }

    void check(final Opened opened, final FaultList faults)
    {
        final JsonNode predicate = opened.predicate();
        for (final String name : List.of("certificate_id", "site_id", "asset_id"))
        {
            require(predicate, name, TEXT, faults);
        }
        for (final String name : List.of("timestamps", "policy", "action"))
        {
            require(predicate, name, OBJECT, faults);
        }
        require(predicate, "timestamps.detect_elevated", TEXT, faults);
        require(predicate, "timestamps.actuation_start", TEXT, faults);
        require(predicate, "policy.policy_id", TEXT, faults);
        require(predicate, "action.ring", INTEGER, faults);
        require(predicate, "action.kind", TEXT, faults);
        allow(predicate, "policy.version_hash", TEXT, faults);
        allow(predicate, "policy.proof_hash", TEXT, faults);
        allow(predicate, "action.params", OBJECT, faults);
        allow(predicate, "action.ttl_seconds", INTEGER, faults);
        allow(predicate, "outcome", OBJECT, faults);
        allow(predicate, "outcome.status", TEXT, faults);
        allow(predicate, "outcome.notes", TEXT, faults);
        allow(predicate, "elevation_context", OBJECT, faults);
        allow(predicate, "elevation_context.explanation", OBJECT, faults);
        allow(predicate, "signatures", ARRAY, faults);
        checkTimestamps(predicate, faults);
        if (null != opened.statement())
        {
            checkStatement(opened, faults);
            checkOwn(predicate, faults);
        }
    }

    static JsonNode at(final JsonNode predicate, final String path)
    {
        JsonNode node = predicate;
        for (final String name : path.split("\\."))
        {
            node = node.path(name);
        }
        return node;
    }

    private void checkOwn(final JsonNode predicate, final FaultList faults)
    {
        for (final String name : List.of("kind", "run_id", "act_id", "tier", "node.name", "node.key_id",
            "outcome.status", "chain.previous_sha256"))
        {
            require(predicate, name, TEXT, faults);
        }
        require(predicate, "node.id", INTEGER, faults);
        require(predicate, "chain.sequence", LONG_AS_TEXT, faults);
        require(predicate, "outcome.packets_dropped", LONG_AS_TEXT, faults);
        require(predicate, "outcome.probes", ARRAY, faults);
        require(predicate, "signatures", ARRAY, faults);
        if (predicate.path("kind").isTextual() && null == CertificateKind.of(predicate.get("kind").textValue()))
        {
            faults.add(FaultCode.UNKNOWN_KIND, predicate.get("kind").textValue());
        }
        if (predicate.path("tier").isTextual() && !TIERS.contains(predicate.get("tier").textValue()))
        {
            faults.add(FaultCode.UNKNOWN_TIER, predicate.get("tier").textValue());
        }
        if (!site.isEmpty() && predicate.path("site_id").isTextual() &&
            !site.equals(predicate.get("site_id").textValue()))
        {
            faults.add(FaultCode.FOREIGN_SITE, predicate.get("site_id").textValue() + ", not " + site);
        }
    }

    private static void checkTimestamps(final JsonNode predicate, final FaultList faults)
    {
        final JsonNode timestamps = predicate.path("timestamps");
        timestamps.fieldNames().forEachRemaining((name) ->
            checkTimestamp("timestamps." + name, timestamps.get(name), faults));
        for (final String path : List.of("elevation_context.ts", "elevation.ts"))
        {
            final JsonNode node = at(predicate, path);
            if (!node.isMissingNode())
            {
                checkTimestamp(path, node, faults);
            }
        }
    }

    private static void checkTimestamp(final String path, final JsonNode node, final FaultList faults)
    {
        try
        {
            Rfc3339.parse(node.asText());
        }
        catch (final DateTimeException ex)
        {
            faults.add(FaultCode.BAD_TIMESTAMP, path + "=" + node.asText());
        }
    }

    private static void checkStatement(final Opened opened, final FaultList faults)
    {
        final JsonNode statement = opened.statement();
        if (!Envelope.STATEMENT_TYPE.equals(statement.path("_type").asText()))
        {
            faults.add(FaultCode.NOT_A_STATEMENT, "_type=" + statement.path("_type").asText());
        }
        if (!Envelope.PREDICATE_TYPE.equals(statement.path("predicateType").asText()))
        {
            faults.add(FaultCode.WRONG_PREDICATE_TYPE, statement.path("predicateType").asText());
        }
        final JsonNode subjects = statement.path("subject");
        if (!subjects.isArray() || subjects.isEmpty())
        {
            faults.add(FaultCode.SUBJECT_WITHOUT_DIGEST, "no subject");
        }
        final Map<String, String> contained = contained(opened.predicate());
        for (final JsonNode subject : subjects)
        {
            final String name = subject.path("name").asText();
            final JsonNode digest = subject.path("digest").path("sha256");
            if (!digest.isTextual())
            {
                faults.add(FaultCode.SUBJECT_WITHOUT_DIGEST, name);
            }
            else if (!digest.textValue().equals(contained.get(name)))
            {
                faults.add(FaultCode.SUBJECT_DIGEST_MISMATCH, name);
            }
        }
    }

    /** Digests of all that the certificate contains and a subject may name. */
    private static Map<String, String> contained(final JsonNode predicate)
    {
        final Map<String, String> digests = new HashMap<>();
        put(digests, "action", predicate.path("action"));
        put(digests, "probes", at(predicate, "outcome.probes"));
        digests.put("policy-catalog", at(predicate, "policy.version_hash").asText());
        for (final JsonNode witness : at(predicate, "elevation_context.witness_nodes"))
        {
            try
            {
                digests.put("deposit/" + witness.path("name").asText(),
                    CanonicalJson.sha256(Base64.getDecoder().decode(witness.path("deposit").asText())));
            }
            catch (final IllegalArgumentException ex)
            {
                digests.put("deposit/" + witness.path("name").asText(), "");
            }
        }
        return digests;
    }

    private static void put(final Map<String, String> digests, final String name, final JsonNode node)
    {
        try
        {
            digests.put(name, node.isMissingNode() ? "" : CanonicalJson.sha256(node));
        }
        catch (final IllegalArgumentException ex)
        {
            digests.put(name, "");
        }
    }

    private static void require(
        final JsonNode predicate, final String path, final Predicate<JsonNode> type, final FaultList faults)
    {
        if (at(predicate, path).isMissingNode())
        {
            faults.add(FaultCode.MISSING_FIELD, path);
        }
        else
        {
            allow(predicate, path, type, faults);
        }
    }

    private static void allow(
        final JsonNode predicate, final String path, final Predicate<JsonNode> type, final FaultList faults)
    {
        final JsonNode node = at(predicate, path);
        if (!node.isMissingNode() && !type.test(node))
        {
            faults.add(FaultCode.ILL_TYPED_FIELD, path + "=" + node);
        }
    }
}
