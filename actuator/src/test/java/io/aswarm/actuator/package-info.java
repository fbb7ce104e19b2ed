/**
 * Tests of the actuator: on a fake control with a clock moved by hand, and on the real kernel where it is allowed.
 */
package io.aswarm.actuator;
