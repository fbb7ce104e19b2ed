package io.aswarm.dataplane;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.journal.ExplanationStatement;
import io.aswarm.sketch.Circumstances;
import io.aswarm.sketch.Exemption;
import io.aswarm.sketch.Rule;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands beside a signal's observations, in the {@link SignalMemory}. This process writes and reads it.
 * <pre>
 *   0       16    20          24      32        40       44        48      56                64       68
 *   prefix  bits  per second  spared  exceeded  windows  elements  weight  bytes per second  sources  unused
 *   then 8 elements of a rule (scenario 4, unused 4, nats 8), then 8 sources (address 16, packets 8, error 8)
 *   bits is -1 where no exemption covers the subject, windows where there is no baseline
 * </pre>
 */
final class CircumstancesLayout
{
    private static final int PREFIX = 0;
    private static final int BITS = PREFIX + 2 * Long.BYTES;
    private static final int PER_SECOND = BITS + Integer.BYTES;
    private static final int SPARED = PER_SECOND + Integer.BYTES;
    private static final int EXCEEDED = SPARED + Long.BYTES;
    private static final int WINDOWS = EXCEEDED + Long.BYTES;
    private static final int ELEMENTS = WINDOWS + Integer.BYTES;
    private static final int WEIGHT = ELEMENTS + Integer.BYTES;
    private static final int BYTES_PER_SECOND = WEIGHT + Double.BYTES;
    private static final int SOURCES = BYTES_PER_SECOND + Double.BYTES;
    private static final int ELEMENT_LIST = SOURCES + Long.BYTES;
    private static final int ELEMENT_LENGTH = 2 * Long.BYTES;
    private static final int SOURCE_LIST = ELEMENT_LIST + Rule.ELEMENTS_MAX * ELEMENT_LENGTH;
    private static final int SOURCE_LENGTH = 4 * Long.BYTES;
    private static final int SOURCES_MAX = 8;
    static final int LENGTH = SOURCE_LIST + SOURCES_MAX * SOURCE_LENGTH;
    private static final int V4_BITS = 96;

    private CircumstancesLayout()
    {
    }

    static void put(final MutableDirectBuffer memory, final int at, final Circumstances beside)
    {
        final Exemption exemption = beside.exemption();
        memory.putInt(at + BITS, null == exemption ? -1 : exemption.lengthBits());
        if (null != exemption)
        {
            memory.putLong(at + PREFIX, exemption.high());
            memory.putLong(at + PREFIX + Long.BYTES, exemption.low());
            memory.putInt(at + PER_SECOND, exemption.perSecondMax());
            memory.putLong(at + SPARED, beside.spared());
            memory.putLong(at + EXCEEDED, beside.exceeded());
        }
        memory.putInt(at + WINDOWS, beside.hasBaseline() ? beside.baselineWindows() : -1);
        memory.putDouble(at + WEIGHT, beside.baselineWeight());
        memory.putDouble(at + BYTES_PER_SECOND, beside.usualBytesPerSecond());
        memory.putInt(at + ELEMENTS, beside.elements());
        for (int i = 0; i < beside.elements(); i++)
        {
            final int element = at + ELEMENT_LIST + i * ELEMENT_LENGTH;
            memory.putInt(element, beside.elementScenario(i).code());
            memory.putDouble(element + Long.BYTES, beside.elementNats(i));
        }
        putSources(memory, at, beside);
    }

    private static void putSources(final MutableDirectBuffer memory, final int at, final Circumstances beside)
    {
        final int sources = Math.min(SOURCES_MAX, beside.sources());
        memory.putInt(at + SOURCES, sources);
        for (int rank = 0; rank < sources; rank++)
        {
            final int source = at + SOURCE_LIST + rank * SOURCE_LENGTH;
            memory.putLong(source, beside.sourceHigh(rank));
            memory.putLong(source + 8, beside.sourceLow(rank));
            memory.putLong(source + 16, beside.sourcePackets(rank));
            memory.putLong(source + 24, beside.sourceError(rank));
        }
    }

    private static List<ExplanationStatement.Source> sources(final DirectBuffer memory, final int at)
    {
        final List<ExplanationStatement.Source> sources = new ArrayList<>();
        for (int rank = 0; rank < memory.getInt(at + SOURCES); rank++)
        {
            final int source = at + SOURCE_LIST + rank * SOURCE_LENGTH;
            sources.add(new ExplanationStatement.Source(
                Names.address(memory.getLong(source), memory.getLong(source + 8)), memory.getLong(source + 16),
                memory.getLong(source + 24)));
        }
        return sources;
    }

    static ExplanationStatement.Beside read(final DirectBuffer memory, final int at)
    {
        final List<ExplanationStatement.Element> elements = new ArrayList<>();
        for (int i = 0; i < memory.getInt(at + ELEMENTS); i++)
        {
            final int element = at + ELEMENT_LIST + i * ELEMENT_LENGTH;
            elements.add(new ExplanationStatement.Element(
                Names.signal(memory.getInt(element)), rounded(memory.getDouble(element + Long.BYTES))));
        }
        return new ExplanationStatement.Beside(exempt(memory, at), baseline(memory, at), elements, sources(memory, at));
    }

    private static ExplanationStatement.Exempt exempt(final DirectBuffer memory, final int at)
    {
        final int bits = memory.getInt(at + BITS);
        if (bits < 0)
        {
            return null;
        }
        final IpAddress address =
            new IpAddress(memory.getLong(at + PREFIX), memory.getLong(at + PREFIX + Long.BYTES));
        return new ExplanationStatement.Exempt(
            address + "/" + (address.isV4() ? bits - V4_BITS : bits), memory.getInt(at + PER_SECOND),
            memory.getLong(at + SPARED), memory.getLong(at + EXCEEDED));
    }

    private static ExplanationStatement.Baseline baseline(final DirectBuffer memory, final int at)
    {
        final int windows = memory.getInt(at + WINDOWS);
        return windows < 0 ? null : new ExplanationStatement.Baseline(
            windows, rounded(memory.getDouble(at + WEIGHT)), rounded(memory.getDouble(at + BYTES_PER_SECOND)));
    }

    private static double rounded(final double value)
    {
        return Math.round(value * 1000) / 1000.0;
    }
}
