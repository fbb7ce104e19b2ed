package io.aswarm.ebpf;

/**
 * How the packet program is put on an interface.
 */
public enum AttachMode
{
    /** In the driver where it can, else in the kernel's generic path. */
    AUTO,
    /** In the driver or not at all. */
    NATIVE,
    /** In the generic path: any interface, slower. */
    GENERIC
}
