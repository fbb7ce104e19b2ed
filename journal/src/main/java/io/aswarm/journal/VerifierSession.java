package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Verifies certificates one after the other, each node's in the order of its chain, and remembers what must be true of
 * them together. A set that begins in the middle of a chain is fine; what it refers to before its beginning is not
 * missed.
 */
public final class VerifierSession
{
    private record ChainEnd(long firstSequence, long sequence, String sha256)
    {
    }

    private final CertificateVerifier verifier;
    private final Set<String> ids = new HashSet<>();
    private final Map<String, String> actByElevation = new HashMap<>();
    private final Set<String> containments = new HashSet<>();
    private final Set<String> reverts = new HashSet<>();
    private final Map<String, ChainEnd> endByNode = new HashMap<>();

    VerifierSession(final CertificateVerifier verifier)
    {
        this.verifier = verifier;
    }

    /**
     * Verify the next certificate.
     *
     * @param source named in the report.
     * @param bytes  of the file or journal entry.
     * @return what was found, alone and together with those before it.
     */
    public CertificateReport verify(final String source, final byte[] bytes)
    {
        final FaultList faults = new FaultList();
        final Opened opened = verifier.examine(source, bytes, faults);
        if (null != opened.predicate())
        {
            checkTogether(opened, faults);
        }
        return CertificateVerifier.report(source, opened, faults);
    }

    private void checkTogether(final Opened opened, final FaultList faults)
    {
        final JsonNode predicate = opened.predicate();
        final String node = predicate.path("node").path("name").asText();
        final String id = predicate.path("certificate_id").asText();
        if (!ids.add(node + '|' + id))
        {
            faults.add(FaultCode.CERTIFICATE_ID_TWICE, id);
        }
        final CertificateKind kind = CertificateVerifier.kind(predicate);
        final String act = node + '|' + predicate.path("act_id").asText(id);
        if (CertificateKind.CONTAINMENT == kind)
        {
            checkUsedOnce(predicate, node, act, faults);
            containments.add(act);
        }
        if (CertificateKind.ADOPTION == kind)
        {
            containments.add(act);
        }
        if (opened.isEnveloped())
        {
            checkChain(predicate, node, opened.sha256(), faults);
            if (CertificateKind.REVERT == kind)
            {
                checkRevert(predicate, node, act, faults);
            }
        }
    }

    /** An act that is certified again, after a resume for example, is no second use of its elevation. */
    private void checkUsedOnce(
        final JsonNode predicate, final String node, final String act, final FaultList faults)
    {
        final Evidence evidence = Evidence.of(predicate);
        if (null != evidence)
        {
            final String elevation = String.join("|", node, evidence.runId(), predicate.path("asset_id").asText(),
                predicate.path("timestamps").path("detect_elevated").asText(),
                predicate.path("action").path("kind").asText());
            final String other = actByElevation.putIfAbsent(elevation, act);
            if (null != other && !other.equals(act))
            {
                faults.add(FaultCode.ELEVATION_USED_TWICE, "by " + other.substring(other.indexOf('|') + 1) + " and " +
                    act.substring(act.indexOf('|') + 1));
            }
        }
    }

    private void checkRevert(final JsonNode predicate, final String node, final String act, final FaultList faults)
    {
        final ChainEnd end = endByNode.get(node);
        final boolean isWholeChain = null != end && 1 == end.firstSequence;
        final long relatedSequence = predicate.path("relates_to").path("sequence").asLong();
        final boolean isBeforeTheSet = null != end && !isWholeChain &&
            (0 == relatedSequence || relatedSequence < end.firstSequence);
        if (!containments.contains(act) && !isBeforeTheSet)
        {
            faults.add(FaultCode.REVERT_WITHOUT_CONTAINMENT, "act_id=" + predicate.path("act_id").asText());
        }
        if (!reverts.add(act))
        {
            faults.add(FaultCode.REVERTED_TWICE, "act_id=" + predicate.path("act_id").asText());
        }
    }

    private void checkChain(
        final JsonNode predicate, final String node, final String sha256, final FaultList faults)
    {
        final JsonNode chain = predicate.path("chain");
        final long sequence = chain.path("sequence").asLong();
        final String previous = chain.path("previous_sha256").asText();
        final ChainEnd end = endByNode.get(node);
        if (null == end)
        {
            if (1 == sequence && !EntryDescriptor.NO_PREVIOUS.equals(previous))
            {
                faults.add(FaultCode.CHAIN_BROKEN, "the first certificate of " + node + " names one before it");
            }
            endByNode.put(node, new ChainEnd(sequence, sequence, sha256));
            return;
        }

        if (sequence <= end.sequence)
        {
            faults.add(FaultCode.SEQUENCE_TWICE, node + " " + sequence + " after " + end.sequence);
            return;
        }
        if (sequence != end.sequence + 1)
        {
            faults.add(FaultCode.SEQUENCE_GAP, node + " " + sequence + " after " + end.sequence);
        }
        else if (!previous.equals(end.sha256))
        {
            faults.add(FaultCode.CHAIN_BROKEN, node + " " + sequence);
        }
        endByNode.put(node, new ChainEnd(end.firstSequence, sequence, sha256));
    }
}
