package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RowHashTest
{
    private static final int COLUMNS_BITS = 3;
    private static final int COLUMNS = 1 << COLUMNS_BITS;
    private static final int DRAWS = 64_000;
    /** 99.9 % of chi-square with 63 degrees of freedom. */
    private static final double CHI_SQUARE_63_MAX = 103.4;
    /** 99.9 % of chi-square with 7 degrees of freedom. */
    private static final double CHI_SQUARE_7_MAX = 24.3;
    /** Mean and four standard deviations of the collisions of two keys that chance would give. */
    private static final double COLLISIONS_MAX =
        (double)DRAWS / COLUMNS + 4 * Math.sqrt((double)DRAWS / COLUMNS * (1 - 1.0 / COLUMNS));

    @ParameterizedTest
    @CsvSource({"0,0, 1,0", "0,0, -9223372036854775808,0", "0,1, 4294967296,0", "7,7, 8,7", "-1,0, 0,0",
        "2147483648,0, 0,-9223372036854775808", "0,0, -9223372036854775808,-9223372036854775808"})
    void shouldPutTwoKeysOnAnyTwoColumnsAlikeWhenTheirFirstWordsDiffer(
        final long high, final long low, final long otherHigh, final long otherLow)
    {
        final Random random = new Random(3);
        final int[] pairs = new int[COLUMNS * COLUMNS];
        for (int i = 0; i < DRAWS; i++)
        {
            final RowHash hash = draw(random);
            pairs[hash.column(high, low) * COLUMNS + hash.column(otherHigh, otherLow)]++;
        }
        assertTrue(chiSquare(pairs) < CHI_SQUARE_63_MAX, "chi-square=" + chiSquare(pairs));
    }

    /** The pairs differ in one bit, the lowest to the highest, in neighbours of the highest, in all. */
    @ParameterizedTest
    @CsvSource({"0,1", "1,2", "5,4294967301", "0,-9223372036854775808", "0,4611686018427387904",
        "0,1152921504606846976", "0,-2305843009213693952", "1,-9223372036854775807", "0,-1", "12345,99999"})
    void shouldShareAColumnNoMoreOftenThanChanceWhenOneWordDiffers(final long key, final long other)
    {
        final Random random = new Random(3);
        final int[] columns = new int[COLUMNS];
        int collisions = 0;
        int collisionsOfTwoWords = 0;
        for (int i = 0; i < DRAWS; i++)
        {
            final RowHash hash = draw(random);
            columns[hash.column(key)]++;
            collisions += hash.column(key) == hash.column(other) ? 1 : 0;
            collisionsOfTwoWords += hash.column(42, key) == hash.column(42, other) ? 1 : 0;
        }
        assertTrue(collisions < COLLISIONS_MAX, "collisions=" + collisions);
        assertTrue(collisionsOfTwoWords < COLLISIONS_MAX, "collisions=" + collisionsOfTwoWords);
        assertTrue(chiSquare(columns) < CHI_SQUARE_7_MAX, "one key is anywhere; chi-square=" + chiSquare(columns));
    }

    @Test
    void shouldGoByNumbersOfItsOwnWhenTheRowIsAnother()
    {
        final Random random = new Random(3);
        final int[] columns = new int[COLUMNS * COLUMNS];
        for (int i = 0; i < DRAWS; i++)
        {
            final KeyedHash keyedHash = new KeyedHash(random.nextLong(), random.nextLong());
            columns[new RowHash(keyedHash, 0, COLUMNS_BITS).column(7, 8) * COLUMNS +
                new RowHash(keyedHash, 1, COLUMNS_BITS).column(7, 8)]++;
        }
        assertTrue(chiSquare(columns) < CHI_SQUARE_63_MAX, "chi-square=" + chiSquare(columns));
    }

    @Test
    void shouldEqualTheFormulaWhenKeysAreRandom()
    {
        final Random random = new Random(4);
        final KeyedHash keyedHash = new KeyedHash(random.nextLong(), random.nextLong());
        final RowHash hash = new RowHash(keyedHash, 2, 24);
        for (int i = 0; i < 1_000; i++)
        {
            final long high = random.nextLong();
            final long low = random.nextLong();
            final BigInteger lowSum = secret(keyedHash, 2).setBit(0)
                .multiply(unsigned(low)).add(secret(keyedHash, 3));
            final BigInteger product = secret(keyedHash, 0).add(BigInteger.valueOf(high >>> 32)).multiply(
                secret(keyedHash, 1).add(BigInteger.valueOf(high & 0xffff_ffffL)));
            assertEquals(column(lowSum), hash.column(low));
            assertEquals(column(product.add(lowSum)), hash.column(high, low));
        }
    }

    private static RowHash draw(final Random random)
    {
        return new RowHash(new KeyedHash(random.nextLong(), random.nextLong()), 1, COLUMNS_BITS);
    }

    private static BigInteger secret(final KeyedHash keyedHash, final int number)
    {
        return unsigned(keyedHash.hash(2, number));
    }

    private static BigInteger unsigned(final long word)
    {
        return new BigInteger(Long.toUnsignedString(word));
    }

    private static int column(final BigInteger sum)
    {
        return sum.mod(BigInteger.ONE.shiftLeft(64)).shiftRight(40).intValueExact();
    }

    private static double chiSquare(final int[] counts)
    {
        final double expected = (double)DRAWS / counts.length;
        double sum = 0;
        for (final int count : counts)
        {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }
}
