package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.ebpf.VerdictProbe;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whole acts played at start, so that the first real one does not pay for class loading and native stubs. The real
 * control is called as in earnest, but nothing is enforced: its entries are of documentation addresses (RFC 5737,
 * RFC 3849) and past their deadline when they are made. The kill switch is only read. Answers are those of a control
 * that works; outcomes, counters and the clock are thrown away.
 */
final class Rehearsal implements Control
{
    private static final IpAddress SUBJECT_V4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress SUBJECT_V6 = IpAddress.parse("2001:db8::1");
    private static final int ROUNDS = 20;
    private static final int REQUESTS_MAX = 2;
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final long LONG_AGO_NS = 1;

    private final Control control;
    private Containment contained;

    private Rehearsal(final Control control)
    {
        this.control = control;
    }

    static void perform(final Catalog catalog, final Control control)
    {
        final CachedNanoClock clock = new CachedNanoClock();
        final AtomicCounter counter = new AtomicCounter(
            new UnsafeBuffer(ByteBuffer.allocateDirect(CountersReader.COUNTER_LENGTH)), 0);
        final ActuatorAgent agent = new ActuatorAgent(
            new ActuatorConfig(catalog, List.of(), REQUESTS_MAX), new Rehearsal(control), clock, () -> 0,
            Outcome::probes, (ignore) -> counter);
        agent.start();
        for (int i = 0; i < ROUNDS; i++)
        {
            final IpAddress subject = i % 2 == 0 ? SUBJECT_V4 : SUBJECT_V6;
            for (final CompiledAct act : catalog.acts())
            {
                agent.proxy().offer(request(act.when(), subject, clock.nanoTime()));
                agent.doWork();
                clock.update(clock.nanoTime() + Math.max(act.ttlLongestNs(), MINUTE_NS));
                agent.doWork();
            }
        }
    }

    private static ActRequest request(final When when, final IpAddress subject, final long nowNs)
    {
        final int verification = Role.SOURCE == when.role() && Boolean.TRUE.equals(when.verified()) ? 1 : 0;
        return new ActRequest(
            0, when.scenarios().get(0), subject, when.role(), verification, new Aim(subject, 0, 0), 0, nowNs);
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
