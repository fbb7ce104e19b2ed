package io.aswarm.twinlab;

import io.aswarm.actuator.Containment;
import io.aswarm.actuator.Control;
import io.aswarm.actuator.Mode;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides as the quarantine map in the kernel would, in memory and on virtual time. Enforces nothing, and every outcome
 * and certificate that comes of it says so. One thread.
 */
final class SimulatedControl implements Control
{
    static final String TIER = "simulated";

    private record Key(QuarantineRule rule, long actId)
    {
    }

    private static final class Entry
    {
        private final Containment containment;
        private final long deadlineNs;
        private long drops;

        private Entry(final Containment containment, final long deadlineNs)
        {
            this.containment = containment;
            this.deadlineNs = deadlineNs;
        }
    }

    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private final VirtualClock clock;
    private boolean halted;

    SimulatedControl(final VirtualClock clock)
    {
        this.clock = clock;
    }

    /** A packet of the capture: whether it would have been dropped, and counted if so. */
    boolean drops(final IpAddress source)
    {
        final Entry entry = live(QuarantineRule.source(source));
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

    /** Sources are dropped. Limits need the state of conversations, which is the kernel's and not simulated. */
    @Override
    public int contain(final Containment containment, final long deadlineNs, final long actId)
    {
        if (Mode.DROP != containment.mode())
        {
            return NOT_SUPPORTED;
        }
        entries.put(new Key(containment.rule(), actId), new Entry(containment, deadlineNs));
        return 0;
    }

    @Override
    public int release(final QuarantineRule rule, final long actId)
    {
        return null == entries.remove(new Key(rule, actId)) ? isHeld(rule) ? OTHER_OWNER : NO_ENTRY : 0;
    }

    @Override
    public long drops(final QuarantineRule rule, final long actId)
    {
        final Entry entry = entries.get(new Key(rule, actId));
        return null == entry ? NO_ENTRY : entry.drops;
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        entries.forEach((key, entry) ->
            handler.onEntry(entry.containment, entry.deadlineNs, key.actId, entry.drops));
    }

    @Override
    public int verdict(final ProbePacket packet, final int assumptions)
    {
        return null == live(QuarantineRule.source(packet.source())) ? VERDICT_PASS : VERDICT_DROP;
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

    private boolean isHeld(final QuarantineRule rule)
    {
        return entries.keySet().stream().anyMatch((key) -> key.rule.equals(rule));
    }

    private Entry live(final QuarantineRule rule)
    {
        for (final Map.Entry<Key, Entry> each : entries.entrySet())
        {
            if (!halted && each.getKey().rule.equals(rule) && each.getValue().deadlineNs - clock.nowNs() > 0)
            {
                return each.getValue();
            }
        }
        return null;
    }
}
