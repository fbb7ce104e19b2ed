package io.aswarm.ebpf;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link KernelSensor} is to watch, and the maximum of everything it holds.
 *
 * @param name                 of the node, for messages.
 * @param pinDirectory         a directory on a bpffs, made if it is not there; links and maps are pinned in it.
 * @param interfaces           names in the caller's network namespace; may be empty (nothing is attached then).
 * @param attachMode           for interfaces without one of their own.
 * @param attachModes          of single interfaces, by name.
 * @param egress               whether what this host itself sends is sensed too.
 * @param tcLinks              whether tc is asked for links first; false: as on an older kernel.
 * @param awaitInterfaces      whether interfaces that are not there yet are waited for, instead of refused.
 * @param ringBytes            of each ring buffer: a power of two and a multiple of the page size.
 * @param quarantineEntriesMax acts that can be in force at once, at most {@link #QUARANTINE_ENTRIES_LIMIT}; a pinned
 *                             quarantine of another size is carried over.
 * @param conversationsMax     openings without an answer that are remembered, and as many UDP and ICMP exchanges.
 * @param burstRecordsMax      records of one kind, of a source or to an aim, on a CPU in a window before they weigh.
 * @param burstWindowNs        length of that window.
 * @param processEvents        whether exec, fork and exit are sensed too.
 */
public record KernelSensorConfig(
    String name,
    Path pinDirectory,
    List<String> interfaces,
    AttachMode attachMode,
    Map<String, AttachMode> attachModes,
    EgressMode egress,
    boolean tcLinks,
    boolean awaitInterfaces,
    int ringBytes,
    int quarantineEntriesMax,
    int conversationsMax,
    int burstRecordsMax,
    long burstWindowNs,
    boolean processEvents)
{
    /** Largest {@code quarantineEntriesMax}: the array of acts is mapped as one buffer. */
    public static final int QUARANTINE_ENTRIES_LIMIT = QuarantineActs.PLACES_MAX;

    /** Linux: IFNAMSIZ without the final zero. */
    private static final int INTERFACE_NAME_LENGTH_MAX = 15;

    /**
     * Check the limits.
     *
     * @throws IllegalArgumentException when a value is outside what the kernel accepts; it names the value.
     */
    public KernelSensorConfig
    {
        interfaces = List.copyOf(interfaces);
        attachModes = Map.copyOf(attachModes);
        for (final String each : interfaces)
        {
            if (!each.matches("[^\\s/:]{1," + INTERFACE_NAME_LENGTH_MAX + "}"))
            {
                throw new IllegalArgumentException("not an interface name: '" + each + "'");
            }
        }
        if (ringBytes < MemoryMap.PAGE_BYTES || Integer.bitCount(ringBytes) != 1)
        {
            throw new IllegalArgumentException(
                "ringBytes=" + ringBytes + ": allowed are powers of two from " + MemoryMap.PAGE_BYTES);
        }
        requirePositive("quarantineEntriesMax", quarantineEntriesMax);
        if (quarantineEntriesMax > QUARANTINE_ENTRIES_LIMIT)
        {
            throw new IllegalArgumentException("quarantineEntriesMax=" + quarantineEntriesMax + ": allowed are up to " +
                QUARANTINE_ENTRIES_LIMIT);
        }
        requirePositive("conversationsMax", conversationsMax);
        requirePositive("burstRecordsMax", burstRecordsMax);
        requirePositive("burstWindowNs", burstWindowNs);
    }

    /**
     * Start from the defaults: no interface, {@link AttachMode#AUTO}, inward only, rings of 4 MiB, 16,384
     * quarantine entries, 65,536 conversations, 8,192 records in 1 s before a source or an aim collapses, no process
     * events.
     *
     * @param name         of the node.
     * @param pinDirectory on a bpffs.
     * @return a builder.
     */
    public static Builder builder(final String name, final Path pinDirectory)
    {
        return new Builder(name, pinDirectory);
    }

    private static void requirePositive(final String key, final long value)
    {
        if (value <= 0)
        {
            throw new IllegalArgumentException(key + "=" + value + ": must be at least 1");
        }
    }

    /** Sets one value at a time; what is not set keeps its default. */
    public static final class Builder
    {
        private final String name;
        private final Path pinDirectory;
        private List<String> interfaces = List.of();
        private AttachMode attachMode = AttachMode.AUTO;
        private final Map<String, AttachMode> attachModes = new HashMap<>();
        private EgressMode egress = EgressMode.OFF;
        private boolean tcLinks = true;
        private boolean awaitInterfaces;
        private int ringBytes = 4 << 20;
        private int quarantineEntriesMax = 16_384;
        private int conversationsMax = 65_536;
        private int burstRecordsMax = 8_192;
        private long burstWindowNs = 1_000_000_000L;
        private boolean processEvents;

        private Builder(final String name, final Path pinDirectory)
        {
            this.name = name;
            this.pinDirectory = pinDirectory;
        }

        /**
         * Interfaces to watch and to enforce on.
         *
         * @param names in the caller's network namespace.
         * @return this.
         */
        public Builder interfaces(final List<String> names)
        {
            interfaces = names;
            return this;
        }

        /**
         * How to attach.
         *
         * @param mode for interfaces without one of their own.
         * @return this.
         */
        public Builder attachMode(final AttachMode mode)
        {
            attachMode = mode;
            return this;
        }

        /**
         * How to attach to one interface.
         *
         * @param interfaceName of {@link #interfaces(List)}.
         * @param mode          for this one.
         * @return this.
         */
        public Builder attachMode(final String interfaceName, final AttachMode mode)
        {
            attachModes.put(interfaceName, mode);
            return this;
        }

        /**
         * Whether what this host itself sends is sensed.
         *
         * @param wanted true to attach in tc where the kernel offers it; false, the default, to see what comes in only.
         * @return this.
         */
        public Builder egress(final boolean wanted)
        {
            return egress(wanted ? EgressMode.AUTO : EgressMode.OFF);
        }

        /**
         * Whether what this host itself sends is sensed.
         *
         * @param mode {@link EgressMode#OFF} is the default.
         * @return this.
         */
        public Builder egress(final EgressMode mode)
        {
            egress = mode;
            return this;
        }

        /** For tests: as on a kernel whose tc knows no links. */
        Builder withoutTcLinks()
        {
            tcLinks = false;
            return this;
        }

        /**
         * What becomes of interfaces that are not there at the start.
         *
         * @param wanted true to attach when they come, false to refuse the start.
         * @return this.
         */
        public Builder awaitInterfaces(final boolean wanted)
        {
            awaitInterfaces = wanted;
            return this;
        }

        /**
         * Size of each ring buffer.
         *
         * @param bytes a power of two.
         * @return this.
         */
        public Builder ringBytes(final int bytes)
        {
            ringBytes = bytes;
            return this;
        }

        /**
         * Acts in force at once.
         *
         * @param entries at least 1.
         * @return this.
         */
        public Builder quarantineEntriesMax(final int entries)
        {
            quarantineEntriesMax = entries;
            return this;
        }

        /**
         * Conversations remembered until they are answered.
         *
         * @param conversations at least 1.
         * @return this.
         */
        public Builder conversationsMax(final int conversations)
        {
            conversationsMax = conversations;
            return this;
        }

        /**
         * When the records of one source collapse into weights.
         *
         * @param recordsMax of one kind in one window.
         * @param windowNs   length of the window.
         * @return this.
         */
        public Builder burst(final int recordsMax, final long windowNs)
        {
            burstRecordsMax = recordsMax;
            burstWindowNs = windowNs;
            return this;
        }

        /**
         * Whether processes are sensed.
         *
         * @param wanted true for exec, fork and exit events of the whole machine.
         * @return this.
         */
        public Builder processEvents(final boolean wanted)
        {
            processEvents = wanted;
            return this;
        }

        /**
         * The finished configuration.
         *
         * @return an immutable record.
         * @throws IllegalArgumentException when a value is outside what the kernel accepts.
         */
        public KernelSensorConfig build()
        {
            return new KernelSensorConfig(
                name, pinDirectory, interfaces, attachMode, attachModes, egress, tcLinks, awaitInterfaces, ringBytes,
                quarantineEntriesMax, conversationsMax, burstRecordsMax, burstWindowNs, processEvents);
        }
    }
}
