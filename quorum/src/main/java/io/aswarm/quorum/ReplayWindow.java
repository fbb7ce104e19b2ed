package io.aswarm.quorum;

import java.util.Arrays;

/**
 * Which of the newest 1,024 sequence numbers of one sender's boot were received. Numbers are compared as serial numbers
 * (RFC 1982), so a sender's wrap from 2^64 - 1 to 0 is one step forward like any other. After RFC 4303 section 3.4.3.
 */
final class ReplayWindow
{
    /** Sequence numbers remembered, the newest included. */
    static final int SIZE = 1024;

    private final long[] words = new long[SIZE >> 6];
    private long highest;
    private boolean isEmpty = true;

    Verdict check(final long sequence)
    {
        final long ahead = sequence - highest;
        if (isEmpty || ahead > 0)
        {
            return Verdict.ACCEPTED;
        }
        if (ahead <= -SIZE)
        {
            return Verdict.BEHIND_WINDOW;
        }
        return isSet(sequence) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
    }

    void accept(final long sequence)
    {
        final long ahead = sequence - highest;
        if (isEmpty || ahead >= SIZE)
        {
            Arrays.fill(words, 0);
            highest = sequence;
            isEmpty = false;
        }
        else if (ahead > 0)
        {
            for (long passed = highest + 1; passed != sequence; passed++)
            {
                words[word(passed)] &= ~bit(passed);
            }
            highest = sequence;
        }
        words[word(sequence)] |= bit(sequence);
    }

    void reset()
    {
        isEmpty = true;
    }

    private boolean isSet(final long sequence)
    {
        return 0 != (words[word(sequence)] & bit(sequence));
    }

    private static int word(final long sequence)
    {
        return (int)(sequence & (SIZE - 1)) >> 6;
    }

    private static long bit(final long sequence)
    {
        return 1L << (sequence & 63);
    }
}
