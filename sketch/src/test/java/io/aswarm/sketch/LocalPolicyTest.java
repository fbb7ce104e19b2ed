package io.aswarm.sketch;

import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LocalPolicyTest
{
    /** Of the default configuration, a part of what a sentinel may use in all. */
    private static final long MEMORY_MAX_BYTES = 20 << 20;

    @Test
    void shouldGiveTheSameSignalsWhenASeedIsReplayed()
    {
        final List<PolicyHarness.Seen> first = chaos(99);
        assertTrue(first.size() > 100, "signals=" + first.size());
        assertEquals(first, chaos(99));
    }

    /** Any event in any order: nothing may throw, whatever the sensor says. */
    private static List<PolicyHarness.Seen> chaos(final long seed)
    {
        final Random random = new Random(seed);
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.config()
            .suspectsMax(64).floodsMax(8).pendingMax(32).contactsMax(64).networksMax(64).openingsWidth(64).build()))
        {
            for (int i = 0; i < 50_000; i++)
            {
                net.nowNs += random.nextInt(200_000) - 20_000;
                net.event.protocol = random.nextInt(4) == 0 ? random.nextInt(256) : ConversationKind.TCP;
                net.event.weight = random.nextInt(50) == 0 ? random.nextInt() : 1;
                net.event.flags = random.nextInt();
                net.send(random.nextInt(9) - 1, random.nextInt(200), random.nextInt(200), random.nextInt(65_536));
                if (random.nextInt(10) == 0)
                {
                    net.policy.onTick(net.nowNs);
                }
            }
            for (final PolicyHarness.Seen signal : net.signals)
            {
                assertTrue(signal.nats() >= 2.0 && signal.nats() <= 32.0, signal.toString());
                assertTrue(signal.count() >= 1 && signal.hosts() >= 1 && signal.ports() >= 1, signal.toString());
            }
            assertTrue(net.count(SketchCounter.EVENTS_UNKNOWN) > 10_000);
            return net.signals;
        }
    }

    @Test
    void shouldStateItsMemoryWhenOpenAndNoneWhenClosed()
    {
        final LocalPolicyConfig config = PolicyHarness.config().build();
        final LocalPolicy policy = new LocalPolicy(config, (signal) -> {}, PolicyHarness.newCounters()::get);
        assertTrue(policy.memoryBytes() > 4 << 20, "bytes=" + policy.memoryBytes());
        assertTrue(policy.memoryBytes() < MEMORY_MAX_BYTES, "bytes=" + policy.memoryBytes());
        assertEquals(
            policy.memoryBytes(), policy.memoryParts().values().stream().mapToLong(Long::longValue).sum());
        assertTrue(policy.memoryParts().keySet().containsAll(
            Set.of("Verification", "FirstContacts", "SequentialScanTest", "FloodTest", "LineageTest")));
        policy.close();
        assertEquals(0, policy.memoryBytes());
    }

    @Test
    void shouldStateToTheByteWhatTheVirtualMachineCounts()
    {
        final LocalPolicyConfig config = PolicyHarness.config().build();
        final Map<SketchCounter, AtomicCounter> counters = PolicyHarness.newCounters();
        long statedBytes = 0;
        final Set<Long> takenBytes = new HashSet<>();
        final Set<Long> givenBackBytes = new HashSet<>();
        // What other tests left may be given back between two readings, but not each time.
        for (int attempt = 0; attempt < 5; attempt++)
        {
            final long before = directBytes();
            final LocalPolicy policy = new LocalPolicy(config, (signal) -> {}, counters::get);
            final long open = directBytes();
            takenBytes.add(open - before);
            statedBytes = policy.memoryBytes();
            policy.close();
            givenBackBytes.add(open - directBytes());
        }
        assertTrue(takenBytes.contains(statedBytes), "stated=" + statedBytes + " taken=" + takenBytes);
        assertTrue(givenBackBytes.contains(statedBytes), "stated=" + statedBytes + " given back=" + givenBackBytes);
    }

    private static long directBytes()
    {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter((pool) -> "direct".equals(pool.getName())).findFirst().orElseThrow().getMemoryUsed();
    }

    @Test
    void shouldEndAGenerationWhenTenMinutesHavePassedToTheNanosecond()
    {
        try (PolicyHarness net = new PolicyHarness())
        {
            final long startNs = net.nowNs;
            net.policy.onTick(startNs);
            for (int second = 1; second < 600; second++)
            {
                net.policy.onTick(startNs + second * PolicyHarness.SECOND_NS);
            }
            assertEquals(0, net.policy.onTick(startNs + 600 * PolicyHarness.SECOND_NS - 1));
            assertEquals(
                8, net.policy.onTick(startNs + 600 * PolicyHarness.SECOND_NS),
                "contacts, failures twice, speakers, three kinds of exchanges, conversations with name servers");
        }
    }

    @Test
    void shouldAskForEachCounterOnce()
    {
        final int[] asked = new int[SketchCounter.values().length];
        final var counters = PolicyHarness.newCounters();
        final LocalPolicy policy = new LocalPolicy(
            PolicyHarness.config().build(),
            (signal) -> {},
            (counter) ->
            {
                asked[counter.ordinal()]++;
                return counters.get(counter);
            });
        policy.close();
        assertTrue(Arrays.stream(asked).allMatch((times) -> times == 1));
    }

    @Test
    void shouldRefuseWhenACounterIsMissing()
    {
        assertThrows(
            NullPointerException.class,
            () -> new LocalPolicy(PolicyHarness.config().build(), (signal) -> {}, (counter) -> null));
    }

    @Test
    void shouldDescribeEveryCounterAndScenario()
    {
        assertEquals(
            SketchCounter.values().length,
            Arrays.stream(SketchCounter.values()).map(SketchCounter::label).distinct().count());
        for (final SketchCounter counter : SketchCounter.values())
        {
            assertTrue(counter.label().startsWith("sketch-"));
            assertTrue(counter.sentence().endsWith("."));
            assertFalse(counter.unit().isEmpty());
        }
        assertEquals(1, Scenario.SCAN.code());
        assertEquals(2, Scenario.FLOOD.code());
        assertEquals("scan", Scenario.SCAN.label());
        assertEquals("flood", Scenario.FLOOD.label());
    }
}
