package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import static io.aswarm.actuator.Bench.SUBJECT;
import static io.aswarm.actuator.Bench.TTL_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ActuatorAgentTest
{
    private static final IpAddress OTHER = IpAddress.parse("2001:2::66");
    private final Bench bench = new Bench();

    @Test
    void shouldContainProveAndRevertWithProofs() throws Exception
    {
        bench.start();
        final long startNs = bench.clock.nanoTime();
        final Outcome effective = bench.contain(SUBJECT);

        assertEquals(Outcome.Kind.EFFECTIVE, effective.kind());
        assertEquals("quarantine-source", effective.policyId());
        assertEquals(64, effective.catalogHash().length());
        assertEquals(1, effective.elevationId());
        assertEquals(1, effective.ring());
        assertEquals(startNs + TTL_NS, effective.deadlineNs());
        assertEquals("simulated", effective.tier());
        assertEquals(List.of("attached", "subject_blocked", "control_passes"),
            effective.probes().stream().map(Probe::name).toList());
        assertEquals(List.of("attached", "XDP_DROP", "XDP_PASS"),
            effective.probes().stream().map(Probe::observed).toList());
        assertTrue(bench.control.drops(SUBJECT));

        bench.control.onDropped(SUBJECT, 123);
        bench.advanceNs(TTL_NS - 1);
        assertEquals(1, bench.outcomes.size());
        assertNotNull(bench.control.entryOf(SUBJECT));
        bench.advanceNs(1);

        final Outcome reverted = bench.last();
        assertEquals(Outcome.Kind.REVERTED, reverted.kind());
        assertEquals(effective.actId(), reverted.actId());
        assertEquals(123, reverted.packetsDropped());
        assertEquals(List.of("entry_gone", "subject_passes"), reverted.probes().stream().map(Probe::name).toList());
        assertTrue(bench.control.entries.isEmpty());
        assertEquals(0, bench.count(ActuatorCounter.ACTIVE));
        assertEquals(1, bench.count(ActuatorCounter.EFFECTIVE));
        assertEquals(1, bench.count(ActuatorCounter.REVERTED));
        assertEquals(5, bench.count(ActuatorCounter.PROBES));
    }

    @Test
    void shouldContainAtOnceAndProveInTheDutyCycleAfter() throws Exception
    {
        bench.start();
        assertTrue(bench.agent.contain());
        bench.request("port-scan", SUBJECT);
        assertFalse(bench.agent.contain());
        assertTrue(bench.control.drops(SUBJECT));
        assertEquals(List.of(), bench.outcomes);
        assertEquals(1, bench.count(ActuatorCounter.ACTIVE));

        assertTrue(bench.agent.contain());
        assertEquals(List.of(), bench.outcomes);
        bench.advanceNs(1_000);
        assertEquals(Outcome.Kind.EFFECTIVE, bench.last().kind());
        assertEquals(bench.clock.nanoTime() - 1_000, bench.last().startedNs());
        assertEquals(1, bench.control.containCalls);
    }

    @Test
    void shouldRehearseOnThreeClassesOfControlInTurn()
    {
        final List<Class<?>> classes = new ArrayList<>();
        for (int i = 0; i < 6; i++)
        {
            classes.add(RehearsedControl.over(bench.control, i).getClass());
        }
        assertEquals(3, Set.copyOf(classes.subList(0, 3)).size());
        assertEquals(classes.subList(0, 3), classes.subList(3, 6));
    }

    @Test
    void shouldRehearseWithoutATraceAndWithoutEnforcing() throws Exception
    {
        bench.control.halted = true;
        bench.start();
        assertTrue(bench.control.verdictCalls > 0);
        assertTrue(bench.control.entriesMade > 0);
        assertEquals(0, bench.control.liveEntriesMade);
        assertTrue(bench.control.entries.isEmpty());
        assertTrue(bench.control.halted);
        assertEquals(List.of(Outcome.Kind.HALTED), bench.outcomes.stream().map(Outcome::kind).toList());
        assertEquals(0, bench.count(ActuatorCounter.STARTED));
        assertEquals(1, bench.count(ActuatorCounter.PROBES));
    }

    @Test
    void shouldNotStartASecondActNorMoveTheDeadline() throws Exception
    {
        bench.start();
        final Outcome first = bench.contain(SUBJECT);
        bench.advanceNs(TTL_NS / 2);
        final Outcome second = bench.contain(SUBJECT);

        assertEquals(Outcome.Kind.REFUSED, second.kind());
        assertEquals("act " + first.actId() + " already contains this subject, with 15000 ms left", second.reason());
        assertEquals(first.deadlineNs(), bench.control.entryOf(SUBJECT).deadlineNs());
        assertEquals(1, bench.control.containCalls);

        bench.advanceNs(TTL_NS / 2);
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
        final Outcome third = bench.contain(SUBJECT);
        assertEquals(Outcome.Kind.EFFECTIVE, third.kind());
        assertTrue(third.actId() > first.actId());
        assertEquals(bench.clock.nanoTime() + TTL_NS, third.deadlineNs());
    }

    @Test
    void shouldAnswerEveryRequestThatAGuardrailForbids() throws Exception
    {
        bench.start(Bench.yaml("1", 1, 1_000));
        bench.contain(SUBJECT);
        bench.assertRefused("port-scan", OTHER, "budget: 1 acts hold already; allowed: 1");
        bench.assertRefused("port-scan", IpAddress.parse("198.18.255.9"),
            "198.18.255.9 is never contained: 198.18.255.0/24, management network");
        bench.assertRefused(
            "syn-flood", OTHER, "no act of the catalog answers scenario \"syn-flood\" by a verified source");
        bench.agent.proxy().halt("alice", 5);
        bench.assertRefused("port-scan", OTHER, "the kill switch is set");
        assertEquals(1, bench.control.containCalls);
        assertEquals(4, bench.count(ActuatorCounter.REFUSED));
    }

    @Test
    void shouldNeverStartRingTwo() throws Exception
    {
        bench.start(Bench.yaml("2", 10, 10));
        bench.assertRefused("port-scan", SUBJECT, "ring 2 needs a signed approval");
        assertEquals(0, bench.control.containCalls);
    }

    @Test
    void shouldUndoWhatItCanNotProve() throws Exception
    {
        bench.start();
        bench.control.attached = false;
        bench.request("port-scan", SUBJECT);
        bench.agent.doWork();
        assertTrue(bench.control.drops(SUBJECT));
        assertTrue(bench.outcomes.isEmpty());
        bench.exhaustRetries();

        assertEquals(1, bench.outcomes.size());
        assertEquals(Outcome.Kind.FAILED, bench.last().kind());
        assertEquals("effect is not proven after 3 attempts: attached expected attached and observed detached",
            bench.last().reason());
        assertTrue(bench.control.entries.isEmpty());
        assertEquals(0, bench.count(ActuatorCounter.ACTIVE));
    }

    @Test
    void shouldSayAtOnceWhenItCanNotUndoAndUndoAtTheDeadline() throws Exception
    {
        bench.start();
        bench.control.attached = false;
        bench.control.releaseResults.addAll(List.of(-5, -5, -5));
        bench.request("port-scan", SUBJECT);
        bench.agent.doWork();
        bench.exhaustRetries();

        assertEquals(Outcome.Kind.FAILED, bench.last().kind());
        assertTrue(bench.last().reason().endsWith("the entry holds until its deadline"), bench.last().reason());
        assertEquals(1, bench.count(ActuatorCounter.ACTIVE));
        bench.advanceNs(TTL_NS);
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
        assertEquals(2, bench.outcomes.size());
        assertTrue(bench.control.entries.isEmpty());
    }

    @Test
    void shouldRecoverWhenAProbeFailsOnce() throws Exception
    {
        bench.start();
        bench.control.verdicts.add(-4);
        bench.request("port-scan", SUBJECT);
        bench.agent.doWork();
        bench.advanceNs(ActAutomaton.RETRY_NS);

        assertEquals(Outcome.Kind.EFFECTIVE, bench.last().kind());
        assertEquals(1, bench.count(ActuatorCounter.PROBES_FAILED));
        assertEquals(1, bench.count(ActuatorCounter.RETRIES));
    }

    @Test
    void shouldChooseAControlAddressThatIsNotQuarantined() throws Exception
    {
        bench.start();
        bench.contain(SUBJECT);
        // 198.18.0.6 differs from .7 in the lowest bit: the first choice as control of this one, but contained itself
        final Outcome outcome = bench.contain(IpAddress.parse("198.18.0.6"));

        assertEquals(Outcome.Kind.EFFECTIVE, outcome.kind());
        assertEquals("XDP_PASS", outcome.probes().get(2).observed());
    }

    @Test
    void shouldNotReuseAnActIdWhenTheWallClockWasSetBack() throws Exception
    {
        bench.start();
        final Outcome first = bench.contain(SUBJECT);
        bench.setBackWallClockAndRestart();

        assertTrue(bench.contain(OTHER).actId() > first.actId());
    }

    @Test
    void shouldAdoptWhatAnEarlierRunLeftWithTheTimeThatRemains() throws Exception
    {
        bench.start();
        final Outcome effective = bench.contain(SUBJECT);
        bench.control.entries.add(FakeControl.Entry.drop(OTHER, bench.clock.nanoTime() + 5, 77, 3));
        bench.clock.update(bench.clock.nanoTime() + 10_000_000_000L);
        bench.outcomes.clear();
        bench.restart();

        assertEquals(2, bench.outcomes.size());
        final Outcome expired = bench.outcomes.get(0);
        assertEquals(Outcome.Kind.REVERTED, expired.kind());
        assertEquals(77, expired.actId());
        assertEquals(3, expired.packetsDropped());
        assertEquals("found at start, its time was over", expired.reason());

        final Outcome adopted = bench.outcomes.get(1);
        assertEquals(Outcome.Kind.ADOPTED, adopted.kind());
        assertEquals(effective.actId(), adopted.actId());
        assertEquals(effective.deadlineNs(), adopted.deadlineNs());
        assertEquals(20_000_000_000L, adopted.ttlNs());
        assertTrue(adopted.probes().stream().allMatch(Probe::passed));

        bench.assertRefused("port-scan", SUBJECT, "act " + effective.actId() + " already contains this subject, with " +
            "20000 ms left");
        bench.advanceNs(20_000_000_000L - 1);
        assertTrue(bench.control.drops(SUBJECT));
        bench.advanceNs(1);
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
        assertEquals(effective.actId(), bench.last().actId());
        assertTrue(bench.control.entries.isEmpty());
    }

    @Test
    void shouldLetGoWhatIsProtectedSince() throws Exception
    {
        final IpAddress management = IpAddress.parse("198.18.255.9");
        bench.control.entries.add(
            FakeControl.Entry.drop(management, bench.clock.nanoTime() + TTL_NS, 77, 3));
        bench.start();

        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
        assertEquals("found at start, 198.18.255.9 is never contained: 198.18.255.0/24, management network",
            bench.last().reason());
        assertTrue(bench.control.entries.isEmpty());
    }

    @Test
    void shouldNotTouchAnotherActsEntry() throws Exception
    {
        bench.start();
        final FakeControl.Entry foreign =
            FakeControl.Entry.drop(SUBJECT, bench.clock.nanoTime() + 2 * TTL_NS, 1, 0);
        bench.control.entries.add(foreign);

        assertEquals(Outcome.Kind.FAILED, bench.contain(SUBJECT).kind());
        assertEquals("another act owns an entry for this subject", bench.last().reason());
        bench.advanceNs(TTL_NS);
        assertEquals(foreign, bench.control.entryOf(SUBJECT));
    }

    @Test
    void shouldCountWhatDoesNotFitAndLetAHaltThrough() throws Exception
    {
        bench.start();
        for (int i = 0; i < 64; i++)
        {
            bench.request("port-scan", SUBJECT);
        }
        assertThrows(AssertionError.class, () -> bench.request("port-scan", SUBJECT));
        assertEquals(1, bench.count(ActuatorCounter.QUEUE_FULL));
        assertTrue(bench.agent.proxy().halt("alice", 5));
        bench.agent.doWork();

        assertEquals(Outcome.Kind.HALTED, bench.outcomes.get(0).kind());
    }

    @Test
    void shouldKeepAnActThatItsHandlerChokedOn() throws Exception
    {
        final Consumer<Outcome> choking = (outcome) ->
        {
            bench.outcomes.add(outcome);
            if (Outcome.Kind.EFFECTIVE == outcome.kind())
            {
                throw new IllegalStateException("choked");
            }
        };
        bench.agent = new ActuatorAgent(
            new ActuatorConfig(Catalog.parse("catalog", Bench.yaml("1", 10, 10)), List.of(), 64), bench.control,
            bench.clock, () -> Bench.START_EPOCH_MS, choking::accept, bench.counters::get);
        bench.agent.onStart();
        bench.request("port-scan", SUBJECT);
        assertThrows(IllegalStateException.class, bench.agent::doWork);

        bench.advanceNs(TTL_NS);
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
        assertTrue(bench.control.entries.isEmpty());
    }
}
