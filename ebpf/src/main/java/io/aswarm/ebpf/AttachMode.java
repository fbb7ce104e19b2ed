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
    /** In tc (a tcx link, before Linux 6.6 a clsact filter): beside a foreign XDP program, or where XDP is refused. */
    TC
}
