package io.aswarm.dataplane;

import io.aswarm.dataplane.NodeCounters.Meaning;
import io.aswarm.dataplane.NodeCounters.Module;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NodeCountersTest
{
    @Test
    void shouldGiveEachCounterOneTypeIdAndOneLabel()
    {
        final Map<Integer, String> labels = new TreeMap<>();
        new NodeCounters((typeId, label) ->
        {
            assertNull(labels.put(typeId, label), "type id " + typeId + " is given twice");
            return new AtomicCounter(new UnsafeBuffer(new byte[128]), 0);
        });

        final Set<String> distinct = new HashSet<>(labels.values());
        assertEquals(labels.size(), distinct.size(), labels.toString());
        assertTrue(labels.values().stream().allMatch((label) -> label.startsWith("aswarm ")), labels.toString());
        for (final Module module : Module.values())
        {
            assertTrue(module.meanings().size() <= Module.SIZE, module.name());
            for (final Meaning meaning : module.meanings())
            {
                assertTrue(!meaning.sentence().isEmpty() && !meaning.unit().isEmpty(), meaning.toString());
            }
        }
    }

    @Test
    void shouldKeepTypeIdsThatWereOnceGiven()
    {
        // Written down: recordings and dashboards refer to them. New counters go to the end of their enum.
        assertEquals("PACKETS", Module.EBPF.meaning(2100).name());
        assertEquals("DELIVERED", Module.EBPF.meaning(2109).name());
        assertEquals("EVENTS", Module.SKETCH.meaning(2200).name());
        assertEquals("SIGNALS_RECEIVED", Module.QUORUM.meaning(2300).name());
        assertEquals("REQUESTS", Module.ACTUATOR.meaning(2400).name());
        assertEquals("FINDINGS", Module.JOURNAL.meaning(2500).name());
        assertEquals("ERRORS_DISTINCT", Module.DATAPLANE.meaning(2600).name());
        assertNull(Module.EBPF.meaning(2099));
    }

    @Test
    void shouldFindEveryCounterInTheOperationsManual() throws IOException
    {
        final String manual = Files.readString(Path.of("..", "OPERATIONS.md"));
        for (final Module module : Module.values())
        {
            for (final Meaning meaning : module.meanings())
            {
                final String label = NodeCounters.label(module, meaning.label());
                assertTrue(manual.contains("| `" + label + "` |"), "OPERATIONS.md lacks " + label);
            }
        }
    }

    @Test
    void shouldPutTheModuleFirstInTheLabelOnce()
    {
        assertEquals("aswarm ebpf lost ring full", NodeCounters.label(Module.EBPF, "lost_ring_full"));
        assertEquals("aswarm sketch signals", NodeCounters.label(Module.SKETCH, "sketch-signals"));
        assertEquals("aswarm journal findings", NodeCounters.label(Module.JOURNAL, "journal findings"));
    }
}
