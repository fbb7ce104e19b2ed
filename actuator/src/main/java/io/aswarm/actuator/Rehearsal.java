package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whole acts played at start, so that the first real one does not pay for class loading and native stubs. Nothing is
 * enforced, and the addresses are of the documentation (RFC 5737, RFC 3849); counters are thrown away.
 */
public final class Rehearsal
{
    private static final IpAddress SUBJECT_V4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress SUBJECT_V6 = IpAddress.parse("2001:db8::1");
    private static final int ROUNDS = 20;
    private static final int REQUESTS_MAX = 256;
    private static final long MINUTE_NS = 60_000_000_000L;

    private final Catalog catalog;
    private final Control control;
    private final NanoClock clock;
    private final OutcomeHandler handler;
    private final AtomicCounter counter = new AtomicCounter(
        new UnsafeBuffer(ByteBuffer.allocateDirect(CountersReader.COUNTER_LENGTH)), 0);
    private final ActuatorProxy proxy = new ActuatorProxy(REQUESTS_MAX, counter);
    private int actuators;

    /**
     * Prepare a rehearsal.
     *
     * @param catalog of acts.
     * @param control called as in earnest, with entries that are past their deadline and taken back at once.
     * @param clock   monotonic.
     * @param handler of outcomes.
     */
    public Rehearsal(
        final Catalog catalog, final Control control, final NanoClock clock, final OutcomeHandler handler)
    {
        this.catalog = catalog;
        this.control = control;
        this.clock = clock;
        this.handler = handler;
    }

    /**
     * How each actuator of this rehearsal is spoken to.
     *
     * @return the proxy; it takes up to {@value #REQUESTS_MAX} requests at once.
     */
    public ActuatorProxy proxy()
    {
        return proxy;
    }

    /**
     * An actuator that has started and goes the way of a real one, but enforces nothing. Its budgets are untouched.
     *
     * @return the next actuator, in place of the one before.
     */
    public ActuatorAgent actuator()
    {
        final ActuatorAgent agent = new ActuatorAgent(
            new ActuatorConfig(catalog, List.of(), REQUESTS_MAX), RehearsedControl.over(control, actuators++), clock,
            () -> 0, handler, (ignore) -> counter, proxy);
        agent.start();
        return agent;
    }

    /** Each act of the catalog in virtual time, to its end. */
    static void perform(final Catalog catalog, final Control control)
    {
        final CachedNanoClock clock = new CachedNanoClock();
        final Rehearsal rehearsal = new Rehearsal(catalog, control, clock, Outcome::probes);
        for (int i = 0; i < ROUNDS; i++)
        {
            final IpAddress subject = i % 2 == 0 ? SUBJECT_V4 : SUBJECT_V6;
            final ActuatorAgent agent = rehearsal.actuator();
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
}
