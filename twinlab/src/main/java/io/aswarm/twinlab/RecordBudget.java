package io.aswarm.twinlab;

import io.aswarm.sketch.ConversationKind;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which records come one by one and which only weigh on another's, by the rules of the kernel side on one CPU (ebpf,
 * burst.h): everybody draws from a budget for each slice of time, up to a quota for each source and aim; then only who
 * is light draws from a reserve. What gets no record is added to the weight of its source, its aim, or the host asked,
 * whichever is heavy, and leaves with the others at the end of the slice. The kernel counts in sketches and a table of
 * fixed size; here both are exact. Samples of volume have a rate of their own.
 */
final class RecordBudget implements ConversationTracker.Sink
{
    static final long SLICE_NS = 50_000_000L;
    static final int SLICE_RECORDS_MAX = 4_096;
    static final int RESERVE_RECORDS_MAX = SLICE_RECORDS_MAX / 4;
    static final int WINDOW_RECORDS_MAX = 8_192;
    static final int LIGHT_EVENTS_MAX = 8;
    static final int LIGHT_HOST_EVENTS_MAX = 256;
    private static final long WINDOW_NS = 1_000_000_000L;

    /** Whose events are counted together; a port or an address that does not count is 0. */
    private record Identity(int side, int kind, long high, long low, int port)
    {
    }

    private static final int SOURCE = 0;
    private static final int AIM = 1;
    private static final int HOST = 2;
    private static final int REST = 3;

    private static final class Tally
    {
        private long window;
        private int events;
        private int eventsBefore;

        private int next(final long newWindow)
        {
            if (window != newWindow)
            {
                eventsBefore = window + 1 == newWindow ? events : 0;
                events = 0;
                window = newWindow;
            }
            events++;
            return Math.max(events, eventsBefore);
        }
    }

    private final ConversationTracker.Sink next;
    private final Map<Identity, Tally> tallies = new HashMap<>();
    private final Map<Identity, TrackedConversation> weights = new LinkedHashMap<>();
    private long sliceNs;
    private long windowNs;
    private long window;
    private long flushNs;
    private int records;
    private int reserveRecords;

    RecordBudget(final ConversationTracker.Sink next)
    {
        this.next = next;
    }

    @Override
    public void onRecord(final TrackedConversation record)
    {
        final long nowNs = record.timeNs();
        onTick(nowNs);
        if (ConversationKind.VOLUME == record.kind())
        {
            next.onRecord(record);
            return;
        }
        turn(nowNs);
        final Identity source = new Identity(
            SOURCE, record.kind(), record.initiatorHigh(), record.initiatorLow(), 0);
        final Identity aim = new Identity(
            AIM, record.kind(), record.responderHigh(), record.responderLow(), record.responderPort());
        final Identity host = new Identity(HOST, record.kind(), record.responderHigh(), record.responderLow(), 0);
        final int sourceEvents = events(source);
        final int aimEvents = events(aim);
        final int hostEvents = events(host);
        final boolean isLight = sourceEvents <= LIGHT_EVENTS_MAX && aimEvents <= LIGHT_EVENTS_MAX &&
            hostEvents <= LIGHT_HOST_EVENTS_MAX;
        if (sourceEvents <= WINDOW_RECORDS_MAX && aimEvents <= WINDOW_RECORDS_MAX && draw(isLight))
        {
            next.onRecord(record);
            return;
        }
        flushNs = weights.isEmpty() ? nowNs + SLICE_NS : flushNs;
        weigh(record, sourceEvents > LIGHT_EVENTS_MAX ? source : aimEvents > LIGHT_EVENTS_MAX ? aim :
            hostEvents > LIGHT_HOST_EVENTS_MAX ? host : new Identity(REST, record.kind(), 0, 0, 0));
    }

    /** Let weights leave whose slice is over. */
    void onTick(final long nowNs)
    {
        if (!weights.isEmpty() && nowNs - flushNs >= 0)
        {
            weights.values().forEach(next::onRecord);
            weights.clear();
        }
    }

    private void turn(final long nowNs)
    {
        if (nowNs - sliceNs >= SLICE_NS)
        {
            sliceNs = nowNs;
            records = 0;
            reserveRecords = 0;
        }
        if (nowNs - windowNs >= WINDOW_NS)
        {
            // after a pause nothing of the window before counts
            window += nowNs - windowNs >= 2 * WINDOW_NS ? 2 : 1;
            windowNs = nowNs;
            tallies.values().removeIf((tally) -> tally.window < window - 1);
        }
    }

    private int events(final Identity identity)
    {
        return tallies.computeIfAbsent(identity, (key) -> new Tally()).next(window);
    }

    private boolean draw(final boolean isLight)
    {
        if (records < SLICE_RECORDS_MAX)
        {
            records++;
            return true;
        }
        if (isLight && reserveRecords < RESERVE_RECORDS_MAX)
        {
            reserveRecords++;
            return true;
        }
        return false;
    }

    private void weigh(final TrackedConversation record, final Identity identity)
    {
        weights.computeIfAbsent(identity, (key) -> new TrackedConversation()).weigh(record);
    }
}
