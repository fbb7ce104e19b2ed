/**
 * Tests of the drill: frames, captures and sums on plain bytes; racks on a real kernel.
 */
package io.aswarm.twinlab;
