package io.aswarm.sketch;

/**
 * From a key to one of a row's columns: pair-multiply-shift (Thorup, "High speed hashing for integers and strings",
 * arXiv:1504.06804; Lemire and Kaser, "Strongly universal string hashing is fast", Computer Journal 57, 2014). With the
 * key as 32-bit words x, and secret random 64-bit numbers a,
 * <pre>
 *   h(x) = ((a0 + x1)(a1 + x0) + (a2 + x3)(a3 + x2) + a4) mod 2^64, of which the uppermost bits are the column
 * </pre>
 * is strongly universal for up to 33 bits: two keys fall on any two columns with the probability that chance would
 * give, exactly, whoever chose them without knowing a. That is the independence which a proof about pairs asks for; it
 * is no pseudo-random function, so columns must not be shown to anybody. Keys of one and of two words of 64 bits are
 * two functions; a row goes by one of them.
 */
final class RowHash
{
    private static final long WORD = 0xffff_ffffL;

    private final long a0;
    private final long a1;
    private final long a2;
    private final long a3;
    private final long a4;
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
        this.a2 = keyedHash.hash(row, 2);
        this.a3 = keyedHash.hash(row, 3);
        this.a4 = keyedHash.hash(row, 4);
        this.shift = Long.SIZE - columnsBits;
    }

    int column(final long key)
    {
        return (int)(((a0 + (key & WORD)) * (a1 + (key >>> 32)) + a4) >>> shift);
    }

    int column(final long high, final long low)
    {
        return (int)(((a0 + (high & WORD)) * (a1 + (high >>> 32)) +
            (a2 + (low & WORD)) * (a3 + (low >>> 32)) + a4) >>> shift);
    }
}
