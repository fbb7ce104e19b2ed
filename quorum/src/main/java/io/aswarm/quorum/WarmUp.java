package io.aswarm.quorum;

import io.aswarm.trust.Roster;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;

/**
 * Lets the compiler see the way of a deposit, from signal to decision with signature and check, before the first one
 * that matters: interpreted, a first signature costs up to 18 ms. Works on objects of its own, which it throws away.
 */
final class WarmUp
{
    /** Enough that the second compiler has seen the arithmetic of the curve, whose inner loops run far more often. */
    static final int ROUNDS = 600;

    /** No more time than this. */
    static final long TIME_MAX_NS = 1_000_000_000L;

    private static final long ROUND_NS = 1_000_000_000L;

    private WarmUp()
    {
    }

    /**
     * Run the rounds, or as many as there is time for.
     *
     * @param config     of the agent; its signer is used, its sequence is not.
     * @param clock      monotonic; a machine too busy for all rounds must not keep the mesh waiting.
     * @param nowEpochNs wall clock.
     * @return rounds in which the deposit was believed: all that were run.
     */
    static int run(final QuorumConfig config, final NanoClock clock, final long nowEpochNs)
    {
        final long nowNs = clock.nanoTime();
        final Roster.Node node = config.roster().node(config.nodeId());
        final Roster roster = new Roster(config.roster().site(), List.of(node), List.of());
        final OwnMessages messages = new OwnMessages(config);
        final Admission admission =
            new Admission(roster, 0, 0, config.staleNs(), config.futureNs(), nowNs);
        final Fusion fusion = new Fusion(roster, node.id(), config.elevationTable(), config.halfLifeNs(), 64, 0);
        final UnsafeBuffer signal = new UnsafeBuffer(new byte[SignalDescriptor.LENGTH]);
        final UnsafeBuffer deposit = new UnsafeBuffer(new byte[DepositDescriptor.LENGTH]);
        signal.putInt(SignalDescriptor.SCENARIO_OFFSET, 1);
        signal.putShort(SignalDescriptor.ROLE_OFFSET, (short)SubjectRole.SOURCE);
        signal.putLong(SignalDescriptor.LAST_SEEN_OFFSET, nowNs);
        signal.putLong(SignalDescriptor.FIRST_SEEN_OFFSET, nowNs);
        signal.putDouble(SignalDescriptor.EVIDENCE_OFFSET, 50.0);

        int believed = 0;
        for (int round = 0; round < ROUNDS && clock.nanoTime() - nowNs <= TIME_MAX_NS; round++)
        {
            // virtual time passes, so that the budget of checks lasts
            final long roundNs = nowNs + round * ROUND_NS;
            signal.putLong(SignalDescriptor.SUBJECT_LOW_OFFSET, round);
            messages.compose(deposit, 0, signal, 0, nowNs, nowEpochNs);
            messages.seal(deposit, 0, nowEpochNs);
            if (Verdict.ACCEPTED == admission.admit(deposit, 0, DepositDescriptor.LENGTH, 0, roundNs, nowEpochNs))
            {
                final int slot = fusion.hold(deposit, 0);
                if (slot >= 0)
                {
                    final Fusion.Decision decision = fusion.decide(slot, nowEpochNs);
                    fusion.elevate(slot, decision, nowEpochNs, round, nowNs, nowEpochNs);
                }
                believed++;
            }
        }
        return believed;
    }
}
