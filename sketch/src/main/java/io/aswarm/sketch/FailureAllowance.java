package io.aswarm.sketch;

/**
 * How many of its first contacts a source may fail at because it makes many. Contacts are judged in the order of their
 * answers, not of their openings: successes come first; what a router refuses, what is dropped or silent comes last. A
 * monitor asks forty hosts at once of which ten are down; a collective opens a thousand contacts within milliseconds,
 * and the few whose opening or answer was dropped become overdue together. The successes find nothing to take away,
 * and then the failures stand in a row and look like a scan. In the order of its openings a source stays at the floor
 * of the walk ({@link SequentialScanTest}) while it fails at up to two thirds, ln(&theta;0/&theta;1) /
 * ln((1-&theta;1)/(1-&theta;0)), of those at which it succeeds. So failures up to {@value #FAILURE_PERCENT} % of the
 * contacts that succeeded lately are no evidence, and not fewer than {@value #FAILURES_MIN} once
 * {@value #SUCCESSES_MIN} succeeded. Loss in a data centre is far below that (Guo et al., "Pingmesh", SIGCOMM 2015:
 * 1e-5 to 1e-4; incast drops percents: Chen et al., "Understanding TCP incast throughput collapse", WREN 2009). Of
 * datagrams {@value #DATAGRAM_FAILURE_PERCENT} % may stay without answer: servers that are gone are asked for years.
 * The price: a scanner by TCP who succeeds with 49 % of his contacts or more is not called; without this, with 60 %.
 * <p>
 * What answers in one protocol says nothing of another: a worm's neighbours answer its discovery each, and then refuse
 * it the service. So successes excuse failures of their own protocol only.
 * <p>
 * Both are counted by source in count-min sketches that halve each {@code windowNs}. They never underestimate, so an
 * innocent source is never allowed less by a collision among the successes; by one among the failures it may be.
 */
final class FailureAllowance
{
    static final int FAILURE_PERCENT = 40;
    static final int DATAGRAM_FAILURE_PERCENT = 20;
    static final int SUCCESSES_MIN = 5;
    static final int FAILURES_MIN = 2;
    private static final int DEPTH = 2;
    private static final int WIDTH = 16_384;

    private final CountMinSketch successes;
    private final CountMinSketch failures;
    private final KeyedHash sourceHash;
    private final Beat window;

    FailureAllowance(final SketchMemory memory, final KeyedHash keyedHash, final long windowNs)
    {
        this.sourceHash = keyedHash;
        this.window = new Beat(windowNs);
        this.successes = sketch(memory);
        this.failures = sketch(memory);
    }

    private static CountMinSketch sketch(final SketchMemory memory)
    {
        // Added to by hash only, so its own key is of no use.
        return new CountMinSketch(memory.allocate(CountMinSketch.memoryLength(DEPTH, WIDTH)), DEPTH, WIDTH, 0, 0);
    }

    void onSuccess(final Contact contact)
    {
        successes.add(hash(contact), 1);
    }

    private long hash(final Contact contact)
    {
        return KeyedHash.second(sourceHash.hash(contact.sourceHigh, contact.sourceLow) + contact.protocol);
    }

    /** Whether one more failure of its source is within what it is allowed. */
    boolean excuses(final Contact contact)
    {
        final long hash = hash(contact);
        final long percent = contact.isTcp() ? FAILURE_PERCENT : DATAGRAM_FAILURE_PERCENT;
        final long succeeded = successes.estimate(hash);
        final long failed = failures.add(hash, 1);
        return 100 * failed <= percent * succeeded || (failed <= FAILURES_MIN && succeeded >= SUCCESSES_MIN);
    }

    void onTick(final long nowNs)
    {
        if (window.isDue(nowNs))
        {
            successes.halve();
            failures.halve();
        }
    }
}
