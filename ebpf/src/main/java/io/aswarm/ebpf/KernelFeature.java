package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.List;

/**
 * What a kernel may offer to programs, found out by trying: each is loaded, attached where that disturbs nobody, and
 * let go again. {@link #probeAll()} takes some tens of milliseconds.
 */
public enum KernelFeature
{
    /** XDP in the generic path. */
    XDP("XDP", "feature_xdp", Attach.XDP),
    /** Links in tc, for both directions. */
    TC_LINK("tcx", "feature_tc", Attach.TC),
    /** Filters in tc, for kernels without those links. */
    TC_FILTER("clsact", "feature_tc", Attach.TC_FILTER),
    /** Ring buffers, by which events are told. */
    RING_BUFFER("ring buffer", null, Attach.NOTHING),
    /** Timers in programs. */
    TIMER("bpf_timer", "feature_timer", Attach.NOTHING),
    /** Tracepoints with raw arguments, by which processes are sensed. */
    RAW_TRACEPOINT("raw_tp", "feature_raw_tracepoint", Attach.BY_SECTION),
    /** Tracepoints with typed arguments. */
    TYPED_TRACEPOINT("tp_btf", "feature_typed_tracepoint", Attach.BY_SECTION),
    /** Entry and exit of kernel functions by trampoline. */
    FENTRY("fentry", "feature_fentry", Attach.BY_SECTION),
    /** Kernel functions by breakpoint. */
    KPROBE("kprobe", "feature_kprobe", Attach.BY_SECTION),
    /** Decisions of the Linux security modules. */
    LSM("LSM", "feature_lsm", Attach.BY_SECTION);

    private static final String OBJECT = "features.bpf.o";
    private static final int MAP_TYPE_RING_BUFFER = 27;
    /** In any new network namespace. */
    private static final int LOOPBACK_INDEX = 1;

    private final String label;
    private final String program;
    private final Attach attach;

    KernelFeature(final String label, final String program, final Attach attach)
    {
        this.label = label;
        this.program = program;
        this.attach = attach;
    }

    private enum Attach
    {
        NOTHING(false), BY_SECTION(false), XDP(true), TC(true), TC_FILTER(true);

        private final boolean needsInterface;

        Attach(final boolean needsInterface)
        {
            this.needsInterface = needsInterface;
        }
    }

    /**
     * What came of a trial.
     *
     * @param feature that was tried.
     * @param refusal of the kernel, empty if it offers the feature.
     */
    public record Trial(KernelFeature feature, String refusal)
    {
        /**
         * Whether the kernel offers the feature.
         *
         * @return true if the trial went well.
         */
        public boolean isOffered()
        {
            return refusal.isEmpty();
        }
    }

    /**
     * Name in messages.
     *
     * @return the term of the field.
     */
    public String label()
    {
        return label;
    }

    /**
     * Try everything. What needs an interface is tried in a network namespace of its own, which ends with the trial.
     *
     * @return one result for each feature, in their order.
     * @throws KernelException when libbpf or the objects are missing, so that nothing can be tried.
     */
    public static List<Trial> probeAll() throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        BpfObject.read(OBJECT);
        final List<Trial> trials = new ArrayList<>();
        for (final KernelFeature each : values())
        {
            trials.add(new Trial(each, each.attach.needsInterface ?
                PrivateNetwork.call(() -> each.tryOut(bpf)) : each.tryOut(bpf)));
        }
        return trials;
    }

    private String tryOut(final LibBpf.Api bpf)
    {
        try
        {
            if (program == null)
            {
                return createRingBuffer(bpf);
            }
            try (BpfObject object = BpfObject.open(OBJECT))
            {
                object.only(program).load(program);
                attach(bpf, object);
                return "";
            }
        }
        catch (final KernelException ex)
        {
            return ex.errno() == 0 ? ex.getMessage() : Errno.describe(ex.errno());
        }
    }

    private void attach(final LibBpf.Api bpf, final BpfObject object) throws KernelException
    {
        switch (attach)
        {
            case XDP:
                link(bpf, object, Door.XDP, InterfaceLink.IN_GENERIC_PATH);
                break;
            case TC:
                link(bpf, object, Door.INGRESS, InterfaceLink.FIRST);
                link(bpf, object, Door.EGRESS, InterfaceLink.FIRST);
                break;
            case TC_FILTER:
                filter(bpf, object, Door.INGRESS);
                filter(bpf, object, Door.EGRESS);
                break;
            case BY_SECTION:
                object.attachForTrial(program);
                break;
            default:
                break;
        }
    }

    private void link(final LibBpf.Api bpf, final BpfObject object, final Door door, final int flags)
        throws KernelException
    {
        LibC.API.close(InterfaceLink.link(bpf, door, LOOPBACK_INDEX, flags, object.programFd(program)));
    }

    private void filter(final LibBpf.Api bpf, final BpfObject object, final Door door) throws KernelException
    {
        final int result = TcFilter.tryOut(bpf, door, LOOPBACK_INDEX, object.programFd(program));
        if (result < 0)
        {
            throw new KernelException("refused by the kernel", -result);
        }
    }

    private static String createRingBuffer(final LibBpf.Api bpf)
    {
        final int fd = bpf.bpf_map_create(MAP_TYPE_RING_BUFFER, "feature", 0, 0, MemoryMap.PAGE_BYTES, 0);
        if (fd < 0)
        {
            return Errno.describe(fd);
        }
        LibC.API.close(fd);
        return "";
    }
}
