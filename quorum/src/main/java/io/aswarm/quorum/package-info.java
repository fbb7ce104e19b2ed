/**
 * The mesh: weak evidence of many nodes, deposited by messages over Aeron UDP, fuses to elevations. Deposits are sealed
 * under session keys and signed afterwards.
 * Owns Aeron and the codecs generated from {@code aswarm-mesh.xml}.
 * <p>
 * One thread, the quorum agent's, owns everything but QuorumProxy, by which the sensor thread hands over its signals.
 * Fusion and Admission decide without clock, IO or thread. Nothing a peer sends may throw, block or grow without bound
 * here; this code allocates nothing before an elevation, the signature library does.
 */
package io.aswarm.quorum;
