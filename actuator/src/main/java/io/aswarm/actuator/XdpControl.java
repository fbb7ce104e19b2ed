package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KillSwitch;
import io.aswarm.ebpf.Quarantine;
import io.aswarm.ebpf.VerdictProbe;
import org.agrona.concurrent.NanoClock;

/**
 * Enforcement in the kernel's packet program: entries of its quarantine map, verdicts by running the loaded program.
 * Entries live on when this process dies, each to its deadline.
 */
public final class XdpControl implements Control
{
    /** The kernel drops the packets and the verdict was taken from the program that drops them. */
    public static final String TIER = "linux_kernel_enforced";

    private static final int EIO = 5;

    private final Quarantine quarantine;
    private final KillSwitch killSwitch;
    private final VerdictProbe verdictProbe;
    private final NanoClock clock;
    private boolean otherOwner;

    /**
     * A control over a loaded program. Closing these is up to who opened them.
     *
     * @param quarantine   entries of the program.
     * @param killSwitch   of the program.
     * @param verdictProbe of the program.
     * @param clock        CLOCK_MONOTONIC, by which the kernel judges deadlines.
     */
    public XdpControl(
        final Quarantine quarantine,
        final KillSwitch killSwitch,
        final VerdictProbe verdictProbe,
        final NanoClock clock)
    {
        this.quarantine = quarantine;
        this.killSwitch = killSwitch;
        this.verdictProbe = verdictProbe;
        this.clock = clock;
    }

    @Override
    public String tier()
    {
        return TIER;
    }

    @Override
    public int contain(final Containment containment, final long deadlineNs, final long actId)
    {
        final Target target = containment.target();
        if (Mode.DROP != containment.mode() || !isWholeSource(target))
        {
            return NOT_SUPPORTED;
        }
        final long high = target.address().high();
        final long low = target.address().low();
        // The map itself would replace whatever is there, and the other act would then find its entry gone.
        if (quarantine.drops(high, low) >= 0 && isOfAnother(high, low, actId))
        {
            return OTHER_OWNER;
        }
        return quarantine.contain(high, low, deadlineNs, actId, Quarantine.MODE_DROP);
    }

    @Override
    public int release(final Target target, final long actId)
    {
        return isWholeSource(target) ?
            quarantine.release(target.address().high(), target.address().low(), actId) : NO_ENTRY;
    }

    @Override
    public long drops(final Target target, final long actId)
    {
        return isWholeSource(target) ?
            quarantine.drops(target.address().high(), target.address().low()) : NO_ENTRY;
    }

    @Override
    public boolean isHeld(final Target target)
    {
        return NO_ENTRY != quarantine.drops(target.address().high(), target.address().low());
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        quarantine.forEach((high, low, deadlineNs, actId, mode, drops) -> handler.onEntry(
            Containment.drop(Target.source(new IpAddress(high, low))), deadlineNs, actId, drops));
    }

    @Override
    public int verdict(final SyntheticPacket packet)
    {
        return SyntheticPacket.Kind.OPENING != packet.kind() ? NOT_SUPPORTED : verdictProbe.run(
            packet.source().high(), packet.source().low(), packet.destination().high(), packet.destination().low());
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

    /** Rare: the agent starts no second act for a subject, so only a foreign entry leads here. */
    private boolean isOfAnother(final long high, final long low, final long actId)
    {
        final long nowNs = clock.nanoTime();
        otherOwner = false;
        quarantine.forEach((entryHigh, entryLow, deadlineNs, entryActId, mode, drops) ->
            otherOwner |= entryHigh == high && entryLow == low && entryActId != actId && deadlineNs - nowNs > 0);
        return otherOwner;
    }

    private static boolean isWholeSource(final Target target)
    {
        return target.equals(Target.source(target.address()));
    }

    private static int errno(final KernelException ex)
    {
        return 0 == ex.errno() ? -EIO : -Math.abs(ex.errno());
    }
}
