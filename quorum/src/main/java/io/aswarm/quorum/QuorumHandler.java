package io.aswarm.quorum;

import io.aswarm.trust.SignedOrder;

/**
 * Receives what the quorum thread decides and does, on that thread; must not block.
 */
public interface QuorumHandler
{
    /**
     * A subject is elevated.
     *
     * @param elevation immutable.
     */
    void onElevation(Elevation elevation);

    /**
     * The same elevation as evidence: all its witnesses' deposits are signed, or their time to sign is over. Once for
     * each elevation, at most {@value Testimonies#PATIENCE_NS} ns after {@link #onElevation}.
     *
     * @param elevation immutable.
     */
    default void onEvidence(final Elevation elevation)
    {
    }

    /**
     * An order of the operators to the whole site is in force from now on, or the one that suspended enforcement has
     * ended by its time.
     *
     * @param order     verified and later than all before; null at the end of its time.
     * @param suspended whether enforcement is suspended by it.
     */
    default void onOrder(final SignedOrder order, final boolean suspended)
    {
    }

    /**
     * An own deposit was handed to the mesh.
     *
     * @param scenario     code.
     * @param subjectHigh  first eight bytes of the subject's address in network order.
     * @param subjectLow   last eight.
     * @param evidenceNats stated.
     * @param nowNs        monotonic.
     */
    default void onDepositSent(
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final long nowNs)
    {
    }

    /**
     * Another node's deposit was believed.
     *
     * @param nodeId       of the witness.
     * @param scenario     code.
     * @param subjectHigh  first eight bytes of the subject's address in network order.
     * @param subjectLow   last eight.
     * @param evidenceNats stated.
     * @param nowNs        monotonic.
     */
    default void onDepositAccepted(
        final int nodeId,
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final long nowNs)
    {
    }
}
