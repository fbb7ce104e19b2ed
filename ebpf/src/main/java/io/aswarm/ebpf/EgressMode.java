package io.aswarm.ebpf;

/**
 * Whether what this host itself sends is sensed, by a program in tc that never drops.
 */
public enum EgressMode
{
    /** What comes in only. */
    OFF,
    /** Where the kernel lets us; a refusal stands in the attachment. */
    AUTO,
    /** On every interface that is there at the start, or no start. */
    ON
}
