package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.PublicKey;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Makes the predicate and the statement of an Action Certificate. Pure: the clocks are arguments.
 * <p>
 * The predicate is a superset of the published schema. All 64-bit numbers and nanoseconds are strings, for the
 * canonical form keeps no more than 53 bits. The schema demands {@code detect_elevated} and {@code actuation_start}
 * of every certificate: where nothing was elevated (an order) or nothing was started (a refusal), both hold the
 * instant of the decision.
 */
final class CertificateBuilder
{
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final double NS_PER_MS = 1e6;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** The place of a certificate in its node's chain. */
    record Link(long sequence, String previousSha256)
    {
    }

    /** An earlier certificate of the same act. */
    record Relation(String certificateId, String runId, long sequence, String sha256)
    {
    }

    /** The same instant on both clocks. */
    record Anchor(long ns, long epochNs)
    {
        long epochNs(final long atNs)
        {
            return epochNs + (atNs - ns);
        }
    }

    /** All that one certificate is made from; finding and relation may be null. */
    record Draft(
        CertificateKind kind,
        Deed deed,
        Finding finding,
        Relation relation,
        Link link,
        Anchor now,
        ClockStatement clock)
    {
        Anchor anchor()
        {
            return null == finding ? now : new Anchor(finding.elevatedNs(), finding.elevatedEpochNs());
        }

        /** The instant of the decision where the act itself was not started. */
        long startedNs()
        {
            return 0 != deed.startedNs() ? deed.startedNs() : 0 != deed.endedNs() ? deed.endedNs() : now.ns;
        }
    }

    private final String site;
    private final String node;
    private final int nodeId;
    private final String keyId;

    CertificateBuilder(final String site, final String node, final int nodeId, final PublicKey key)
    {
        this.site = site;
        this.node = node;
        this.nodeId = nodeId;
        this.keyId = key.keyId();
    }

    String certificateId(final Draft draft)
    {
        return String.format(
            Locale.ROOT, "%s-%s-%08d", Rfc3339.basic(draft.now.epochNs()), node, draft.link.sequence());
    }

    ObjectNode statement(final Draft draft)
    {
        final ObjectNode predicate = predicate(draft);
        final ObjectNode statement = JSON.objectNode();
        statement.put("_type", Envelope.STATEMENT_TYPE);
        statement.set("subject", subjects(predicate, draft));
        statement.put("predicateType", Envelope.PREDICATE_TYPE);
        statement.set("predicate", predicate);
        return statement;
    }

    ObjectNode predicate(final Draft draft)
    {
        final Deed deed = draft.deed;
        final ObjectNode predicate = JSON.objectNode();
        predicate.put("certificate_id", certificateId(draft));
        predicate.put("kind", draft.kind.label());
        predicate.put("run_id", runId(draft));
        predicate.put("act_id", Long.toUnsignedString(deed.actId()));
        predicate.put("site_id", site);
        predicate.put("asset_id", deed.subject().isEmpty() ? node : deed.subject());
        predicate.put("tier", deed.tier());
        predicate.set("node", JSON.objectNode().put("name", node).put("id", nodeId).put("key_id", keyId));
        predicate.set("timestamps", timestamps(draft));
        predicate.set("monotonic", monotonic(draft));
        if (null != draft.finding)
        {
            predicate.set("elevation_context",
                EvidenceBuilder.elevation(draft.finding, runId(draft), draft.anchor()));
        }
        predicate.set("policy", policy(deed));
        predicate.set("action", action(deed));
        predicate.set("outcome", outcome(draft));
        predicate.set("metrics", metrics(draft));
        predicate.set("time", JSON.objectNode()
            .put("clock_source", draft.clock.source())
            .put("bound_ns", draft.clock.boundNs() < 0 ? "unknown" : Long.toString(draft.clock.boundNs())));
        predicate.set("chain", JSON.objectNode()
            .put("sequence", Long.toString(draft.link.sequence()))
            .put("previous_sha256", draft.link.previousSha256()));
        if (null != draft.relation)
        {
            predicate.set("relates_to", JSON.objectNode()
                .put("certificate_id", draft.relation.certificateId())
                .put("sequence", Long.toString(draft.relation.sequence()))
                .put("sha256", draft.relation.sha256()));
        }
        predicate.set("signatures", JSON.arrayNode().add("ed25519:" + keyId));
        return predicate;
    }

    /** An entry that was found after a restart does not know its elevation, but its first certificate does. */
    static String runId(final Draft draft)
    {
        if (0 != draft.deed.elevationId())
        {
            return Long.toUnsignedString(draft.deed.elevationId());
        }
        return null != draft.relation ? draft.relation.runId() : "act-" + Long.toUnsignedString(draft.deed.actId());
    }

    private static ObjectNode timestamps(final Draft draft)
    {
        final Deed deed = draft.deed;
        final Finding finding = draft.finding;
        final Anchor anchor = draft.anchor();
        final ObjectNode timestamps = JSON.objectNode();
        if (null != finding)
        {
            timestamps.put("anomaly_start", Rfc3339.nanos(finding.firstSeenEpochNs()));
        }
        timestamps.put("detect_elevated", Rfc3339.nanos(
            null == finding ? anchor.epochNs(draft.startedNs()) : finding.elevatedEpochNs()));
        timestamps.put("actuation_start", Rfc3339.nanos(anchor.epochNs(draft.startedNs())));
        putInstant(timestamps, "actuation_effective", anchor, deed.effectiveNs());
        putInstant(timestamps, "revert_scheduled", anchor, deed.deadlineNs());
        if (CertificateKind.REVERT == draft.kind)
        {
            putInstant(timestamps, "revert_effective", anchor, deed.endedNs());
        }
        timestamps.put("certified", Rfc3339.nanos(draft.now.epochNs()));
        return timestamps;
    }

    private static void putInstant(final ObjectNode to, final String name, final Anchor anchor, final long atNs)
    {
        if (0 != atNs)
        {
            to.put(name, Rfc3339.nanos(anchor.epochNs(atNs)));
        }
    }

    private static ObjectNode monotonic(final Draft draft)
    {
        final Deed deed = draft.deed;
        final ObjectNode monotonic = JSON.objectNode();
        if (null != draft.finding)
        {
            monotonic.put("first_seen_ns", Long.toString(draft.finding.firstSeenNs()));
            monotonic.put("elevated_ns", Long.toString(draft.finding.elevatedNs()));
        }
        monotonic.put("started_ns", Long.toString(deed.startedNs()));
        monotonic.put("effective_ns", Long.toString(deed.effectiveNs()));
        monotonic.put("deadline_ns", Long.toString(deed.deadlineNs()));
        monotonic.put("ended_ns", Long.toString(deed.endedNs()));
        return monotonic;
    }

    private static ObjectNode policy(final Deed deed)
    {
        final ObjectNode policy = JSON.objectNode();
        policy.put("policy_id", deed.policyId().isEmpty() ? "order" : deed.policyId());
        if (!deed.catalogHash().isEmpty())
        {
            policy.put("version_hash", deed.catalogHash());
        }
        return policy;
    }

    private static ObjectNode action(final Deed deed)
    {
        final ObjectNode action = JSON.objectNode();
        action.put("ring", deed.ring());
        action.put("kind", deed.actKind().isEmpty() ? deed.kind().toLowerCase(Locale.ROOT) : deed.actKind());
        final ObjectNode parameters = JSON.objectNode();
        if (!deed.subject().isEmpty())
        {
            parameters.put("subject", deed.subject());
        }
        final RuleStatement rule = deed.rule();
        if (null != rule)
        {
            parameters.put("packets", rule.packets()).put("mode", rule.mode());
            if (rule.packetsPerSecond() > 0)
            {
                parameters.put("packets_per_second", rule.packetsPerSecond()).put("burst", rule.burst());
            }
        }
        if (deed.ttlNs() > 0)
        {
            parameters.put("ttl_ns", Long.toString(deed.ttlNs()));
            action.put("ttl_seconds", Math.floorDiv(deed.ttlNs() - 1, NS_PER_SECOND) + 1);
        }
        action.set("params", parameters);
        return action;
    }

    private static ObjectNode outcome(final Draft draft)
    {
        final Deed deed = draft.deed;
        final Anchor anchor = draft.anchor();
        final ArrayNode probes = JSON.arrayNode();
        deed.probes().forEach((probe) -> probes.add(JSON.objectNode()
            .put("name", probe.name())
            .put("expected", probe.expected())
            .put("observed", probe.observed())
            .put("passed", probe.passed())
            .put("at", Rfc3339.nanos(anchor.epochNs(probe.atNs())))
            .put("duration_ns", Long.toString(probe.durationNs()))));

        final ObjectNode outcome = JSON.objectNode();
        outcome.put("status", draft.kind.status());
        outcome.put("notes", deed.reason());
        outcome.set("probes", probes);
        outcome.put("probe_attempts", deed.probes().size());
        outcome.put("packets_dropped", Long.toUnsignedString(deed.packetsDropped()));
        return outcome;
    }

    private static ObjectNode metrics(final Draft draft)
    {
        final ObjectNode metrics = JSON.objectNode();
        if (null != draft.finding)
        {
            final long detectNs = draft.finding.elevatedNs() - draft.finding.firstSeenNs();
            metrics.put("mttd_ns", Long.toString(detectNs));
            metrics.put("MTTD_ms_monotonic", detectNs / NS_PER_MS);
            if (0 != draft.deed.effectiveNs() && CertificateKind.CONTAINMENT == draft.kind)
            {
                final long repairNs = draft.deed.effectiveNs() - draft.finding.elevatedNs();
                metrics.put("mttr_ns", Long.toString(repairNs));
                metrics.put("MTTR_s_monotonic", repairNs / (double)NS_PER_SECOND);
            }
        }
        return metrics;
    }

    /** What the certificate is about, by digest: the act, the probes, the catalog, each witness's deposit. */
    private static ArrayNode subjects(final JsonNode predicate, final Draft draft)
    {
        final ArrayNode subjects = JSON.arrayNode();
        subjects.add(subject("action", CanonicalJson.sha256(predicate.get("action"))));
        subjects.add(subject("probes", CanonicalJson.sha256(predicate.get("outcome").get("probes"))));
        final String catalogHash = draft.deed.catalogHash();
        if (SHA256.matcher(catalogHash).matches())
        {
            subjects.add(subject("policy-catalog", catalogHash));
        }
        if (null != draft.finding)
        {
            EvidenceBuilder.strongest(draft.finding.witnesses()).stream()
                .filter((witness) -> witness.deposit().length > 0)
                .forEach((witness) -> subjects.add(
                    subject("deposit/" + witness.name(), CanonicalJson.sha256(witness.deposit()))));
        }
        return subjects;
    }

    private static ObjectNode subject(final String name, final String sha256)
    {
        final ObjectNode subject = JSON.objectNode().put("name", name);
        subject.set("digest", JSON.objectNode().put("sha256", sha256));
        return subject;
    }
}
