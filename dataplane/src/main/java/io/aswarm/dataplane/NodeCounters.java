package io.aswarm.dataplane;

import io.aswarm.actuator.ActuatorCounter;
import io.aswarm.ebpf.SensorCounter;
import io.aswarm.journal.JournalCounter;
import io.aswarm.quorum.QuorumCounter;
import io.aswarm.sketch.SketchCounter;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * All counters of all modules in one counters file, the media driver's, where {@code aswarm stats} and Aeron's own
 * tools read them. A type id is the module's base plus the counter's place in its enum; new counters are added at the
 * end of an enum, so an id never changes its meaning.
 */
public final class NodeCounters
{
    /**
     * What a counter means.
     *
     * @param name     of the enum's constant.
     * @param label    of the module, short.
     * @param sentence that says what is counted.
     * @param unit     of the value.
     */
    public record Meaning(String name, String label, String sentence, String unit)
    {
    }

    /** Module of a counter, by its type id. */
    public enum Module
    {
        /** Kernel side and its readers. */
        EBPF(2100, SensorCounter.values(), (c) -> new Meaning(c.name(), c.label(), c.sentence(), c.unit())),
        /** Detection. */
        SKETCH(2200, SketchCounter.values(), (c) -> new Meaning(c.name(), c.label(), c.sentence(), c.unit())),
        /** Mesh and fusion. */
        QUORUM(2300, QuorumCounter.values(), (c) -> new Meaning(c.name(), c.label(), c.sentence(), c.unit())),
        /** Acts. */
        ACTUATOR(2400, ActuatorCounter.values(), (c) -> new Meaning(c.name(), c.label(), c.sentence(), c.unit())),
        /** Certificates. */
        JOURNAL(2500, JournalCounter.values(), (c) -> new Meaning(c.name(), c.label(), c.sentence(), c.unit())),
        /** The appliance. */
        DATAPLANE(2600, DataplaneCounter.values(), (c) -> new Meaning(c.name(), c.label(), c.sentence(), c.unit()));

        /** Room for the counters of one module. */
        static final int SIZE = 100;

        private final int typeIdBase;
        private final List<Meaning> meanings;

        <E> Module(final int typeIdBase, final E[] counters, final Function<E, Meaning> meaning)
        {
            this.typeIdBase = typeIdBase;
            this.meanings = Arrays.stream(counters).map(meaning).toList();
        }

        /**
         * Counters of this module in the order of their type ids.
         *
         * @return what each means.
         */
        public List<Meaning> meanings()
        {
            return meanings;
        }

        int typeId(final Enum<?> counter)
        {
            return typeIdBase + counter.ordinal();
        }

        /** The meaning of a type id, or null if it is not of this module. */
        Meaning meaning(final int typeId)
        {
            final int index = typeId - typeIdBase;
            return index >= 0 && index < meanings.size() ? meanings.get(index) : null;
        }
    }

    /** Makes a counter. */
    public interface Allocator
    {
        /**
         * Make a counter.
         *
         * @param typeId of its meaning.
         * @param label  for people.
         * @return the counter, at 0.
         */
        AtomicCounter newCounter(int typeId, String label);
    }

    private final Map<SensorCounter, AtomicCounter> ebpf = new EnumMap<>(SensorCounter.class);
    private final Map<SketchCounter, AtomicCounter> sketch = new EnumMap<>(SketchCounter.class);
    private final Map<QuorumCounter, AtomicCounter> quorum = new EnumMap<>(QuorumCounter.class);
    private final Map<ActuatorCounter, AtomicCounter> actuator = new EnumMap<>(ActuatorCounter.class);
    private final Map<JournalCounter, AtomicCounter> journal = new EnumMap<>(JournalCounter.class);
    private final Map<DataplaneCounter, AtomicCounter> dataplane = new EnumMap<>(DataplaneCounter.class);

    /**
     * Allocate all.
     *
     * @param allocator of the counters file.
     */
    public NodeCounters(final Allocator allocator)
    {
        allocate(Module.EBPF, SensorCounter.values(), ebpf, allocator);
        allocate(Module.SKETCH, SketchCounter.values(), sketch, allocator);
        allocate(Module.QUORUM, QuorumCounter.values(), quorum, allocator);
        allocate(Module.ACTUATOR, ActuatorCounter.values(), actuator, allocator);
        allocate(Module.JOURNAL, JournalCounter.values(), journal, allocator);
        allocate(Module.DATAPLANE, DataplaneCounter.values(), dataplane, allocator);
    }

    /**
     * Counters of ebpf.
     *
     * @return by their enum.
     */
    public Function<SensorCounter, AtomicCounter> ebpf()
    {
        return ebpf::get;
    }

    /**
     * Counters of sketch.
     *
     * @return by their enum.
     */
    public Function<SketchCounter, AtomicCounter> sketch()
    {
        return sketch::get;
    }

    /**
     * Counters of quorum.
     *
     * @return by their enum.
     */
    public Function<QuorumCounter, AtomicCounter> quorum()
    {
        return quorum::get;
    }

    /**
     * Counters of actuator.
     *
     * @return by their enum.
     */
    public Function<ActuatorCounter, AtomicCounter> actuator()
    {
        return actuator::get;
    }

    /**
     * Counters of journal.
     *
     * @return by their enum.
     */
    public Function<JournalCounter, AtomicCounter> journal()
    {
        return journal::get;
    }

    /**
     * Counters of the appliance.
     *
     * @return by their enum.
     */
    public Function<DataplaneCounter, AtomicCounter> dataplane()
    {
        return dataplane::get;
    }

    /** A counter that nobody reads. */
    static AtomicCounter unseen()
    {
        return new AtomicCounter(new UnsafeBuffer(ByteBuffer.allocateDirect(CountersReader.COUNTER_LENGTH)), 0);
    }

    /** Label in the counters file: module first, so that listings of Aeron's tools show whose it is. */
    static String label(final Module module, final String label)
    {
        final String name = module.name().toLowerCase(Locale.ROOT);
        final String words = label.replace('-', ' ').replace('_', ' ');
        return "aswarm " + (words.startsWith(name + " ") ? words : name + " " + words);
    }

    private static <E extends Enum<E>> void allocate(
        final Module module,
        final E[] counters,
        final Map<E, AtomicCounter> target,
        final Allocator allocator)
    {
        for (final E counter : counters)
        {
            final String label = label(module, module.meanings().get(counter.ordinal()).label());
            target.put(counter, allocator.newCounter(module.typeId(counter), label));
        }
    }
}
