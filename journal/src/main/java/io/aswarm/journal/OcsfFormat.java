package io.aswarm.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.CanonicalJson;

import java.nio.charset.StandardCharsets;

/**
 * OCSF 1.8.0. What was done about an address is 7004 Network Remediation Activity: a containment or its adoption
 * isolates, a revert restores. An order to the kill switch, which is about no address, is 7001 Remediation Activity.
 * Hashes are in {@code enrichments}, for the profile that will hold them is not in this version.
 */
public final class OcsfFormat implements EventFormat
{
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String VERSION = "1.8.0";
    private static final int REMEDIATION = 7001;
    private static final int NETWORK_REMEDIATION = 7004;
    private static final int ISOLATE = 1;
    private static final int RESTORE = 3;
    private static final int OTHER = 99;
    private static final int STATUS_SUCCESS = 1;
    private static final int STATUS_FAILURE = 2;
    private static final int DIRECTION_INBOUND = 1;
    private static final int OBSERVABLE_HOSTNAME = 1;
    private static final int OBSERVABLE_IP_ADDRESS = 2;
    private static final int TYPE_FACTOR = 100;
    private static final int CATEGORY_FACTOR = 1000;
    private static final long NS_PER_MS = 1_000_000L;

    @Override
    public String format(final Certificate certificate)
    {
        final CertificateKind kind = certificate.kind();
        final boolean isOrder = CertificateKind.HALT == kind || CertificateKind.RESUME == kind || null == kind;
        final int activity = activity(kind);
        final ObjectNode event = event(certificate, isOrder ? REMEDIATION : NETWORK_REMEDIATION, activity);
        event.put("activity_name", ISOLATE == activity ? "Isolate" : RESTORE == activity ? "Restore" :
            certificate.text("kind"));
        event.put("command_uid", certificate.id());
        final boolean isFailure = CertificateKind.FAILURE == kind || CertificateKind.REFUSAL == kind;
        event.put("status_id", isFailure ? STATUS_FAILURE : STATUS_SUCCESS);
        event.put("status", isFailure ? "Failure" : "Success");
        event.put("status_code", certificate.text("outcome", "status"));
        putText(event, "status_detail", certificate.text("outcome", "notes"));
        putTime(event, "start_time", certificate.epochNs("actuation_start"));
        putTime(event, "end_time", certificate.epochNs("revert_effective"));
        event.set("remediation", JSON.objectNode().put("desc",
            certificate.text("action", "kind") + " by policy " + certificate.text("policy", "policy_id")));
        if (!isOrder)
        {
            final boolean isV6 = certificate.text("asset_id").indexOf(':') >= 0;
            event.set("connection_info", JSON.objectNode()
                .put("direction_id", DIRECTION_INBOUND)
                .put("protocol_ver_id", isV6 ? 6 : 4));
            event.set("countermeasures", JSON.arrayNode().add(
                ISOLATE == activity ? tactic("Isolate") : tactic("Restore")));
        }
        return line(event);
    }

    private static ObjectNode event(final Certificate certificate, final int classUid, final int activity)
    {
        final EventSeverity severity = EventSeverity.of(certificate.kind());
        final ObjectNode event = JSON.objectNode();
        event.put("category_uid", classUid / CATEGORY_FACTOR);
        event.put("class_uid", classUid);
        event.put("activity_id", activity);
        event.put("type_uid", classUid * TYPE_FACTOR + activity);
        event.put("time", certificate.certifiedEpochNs() / NS_PER_MS);
        event.put("severity_id", severity.ocsf);
        event.put("message", certificate.text("kind") + " of " + certificate.text("asset_id") + " on " +
            certificate.text("node", "name") + ", " + certificate.text("tier"));
        final ObjectNode metadata = JSON.objectNode();
        metadata.put("version", VERSION);
        metadata.put("uid", certificate.id());
        metadata.put("sequence", certificate.sequence());
        metadata.put("correlation_uid", certificate.text("run_id"));
        metadata.put("log_provider", certificate.text("node", "name"));
        metadata.put("tenant_uid", certificate.text("site_id"));
        metadata.set("product", JSON.objectNode().put("name", "A-SWARM").put("vendor_name", "A-SWARM"));
        event.set("metadata", metadata);
        event.set("observables", JSON.arrayNode().add(JSON.objectNode()
            .put("name", "asset_id")
            .put("type_id", REMEDIATION == classUid ? OBSERVABLE_HOSTNAME : OBSERVABLE_IP_ADDRESS)
            .put("value", certificate.text("asset_id"))));
        final ArrayNode enrichments = event.putArray("enrichments");
        enrich(enrichments, "certificate_sha256", certificate.sha256());
        enrich(enrichments, "previous_certificate_sha256", certificate.text("chain", "previous_sha256"));
        enrich(enrichments, "policy_version_hash", certificate.text("policy", "version_hash"));
        enrich(enrichments, "tier", certificate.text("tier"));
        enrich(enrichments, "packets_dropped", certificate.text("outcome", "packets_dropped"));
        return event;
    }

    private static int activity(final CertificateKind kind)
    {
        if (CertificateKind.REVERT == kind)
        {
            return RESTORE;
        }
        return CertificateKind.HALT == kind || CertificateKind.RESUME == kind || null == kind ? OTHER : ISOLATE;
    }

    private static ObjectNode tactic(final String name)
    {
        final ObjectNode countermeasure = JSON.objectNode();
        countermeasure.set("d3f_tactic", JSON.objectNode().put("name", name));
        return countermeasure;
    }

    private static void enrich(final ArrayNode enrichments, final String name, final String value)
    {
        if (!value.isEmpty())
        {
            final ObjectNode enrichment = JSON.objectNode().put("name", name).put("value", value);
            enrichment.set("data", JSON.objectNode().put(name, value));
            enrichments.add(enrichment);
        }
    }

    private static void putText(final ObjectNode to, final String name, final String value)
    {
        if (!value.isEmpty())
        {
            to.put(name, value);
        }
    }

    private static void putTime(final ObjectNode to, final String name, final long epochNs)
    {
        if (0 != epochNs)
        {
            to.put(name, epochNs / NS_PER_MS);
        }
    }

    private static String line(final ObjectNode event)
    {
        return new String(CanonicalJson.bytes(event), StandardCharsets.UTF_8);
    }
}
