/**
 * Rehearsal: a rack-scale drill on a real kernel, in network namespaces, with the shipped appliance in every gateway;
 * and the same pipeline on a capture, with a virtual clock, where the kernel refuses; and sites of thousands of nodes,
 * without packets, on virtual time.
 * <p>
 * Measures from outside: with its own captures and its own clock readings, never with what a node claims alone. Each
 * thread is started by the drill and ends with it. Nothing here may touch a namespace, process or mount that is not in
 * the manifest of a drill, send a frame outside the drill's namespaces, or print figures without their tier.
 */
package io.aswarm.twinlab;
