package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The straight path of four rows and the loop of any other number, beside a model that only knows the hashes. */
class FourRowsTest
{
    private static final int WIDTH = 16;
    private static final int KEY = 5;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void shouldRaiseTheCountersOfAModelWhenKeysAreOfOneWordOrTwo(final int depth)
    {
        final CountMinSketch oneWord = sketch(depth);
        final CountMinSketch twoWords = sketch(depth);
        final int[][] oneWordModel = new int[depth][WIDTH];
        final int[][] twoWordsModel = new int[depth][WIDTH];
        final Random random = new Random(8);
        for (int i = 0; i < 2_000; i++)
        {
            final long high = random.nextInt(20) * 0x1_0000_0001L;
            final long low = random.nextInt(20);
            final int count = 1 + random.nextInt(9);
            final int[] columns = new int[depth];
            Arrays.setAll(columns, (row) -> row(row).column(low));
            assertEquals(raise(oneWordModel, columns, count), oneWord.add(low, count));
            assertEquals(estimate(oneWordModel, columns), oneWord.estimate(low));
            Arrays.setAll(columns, (row) -> row(row).column(high, low));
            assertEquals(raise(twoWordsModel, columns, count), twoWords.add(high, low, count));
            assertEquals(estimate(twoWordsModel, columns), twoWords.estimate(high, low));
        }
    }

    private static int raise(final int[][] model, final int[] columns, final int count)
    {
        final int raised = estimate(model, columns) + count;
        for (int row = 0; row < columns.length; row++)
        {
            model[row][columns[row]] = Math.max(model[row][columns[row]], raised);
        }
        return raised;
    }

    private static int estimate(final int[][] model, final int[] columns)
    {
        int minimum = Integer.MAX_VALUE;
        for (int row = 0; row < columns.length; row++)
        {
            minimum = Math.min(minimum, model[row][columns[row]]);
        }
        return minimum;
    }

    private static CountMinSketch sketch(final int depth)
    {
        return new CountMinSketch(
            new UnsafeBuffer(new byte[CountMinSketch.memoryLength(depth, WIDTH)]), depth, WIDTH, KEY, ~KEY);
    }

    private static RowHash row(final int row)
    {
        return new RowHash(new KeyedHash(KEY, ~KEY), row, Integer.numberOfTrailingZeros(WIDTH));
    }
}
