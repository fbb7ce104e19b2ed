package io.aswarm.ebpf;

/**
 * Where on its way in a packet meets the program.
 */
public enum AttachMode
{
    /** In the driver where it can, else in XDP's generic path, else in tc. */
    AUTO,
    /** XDP in the driver or not at all. */
    NATIVE,
    /** XDP in the generic path: almost any interface, slower. */
    GENERIC,
    /** In tc (tcx, Linux 6.6): beside a foreign XDP program, or where XDP is refused. */
    TC
}
