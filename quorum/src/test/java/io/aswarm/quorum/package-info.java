/**
 * Tests of the mesh: pure ones on fake clocks, {@code *IT} on real sockets and network namespaces.
 */
package io.aswarm.quorum;
