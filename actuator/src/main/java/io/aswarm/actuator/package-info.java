/**
 * From an elevation to a proven, bounded, reversible act: signed catalog, guardrails, act automata, kill switch.
 * <p>
 * Everything runs on the thread of {@link io.aswarm.actuator.ActuatorAgent}; other threads speak to it through
 * {@link io.aswarm.actuator.ActuatorProxy}. Decisions are pure, with time as an argument; only an implementation of
 * {@link io.aswarm.actuator.Control} touches the kernel. Nothing here may start an act that the catalog does not hold,
 * claim an effect that no probe observed, drop a request without an outcome, or build a command line.
 */
package io.aswarm.actuator;
