package io.aswarm.dataplane;

import io.aswarm.journal.WitnessVerdict;
import io.aswarm.journal.WitnessVerifier;
import io.aswarm.quorum.Deposit;
import io.aswarm.quorum.DepositVerifier;
import io.aswarm.quorum.Verdict;
import io.aswarm.sketch.ComposedScenario;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.Roster;

import java.util.List;
import java.util.Map;

/**
 * Tells the journal what a witness's deposit says: the mesh knows the form, the journal knows what to compare.
 */
public final class DepositWitnessVerifier implements WitnessVerifier
{
    /** What a deposit against a source is evidence of under its aim; as io.aswarm.quorum.Topic has it. */
    private static final Map<Integer, String> ASIDE = Map.of(
        Scenario.SCAN.code(), Scenario.DISTRIBUTED_SCAN.label(),
        Scenario.FLOOD.code(), Scenario.SPREAD_FLOOD.label(),
        Scenario.BEACON.code(), Scenario.CALL_HOME.label());

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
            stated.evidenceNats(), ASIDE.containsKey(stated.scenario()) ? aim(stated) : "",
            Scenario.LINEAGE.code() == stated.scenario() ? aim(stated) : "");
    }

    private static String aim(final Deposit stated)
    {
        return Names.address(stated.aimHigh(), stated.aimLow());
    }

    /**
     * What an elevation on such evidence may be called; see {@link Names#pattern}. What a site calls its own scenarios
     * stands in its catalog, which a verifier need not have: nothing, so that it is not compared.
     */
    private static List<String> patterns(final int scenario)
    {
        if (ComposedScenario.isCode(scenario))
        {
            return List.of();
        }
        final String label = Names.signal(scenario);
        final String aside = ASIDE.getOrDefault(scenario, label);
        return Scenario.SCAN.code() == scenario ? List.of(Names.PORT_SCAN, Names.SWEEP, aside) :
            Scenario.FLOOD.code() == scenario ? List.of(Names.SYN_FLOOD, aside) : List.of(label, aside);
    }
}
