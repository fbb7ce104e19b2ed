package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
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
            return new Entry(Containment.drop(Target.source(source)), deadlineNs, actId, drops);
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
        entries.removeIf((entry) -> entry.actId() == actId && entry.containment().target().equals(
            containment.target()));
        entries.add(new Entry(containment, deadlineNs, actId, 0));
        return 0;
    }

    @Override
    public int release(final Target target, final long actId)
    {
        final Integer scripted = releaseResults.poll();
        if (null != scripted && 0 != scripted)
        {
            return scripted;
        }
        final Entry found = find(target, actId);
        if (null == found)
        {
            return isHeld(target) ? OTHER_OWNER : NO_ENTRY;
        }
        entries.remove(found);
        return 0;
    }

    @Override
    public long drops(final Target target, final long actId)
    {
        final Entry found = find(target, actId);
        return null == found ? NO_ENTRY : found.drops();
    }

    @Override
    public boolean isHeld(final Target target)
    {
        return entries.stream().anyMatch((entry) -> entry.containment().target().covers(target));
    }

    @Override
    public void forEach(final EntryHandler handler)
    {
        entries.forEach((entry) ->
            handler.onEntry(entry.containment(), entry.deadlineNs(), entry.actId(), entry.drops()));
    }

    @Override
    public int verdict(final SyntheticPacket packet)
    {
        verdictCalls++;
        final Integer scripted = verdicts.poll();
        if (null != scripted)
        {
            return scripted;
        }
        return entries.stream().anyMatch((entry) -> isLive(entry) && stops(entry.containment(), packet)) ?
            VERDICT_DROP : VERDICT_PASS;
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
            entry.containment(),
            SyntheticPacket.of(SyntheticPacket.Kind.OPENING, Target.source(source))));
    }

    Entry entryOf(final IpAddress address)
    {
        return entries.stream().filter((entry) -> entry.containment().target().address().equals(address))
            .findFirst().orElse(null);
    }

    void onDropped(final IpAddress source, final long packets)
    {
        entries.replaceAll((entry) -> !entry.containment().target().address().equals(source) ? entry :
            new Entry(entry.containment(), entry.deadlineNs(), entry.actId(), entry.drops() + packets));
    }

    private boolean isLive(final Entry entry)
    {
        return !halted && entry.deadlineNs() - clock.nanoTime() > 0;
    }

    private Entry find(final Target target, final long actId)
    {
        return entries.stream().filter((entry) -> entry.actId() == actId && entry.containment().target().equals(
            target)).findFirst().orElse(null);
    }

    private static boolean stops(final Containment containment, final SyntheticPacket packet)
    {
        final Target target = containment.target();
        final IpAddress judged = Role.SOURCE == target.role() ? packet.source() : packet.destination();
        if (!target.prefix().contains(judged) || (0 != target.port() && target.port() != packet.port()))
        {
            return false;
        }
        switch (packet.kind())
        {
            case OPENING:
                return Mode.DROP == containment.mode();
            case SURPLUS_OPENING:
                return true;
            default:
                return Mode.DROP == containment.mode() || Mode.RATE_LIMIT == containment.mode();
        }
    }
}
