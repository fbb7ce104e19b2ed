package io.aswarm.bench;

import io.aswarm.sketch.FanOutSketch;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Claim: updates of the fan-out sketch per second, over as many slots as a node follows suspects, hashing with the
 * secret key included. One estimate is read for every eight updates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FanOutBenchmark
{
    private static final int BATCH = 1 << 16;
    private static final int SLOTS = 8_192;

    private int[] slots;
    private FanOutSketch sketch;
    private long item;

    /** Lay out the slots and draw who is active. */
    @Setup
    public void setup()
    {
        final int lengthBytes = FanOutSketch.memoryLength(SLOTS);
        sketch = new FanOutSketch(new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes)), SLOTS, 11, 22);
        slots = Keys.zipf(BATCH, SLOTS, 1.1);
    }

    /**
     * A batch of updates.
     *
     * @return the sum of the estimates read.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int update()
    {
        int sum = 0;
        for (int i = 0; i < BATCH; i++)
        {
            sketch.add(slots[i], 0, item++);
            if ((i & 7) == 0)
            {
                sum += sketch.estimate(slots[i]);
                if (sketch.isSaturated(slots[i]))
                {
                    sketch.clear(slots[i]);
                }
            }
        }
        return sum;
    }
}
