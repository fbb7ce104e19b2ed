package io.aswarm.ebpf;

/**
 * The ways by which packets come to the programs of the packet object: section, kind of link and name of its pin.
 */
enum Door
{
    /** What comes in, in the driver or the generic path. */
    XDP("aswarm_network", "link_", 37, 0),
    /** What comes in, in tc. */
    INGRESS("aswarm_ingress", "ingress_", 46, 1),
    /** What goes out; sensed, never dropped. */
    EGRESS("aswarm_egress", "egress_", 47, 2);

    private final String program;
    private final String pinPrefix;
    private final int attachType;
    private final int attachPoint;

    Door(final String program, final String pinPrefix, final int attachType, final int attachPoint)
    {
        this.program = program;
        this.pinPrefix = pinPrefix;
        this.attachType = attachType;
        this.attachPoint = attachPoint;
    }

    String program()
    {
        return program;
    }

    String pinPrefix()
    {
        return pinPrefix;
    }

    /** Of enum bpf_attach_type. */
    int attachType()
    {
        return attachType;
    }

    /** Of enum bpf_tc_attach_point (bpf/libbpf.h); 0 for none. */
    int attachPoint()
    {
        return attachPoint;
    }

    /** Names in a bpffs may not hold a dot, names of interfaces may; those may not hold a colon. */
    String pinName(final String interfaceName)
    {
        return pinPrefix + interfaceName.replace('.', ':');
    }
}
