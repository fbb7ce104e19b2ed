package io.aswarm.journal;

/**
 * One node's share in an elevation.
 *
 * @param name             of the node in the roster.
 * @param nodeId           of the node in the roster.
 * @param evidenceNats     it deposited.
 * @param countedNats      of it that counted, after clipping and evaporation.
 * @param count            of observations behind it.
 * @param firstSeenEpochNs wall clock of the witness.
 * @param deposit          the signed bytes as they came over the mesh; empty for the certifying node's own evidence
 *                         where it was never sent.
 */
public record WitnessStatement(
    String name, int nodeId, double evidenceNats, double countedNats, int count, long firstSeenEpochNs, byte[] deposit)
{
}
