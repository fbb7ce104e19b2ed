package io.aswarm.sketch;

/**
 * How many of its first contacts a source may fail at because it makes many. A collective start opens a thousand
 * contacts within milliseconds; those few whose opening or answer was dropped all become overdue together, after the
 * others succeeded, and in a row they would look like a scan. A gateway that hides many clients, or a checker of many
 * hosts, is refused now and then. So failures up to {@value #FAILURE_PERCENT} % of the contacts that succeeded lately
 * are no evidence, and not fewer than {@value #FAILURES_MIN} once {@value #SUCCESSES_MIN} succeeded. Loss in a data
 * centre is far below that (Guo et al., "Pingmesh", SIGCOMM 2015: 1e-5 to 1e-4; incast drops percents: Chen et al.,
 * "Understanding TCP incast throughput collapse", WREN 2009). Of datagrams {@value #DATAGRAM_FAILURE_PERCENT} % may
 * stay without answer: servers that are gone are asked for years. A scanner has few successes to hide behind; if he
 * buys them, each takes more from the walk than a failure adds here.
 * <p>
 * Both are counted by source in count-min sketches that halve each {@code windowNs}. They never underestimate, so an
 * innocent source is never allowed less by a collision among the successes; by one among the failures it may be.
 */
final class FailureAllowance
{
    static final int FAILURE_PERCENT = 5;
    static final int DATAGRAM_FAILURE_PERCENT = 20;
    static final int SUCCESSES_MIN = 5;
    static final int FAILURES_MIN = 2;
    private static final int DEPTH = 2;
    private static final int WIDTH = 8_192;

    private final CountMinSketch successes;
    private final CountMinSketch failures;
    private final KeyedHash sourceHash;
    private final long windowNs;
    private long windowStartedNs;
    private boolean started;

    FailureAllowance(final SketchMemory memory, final KeyedHash keyedHash, final long windowNs)
    {
        this.sourceHash = keyedHash;
        this.windowNs = windowNs;
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
        successes.add(sourceHash.hash(contact.sourceHigh, contact.sourceLow), 1);
    }

    /** Whether one more failure of its source is within what it is allowed. */
    boolean excuses(final Contact contact)
    {
        final long hash = sourceHash.hash(contact.sourceHigh, contact.sourceLow);
        final long percent = contact.isTcp() ? FAILURE_PERCENT : DATAGRAM_FAILURE_PERCENT;
        final long succeeded = successes.estimate(hash);
        final long failed = failures.add(hash, 1);
        return 100 * failed <= percent * succeeded || (failed <= FAILURES_MIN && succeeded >= SUCCESSES_MIN);
    }

    void onTick(final long nowNs)
    {
        if (!started || nowNs - windowStartedNs >= windowNs)
        {
            started = true;
            windowStartedNs = nowNs;
            successes.halve();
            failures.halve();
        }
    }
}
