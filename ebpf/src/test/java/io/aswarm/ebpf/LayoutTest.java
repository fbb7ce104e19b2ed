package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What Java believes of the shared structs against what the compiled objects say of themselves. */
class LayoutTest
{
    private final BtfFile network = btf("network.bpf.o");
    private final BtfFile process = btf("process.bpf.o");

    @Test
    void shouldAgreeOnConversationEvent() throws ReflectiveOperationException
    {
        final Map<String, Integer> kernel = split(network.struct("conversation_event"), "initiator", "responder");
        assertEquals(kernel, offsets(ConversationDescriptor.class));
        assertEquals(network.size("conversation_event"), ConversationDescriptor.LENGTH);
    }

    @Test
    void shouldAgreeOnProcessEvent() throws ReflectiveOperationException
    {
        assertEquals(process.struct("process_event"), offsets(ProcessDescriptor.class));
        assertEquals(process.size("process_event"), ProcessDescriptor.LENGTH);
    }

    @Test
    void shouldAgreeOnQuarantine() throws ReflectiveOperationException
    {
        assertEquals(split(network.struct("quarantine_act"), "address"), offsets(QuarantineDescriptor.class));
        assertEquals(network.size("quarantine_act"), QuarantineDescriptor.LENGTH);
        assertEquals(Map.of("address", 0, "place", 16), network.struct("quarantine_places"));
        assertEquals(16 + QuarantineIndex.ACTS_MAX * Integer.BYTES, network.size("quarantine_places"));
        assertEquals(Map.of("length", 0, "role", 4, "address", 8), network.struct("quarantine_prefix"));
        assertEquals(
            Map.of("source_addresses", 0, "aim_addresses", 4, "source_prefixes", 8, "aim_prefixes", 12, "guards", 16,
                "reserved", 20, "filter", 24, "drop_place", 8216),
            network.struct("quarantine_census"));
        assertEquals(network.size("quarantine_census"), QuarantineCensus.LENGTH);
    }

    @Test
    void shouldAgreeOnSettingsAndWhereTheyLie() throws ReflectiveOperationException
    {
        assertEquals(network.struct("settings"), offsets(SettingsDescriptor.class));
        assertEquals(network.size("settings"), SettingsDescriptor.LENGTH);
        assertEquals(Map.of("settings", 0), network.section(".rodata"));
    }

    @Test
    void shouldAgreeOnAddressAndControl()
    {
        assertEquals(Map.of("high", 0, "low", Long.BYTES), network.struct("address"));
        assertEquals(Map.of("halted_ns", 0), network.struct("control"));
        assertEquals(Long.BYTES, network.size("control"));
    }

    @Test
    void shouldReadAccountsInOrderOfCounters()
    {
        assertEquals(
            labels(SensorCounter.OF_NETWORK),
            List.copyOf(network.struct("account").keySet()));
        assertEquals(
            labels(SensorCounter.OF_PROCESSES),
            List.copyOf(process.struct("process_account").keySet()));
        assertEquals(network.struct("account").size() * Long.BYTES, network.size("account"));
    }

    @Test
    void shouldReadBalancesAndCallSitesWhereTheyAre()
    {
        assertEquals(
            Map.of("completed", 0, "seen", 8, "delivered", 16, "weighted", 24, "lost_ring_full", 32,
                "lost_over_budget", 40, "begun", 48),
            network.struct("event_account"));
        assertEquals(Map.of("interface_index", 0, "kind", 4), network.struct("event_source"));
        assertEquals(Map.of("file", 0, "line", 2, "error", 4), network.struct("call_site"));
        for (final Map.Entry<String, Integer> each : network.enumeration("source_file").entrySet())
        {
            final String file = HelperFailureReader.FILES.get(each.getValue());
            assertEquals(each.getKey(), "FILE_" + file.replace('.', '_').toUpperCase(Locale.ROOT));
        }
        assertEquals(HelperFailureReader.FILES.size() - 1, network.enumeration("source_file").size());
    }

    @Test
    void shouldAgreeOnNumbersOfEnums()
    {
        for (final Map.Entry<String, Integer> each : network.enumeration("conversation_kind").entrySet())
        {
            assertEquals(each.getKey(), "CONVERSATION_" + ConversationKind.name(each.getValue()));
        }
        assertEquals(8, network.enumeration("conversation_kind").size());
        assertEquals(
            Map.of("CONVERSATION_CONTAINED", ConversationFlyweight.FLAG_CONTAINED,
                "CONVERSATION_REPEAT", ConversationFlyweight.FLAG_REPEAT,
                "CONVERSATION_ON_LINK", ConversationFlyweight.FLAG_ON_LINK,
                "CONVERSATION_FROM_RESPONDER", ConversationFlyweight.FLAG_FROM_RESPONDER,
                "CONVERSATION_UNORIENTED", ConversationFlyweight.FLAG_UNORIENTED,
                "CONVERSATION_TUNNEL", ConversationFlyweight.FLAG_TUNNEL,
                "CONVERSATION_SOURCES_VARY", ConversationFlyweight.FLAG_SOURCES_VARY,
                "CONVERSATION_AIMS_VARY", ConversationFlyweight.FLAG_AIMS_VARY),
            network.enumeration("conversation_flag"));
        assertEquals(
            Map.of("QUARANTINE_DROP", Quarantine.MODE_DROP, "QUARANTINE_OBSERVE", Quarantine.MODE_OBSERVE,
                "QUARANTINE_RATE_LIMIT", Quarantine.MODE_RATE_LIMIT, "QUARANTINE_OPENINGS", Quarantine.MODE_OPENINGS,
                "QUARANTINE_GUARD", Quarantine.MODE_GUARD),
            network.enumeration("quarantine_mode"));
        assertEquals(
            Map.of("QUARANTINE_SOURCE", QuarantineRule.SOURCE, "QUARANTINE_AIM", QuarantineRule.AIM),
            network.enumeration("quarantine_role"));
        assertEquals(
            Map.of("PROBE_BUCKETS_EMPTY", VerdictProbe.ASSUME_BUCKETS_EMPTY,
                "PROBE_ESTABLISHED", VerdictProbe.ASSUME_ESTABLISHED, "PROBE_ON_LINK", VerdictProbe.ASSUME_ON_LINK),
            network.enumeration("probe_assumption"));
        assertEquals(
            Map.of("PROCESS_FORKED", ProcessFlyweight.FORKED, "PROCESS_EXECUTED", ProcessFlyweight.EXECUTED,
                "PROCESS_EXITED", ProcessFlyweight.EXITED, "PROCESS_LISTENS", ProcessFlyweight.LISTENS),
            process.enumeration("process_kind"));
        assertEquals(
            Map.of("PROCESS_FILENAME_CUT", ProcessFlyweight.FLAG_FILENAME_CUT,
                "PROCESS_INPUT_CONNECTED", ProcessFlyweight.FLAG_INPUT_CONNECTED),
            process.enumeration("process_flag"));
    }

    private static BtfFile btf(final String object)
    {
        try
        {
            return new BtfFile(BpfObject.read(object));
        }
        catch (final KernelException ex)
        {
            throw new AssertionError(ex);
        }
    }

    /** The descriptor's constants {@code TIME_NS_OFFSET} and so on, under the names that the header uses. */
    private static Map<String, Integer> offsets(final Class<?> descriptor) throws ReflectiveOperationException
    {
        final Map<String, Integer> offsets = new LinkedHashMap<>();
        for (final Field field : descriptor.getDeclaredFields())
        {
            if (field.getName().endsWith("_OFFSET"))
            {
                final String name = field.getName().substring(0, field.getName().length() - "_OFFSET".length());
                offsets.put(name.toLowerCase(Locale.ROOT), field.getInt(null));
            }
        }
        return offsets;
    }

    /** An address is two longs in Java. */
    private static Map<String, Integer> split(final Map<String, Integer> struct, final String... addresses)
    {
        final Map<String, Integer> result = new LinkedHashMap<>(struct);
        for (final String each : addresses)
        {
            final int offset = result.remove(each);
            result.put(each + "_high", offset);
            result.put(each + "_low", offset + Long.BYTES);
        }
        return result;
    }

    private static List<String> labels(final List<SensorCounter> counters)
    {
        final List<String> names = new ArrayList<>(List.of("completed"));
        counters.forEach((counter) -> names.add(counter.label()));
        names.add("begun");
        return names;
    }
}
