package io.aswarm.dataplane;

import io.aswarm.journal.WitnessVerdict;
import io.aswarm.journal.WitnessVerifier;
import io.aswarm.quorum.Deposit;
import io.aswarm.quorum.DepositVerifier;
import io.aswarm.quorum.Verdict;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.Roster;

import java.util.List;

/**
 * Tells the journal what a witness's deposit says: the mesh knows the form, the journal knows what to compare.
 */
public final class DepositWitnessVerifier implements WitnessVerifier
{
    private final Roster roster;

    /**
     * A verifier against one roster.
     *
     * @param roster with the keys of the nodes.
     */
    public DepositWitnessVerifier(final Roster roster)
    {
        this.roster = roster;
    }

    @Override
    public WitnessVerdict verify(final byte[] deposit)
    {
        final DepositVerifier.Result result = DepositVerifier.verify(deposit, roster);
        if (!result.isAuthentic())
        {
            return WitnessVerdict.refused(
                Verdict.UNKNOWN_SENDER == result.verdict() ? WitnessVerdict.Status.UNKNOWN :
                WitnessVerdict.Status.INVALID, result.verdict().reason());
        }

        final Deposit stated = result.deposit();
        return new WitnessVerdict(
            WitnessVerdict.Status.ACCEPTED, "", stated.nodeId(), roster.node(stated.nodeId()).name(),
            Names.address(stated.subjectHigh(), stated.subjectLow()), patterns(stated.scenario()),
            stated.evidenceNats());
    }

    /** What an elevation on such evidence may be called; see {@link Names#pattern}. */
    private static List<String> patterns(final int scenario)
    {
        return Scenario.SCAN.code() == scenario ? List.of(Names.PORT_SCAN, Names.SWEEP) :
            Scenario.FLOOD.code() == scenario ? List.of(Names.SYN_FLOOD) : List.of();
    }
}
