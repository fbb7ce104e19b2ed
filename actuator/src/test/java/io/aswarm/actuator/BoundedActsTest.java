package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.QuarantineRule;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.aswarm.actuator.Bench.SUBJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Acts that are milder than a drop, acts that overlap, and acts against targets that come back. */
class BoundedActsTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress VICTIM = IpAddress.parse("198.18.0.80");
    private static final String CATALOG =
        "version: 2\n" +
        "acts:\n" +
        "  - {id: drop, ring: 1, when: {scenarios: [sweep], role: source, verified: true}, kind: drop_source,\n" +
        "     mode: drop, ttl: [10s, 60s], ttl_decay: 100s, inverse: release,\n" +
        "     probes: [subject_blocked, control_passes]}\n" +
        "  - {id: guard, ring: 1, when: {scenarios: [sweep], role: source, verified: false}, kind: guard_source,\n" +
        "     mode: guard, limit: {packets_per_second: 5, burst: 7}, ttl: 9s, inverse: release,\n" +
        "     probes: [attached, openings_limited, established_passes, neighbour_passes, control_passes]}\n" +
        "  - {id: limit, ring: 1, when: {scenarios: [spread-flood], role: aim}, kind: limit_aim, mode: openings,\n" +
        "     limit: {packets_per_second: 50, burst: 70}, ttl: 20s, inverse: release,\n" +
        "     probes: [openings_limited, established_passes, control_passes]}\n" +
        "never_contain: []\n" +
        "budgets: {active_max: 10, per_minute_max: 20}\n";

    private final Bench bench = new Bench();

    @Test
    void shouldGuardASourceThatWasMerelyShown() throws Exception
    {
        bench.start(CATALOG);
        final Outcome guard = ask("sweep", SUBJECT, Role.SOURCE, 0, Aim.MANY);

        assertEquals(Outcome.Kind.EFFECTIVE, guard.kind(), guard.reason());
        assertEquals("guard_source", guard.actKind());
        assertEquals(new Containment(QuarantineRule.source(SUBJECT), Mode.GUARD, 5, 7), guard.containment());
        assertEquals(Role.SOURCE, guard.role());
        assertEquals(0, guard.verification());
        assertEquals(
            List.of("attached", "openings_limited", "established_passes", "neighbour_passes", "control_passes"),
            guard.probes().stream().map(Probe::name).toList());
        assertEquals(List.of("attached", "XDP_DROP", "XDP_PASS", "XDP_PASS", "XDP_PASS"),
            guard.probes().stream().map(Probe::observed).toList());

        bench.advanceNs(9 * SECOND_NS);
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
        assertEquals(List.of("no entry", "XDP_PASS"), bench.last().probes().stream().map(Probe::observed).toList());
    }

    @Test
    void shouldLimitWhatHitsTheAim() throws Exception
    {
        bench.start(CATALOG);
        final Outcome limit = ask("spread-flood", VICTIM, Role.AIM, 0, new Aim(null, 6, 443));

        assertEquals(Outcome.Kind.EFFECTIVE, limit.kind(), limit.reason());
        assertEquals(
            new Containment(QuarantineRule.aim(VICTIM).service(6, 443), Mode.OPENINGS, 50, 70), limit.containment());
        assertEquals(Role.AIM, limit.role());
        assertEquals(Outcome.Kind.REFUSED, ask("spread-flood", VICTIM, Role.AIM, 0, new Aim(null, 6, 443)).kind());
        assertEquals(Outcome.Kind.EFFECTIVE, ask("spread-flood", VICTIM, Role.AIM, 0, new Aim(null, 6, 80)).kind());
    }

    @Test
    void shouldDropBesideAGuardWhenTheSourceIsVerifiedAndUndoEachByItself() throws Exception
    {
        bench.start(CATALOG);
        final Outcome guard = ask("sweep", SUBJECT, Role.SOURCE, 0, Aim.MANY);
        bench.advanceNs(SECOND_NS);
        final Outcome drop = ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY);
        assertEquals(Outcome.Kind.EFFECTIVE, drop.kind(), drop.reason());
        assertEquals(2, bench.control.entries.size());

        // what is dropped already needs no guard
        final Outcome again = ask("sweep", SUBJECT, Role.SOURCE, 0, Aim.MANY);
        assertEquals(Outcome.Kind.REFUSED, again.kind());
        assertTrue(again.reason().contains("already contains"), again.reason());

        bench.advanceNs(8 * SECOND_NS);
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind(), bench.last().reason());
        assertEquals(guard.actId(), bench.last().actId());
        assertEquals(List.of("entry_gone"), bench.last().probes().stream().map(Probe::name).toList());
        assertTrue(bench.control.drops(SUBJECT));

        bench.advanceNs(2 * SECOND_NS);
        assertEquals(drop.actId(), bench.last().actId());
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
        assertEquals(List.of("entry_gone", "subject_passes"),
            bench.last().probes().stream().map(Probe::name).toList());
        assertTrue(bench.control.entries.isEmpty());
    }

    @Test
    void shouldUndoAGuardThatHarmsEstablishedConversations() throws Exception
    {
        bench.start(CATALOG);
        for (int attempt = 0; attempt < ActAutomaton.ATTEMPTS_MAX; attempt++)
        {
            bench.control.verdicts.addAll(
                List.of(Control.VERDICT_DROP, Control.VERDICT_DROP, Control.VERDICT_PASS, Control.VERDICT_PASS));
        }
        ask("sweep", SUBJECT, Role.SOURCE, 0, Aim.MANY);
        bench.exhaustRetries();

        assertEquals(Outcome.Kind.FAILED, bench.last().kind());
        assertTrue(bench.last().reason().contains("established_passes expected XDP_PASS and observed XDP_DROP"),
            bench.last().reason());
        assertTrue(bench.control.entries.isEmpty());
    }

    @Test
    void shouldHoldLongerWhoComesBackAndForgetAfterQuiet() throws Exception
    {
        bench.start(CATALOG);
        assertEquals(10 * SECOND_NS, ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY).ttlNs());
        bench.advanceNs(10 * SECOND_NS);
        final Outcome second = ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY);
        assertEquals(60 * SECOND_NS, second.ttlNs());
        assertEquals(second.startedNs() + second.ttlNs(), second.deadlineNs());
        bench.advanceNs(60 * SECOND_NS);
        assertEquals(60 * SECOND_NS, ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY).ttlNs());
        bench.advanceNs(60 * SECOND_NS);
        bench.advanceNs(200 * SECOND_NS);
        assertEquals(10 * SECOND_NS, ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY).ttlNs());
    }

    @Test
    void shouldNotHoldLongerBecauseAnEarlierActHadNoEffect() throws Exception
    {
        bench.start(CATALOG);
        bench.control.containResults.addAll(List.of(-7, -7, -7));
        ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY);
        bench.exhaustRetries();
        assertEquals(Outcome.Kind.FAILED, bench.last().kind());
        assertEquals(10 * SECOND_NS, ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY).ttlNs());
    }

    @Test
    void shouldAdoptActsThatOverlap() throws Exception
    {
        bench.start(CATALOG);
        ask("sweep", SUBJECT, Role.SOURCE, 0, Aim.MANY);
        ask("sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY);
        bench.outcomes.clear();
        bench.restart();

        assertEquals(List.of("guard_source", "drop_source"),
            bench.outcomes.stream().map(Outcome::actKind).toList());
        assertTrue(bench.outcomes.stream().allMatch((each) -> Outcome.Kind.ADOPTED == each.kind()));
        assertEquals(ActRequest.VERIFICATION_UNKNOWN, bench.last().verification());
        bench.advanceNs(10 * SECOND_NS);
        assertEquals(0, bench.count(ActuatorCounter.ACTIVE));
        assertTrue(bench.control.entries.isEmpty());
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind(), bench.last().reason());
    }

    @Test
    void shouldNotBeginBeforeTheElevationThatCameWhileItsCycleRan() throws Exception
    {
        bench.start(CATALOG);
        final long cycleNs = bench.clock.nanoTime();
        final long elevatedNs = cycleNs + 500;
        final ActuatorAgent[] agent = new ActuatorAgent[1];
        final NanoClock movingClock = () ->
        {
            final long nowNs = bench.clock.nanoTime();
            if (cycleNs == nowNs)
            {
                agent[0].proxy().offer(new ActRequest(
                    7, "sweep", SUBJECT, Role.SOURCE, 1, Aim.MANY, 12.5, elevatedNs));
                bench.clock.update(elevatedNs + 1);
            }
            return nowNs;
        };
        agent[0] = new ActuatorAgent(
            new ActuatorConfig(Catalog.parse("catalog", CATALOG), List.of(), 64), bench.control, movingClock,
            () -> Bench.START_EPOCH_MS, bench.outcomes::add, bench.counters::get);
        agent[0].doWork();

        assertEquals(Outcome.Kind.EFFECTIVE, bench.last().kind(), bench.last().reason());
        assertTrue(bench.last().startedNs() - elevatedNs >= 0);
    }

    private Outcome ask(
        final String scenario, final IpAddress subject, final Role role, final int verification, final Aim aim)
    {
        bench.agent.proxy().offer(new ActRequest(
            7, scenario, subject, role, verification, aim, 12.5, bench.clock.nanoTime()));
        bench.agent.doWork();
        return bench.outcomes.isEmpty() ? null : bench.last();
    }
}
