package io.aswarm.bench;

import io.aswarm.sketch.CountMinSketch;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The claim of {@link CountMinComparisonBenchmark} on a machine that others use too: batches of each sketch take turns
 * within milliseconds and are measured by CPU time of the thread, and the ratio is the median of those of each turn.
 */
public final class CountMinRatio
{
    private static final int DEPTH = 4;
    private static final int WIDTH = 16_384;
    private static final int BATCH = 1 << 16;
    private static final int TURNS = 400;
    private static final int TURNS_UNCOUNTED = 100;
    private static final long SEED = 11;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final CountMinSketch ours = new CountMinSketch(
        new UnsafeBuffer(ByteBuffer.allocateDirect(CountMinSketch.memoryLength(DEPTH, WIDTH))), DEPTH, WIDTH,
        SEED, SEED + 1);
    private final DataSketchesCountMin dataSketches = new DataSketchesCountMin(DEPTH, WIDTH, SEED);
    private final com.clearspring.analytics.stream.frequency.CountMinSketch streamLib =
        new com.clearspring.analytics.stream.frequency.CountMinSketch(DEPTH, WIDTH, (int)SEED);
    private final long[] high = new long[BATCH];
    private final long[] low = new long[BATCH];
    private final byte[][] bytes = new byte[BATCH][];
    private final String[] text = new String[BATCH];

    private CountMinRatio()
    {
        final int[] ranks = Keys.zipf(BATCH, 1_000_000, 1.1);
        for (int i = 0; i < BATCH; i++)
        {
            high[i] = ranks[i] * 0x9e3779b97f4a7c15L;
            low[i] = 0x0000_ffff_c612_0000L + ranks[i];
            bytes[i] = ByteBuffer.allocate(2 * Long.BYTES).putLong(high[i]).putLong(low[i]).array();
            text[i] = new String(bytes[i], StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Print nanoseconds for one update of each, and how many times as long the others take.
     *
     * @param args none.
     */
    public static void main(final String[] args)
    {
        final CountMinRatio ratio = new CountMinRatio();
        ratio.print("sixteen bytes", ratio::ours, ratio::dataSketches, ratio::streamLib);
        ratio.print("a long", ratio::oursLong, ratio::dataSketchesLong, ratio::streamLibLong);
    }

    private void print(final String key, final Runnable own, final Runnable dataSketch, final Runnable stream)
    {
        final Runnable[] sketches = {own, dataSketch, stream};
        final double[][] ns = new double[sketches.length][TURNS];
        for (int turn = -TURNS_UNCOUNTED; turn < TURNS; turn++)
        {
            for (int sketch = 0; sketch < sketches.length; sketch++)
            {
                final long beforeNs = threads.getCurrentThreadCpuTime();
                sketches[sketch].run();
                ns[sketch][Math.max(0, turn)] = (double)(threads.getCurrentThreadCpuTime() - beforeNs) / BATCH;
            }
        }
        System.out.printf(Locale.ROOT, "%s: ours %.1f ns, DataSketches %.1f ns (%.1f times), stream-lib %.1f ns " +
            "(%.1f times)%n", key, median(ns[0]), median(ns[1]), median(ratios(ns[1], ns[0])), median(ns[2]),
            median(ratios(ns[2], ns[0])));
    }

    private static double[] ratios(final double[] theirs, final double[] ours)
    {
        final double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, (turn) -> theirs[turn] / ours[turn]);
        return ratios;
    }

    private static double median(final double[] values)
    {
        return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
    }

    private void ours()
    {
        for (int i = 0; i < BATCH; i++)
        {
            ours.add(high[i], low[i], 1);
        }
    }

    private void oursLong()
    {
        for (int i = 0; i < BATCH; i++)
        {
            ours.add(low[i], 1);
        }
    }

    private void dataSketches()
    {
        for (int i = 0; i < BATCH; i++)
        {
            dataSketches.update(bytes[i], 1);
        }
    }

    private void dataSketchesLong()
    {
        for (int i = 0; i < BATCH; i++)
        {
            dataSketches.update(low[i], 1);
        }
    }

    private void streamLib()
    {
        for (int i = 0; i < BATCH; i++)
        {
            streamLib.add(text[i], 1);
        }
    }

    private void streamLibLong()
    {
        for (int i = 0; i < BATCH; i++)
        {
            streamLib.add(low[i], 1);
        }
    }
}
