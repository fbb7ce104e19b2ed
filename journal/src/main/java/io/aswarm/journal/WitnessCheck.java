package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Do enough different witnesses stand behind an elevation, each with a signed deposit that says what the certificate
 * says of it, and does their evidence reach the threshold?
 */
final class WitnessCheck
{
    /** Deposits carry thousandths of a nat. */
    private static final double ROUNDING_NATS = 0.001;

    private final WitnessVerifier verifier;

    WitnessCheck(final WitnessVerifier verifier)
    {
        this.verifier = verifier;
    }

    void check(final JsonNode predicate, final FaultList faults)
    {
        final Evidence evidence = Evidence.of(predicate);
        if (null == evidence)
        {
            return;
        }
        final List<String> names = evidence.witnessNames();
        final Set<String> distinct = new HashSet<>();
        for (final String name : names)
        {
            if (!distinct.add(name))
            {
                faults.add(FaultCode.DUPLICATE_WITNESS, name);
            }
        }
        final double required = evidence.number("witnesses_required");
        if (distinct.isEmpty())
        {
            faults.add(FaultCode.NO_WITNESS, "");
        }
        else if (distinct.size() < required)
        {
            faults.add(FaultCode.TOO_FEW_WITNESSES, distinct.size() + " of " + (long)required);
        }

        if (evidence.witnessNodes().isArray())
        {
            checkDeposits(predicate, evidence, faults);
        }
        else
        {
            names.forEach((name) -> faults.add(FaultCode.WITNESS_WITHOUT_DEPOSIT, name));
            if (evidence.number("count") < evidence.number("threshold"))
            {
                faults.add(FaultCode.EVIDENCE_BELOW_THRESHOLD,
                    evidence.number("count") + " of " + evidence.number("threshold"));
            }
        }
    }

    private void checkDeposits(final JsonNode predicate, final Evidence evidence, final FaultList faults)
    {
        double countedNats = 0;
        for (final JsonNode witness : evidence.witnessNodes())
        {
            final String name = witness.path("name").asText();
            countedNats += witness.path("counted_nats").asDouble();
            if (witness.path("counted_nats").asDouble() > witness.path("evidence_nats").asDouble() + ROUNDING_NATS)
            {
                faults.add(FaultCode.EVIDENCE_OVERSTATED, name + ": counted " +
                    witness.path("counted_nats").asDouble() + " of " + witness.path("evidence_nats").asDouble());
            }
            checkDeposit(predicate, evidence, witness, faults);
        }

        final double claimedNats = evidence.number("evidence_nats");
        final double thresholdNats = evidence.number("threshold_nats");
        final boolean isComplete = !(evidence.number("witnesses_omitted") > 0);
        if (isComplete && claimedNats > countedNats + ROUNDING_NATS)
        {
            faults.add(FaultCode.EVIDENCE_OVERSTATED, "claimed " + claimedNats + ", witnesses " + countedNats);
        }
        // Written so that a missing number is below every threshold.
        if (!(claimedNats >= thresholdNats) || (isComplete && !(countedNats + ROUNDING_NATS >= thresholdNats)))
        {
            faults.add(FaultCode.EVIDENCE_BELOW_THRESHOLD,
                Math.min(claimedNats, countedNats) + " of " + thresholdNats + " nats");
        }
    }

    private void checkDeposit(
        final JsonNode predicate, final Evidence evidence, final JsonNode witness, final FaultList faults)
    {
        final String name = witness.path("name").asText();
        final String text = witness.path("deposit").asText();
        if (text.isEmpty())
        {
            // The node's own evidence stands under the certificate's own signature.
            if (!name.equals(predicate.path("node").path("name").asText()))
            {
                faults.add(FaultCode.WITNESS_WITHOUT_DEPOSIT, name);
            }
            return;
        }

        final WitnessVerdict verdict = verify(text);
        switch (verdict.status())
        {
            case UNKNOWN:
                faults.add(FaultCode.WITNESS_UNKNOWN, name + ": " + verdict.reason());
                break;

            case INVALID:
                faults.add(FaultCode.WITNESS_SIGNATURE_INVALID, name + ": " + verdict.reason());
                break;

            case ACCEPTED:
                compare(evidence, witness, verdict, faults);
                break;

            default:
                throw new IllegalStateException("status=" + verdict.status());
        }
    }

    private WitnessVerdict verify(final String text)
    {
        try
        {
            return verifier.verify(Base64.getDecoder().decode(text));
        }
        catch (final IllegalArgumentException ex)
        {
            return WitnessVerdict.refused(WitnessVerdict.Status.INVALID, "the deposit is not base64");
        }
    }

    private static void compare(
        final Evidence evidence, final JsonNode witness, final WitnessVerdict verdict, final FaultList faults)
    {
        final String name = witness.path("name").asText();
        final String subject = evidence.context().path("subject").asText();
        final String scenario = evidence.context().path("scenario").asText();
        if (!verdict.name().equals(name) || verdict.nodeId() != witness.path("node_id").asInt())
        {
            faults.add(FaultCode.WITNESS_DISAGREES, "the deposit of " + name + " is by " + verdict.name());
        }
        if (!verdict.subject().equals(subject) && !(verdict.asideSubject().equals(subject) && !subject.isEmpty()) &&
            (verdict.sharedAim().isEmpty() ||
            !verdict.sharedAim().equals(evidence.context().path("aim").asText())))
        {
            faults.add(FaultCode.WITNESS_DISAGREES, name + " deposited on " + verdict.subject() + ", not " + subject);
        }
        if (!verdict.patterns().isEmpty() && !verdict.patterns().contains(scenario))
        {
            faults.add(FaultCode.WITNESS_DISAGREES, name + " deposited on " + verdict.patterns() + ", not " + scenario);
        }
        if (witness.path("evidence_nats").asDouble() > verdict.evidenceNats() + ROUNDING_NATS)
        {
            faults.add(FaultCode.EVIDENCE_OVERSTATED, name + " stated " + verdict.evidenceNats() + ", not " +
                witness.path("evidence_nats").asDouble());
        }
    }
}
