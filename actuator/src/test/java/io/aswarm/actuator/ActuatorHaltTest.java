package io.aswarm.actuator;

import org.junit.jupiter.api.Test;

import java.util.List;

import static io.aswarm.actuator.Bench.SUBJECT;
import static io.aswarm.actuator.Bench.TTL_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the kill switch does to acts, and how every move of it is certified, whoever made it. */
class ActuatorHaltTest
{
    private final Bench bench = new Bench();

    @Test
    void shouldHaltProveItAndResume() throws Exception
    {
        bench.start();
        bench.contain(SUBJECT);
        bench.agent.proxy().halt("alice", 5);
        bench.agent.doWork();

        final Outcome halted = bench.last();
        assertEquals(Outcome.Kind.HALTED, halted.kind());
        assertEquals("ordered by alice, order 5", halted.reason());
        assertEquals(List.of("kill_switch", "subject_passes"), halted.probes().stream().map(Probe::name).toList());
        assertEquals(List.of("halted", "XDP_PASS"), halted.probes().stream().map(Probe::observed).toList());
        assertEquals(SUBJECT.low(), halted.subjectLow());
        assertEquals("halt", halted.actKind());
        assertFalse(bench.control.drops(SUBJECT));
        assertEquals(1, bench.count(ActuatorCounter.HALTED));

        bench.agent.proxy().resume("bob", 6);
        bench.agent.doWork();
        final Outcome resumed = bench.last();
        assertEquals(Outcome.Kind.RESUMED, resumed.kind());
        assertEquals("ordered by bob, order 6", resumed.reason());
        assertEquals(List.of("running", "XDP_DROP"), resumed.probes().stream().map(Probe::observed).toList());
        assertTrue(bench.control.drops(SUBJECT));
        assertEquals(0, bench.count(ActuatorCounter.HALTED));

        bench.advanceNs(TTL_NS);
        assertEquals(Outcome.Kind.REVERTED, bench.last().kind());
    }

    @Test
    void shouldContainNothingBeforeAnOrderThatWaits() throws Exception
    {
        bench.start();
        bench.agent.proxy().halt("alice", 5);
        bench.request("port-scan", SUBJECT);
        assertFalse(bench.agent.contain());
        assertEquals(0, bench.control.containCalls);
        bench.agent.doWork();
        assertEquals(List.of(Outcome.Kind.HALTED, Outcome.Kind.REFUSED),
            bench.outcomes.stream().map(Outcome::kind).toList());
        assertEquals(0, bench.control.containCalls);
    }

    @Test
    void shouldFailWhatWasContainedButNotProvenBeforeAHalt() throws Exception
    {
        bench.start();
        bench.request("port-scan", SUBJECT);
        bench.agent.contain();
        bench.agent.proxy().halt("alice", 5);
        bench.agent.doWork();
        assertEquals(Outcome.Kind.FAILED, bench.last().kind());
        assertEquals("halted before its effect was proven", bench.last().reason());
        assertTrue(bench.control.entries.isEmpty());
    }

    @Test
    void shouldSayWhenAHaltIsNotEffective() throws Exception
    {
        bench.start();
        bench.contain(SUBJECT);
        bench.control.switchStuck = true;
        bench.agent.proxy().halt("alice", 5);
        bench.agent.doWork();

        assertEquals(Outcome.Kind.FAILED, bench.last().kind());
        assertEquals("halt", bench.last().actKind());
        assertEquals("ordered by alice, order 5; the kernel refused it: EIO (input or output error); not proven: " +
            "kill_switch observed running, subject_passes observed XDP_DROP", bench.last().reason());
    }

    @Test
    void shouldNoticeASwitchThatIsSetWithoutIt() throws Exception
    {
        bench.start();
        bench.control.halted = true;
        bench.assertRefused("port-scan", SUBJECT, "the kill switch is set");

        bench.advanceNs(KillSwitchKeeper.EXPLANATION_NS - 1);
        assertEquals(1, bench.outcomes.size());
        bench.advanceNs(1);
        assertEquals(Outcome.Kind.HALTED, bench.last().kind());
        assertEquals("found set, by no order to this node", bench.last().reason());

        bench.control.halted = false;
        bench.advanceNs(KillSwitchKeeper.POLL_NS);
        bench.advanceNs(KillSwitchKeeper.EXPLANATION_NS);
        assertEquals(Outcome.Kind.RESUMED, bench.last().kind());
        assertEquals(3, bench.outcomes.size());
    }

    @Test
    void shouldCertifyAShortHaltThatNobodyExplains() throws Exception
    {
        bench.start();
        bench.contain(SUBJECT);
        bench.control.halted = true;
        bench.advanceNs(KillSwitchKeeper.POLL_NS);
        bench.control.halted = false;
        bench.advanceNs(KillSwitchKeeper.POLL_NS);
        bench.advanceNs(KillSwitchKeeper.EXPLANATION_NS);

        assertEquals(List.of(Outcome.Kind.EFFECTIVE, Outcome.Kind.HALTED, Outcome.Kind.RESUMED),
            bench.outcomes.stream().map(Outcome::kind).toList());
        assertEquals(List.of("halted", "XDP_PASS"),
            bench.outcomes.get(1).probes().stream().map(Probe::observed).toList());
        assertEquals(List.of("running", "XDP_DROP"), bench.last().probes().stream().map(Probe::observed).toList());
    }

    @Test
    void shouldNotLetAnOrderExplainTheOppositeMove() throws Exception
    {
        bench.start();
        bench.control.halted = true;
        bench.advanceNs(KillSwitchKeeper.POLL_NS);
        bench.agent.proxy().resume("bob", 6);
        bench.agent.doWork();
        bench.advanceNs(KillSwitchKeeper.EXPLANATION_NS);

        assertEquals(List.of("found set, by no order to this node", "ordered by bob, order 6"),
            bench.outcomes.stream().map(Outcome::reason).toList());
    }

    @Test
    void shouldCertifyOnceWhenTheOrderFollowsTheSwitch() throws Exception
    {
        bench.start();
        bench.control.halted = true;
        bench.advanceNs(KillSwitchKeeper.POLL_NS);
        assertEquals(1, bench.count(ActuatorCounter.HALTED));
        bench.agent.proxy().halt("alice", 5);
        bench.agent.doWork();
        bench.advanceNs(KillSwitchKeeper.EXPLANATION_NS);

        assertEquals(1, bench.outcomes.size());
        assertEquals("ordered by alice, order 5", bench.last().reason());
    }

    @Test
    void shouldStartNothingWhileTheSwitchCanNotBeRead() throws Exception
    {
        bench.start();
        bench.control.switchError = FakeControl.EIO;
        bench.assertRefused("port-scan", SUBJECT, "the kill switch can not be read");
        bench.control.switchError = 0;
        assertEquals(Outcome.Kind.EFFECTIVE, bench.contain(SUBJECT).kind());
    }

    @Test
    void shouldUndoWhatIsBeingProvenWhenHalted() throws Exception
    {
        bench.start();
        bench.control.verdicts.add(-4);
        bench.request("port-scan", SUBJECT);
        bench.agent.doWork();
        bench.agent.proxy().halt("alice", 5);
        bench.agent.doWork();

        assertEquals(List.of(Outcome.Kind.HALTED, Outcome.Kind.FAILED),
            bench.outcomes.stream().map(Outcome::kind).toList());
        assertEquals("halted before its effect was proven", bench.last().reason());
        assertTrue(bench.control.entries.isEmpty());
    }

    @Test
    void shouldSayThatItStartedHalted() throws Exception
    {
        bench.control.halted = true;
        bench.start();
        assertEquals(Outcome.Kind.HALTED, bench.last().kind());
        assertEquals("found set at start", bench.last().reason());
    }
}
