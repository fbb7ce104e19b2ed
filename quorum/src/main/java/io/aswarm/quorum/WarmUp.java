package io.aswarm.quorum;

import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.OrderBook;
import io.aswarm.trust.OrderVerdict;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SignedOrder;
import org.agrona.collections.MutableInteger;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.List;
import java.util.Locale;

/**
 * Lets the compiler see the way of a deposit, from signal to elevation and evidence, with signature and check, before
 * the first one that matters: interpreted, a first signature costs up to 18 ms. Works on objects of its own, which it
 * throws away.
 */
final class WarmUp
{
    /** Enough that the second compiler has seen the arithmetic of the curve, whose inner loops run far more often. */
    static final int ROUNDS = 600;

    /** No more time than this. */
    static final long TIME_MAX_NS = 1_000_000_000L;

    /** An order goes by far more code than a deposit, most of it once. */
    static final int ORDER_ROUNDS = 100;

    private static final int COUNTER_LENGTH = 128;
    private static final String NOBODY = "warm-up";
    private static final long ROUND_NS = 1_000_000_000L;

    private WarmUp()
    {
    }

    /**
     * Let the way of an order be seen, from its bytes to the book: a site must not wait for a first one.
     *
     * @param config     of the agent; its signer plays two operators of another site.
     * @param clock      monotonic.
     * @param nowEpochNs wall clock.
     * @return orders whose signatures were verified, as that of one operator twice.
     */
    static int runOrders(final QuorumConfig config, final NanoClock clock, final long nowEpochNs)
    {
        final HybridSigner signer = HybridSigner.of(config.signer());
        final Roster roster = new Roster(NOBODY, List.of(), List.of(
            new Roster.Operator("a", config.signer().publicKey()),
            new Roster.Operator("b", config.signer().publicKey())));
        final long startNs = clock.nanoTime();
        int verified = 0;
        for (int round = 0; round < ORDER_ROUNDS && clock.nanoTime() - startNs <= TIME_MAX_NS; round++)
        {
            final byte[] bytes = SignedOrder.draft(NOBODY, SignedOrder.Action.SUSPEND, NOBODY,
                String.format(Locale.ROOT, "%032x", round), nowEpochNs + round, ROUND_NS)
                .sign("a", signer).sign("b", signer).toBytes();
            final SignedOrder order = SignedOrder.fromBytes(bytes, 0, bytes.length);
            verified += OrderVerdict.SIGNED_TWICE == new OrderBook().accept(order, roster, nowEpochNs) ? 1 : 0;
        }
        return verified;
    }

    /**
     * Run the rounds, or as many as there is time for.
     *
     * @param config     of the agent; its signer is used, its sequence is not.
     * @param clock      monotonic; a machine too busy for all rounds must not keep the mesh waiting.
     * @param nowEpochNs wall clock.
     * @return elevations: one for each round.
     */
    static int run(final QuorumConfig config, final NanoClock clock, final long nowEpochNs)
    {
        final long nowNs = clock.nanoTime();
        final Roster.Node node = config.roster().node(config.nodeId());
        final Roster roster = new Roster(config.roster().site(), List.of(node), List.of());
        final OwnMessages messages = new OwnMessages(config);
        final Admission admission =
            new Admission(roster, 0, 0, config.staleNs(), config.futureNs(), nowNs);
        final Fusion fusion = new Fusion(roster, node.id(), config.elevationTable(), config.halfLifeNs(), ROUNDS, 0);
        final MutableInteger elevations = new MutableInteger();
        final QuorumHandler listener = (elevation) -> elevations.increment();
        final Tally tally = new Tally((counter) -> new AtomicCounter(new UnsafeBuffer(new byte[COUNTER_LENGTH]), 0));
        final Testimonies testimonies = new Testimonies(
            config, fusion, new Seal(roster.site(), config.signatureCheck()), messages, listener, tally);
        final Decider decider = new Decider(
            config, fusion, testimonies, listener, () -> nowNs, () -> nowEpochNs, tally);
        final UnsafeBuffer signal = new UnsafeBuffer(new byte[SignalDescriptor.LENGTH]);
        final UnsafeBuffer deposit = new UnsafeBuffer(new byte[DepositDescriptor.LENGTH]);
        signal.putInt(SignalDescriptor.SCENARIO_OFFSET, 1);
        signal.putShort(SignalDescriptor.ROLE_OFFSET, (short)SubjectRole.SOURCE);
        signal.putLong(SignalDescriptor.LAST_SEEN_OFFSET, nowNs);
        signal.putLong(SignalDescriptor.FIRST_SEEN_OFFSET, nowNs);
        signal.putDouble(SignalDescriptor.EVIDENCE_OFFSET, 50.0);

        for (int round = 0; round < ROUNDS && clock.nanoTime() - nowNs <= TIME_MAX_NS; round++)
        {
            // virtual time passes, so that the budget of checks lasts
            final long roundNs = nowNs + round * ROUND_NS;
            signal.putLong(SignalDescriptor.SUBJECT_LOW_OFFSET, round);
            messages.compose(deposit, 0, signal, 0, nowNs, nowEpochNs);
            messages.seal(deposit, 0, nowEpochNs);
            if (Verdict.ACCEPTED == admission.admit(deposit, 0, DepositDescriptor.LENGTH, 0, roundNs, nowEpochNs))
            {
                decider.fuse(deposit, 0, roundNs, nowEpochNs);
                testimonies.doWork(true, roundNs + ROUND_NS);
            }
        }
        return elevations.get();
    }
}
