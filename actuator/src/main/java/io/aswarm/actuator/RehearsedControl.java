package io.aswarm.actuator;

import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.ebpf.VerdictProbe;

/**
 * Calls the real control as in earnest, but enforces nothing: an entry is past its deadline when it is made, and taken
 * back at once. The kill switch is only read. Answers are those of a control that works.
 */
final class RehearsedControl implements Control
{
    private static final long LONG_AGO_NS = 1;

    private final Control control;
    private Containment contained;

    RehearsedControl(final Control control)
    {
        this.control = control;
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
        contained = containment;
        return 0;
    }

    @Override
    public int release(final QuarantineRule rule, final long actId)
    {
        control.release(rule, actId);
        contained = null;
        return 0;
    }

    @Override
    public long drops(final QuarantineRule rule, final long actId)
    {
        control.drops(rule, actId);
        return null == contained ? NO_ENTRY : 0;
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
        if (null == contained || isSpared)
        {
            return VERDICT_PASS;
        }
        final QuarantineRule rule = contained.rule();
        return rule.prefix().contains(QuarantineRule.SOURCE == rule.role() ? packet.source() : packet.destination()) ?
            VERDICT_DROP : VERDICT_PASS;
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
}
