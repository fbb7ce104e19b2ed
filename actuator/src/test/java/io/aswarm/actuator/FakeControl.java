package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import org.agrona.concurrent.NanoClock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The kernel's part as a model: a map of entries, deadlines judged by the clock, one switch. Errors are scripted.
 */
final class FakeControl implements Control
{
    static final int EIO = -5;

    record Entry(long deadlineNs, long actId, long drops)
    {
    }

    final Map<IpAddress, Entry> entries = new LinkedHashMap<>();
    final Deque<Integer> containResults = new ArrayDeque<>();
    final Deque<Integer> releaseResults = new ArrayDeque<>();
    final Deque<Integer> verdicts = new ArrayDeque<>();
    boolean halted;
    boolean attached = true;
    boolean switchStuck;
    int switchError;
    int containCalls;
    int entriesMade;
    int liveEntriesMade;
    int verdictCalls;
    private final NanoClock clock;

    FakeControl(final NanoClock clock)
    {
        this.clock = clock;
    }

    @Override
    public String tier()
    {
        return "simulated";
    }

    @Override
    public int contain(final long high, final long low, final long deadlineNs, final long actId, final String mode)
    {
        containCalls++;
        final Integer scripted = containResults.poll();
        if (null != scripted && 0 != scripted)
        {
            return scripted;
        }
        final Entry found = entries.get(new IpAddress(high, low));
        if (null != found && found.actId() != actId && found.deadlineNs() - clock.nanoTime() > 0)
        {
            return OTHER_OWNER;
        }
        entriesMade++;
        liveEntriesMade += deadlineNs - clock.nanoTime() > 0 ? 1 : 0;
        entries.put(new IpAddress(high, low), new Entry(deadlineNs, actId, 0));
        return 0;
    }

    @Override
    public int release(final long high, final long low, final long actId)
    {
        final Integer scripted = releaseResults.poll();
        if (null != scripted && 0 != scripted)
        {
            return scripted;
        }
        final IpAddress address = new IpAddress(high, low);
        final Entry found = entries.get(address);
        if (null == found)
        {
            return NO_ENTRY;
        }
        if (found.actId() != actId)
        {
            return OTHER_OWNER;
        }
        entries.remove(address);
        return 0;
    }

    @Override
    public long drops(final long high, final long low)
    {
        final Entry found = entries.get(new IpAddress(high, low));
        return null == found ? NO_ENTRY : found.drops();
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        entries.forEach((address, entry) -> handler.onEntry(
            address.high(), address.low(), entry.deadlineNs(), entry.actId(), entry.drops()));
    }

    @Override
    public int verdict(
        final long sourceHigh, final long sourceLow, final long destinationHigh, final long destinationLow)
    {
        verdictCalls++;
        final Integer scripted = verdicts.poll();
        return null != scripted ? scripted :
            drops(new IpAddress(sourceHigh, sourceLow)) ? VERDICT_DROP : VERDICT_PASS;
    }

    @Override
    public boolean attached()
    {
        return attached;
    }

    @Override
    public int halt(final boolean halt)
    {
        if (switchStuck)
        {
            return EIO;
        }
        halted = halt;
        return 0;
    }

    @Override
    public int switchState()
    {
        return switchError < 0 ? switchError : halted ? SWITCH_HALTED : SWITCH_RUNNING;
    }

    boolean drops(final IpAddress source)
    {
        final Entry found = entries.get(source);
        return !halted && null != found && found.deadlineNs() - clock.nanoTime() > 0;
    }

    void onDropped(final IpAddress source, final long packets)
    {
        entries.computeIfPresent(source, (address, entry) ->
            new Entry(entry.deadlineNs(), entry.actId(), entry.drops() + packets));
    }
}
