package io.aswarm.twinlab;

import java.util.Comparator;
import java.util.List;

/**
 * A trace of processes of one host, as the sensor would tell it. The traces do not say which of their processes belong
 * to an attack, so in a trace of an attack all do, and time counts from its first.
 */
final class ProcessRecording implements Recording
{
    private final List<ProcessRecord> records;
    private final GroundTruth truth;
    private int next = -1;

    ProcessRecording(final List<ProcessRecord> records, final GroundTruth truth)
    {
        this.records = records.stream().sorted(Comparator.comparingLong(ProcessRecord::timeNs)).toList();
        this.truth = truth;
    }

    @Override
    public GroundTruth truth()
    {
        return truth;
    }

    @Override
    public boolean next()
    {
        return ++next < records.size();
    }

    @Override
    public long timeNs()
    {
        return records.get(next).timeNs();
    }

    @Override
    public void show(final long nowNs, final Observer observer)
    {
        observer.onPacket(
            new CapturedPacket(nowNs, ProcessRecord.HOST, ProcessRecord.HOST, 0, 0, 0, 0, false), !truth.isBenign());
        observer.onProcess(records.get(next));
    }
}
