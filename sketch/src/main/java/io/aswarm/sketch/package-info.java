/**
 * Local policy: conversation events in, evidence in nats out. {@link io.aswarm.sketch.LocalPolicy} is the one door;
 * behind it stand the sketches and one class for each sequential test.
 * <p>
 * Owned by the sensor thread, single writer. Memory is taken once at start, off-heap, and never grows. Nothing here
 * reads a clock, does IO, logs, or allocates after construction.
 */
package io.aswarm.sketch;
