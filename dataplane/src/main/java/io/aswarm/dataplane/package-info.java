/**
 * The appliance: reads the configuration, wires the leaves into one line, places their threads, and is the
 * {@code aswarm} command. Owns netty and picocli.
 * <p>
 * Adapters run on the thread of the stage that hands on: the sensor thread up to the signal, the quorum thread up to
 * the elevation, the actuator thread up to the outcome. Nothing on the sensor thread may allocate, block or log;
 * nothing here decides what is an attack or what is done about it.
 */
package io.aswarm.dataplane;
