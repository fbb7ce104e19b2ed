/**
 * Tests of the local policy. Traffic is made by {@link io.aswarm.sketch.PolicyHarness} with a clock of its own.
 */
package io.aswarm.sketch;
