package io.aswarm.sketch;

/**
 * How much silence of its first contacts a source may have because packets get lost. A collective start opens a
 * thousand contacts within milliseconds; those few whose opening or answer was dropped all become overdue together,
 * after the others succeeded, and in a row they would look like a scan. So of silent contacts up to
 * {@value #LOSS_PERCENT} % of the contacts that succeeded lately are no evidence. Loss in a data centre is far below
 * that (Guo et al., "Pingmesh", SIGCOMM 2015: 1e-5 to 1e-4; incast drops percents: Chen et al., "Understanding TCP
 * incast throughput collapse", WREN 2009), and a scanner has few successes to hide behind. Of datagrams
 * {@value #DATAGRAM_LOSS_PERCENT} % may stay without answer: servers that are gone are asked for years.
 * <p>
 * Both are counted by source in count-min sketches that halve each {@code windowNs}. They never underestimate, so an
 * innocent source is never allowed less by a collision among the successes; by one among the silences it may be.
 */
final class LossAllowance
{
    static final int LOSS_PERCENT = 5;
    static final int DATAGRAM_LOSS_PERCENT = 20;
    private static final int DEPTH = 2;
    private static final int WIDTH = 8_192;

    private final CountMinSketch successes;
    private final CountMinSketch silences;
    private final KeyedHash sourceHash;
    private final long windowNs;
    private long windowStartedNs;
    private boolean started;

    LossAllowance(final SketchMemory memory, final KeyedHash keyedHash, final long windowNs)
    {
        this.sourceHash = keyedHash;
        this.windowNs = windowNs;
        this.successes = sketch(memory);
        this.silences = sketch(memory);
    }

    private static CountMinSketch sketch(final SketchMemory memory)
    {
        // Added to by hash only, so its own key is of no use.
        return new CountMinSketch(memory.allocate(CountMinSketch.memoryLength(DEPTH, WIDTH)), DEPTH, WIDTH, 0, 0);
    }

    void onSuccess(final Contact contact)
    {
        successes.addHashed(sourceHash.hash(contact.sourceHigh, contact.sourceLow), 1);
    }

    /** Whether one more silent contact of its source is within what loss explains. */
    boolean excuses(final Contact contact)
    {
        final long hash = sourceHash.hash(contact.sourceHigh, contact.sourceLow);
        final long percent = contact.isTcp() ? LOSS_PERCENT : DATAGRAM_LOSS_PERCENT;
        return 100L * silences.addHashed(hash, 1) <= percent * successes.estimateHashed(hash);
    }

    void onTick(final long nowNs)
    {
        if (!started || nowNs - windowStartedNs >= windowNs)
        {
            started = true;
            windowStartedNs = nowNs;
            successes.halve();
            silences.halve();
        }
    }
}
