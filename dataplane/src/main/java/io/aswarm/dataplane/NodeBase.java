package io.aswarm.dataplane;

import io.aswarm.ebpf.ClockQuality;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * What every stage of a node stands on: its documents, its clocks, and where errors, counts and lines go.
 *
 * @param config         of the node.
 * @param site           its documents.
 * @param clock          CLOCK_MONOTONIC, the kernel's own.
 * @param epochClock     wall clock, ms.
 * @param epochNanoClock wall clock, ns.
 * @param clockWatch     how wrong the wall clock may be.
 * @param errorLog       of kinds of errors.
 * @param counters       in the counters file.
 * @param eventLog       of lines of JSON.
 * @param opened         closed with the node, last first.
 */
record NodeBase(
    NodeConfig config,
    Site site,
    NanoClock clock,
    EpochClock epochClock,
    EpochNanoClock epochNanoClock,
    ClockWatch clockWatch,
    ErrorLog errorLog,
    NodeCounters counters,
    EventLog eventLog,
    CloseStack opened)
{
    NodeBase(
        final NodeConfig config,
        final Site site,
        final ErrorLog errorLog,
        final NodeCounters counters,
        final EventLog eventLog,
        final CloseStack opened)
    {
        this(
            config, site, SystemNanoClock.INSTANCE, SystemEpochClock.INSTANCE, new OffsetEpochNanoClock(),
            new ClockWatch(ClockQuality::read), errorLog, counters, eventLog,
            opened);
    }
}
