package io.aswarm.twinlab;

import io.aswarm.actuator.Control;
import io.aswarm.ebpf.IpAddress;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides as the quarantine map in the kernel would, in memory and on virtual time. Enforces nothing, and every outcome
 * and certificate that comes of it says so. One thread.
 */
final class SimulatedControl implements Control
{
    static final String TIER = "simulated";

    private static final class Entry
    {
        private final long deadlineNs;
        private final long actId;
        private long drops;

        private Entry(final long deadlineNs, final long actId)
        {
            this.deadlineNs = deadlineNs;
            this.actId = actId;
        }
    }

    private final Map<IpAddress, Entry> entries = new LinkedHashMap<>();
    private final VirtualClock clock;
    private boolean halted;

    SimulatedControl(final VirtualClock clock)
    {
        this.clock = clock;
    }

    /** A packet of the capture: whether it would have been dropped, and counted if so. */
    boolean drops(final IpAddress source)
    {
        final Entry entry = live(source);
        if (null != entry)
        {
            entry.drops++;
        }
        return null != entry;
    }

    @Override
    public String tier()
    {
        return TIER;
    }

    @Override
    public int contain(final long high, final long low, final long deadlineNs, final long actId, final String mode)
    {
        final Entry held = live(new IpAddress(high, low));
        if (null != held && held.actId != actId)
        {
            return OTHER_OWNER;
        }
        entries.put(new IpAddress(high, low), new Entry(deadlineNs, actId));
        return 0;
    }

    @Override
    public int release(final long high, final long low, final long actId)
    {
        final IpAddress address = new IpAddress(high, low);
        final Entry entry = entries.get(address);
        if (null == entry || entry.actId != actId)
        {
            return null == entry ? NO_ENTRY : OTHER_OWNER;
        }
        entries.remove(address);
        return 0;
    }

    @Override
    public long drops(final long high, final long low)
    {
        final Entry entry = entries.get(new IpAddress(high, low));
        return null == entry ? NO_ENTRY : entry.drops;
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        entries.forEach((address, entry) -> handler.onEntry(
            address.high(), address.low(), entry.deadlineNs, entry.actId, entry.drops));
    }

    @Override
    public int verdict(
        final long sourceHigh, final long sourceLow, final long destinationHigh, final long destinationLow)
    {
        return null == live(new IpAddress(sourceHigh, sourceLow)) ? VERDICT_PASS : VERDICT_DROP;
    }

    @Override
    public boolean attached()
    {
        return true;
    }

    @Override
    public int halt(final boolean isHalted)
    {
        halted = isHalted;
        return 0;
    }

    @Override
    public int switchState()
    {
        return halted ? SWITCH_HALTED : SWITCH_RUNNING;
    }

    private Entry live(final IpAddress source)
    {
        final Entry entry = entries.get(source);
        return null == entry || halted || entry.deadlineNs - clock.nowNs() <= 0 ? null : entry;
    }
}
