package io.aswarm.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.journal.CertificateBuilder.Anchor;

import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * Makes the part of a certificate that says why: the elevation, its witnesses with their signed deposits, and what the
 * certifying node saw itself. Pure.
 */
final class EvidenceBuilder
{
    /** Of more witnesses than this the strongest are named, and the others counted. */
    static final int WITNESSES_MAX = 48;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int SUBJECT_IS_AIM = 2;

    private EvidenceBuilder()
    {
    }

    static ObjectNode elevation(final Finding finding, final String runId, final Anchor anchor)
    {
        final ArrayNode witnesses = JSON.arrayNode();
        final List<WitnessStatement> strongest = strongest(finding.witnesses());
        strongest.forEach((witness) -> witnesses.add(JSON.objectNode()
            .put("name", witness.name())
            .put("node_id", witness.nodeId())
            .put("evidence_nats", witness.evidenceNats())
            .put("counted_nats", witness.countedNats())
            .put("count", witness.count())
            .put("first_seen", Rfc3339.nanos(witness.firstSeenEpochNs()))
            .put("deposit", Base64.getEncoder().encodeToString(witness.deposit()))));

        final ObjectNode elevation = JSON.objectNode();
        elevation.put("run_id", runId);
        elevation.put("elevated", true);
        elevation.put("local", finding.local());
        elevation.put("scenario", finding.scenario());
        elevation.put("pattern", finding.scenario());
        elevation.put("subject", finding.subject());
        elevation.put("evidence_nats", finding.evidenceNats());
        elevation.put("threshold_nats", finding.thresholdNats());
        elevation.put("witnesses", finding.witnesses().size());
        elevation.put("witnesses_required", finding.witnessesRequired());
        elevation.set("witness_nodes", witnesses);
        elevation.put("witnesses_omitted", finding.witnesses().size() - strongest.size());
        elevation.put("count", finding.count());
        elevation.put("distinct_hosts", finding.distinctHosts());
        elevation.put("distinct_ports", finding.distinctPorts());
        elevation.put("aim_port", finding.aimPort());
        elevation.put("aim", finding.aim());
        elevation.put("subject_role", SUBJECT_IS_AIM == finding.subjectRole() ? "aim" : "source");
        final ArrayNode verification = elevation.putArray("verification");
        Finding.verificationWords(finding.verification()).forEach(verification::add);
        elevation.put("degraded", finding.degraded());
        elevation.put("ts", Rfc3339.nanos(finding.elevatedEpochNs()));
        if (null != finding.explanation())
        {
            elevation.set("explanation",
                finding.explanation().toJson((atNs) -> Rfc3339.nanos(anchor.epochNs(atNs))));
        }
        return elevation;
    }

    static List<WitnessStatement> strongest(final List<WitnessStatement> witnesses)
    {
        return witnesses.size() <= WITNESSES_MAX ? witnesses : witnesses.stream()
            .sorted(Comparator.comparingDouble(WitnessStatement::countedNats).reversed())
            .limit(WITNESSES_MAX)
            .toList();
    }
}
