package io.aswarm.sketch;

import com.sun.management.ThreadMXBean;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@link AllocationTest} asks of a mixture, of each scenario's attack and of all benign life by itself. */
class ScenarioAllocationTest
{
    private static final int REPETITIONS = 5;
    private static final long START_NS = 1_000 * SECOND_NS;
    private static final long PAUSE_NS = 6 * 3_600 * SECOND_NS;
    private static final int PAUSES = 4;
    private static final long TICK_NS = SECOND_NS / 4;
    private static final int TICKS = 64;
    private static final int BARE_HEADER_BYTES = 24;
    private static final long SOURCE = 0x0000_ffff_c612_0007L;
    private static final long TARGET = 0x0000_ffff_c612_0101L;
    private static final long PLACE = 0x0000_ffff_cb00_7109L;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final long[] signals = new long[Scenario.values().length + 1];
    private final Map<SketchCounter, AtomicCounter> counters = PolicyHarness.newCounters();
    private final LocalPolicy policy = new LocalPolicy(
        PolicyHarness.config().weakNats(0.1).stepNats(0.1).suspectsMax(256).floodsMax(64).pendingMax(256)
            .contactsMax(1_024).site(Site.PRIVATE).build(),
        (signal) -> signals[signal.scenario()]++, counters::get);
    private final RehearsedEvent event = new RehearsedEvent();
    private final Shell shell = new Shell();
    private final TestConversation later = new TestConversation();
    private long nowNs = START_NS;

    @AfterEach
    void close()
    {
        policy.close();
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void shouldNotAllocateWhenAttackedBy(final Scenario scenario)
    {
        final EventStep attack = attack(scenario);
        assertEquals(0, leastBytes(() -> play(attack), () -> signals[scenario.code()]));
    }

    @ParameterizedTest
    @MethodSource("generators")
    void shouldNotAllocateWhenTheClusterLives(final Method generator) throws ReflectiveOperationException
    {
        final Object life = generator.getDeclaringClass().getConstructor(long.class).newInstance(7L);
        generator.invoke(life, Arrays.stream(generator.getParameterTypes())
            .map((type) -> type == long.class ? (Object)START_NS : (Object)6).toArray());
        final List<Conversation> events = new ArrayList<>();
        assertTrue(((Timetable)life).run(events::add) >= 6, "events=" + events.size());
        assertEquals(0, leastBytes(() -> live(events), () -> counters.get(SketchCounter.EVENTS).get()));
    }

    static Stream<Method> generators()
    {
        return Stream.of(ClusterLife.class, ClusterServices.class)
            .flatMap((life) -> Arrays.stream(life.getDeclaredMethods()))
            .filter((method) -> method.getReturnType() == method.getDeclaringClass() && method.getParameterCount() > 0);
    }

    /** The virtual machine may itself allocate now and then; what our code does, it does in every repetition. */
    private long leastBytes(final Runnable play, final LongSupplier account)
    {
        final long thread = Thread.currentThread().getId();
        long leastBytes = Long.MAX_VALUE;
        for (int repetition = 0; repetition <= REPETITIONS; repetition++)
        {
            final long told = account.getAsLong();
            final long before = threads.getThreadAllocatedBytes(thread);
            play.run();
            leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(thread) - before);
            assertTrue(account.getAsLong() > told, "nothing came of repetition " + repetition);
        }
        return leastBytes;
    }

    private void play(final EventStep attack)
    {
        for (int time = 0; time < attack.pace().times(); time++)
        {
            nowNs += attack.pace().beforeNs(time);
            for (int kind = 0; kind < attack.kinds().size(); kind++)
            {
                nowNs++;
                event.set(attack, attack.kinds().get(kind), time, nowNs);
                if (attack.program() == null)
                {
                    policy.onConversation(event);
                }
                else
                {
                    shell.timeNs = nowNs;
                    shell.hostLow++;
                    policy.onProcess(shell);
                }
            }
            policy.onTick(nowNs);
        }
        pass();
    }

    private void live(final List<Conversation> events)
    {
        final long laterByNs = nowNs - START_NS;
        for (int i = 0; i < events.size(); i++)
        {
            copy(events.get(i), later);
            later.timeNs += laterByNs;
            if (later.timeNs - nowNs >= MILLISECOND_NS)
            {
                nowNs = later.timeNs;
                policy.onTick(nowNs - 1);
            }
            policy.onConversation(later);
        }
        pass();
    }

    private static void copy(final Conversation from, final TestConversation to)
    {
        to.kind = from.kind();
        to.timeNs = from.timeNs();
        to.initiatorHigh = from.initiatorHigh();
        to.initiatorLow = from.initiatorLow();
        to.responderHigh = from.responderHigh();
        to.responderLow = from.responderLow();
        to.initiatorPort = from.initiatorPort();
        to.responderPort = from.responderPort();
        to.protocol = from.protocol();
        to.flags = from.flags();
        to.quantity = from.quantity();
    }

    /** Silence is judged, windows turn, and what was learned grows old. */
    private void pass()
    {
        for (int tick = 0; tick < TICKS; tick++)
        {
            nowNs += TICK_NS;
            policy.onTick(nowNs);
        }
        for (int pause = 0; pause < PAUSES; pause++)
        {
            nowNs += PAUSE_NS;
            policy.onTick(nowNs);
        }
    }

    private static EventStep attack(final Scenario scenario)
    {
        final int opened = ConversationKind.OPENED;
        final int refused = ConversationKind.REFUSED;
        switch (scenario)
        {
            case SCAN:
                return step(List.of(opened, refused), TARGET, 1, 20, 10 * MILLISECOND_NS, EventStep.NEXT_PORT, 0);
            case FLOOD:
                return step(List.of(opened), TARGET, 80, 200, MILLISECOND_NS, EventStep.NEXT_FROM_PORT, 0);
            case DISTRIBUTED_SCAN:
                return step(List.of(opened, refused), TARGET, 1, 10, 10 * MILLISECOND_NS,
                    EventStep.NEXT_FROM | EventStep.NEXT_PORT, 0);
            case SPREAD_FLOOD:
                return step(List.of(opened, refused), TARGET, 80, 90, 0, EventStep.NEXT_FROM, 0);
            case LATERAL:
                return step(List.of(opened, ConversationKind.ACCEPTED, ConversationKind.ESTABLISHED), SOURCE + 1, 22,
                    8, 10 * SECOND_NS, EventStep.NEXT_FROM | EventStep.NEXT_TO, 0);
            case BRUTE_FORCE:
                return step(List.of(ConversationKind.ENDED), TARGET, 22, 20, MILLISECOND_NS, 0, 1_000);
            case EXFILTRATION:
                return step(List.of(ConversationKind.VOLUME), PLACE, 443, 40, MILLISECOND_NS, 0, 1 << 20);
            case BEACON:
                return step(List.of(opened), PLACE, 443, 20, 60 * SECOND_NS, 0, 0);
            case CALL_HOME:
                return step(List.of(ConversationKind.ENDED), PLACE, 443, 20, SECOND_NS, EventStep.NEXT_FROM, 1_000);
            default:
                return new EventStep(
                    List.of(EventStep.STARTED), new EventStep.Ends(0, SOURCE, 0, 0, 0, 0, 0),
                    new EventStep.Pace(0, 1, List.of()), 0, 0, EventStep.Measures.NONE,
                    new EventStep.Program("/bin/sh", "/usr/sbin/nginx"));
        }
    }

    private static EventStep step(
        final List<Integer> kinds, final long to, final int port, final int times, final long everyNs,
        final int next, final long quantity)
    {
        return new EventStep(
            kinds, new EventStep.Ends(0, SOURCE, 40_000, 0, to, port, ConversationKind.TCP),
            new EventStep.Pace(0, times, List.of(everyNs)), next, 0,
            new EventStep.Measures(quantity, BARE_HEADER_BYTES, 0, 0), null);
    }

    /** A web server starts a shell, on another host each time. */
    private static final class Shell implements ProcessEvent
    {
        private static final byte[] PATH = "/bin/sh".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] PARENT = "/usr/sbin/nginx".getBytes(StandardCharsets.US_ASCII);
        private long timeNs;
        private long hostLow = SOURCE;

        @Override
        public long timeNs()
        {
            return timeNs;
        }

        @Override
        public long hostHigh()
        {
            return 0;
        }

        @Override
        public long hostLow()
        {
            return hostLow;
        }

        @Override
        public int path(final byte[] destination)
        {
            System.arraycopy(PATH, 0, destination, 0, PATH.length);
            return PATH.length;
        }

        @Override
        public int parentPath(final byte[] destination)
        {
            System.arraycopy(PARENT, 0, destination, 0, PARENT.length);
            return PARENT.length;
        }
    }
}
