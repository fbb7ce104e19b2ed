package io.aswarm.bench;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.SketchCounter;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * Claim: time for one event through the whole detection path, with a million contacts remembered and as many drawn
 * from. Nineteen conversations in twenty are opened, accepted and established; one is refused. Time goes on by a
 * microsecond with each event, and every 64th event is followed by a tick, whose cost is in the sample. Sampled, so
 * that the tail shows, rotations of memories included.
 * <p>
 * What the machine gives is measured in the same run: {@link #clock()} is the part of each sample that is not ours, and
 * {@link #randomLine()} what one cache line costs that has to come from a memory as large as the policy's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LocalPolicyBenchmark
{
    private static final int LIVE_KEYS = 1_000_000;
    private static final int TCP = 6;

    private final Event event = new Event();
    private UnsafeBuffer arena;
    private long walk = 1;
    private LocalPolicy policy;
    private int[] order;
    private int at;
    private int step;
    private long signals;

    /** Take the memory, and let a million contacts be seen. */
    @Setup
    public void setup()
    {
        final CountersManager counters = new CountersManager(
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * 1024, 64)),
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(16 * 1024, 64)));
        policy = new LocalPolicy(
            LocalPolicyConfig.builder().hashKey(11, 22)
                .contactsMax(1 << 21).pendingMax(1 << 18).suspectsMax(1 << 15).openingsWidth(1 << 16).build(),
            (signal) -> signals++,
            (final SketchCounter counter) -> counters.newCounter(counter.label()));
        arena = new UnsafeBuffer(BufferUtil.allocateDirectAligned(
            (int)Math.min(1 << 30, Long.highestOneBit(policy.memoryBytes())), 64));
        order = Keys.zipf(1 << 20, LIVE_KEYS, 0.8);
        event.timeNs = 1;
        for (int contact = 0; contact < LIVE_KEYS; contact++)
        {
            event.contact = contact;
            for (int kind = ConversationKind.OPENED; kind <= ConversationKind.ESTABLISHED; kind++)
            {
                event.kind = kind;
                policy.onConversation(event);
            }
        }
    }

    /** Give the memory back. */
    @TearDown
    public void tearDown()
    {
        policy.close();
    }

    /**
     * One event.
     *
     * @return signals so far.
     */
    @Benchmark
    public long event()
    {
        event.timeNs += 1_000;
        event.kind = nextKind();
        policy.onConversation(event);
        if ((event.timeNs / 1_000 & 63) == 0)
        {
            policy.onTick(event.timeNs);
        }
        return signals;
    }

    /**
     * Nothing, so that the sample is the clock's own.
     *
     * @return signals so far.
     */
    @Benchmark
    public long clock()
    {
        return signals;
    }

    /**
     * One line of a memory of the policy's size, by a walk that cannot be foreseen.
     *
     * @return where it is.
     */
    @Benchmark
    public long randomLine()
    {
        walk = walk * 0x5851f42d4c957f2dL + 0x14057b7ef767814fL +
            arena.getLong((int)(walk >>> 33) & arena.capacity() - Long.BYTES & -64);
        return walk;
    }

    private int nextKind()
    {
        if (step == 0)
        {
            at = at + 1 & order.length - 1;
            // One conversation in eight is with a service that was not asked before.
            event.contact = (at & 7) == 0 ? LIVE_KEYS + (int)(event.timeNs / 1_000) : order[at];
            step = 1;
            return ConversationKind.OPENED;
        }
        if (at % 20 == 0)
        {
            step = 0;
            return ConversationKind.REFUSED;
        }
        step = step == 1 ? 2 : 0;
        return step == 2 ? ConversationKind.ACCEPTED : ConversationKind.ESTABLISHED;
    }

    /** A contact's number as addresses and a port: 4,096 sources, any number of services. */
    private static final class Event implements Conversation
    {
        private int kind;
        private long timeNs;
        private int contact;

        @Override
        public int kind()
        {
            return kind;
        }

        @Override
        public long timeNs()
        {
            return timeNs;
        }

        @Override
        public long initiatorHigh()
        {
            return 0;
        }

        @Override
        public long initiatorLow()
        {
            return 0x0000_ffff_c612_0000L + (contact & 4_095);
        }

        @Override
        public long responderHigh()
        {
            return 0;
        }

        @Override
        public long responderLow()
        {
            return 0x0000_ffff_c613_0000L + (contact >>> 12 & 0xffff);
        }

        @Override
        public int initiatorPort()
        {
            return 40_000;
        }

        @Override
        public int responderPort()
        {
            return 1 + (contact >>> 28);
        }

        @Override
        public int protocol()
        {
            return TCP;
        }

        @Override
        public int weight()
        {
            return 1;
        }

        @Override
        public int flags()
        {
            return 0;
        }
    }
}
