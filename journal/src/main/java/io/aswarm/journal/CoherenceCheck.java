package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;

/**
 * Does a certificate hold together: one run id, the asset that the evidence is about, instants in their order, an
 * effect that was measured, an act that was allowed?
 */
final class CoherenceCheck
{
    private static final long NO_INSTANT = Long.MIN_VALUE;

    private final long freshMaxNs;
    private final int ringMax;

    CoherenceCheck(final long freshMaxNs, final int ringMax)
    {
        this.freshMaxNs = freshMaxNs;
        this.ringMax = ringMax;
    }

    void check(final JsonNode predicate, final CertificateKind kind, final FaultList faults)
    {
        final Evidence evidence = Evidence.of(predicate);
        checkRunId(predicate, evidence, faults);
        checkInstants(predicate, evidence, faults);
        checkProbes(predicate, kind, faults);
        if (null != evidence)
        {
            final String asset = predicate.path("asset_id").asText();
            if (!evidence.concerns(asset))
            {
                faults.add(FaultCode.ASSET_NOT_IN_EVIDENCE, asset);
            }
            if (evidence.context().has("elevated") && !"true".equals(evidence.context().get("elevated").asText()))
            {
                faults.add(FaultCode.NOT_ELEVATED, "");
            }
        }
        if (CertificateKind.CONTAINMENT == kind)
        {
            checkContainment(predicate, evidence, faults);
        }
    }

    private void checkContainment(final JsonNode predicate, final Evidence evidence, final FaultList faults)
    {
        if (null == evidence)
        {
            faults.add(FaultCode.MISSING_FIELD, "elevation_context");
        }
        final JsonNode ttl = predicate.path("action").has("ttl_seconds") ?
            predicate.path("action").path("ttl_seconds") : predicate.path("policy").path("ttl_seconds");
        if (ttl.asLong() <= 0)
        {
            faults.add(FaultCode.TTL_MISSING, "ttl_seconds=" + ttl.asText("none"));
        }
        final JsonNode ring = predicate.path("action").path("ring");
        if (ring.isIntegralNumber() && (ring.asLong() < 0 || ring.asLong() > ringMax))
        {
            faults.add(FaultCode.RING_NOT_PERMITTED, "ring=" + ring + ", at most " + ringMax);
        }
    }

    private static void checkRunId(final JsonNode predicate, final Evidence evidence, final FaultList faults)
    {
        final String runId = predicate.path("run_id").asText();
        if (runId.isEmpty() || (null != evidence && evidence.runId().isEmpty()))
        {
            faults.add(FaultCode.RUN_ID_MISSING, runId.isEmpty() ? "" : "the evidence names none");
        }
        else if (null != evidence && !runId.equals(evidence.runId()))
        {
            faults.add(FaultCode.RUN_ID_MISMATCH, runId + " acts on the elevation of " + evidence.runId());
        }
    }

    private void checkInstants(final JsonNode predicate, final Evidence evidence, final FaultList faults)
    {
        final long anomalyNs = instant(predicate, "anomaly_start");
        final long elevatedNs = instant(predicate, "detect_elevated");
        final long startedNs = instant(predicate, "actuation_start");
        final long effectiveNs = instant(predicate, "actuation_effective");
        if (isBefore(elevatedNs, anomalyNs))
        {
            faults.add(FaultCode.ELEVATION_BEFORE_ANOMALY, apart(elevatedNs, anomalyNs));
        }
        if (isBefore(startedNs, elevatedNs))
        {
            faults.add(FaultCode.ACTUATION_BEFORE_ELEVATION, apart(startedNs, elevatedNs));
        }
        if (isBefore(effectiveNs, startedNs))
        {
            faults.add(FaultCode.EFFECT_BEFORE_ACTUATION, apart(effectiveNs, startedNs));
        }
        if (null != evidence && NO_INSTANT != startedNs && NO_INSTANT != elevatedNs &&
            startedNs - elevatedNs > freshMaxNs)
        {
            faults.add(FaultCode.STALE_ELEVATION, apart(elevatedNs, startedNs));
        }
    }

    private static void checkProbes(final JsonNode predicate, final CertificateKind kind, final FaultList faults)
    {
        final JsonNode outcome = predicate.path("outcome");
        final JsonNode probes = outcome.has("probes") ? outcome.get("probes") : outcome.path("proof");
        boolean isEachPassed = true;
        for (final JsonNode probe : probes)
        {
            final boolean isPassed = probe.path("passed").asBoolean();
            isEachPassed &= isPassed || !probe.isObject();
            if (probe.has("expected") && isPassed != probe.get("expected").equals(probe.get("observed")))
            {
                faults.add(FaultCode.PROBE_CONTRADICTS, probe.path("name").asText() + ": expected " +
                    probe.path("expected").asText() + ", observed " + probe.path("observed").asText() +
                    ", passed=" + isPassed);
            }
        }
        if (CertificateKind.CONTAINMENT == kind)
        {
            final boolean isRecorded = probes.isContainerNode() ? !probes.isEmpty() : !probes.asText().isEmpty();
            if (!isRecorded || !isEachPassed)
            {
                faults.add(FaultCode.EFFECT_NOT_PROVEN,
                    isRecorded ? "a probe did not pass" : "no probe is recorded with what it expected and observed");
            }
            if (NO_INSTANT == instant(predicate, "actuation_effective"))
            {
                faults.add(FaultCode.MISSING_FIELD, "timestamps.actuation_effective");
            }
        }
    }

    private static boolean isBefore(final long ns, final long thanNs)
    {
        return NO_INSTANT != ns && NO_INSTANT != thanNs && ns < thanNs;
    }

    private static String apart(final long fromNs, final long toNs)
    {
        return "by " + (toNs - fromNs) + " ns";
    }

    /** What is not a date and time was said before. */
    private static long instant(final JsonNode predicate, final String name)
    {
        try
        {
            return Rfc3339.parse(predicate.path("timestamps").path(name).asText());
        }
        catch (final DateTimeException ex)
        {
            return NO_INSTANT;
        }
    }
}
