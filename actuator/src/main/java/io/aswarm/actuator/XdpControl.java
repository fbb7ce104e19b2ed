package io.aswarm.actuator;

import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KillSwitch;
import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.Quarantine;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.ebpf.VerdictProbe;
import java.util.Map;

/**
 * Enforcement in the kernel's packet program: acts of its quarantine, verdicts by running the loaded program. Acts
 * live on when this process dies, each to its deadline.
 */
public final class XdpControl implements Control
{
    /** The kernel drops the packets and the verdict was taken from the program that drops them. */
    public static final String TIER = "linux_kernel_enforced";

    private static final int EIO = 5;
    private static final Map<Mode, Integer> MODES = Map.of(
        Mode.DROP, Quarantine.MODE_DROP,
        Mode.RATE_LIMIT, Quarantine.MODE_RATE_LIMIT,
        Mode.OPENINGS, Quarantine.MODE_OPENINGS,
        Mode.GUARD, Quarantine.MODE_GUARD);

    private final Quarantine quarantine;
    private final KillSwitch killSwitch;
    private final VerdictProbe verdictProbe;

    /**
     * A control over a loaded program. Closing these is up to who opened them.
     *
     * @param quarantine   of the program.
     * @param killSwitch   of the program.
     * @param verdictProbe of the program.
     */
    public XdpControl(final Quarantine quarantine, final KillSwitch killSwitch, final VerdictProbe verdictProbe)
    {
        this.quarantine = quarantine;
        this.killSwitch = killSwitch;
        this.verdictProbe = verdictProbe;
    }

    @Override
    public String tier()
    {
        return TIER;
    }

    @Override
    public int contain(final Containment containment, final long deadlineNs, final long actId)
    {
        return quarantine.contain(
            containment.rule(), deadlineNs, actId, MODES.get(containment.mode()), containment.packetsPerSecond(),
            containment.burst());
    }

    @Override
    public int release(final QuarantineRule rule, final long actId)
    {
        return quarantine.release(rule, actId);
    }

    @Override
    public long drops(final QuarantineRule rule, final long actId)
    {
        return quarantine.drops(rule, actId);
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        quarantine.forEachAct((rule, deadlineNs, actId, mode, packetsPerSecond, burst, drops) ->
            handler.onEntry(containment(rule, mode, packetsPerSecond, burst), deadlineNs, actId, drops));
    }

    @Override
    public int verdict(final ProbePacket packet, final int assumptions)
    {
        return verdictProbe.run(packet, assumptions);
    }

    @Override
    public boolean attached()
    {
        return verdictProbe.attached();
    }

    @Override
    public int halt(final boolean halted)
    {
        try
        {
            if (halted)
            {
                killSwitch.halt();
            }
            else
            {
                killSwitch.resume();
            }
            return 0;
        }
        catch (final KernelException ex)
        {
            return errno(ex);
        }
    }

    @Override
    public int switchState()
    {
        try
        {
            return killSwitch.isHalted() ? SWITCH_HALTED : SWITCH_RUNNING;
        }
        catch (final KernelException ex)
        {
            return errno(ex);
        }
    }

    /** A mode that no catalog has was put there by something else, and is answered for as a drop. */
    private static Containment containment(
        final QuarantineRule rule, final int mode, final int packetsPerSecond, final int burst)
    {
        for (final Map.Entry<Mode, Integer> each : MODES.entrySet())
        {
            if (each.getValue() == mode && each.getKey().isLimit())
            {
                return new Containment(
                    rule, each.getKey(), packetsPerSecond, 0 == packetsPerSecond ? 0 : Math.max(1, burst));
            }
        }
        return Containment.drop(rule);
    }

    private static int errno(final KernelException ex)
    {
        return 0 == ex.errno() ? -EIO : -Math.abs(ex.errno());
    }
}
