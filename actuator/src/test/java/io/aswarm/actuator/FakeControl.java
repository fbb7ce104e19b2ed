package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.ebpf.VerdictProbe;
import org.agrona.concurrent.NanoClock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The kernel's part as a model: entries of acts, deadlines judged by the clock, one switch. Errors are scripted.
 */
final class FakeControl implements Control
{
    static final int EIO = -5;

    record Entry(Containment containment, long deadlineNs, long actId, long drops)
    {
        static Entry drop(final IpAddress source, final long deadlineNs, final long actId, final long drops)
        {
            return new Entry(Containment.drop(QuarantineRule.source(source)), deadlineNs, actId, drops);
        }
    }

    final List<Entry> entries = new ArrayList<>();
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
    public int contain(final Containment containment, final long deadlineNs, final long actId)
    {
        containCalls++;
        final Integer scripted = containResults.poll();
        if (null != scripted && 0 != scripted)
        {
            return scripted;
        }
        if (entries.stream().anyMatch((entry) -> entry.actId() != actId &&
            entry.containment().equals(containment) && entry.deadlineNs() - clock.nanoTime() > 0))
        {
            return OTHER_OWNER;
        }
        entriesMade++;
        liveEntriesMade += deadlineNs - clock.nanoTime() > 0 ? 1 : 0;
        entries.removeIf((entry) -> entry.actId() == actId && entry.containment().rule().equals(
            containment.rule()));
        entries.add(new Entry(containment, deadlineNs, actId, 0));
        return 0;
    }

    @Override
    public int release(final QuarantineRule rule, final long actId)
    {
        final Integer scripted = releaseResults.poll();
        if (null != scripted && 0 != scripted)
        {
            return scripted;
        }
        final Entry found = find(rule, actId);
        if (null == found)
        {
            return isHeld(rule) ? OTHER_OWNER : NO_ENTRY;
        }
        entries.remove(found);
        return 0;
    }

    @Override
    public long drops(final QuarantineRule rule, final long actId)
    {
        final Entry found = find(rule, actId);
        return null == found ? NO_ENTRY : found.drops();
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        entries.forEach((entry) ->
            handler.onEntry(entry.containment(), entry.deadlineNs(), entry.actId(), entry.drops()));
    }

    @Override
    public int verdict(final ProbePacket packet, final int assumptions)
    {
        verdictCalls++;
        final Integer scripted = verdicts.poll();
        if (null != scripted)
        {
            return scripted;
        }
        return entries.stream().anyMatch((entry) -> isLive(entry) && stops(
            entry.containment(), packet, assumptions)) ? VERDICT_DROP : VERDICT_PASS;
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
        return entries.stream().anyMatch((entry) -> isLive(entry) && stops(
            entry.containment(), Rules.packet(QuarantineRule.source(source)), 0));
    }

    Entry entryOf(final IpAddress address)
    {
        return entries.stream().filter((entry) -> entry.containment().rule().prefix().address().equals(address))
            .findFirst().orElse(null);
    }

    void onDropped(final IpAddress source, final long packets)
    {
        entries.replaceAll((entry) -> !entry.containment().rule().prefix().address().equals(source) ? entry :
            new Entry(entry.containment(), entry.deadlineNs(), entry.actId(), entry.drops() + packets));
    }

    private boolean isLive(final Entry entry)
    {
        return !halted && entry.deadlineNs() - clock.nanoTime() > 0;
    }

    private Entry find(final QuarantineRule rule, final long actId)
    {
        return entries.stream().filter((entry) -> entry.actId() == actId && entry.containment().rule().equals(
            rule)).findFirst().orElse(null);
    }

    private boolean isHeld(final QuarantineRule rule)
    {
        return entries.stream().anyMatch((entry) -> entry.containment().rule().equals(rule));
    }

    /** What the kernel's modes say, by their description in io.aswarm.ebpf.Quarantine. */
    private static boolean stops(final Containment containment, final ProbePacket packet, final int assumptions)
    {
        final QuarantineRule rule = containment.rule();
        if (!rule.prefix().contains(QuarantineRule.SOURCE == rule.role() ? packet.source() : packet.destination()) ||
            (QuarantineRule.ANY != rule.port() && rule.port() != packet.port()))
        {
            return false;
        }
        final boolean isBucketEmpty = (assumptions & VerdictProbe.ASSUME_BUCKETS_EMPTY) != 0;
        final boolean isEstablished = (assumptions & VerdictProbe.ASSUME_ESTABLISHED) != 0;
        final boolean isOnLink = (assumptions & VerdictProbe.ASSUME_ON_LINK) != 0;
        switch (containment.mode())
        {
            case DROP:
                return true;
            case RATE_LIMIT:
                return isBucketEmpty;
            case OPENINGS:
                return isBucketEmpty && !isEstablished;
            default:
                return isBucketEmpty && !isEstablished && !isOnLink;
        }
    }
}
