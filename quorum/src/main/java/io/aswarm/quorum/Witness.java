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
 * @param deposit          the signed bytes; {@link DepositVerifier} reads them. Not to be changed.
 */
public record Witness(
    int nodeId, String name, double evidenceNats, double countedNats, int count, long firstSeenEpochNs, byte[] deposit)
{
}
