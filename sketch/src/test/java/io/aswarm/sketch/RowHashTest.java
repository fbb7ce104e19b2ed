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
    private static final double CHI_SQUARE_MAX = 103.4;

    @ParameterizedTest
    @CsvSource({"0,0, 0,1", "0,0, 1,0", "0,0, 0,-9223372036854775808", "0,4294967296, 0,1", "7,7, 8,7", "-1,0, 0,0"})
    void shouldPutTwoKeysOnAnyTwoColumnsAlikeWhenSecretsAreDrawn(
        final long high, final long low, final long otherHigh, final long otherLow)
    {
        final Random random = new Random(3);
        final int[] pairs = new int[COLUMNS * COLUMNS];
        final int[] pairsOfOneWord = new int[COLUMNS * COLUMNS];
        for (int i = 0; i < DRAWS; i++)
        {
            final RowHash hash = new RowHash(new KeyedHash(random.nextLong(), random.nextLong()), 1, COLUMNS_BITS);
            pairs[hash.column(high, low) * COLUMNS + hash.column(otherHigh, otherLow)]++;
            pairsOfOneWord[hash.column(high ^ low) * COLUMNS + hash.column(otherHigh ^ otherLow)]++;
        }
        assertTrue(chiSquare(pairs) < CHI_SQUARE_MAX, "two words: " + chiSquare(pairs));
        assertTrue(chiSquare(pairsOfOneWord) < CHI_SQUARE_MAX, "one word: " + chiSquare(pairsOfOneWord));
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
            final BigInteger one = product(keyedHash, 0, high);
            assertEquals(column(one.add(secret(keyedHash, 4))), hash.column(high));
            assertEquals(
                column(one.add(product(keyedHash, 2, low)).add(secret(keyedHash, 4))), hash.column(high, low));
        }
    }

    private static BigInteger product(final KeyedHash keyedHash, final int first, final long word)
    {
        return secret(keyedHash, first).add(BigInteger.valueOf(word & 0xffff_ffffL)).multiply(
            secret(keyedHash, first + 1).add(BigInteger.valueOf(word >>> 32)));
    }

    private static BigInteger secret(final KeyedHash keyedHash, final int number)
    {
        return new BigInteger(Long.toUnsignedString(keyedHash.hash(2, number)));
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
