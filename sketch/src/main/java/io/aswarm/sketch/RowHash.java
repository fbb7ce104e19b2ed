package io.aswarm.sketch;

/**
 * From a key to one of a row's columns. With the first word of the key as halves of 32 bits x, its second word y,
 * secret random 64-bit numbers a and b, and a secret random odd one m,
 * <pre>
 *   h(x, y) = ((a0 + x1)(a1 + x0) + m y + b) mod 2^64, of which the uppermost bits, at most 33, are the column
 * </pre>
 * is universal: two keys share a column with probability at most 1 / columns, whoever chose them without knowing the
 * numbers. Keys that differ in y alone do by multiply-add-shift (Woelfel, "Efficient strongly universal and optimally
 * universal hashing", MFCS 1999). Keys that differ in x do by pair-multiply-shift, exactly (Thorup, "High speed hashing
 * for integers and strings", arXiv:1504.06804; Lemire and Kaser, "Strongly universal string hashing is fast", Computer
 * Journal 57, 2014): the a make the difference of their sums uniform over a residue class of a power of two no greater
 * than 2^31, whatever the rest adds to it. A key of one word is y alone.
 * <p>
 * This is no pseudo-random function, so columns must not be shown to anybody.
 */
final class RowHash
{
    private static final long HALF = 0xffff_ffffL;

    final long a0;
    final long a1;
    final long multiplier;
    final long addend;
    private final int shift;

    /**
     * @param keyedHash   from which the secret numbers are drawn.
     * @param row         number, different for each row.
     * @param columnsBits 1 to 33.
     */
    RowHash(final KeyedHash keyedHash, final int row, final int columnsBits)
    {
        this.a0 = keyedHash.hash(row, 0);
        this.a1 = keyedHash.hash(row, 1);
        this.multiplier = keyedHash.hash(row, 2) | 1;
        this.addend = keyedHash.hash(row, 3);
        this.shift = Long.SIZE - columnsBits;
    }

    int column(final long key)
    {
        return (int)(sum(multiplier, addend, key) >>> shift);
    }

    int column(final long high, final long low)
    {
        return (int)(sum(a0, a1, high, sum(multiplier, addend, low)) >>> shift);
    }

    /** Of one word; the column is in the uppermost bits. */
    static long sum(final long multiplier, final long addend, final long key)
    {
        return multiplier * key + addend;
    }

    /** Of two words, the second of which is summed already. */
    static long sum(final long a0, final long a1, final long high, final long lowSum)
    {
        return (a0 + (high >>> Integer.SIZE)) * (a1 + (high & HALF)) + lowSum;
    }
}
