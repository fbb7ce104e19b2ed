package io.aswarm.quorum;

/**
 * One node's share in an elevation.
 *
 * @param nodeId           of the witness.
 * @param name             of the witness as in the roster.
 * @param evidenceNats     as it stated.
 * @param countedNats      as it counted: what was not spent before, evaporated with age and, unless local, clipped.
 * @param count            of events it saw, saturating.
 * @param firstSeenEpochNs first event, its wall clock.
 * @param deposit          the signed bytes; {@link DepositVerifier} reads them. Not to be changed. As evidence empty
 *                          when the witness did not sign in time, and for action possibly without signature.
 * @param subjectRole      it stated, see {@link SubjectRole}.
 * @param verification     it stated, bits of {@link Verification}.
 */
public record Witness(
    int nodeId,
    String name,
    double evidenceNats,
    double countedNats,
    int count,
    long firstSeenEpochNs,
    byte[] deposit,
    int subjectRole,
    int verification)
{
    Witness with(final byte[] otherDeposit)
    {
        return new Witness(nodeId, name, evidenceNats, countedNats, count, firstSeenEpochNs, otherDeposit, subjectRole,
            verification);
    }

    /** A witness against a source that was merely shown. */
    public Witness(
        final int nodeId,
        final String name,
        final double evidenceNats,
        final double countedNats,
        final int count,
        final long firstSeenEpochNs,
        final byte[] deposit)
    {
        this(nodeId, name, evidenceNats, countedNats, count, firstSeenEpochNs, deposit, SubjectRole.SOURCE,
            Verification.NONE);
    }
}
