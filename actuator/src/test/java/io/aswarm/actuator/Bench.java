package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.trust.DocumentException;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * An actuator on a table: fake control, clock moved by hand, outcomes in a list.
 */
final class Bench
{
    static final long TTL_NS = 30_000_000_000L;
    static final int VERIFIED = 1;
    static final long START_EPOCH_MS = 1_795_000_000_000L;
    static final IpAddress SUBJECT = IpAddress.parse("198.18.0.7");

    final CachedNanoClock clock = new CachedNanoClock();
    final FakeControl control = new FakeControl(clock);
    final List<Outcome> outcomes = new ArrayList<>();
    final Map<ActuatorCounter, AtomicCounter> counters = new EnumMap<>(ActuatorCounter.class);
    private long startEpochMs = START_EPOCH_MS;
    private long elevationId;
    private String yaml;
    ActuatorAgent agent;

    Bench()
    {
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16)), new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14)));
        for (final ActuatorCounter counter : ActuatorCounter.values())
        {
            counters.put(counter, manager.newCounter(counter.label()));
        }
        clock.update(1_000_000_000_000L);
    }

    static String yaml(final String ring, final int activeMax, final int perMinuteMax)
    {
        return "version: 1\n" +
            "acts:\n" +
            "  - {id: quarantine-source, ring: " + ring + ", scenarios: [port-scan, sweep], kind: xdp_quarantine,\n" +
            "     mode: drop, ttl: 30s, inverse: release, probes: [attached, subject_blocked, control_passes]}\n" +
            "never_contain:\n" +
            "  - {prefix: 198.18.255.0/24, reason: management network}\n" +
            "budgets: {active_max: " + activeMax + ", per_minute_max: " + perMinuteMax + "}\n";
    }

    Bench start() throws DocumentException
    {
        return start(yaml("1", 100, 1_000));
    }

    Bench start(final String catalogYaml) throws DocumentException
    {
        yaml = catalogYaml;
        agent = new ActuatorAgent(
            new ActuatorConfig(Catalog.parse("catalog", catalogYaml), List.of(), 64), control, clock,
            () -> startEpochMs, outcomes::add, counters::get);
        agent.onStart();
        control.containCalls = 0;
        return this;
    }

    void restart() throws DocumentException
    {
        startEpochMs += 1_000;
        start(yaml);
    }

    void setBackWallClockAndRestart() throws DocumentException
    {
        startEpochMs -= 86_400_000;
        start(yaml);
    }

    long request(final String scenario, final IpAddress subject)
    {
        elevationId++;
        if (!agent.proxy().offer(new ActRequest(
            elevationId, scenario, subject, Role.SOURCE, VERIFIED, Aim.MANY, 12.5, clock.nanoTime())))
        {
            throw new AssertionError("the queue is full");
        }
        return elevationId;
    }

    Outcome contain(final IpAddress subject)
    {
        request("port-scan", subject);
        agent.doWork();
        return last();
    }

    void advanceNs(final long deltaNs)
    {
        clock.update(clock.nanoTime() + deltaNs);
        agent.doWork();
    }

    /** Let a step that failed be tried again until it is given up. */
    void exhaustRetries()
    {
        for (int i = 0; i < 2 * ActAutomaton.ATTEMPTS_MAX; i++)
        {
            advanceNs(ActAutomaton.RETRY_NS);
        }
    }

    /** It is asked for, and refused for this reason. */
    void assertRefused(final String scenario, final IpAddress subject, final String reason)
    {
        final long elevationId = request(scenario, subject);
        agent.doWork();
        assertEquals(Outcome.Kind.REFUSED, last().kind());
        assertEquals(elevationId, last().elevationId());
        assertEquals(reason, last().reason());
    }

    Outcome last()
    {
        return outcomes.get(outcomes.size() - 1);
    }

    long count(final ActuatorCounter counter)
    {
        return counters.get(counter).get();
    }
}
