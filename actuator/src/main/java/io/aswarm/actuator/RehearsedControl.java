package io.aswarm.actuator;

import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.ebpf.VerdictProbe;

import java.util.HashSet;
import java.util.Set;

/**
 * Calls the real control as in earnest, but enforces nothing: an entry is past its deadline when it is made, and taken
 * back at once. The kill switch is only read. Answers are those of a control that works.
 * <p>
 * There are three classes of it. Of a call that has met one or two, the compiler makes code for these alone (HotSpot,
 * TypeProfileWidth), which the real control, met for the first time by the first act, would throw away.
 */
class RehearsedControl implements Control
{
    private static final long LONG_AGO_NS = 1;

    private final Control control;
    private final Set<QuarantineRule> contained = new HashSet<>();

    private RehearsedControl(final Control control)
    {
        this.control = control;
    }

    /** Of another class than the two before and after it. */
    static RehearsedControl over(final Control control, final int number)
    {
        switch (number % 3)
        {
            case 0:
                return new RehearsedControl(control);
            case 1:
                return new RehearsedControl(control)
                {
                };
            default:
                return new RehearsedControl(control)
                {
                };
        }
    }

    @Override
    public String tier()
    {
        return "rehearsed";
    }

    @Override
    public int contain(final Containment containment, final long deadlineNs, final long actId)
    {
        control.contain(containment, LONG_AGO_NS, actId);
        control.release(containment.rule(), actId);
        contained.add(containment.rule());
        return 0;
    }

    @Override
    public int release(final QuarantineRule rule, final long actId)
    {
        control.release(rule, actId);
        contained.remove(rule);
        return 0;
    }

    @Override
    public long drops(final QuarantineRule rule, final long actId)
    {
        control.drops(rule, actId);
        return contained.contains(rule) ? 0 : NO_ENTRY;
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        // what the real control holds is adopted after the rehearsal
    }

    @Override
    public int verdict(final ProbePacket packet, final int assumptions)
    {
        control.verdict(packet, assumptions);
        final boolean isSpared =
            (assumptions & (VerdictProbe.ASSUME_ESTABLISHED | VerdictProbe.ASSUME_ON_LINK)) != 0;
        return !isSpared && isContained(packet) ? VERDICT_DROP : VERDICT_PASS;
    }

    @Override
    public boolean attached()
    {
        control.attached();
        return true;
    }

    @Override
    public int halt(final boolean halted)
    {
        throw new IllegalStateException("a rehearsal does not touch the kill switch");
    }

    @Override
    public int switchState()
    {
        control.switchState();
        return SWITCH_RUNNING;
    }

    private boolean isContained(final ProbePacket packet)
    {
        for (final QuarantineRule rule : contained)
        {
            if (rule.prefix().contains(
                QuarantineRule.SOURCE == rule.role() ? packet.source() : packet.destination()))
            {
                return true;
            }
        }
        return false;
    }
}
