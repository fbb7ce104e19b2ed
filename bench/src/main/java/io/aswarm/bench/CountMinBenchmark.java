package io.aswarm.bench;

import io.aswarm.sketch.CountMinSketch;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Claim: updates of the count-min sketch per second, on keys as skewed as traffic is (Zipf, exponent 1.1, a million
 * distinct), hashing with the secret key included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CountMinBenchmark
{
    private static final int BATCH = 1 << 16;

    /** Counters in a row: what a node takes by default, and the size for a million keys. */
    @Param({"16384", "1048576"})
    private int width;

    private long[] high;
    private long[] low;
    private CountMinSketch sketch;

    /** Lay out the sketch and draw the keys. */
    @Setup
    public void setup()
    {
        final int lengthBytes = CountMinSketch.memoryLength(3, width);
        sketch = new CountMinSketch(new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes)), 3, width, 11, 22);
        final int[] ranks = Keys.zipf(BATCH, 1_000_000, 1.1);
        high = new long[BATCH];
        low = new long[BATCH];
        for (int i = 0; i < BATCH; i++)
        {
            high[i] = ranks[i] * 0x9e3779b97f4a7c15L;
            low[i] = 0x0000_ffff_c612_0000L + ranks[i];
        }
    }

    /**
     * A batch of updates.
     *
     * @return the last estimate.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int update()
    {
        int estimate = 0;
        for (int i = 0; i < BATCH; i++)
        {
            estimate = sketch.add(high[i], low[i], 1);
        }
        return estimate;
    }
}
