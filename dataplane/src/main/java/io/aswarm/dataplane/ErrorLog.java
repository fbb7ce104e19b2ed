package io.aswarm.dataplane;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.agrona.concurrent.status.AtomicCounter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Every kind of error once, with how often and when: a fault that repeats a million times is one line, not a million.
 * Any thread.
 */
final class ErrorLog implements ErrorHandler
{
    private static final int LENGTH = 256 * 1024;

    /**
     * One kind of error.
     *
     * @param count        of its observations.
     * @param firstEpochMs first observation.
     * @param lastEpochMs  last observation.
     * @param what         first line of what happened.
     */
    record Kind(int count, long firstEpochMs, long lastEpochMs, String what)
    {
    }

    private final UnsafeBuffer buffer =
        new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder()));
    private final DistinctErrorLog log;
    private AtomicCounter counter;

    ErrorLog(final EpochClock clock)
    {
        log = new DistinctErrorLog(buffer, clock);
    }

    /** Counts kinds from now on; errors before this are in the log and counted here at once. */
    void counter(final AtomicCounter distinctErrors)
    {
        counter = distinctErrors;
        counter.setRelease(kinds().size());
    }

    @Override
    public void onError(final Throwable throwable)
    {
        log.record(throwable);
        if (null != counter)
        {
            counter.setRelease(kinds().size());
        }
    }

    List<Kind> kinds()
    {
        final List<Kind> kinds = new ArrayList<>();
        ErrorLogReader.read(buffer, (count, firstMs, lastMs, encoded) ->
            kinds.add(new Kind(count, firstMs, lastMs, encoded.lines().findFirst().orElse(""))));
        return kinds;
    }
}
