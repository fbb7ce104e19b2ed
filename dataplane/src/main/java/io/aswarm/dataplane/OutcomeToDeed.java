package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.actuator.Containment;
import io.aswarm.actuator.Outcome;
import io.aswarm.actuator.OutcomeHandler;
import io.aswarm.actuator.Probe;
import io.aswarm.journal.Deed;
import io.aswarm.journal.ProbeStatement;
import io.aswarm.journal.RuleStatement;
import org.agrona.concurrent.NanoClock;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Carries what the actuator measured to the journal, word for word, and notes it in the event log. Actuator thread.
 */
public final class OutcomeToDeed implements OutcomeHandler
{
    private static final long MILLISECOND_NS = 1_000_000L;

    private final Consumer<Deed> journal;
    private final Wakeup journalThread;
    private final EventLog eventLog;
    private final NanoClock clock;

    /**
     * Connect an actuator with a journal.
     *
     * @param journal       takes a deed.
     * @param journalThread to wake.
     * @param eventLog      to note it in.
     * @param clock         monotonic.
     */
    public OutcomeToDeed(
        final Consumer<Deed> journal,
        final Wakeup journalThread,
        final EventLog eventLog,
        final NanoClock clock)
    {
        this.journal = journal;
        this.journalThread = journalThread;
        this.eventLog = eventLog;
        this.clock = clock;
    }

    @Override
    public void onOutcome(final Outcome outcome)
    {
        final String subject = Names.address(outcome.subjectHigh(), outcome.subjectLow());
        note(outcome, subject, clock.nanoTime());
        journal.accept(deed(outcome, subject));
        eventLog.thread().wake();
        journalThread.wake();
    }

    static Deed deed(final Outcome outcome, final String subject)
    {
        final List<ProbeStatement> probes = outcome.probes().stream().map(OutcomeToDeed::statement).toList();
        return new Deed(
            outcome.kind().name(), outcome.actId(), outcome.elevationId(), outcome.policyId(), outcome.catalogHash(),
            outcome.ring(), outcome.actKind(), subject, rule(outcome.containment()), outcome.ttlNs(),
            outcome.startedNs(), outcome.effectiveNs(), outcome.deadlineNs(), outcome.endedNs(), probes,
            outcome.packetsDropped(), outcome.tier(), outcome.reason());
    }

    private static RuleStatement rule(final Containment containment)
    {
        return null == containment ? null : new RuleStatement(
            containment.rule().toString(), containment.mode().label(), containment.packetsPerSecond(),
            containment.burst());
    }

    private static ProbeStatement statement(final Probe probe)
    {
        return new ProbeStatement(
            probe.name(), probe.expected(), probe.observed(), probe.passed(), probe.atNs(), probe.durationNs());
    }

    private void note(final Outcome outcome, final String subject, final long nowNs)
    {
        if (0 != outcome.startedNs() && isOfAnAct(outcome))
        {
            eventLog.offer(() -> actuation(outcome, subject, eventLog));
        }
        eventLog.offer(() -> line(outcome, subject, eventLog, nowNs));
    }

    private static ObjectNode actuation(final Outcome outcome, final String subject, final EventLog eventLog)
    {
        return eventLog.begin("actuation", outcome.startedNs())
            .put("act_id", Long.toString(outcome.actId()))
            .put("elevation_id", Long.toString(outcome.elevationId()))
            .put("policy_id", outcome.policyId())
            .put("subject", subject)
            .put("act_kind", outcome.actKind())
            .put("ttl_ms", outcome.ttlNs() / MILLISECOND_NS)
            .put("started_ns", Long.toString(outcome.startedNs()));
    }

    private static ObjectNode line(
        final Outcome outcome, final String subject, final EventLog eventLog, final long nowNs)
    {
        final ObjectNode event = eventLog
            .begin(outcome.kind().name().toLowerCase(Locale.ROOT), nowNs)
            .put("act_id", Long.toString(outcome.actId()))
            .put("elevation_id", Long.toString(outcome.elevationId()))
            .put("subject", subject)
            .put("tier", outcome.tier());
        describe(outcome, event);
        put(event, "effective_ns", outcome.effectiveNs());
        put(event, "deadline_ns", outcome.deadlineNs());
        put(event, "ended_ns", outcome.endedNs());
        event.put("packets_dropped", outcome.packetsDropped()).put("reason", outcome.reason());
        final ArrayNode probes = event.putArray("probes");
        outcome.probes().forEach((probe) -> probes.addObject()
            .put("name", probe.name()).put("expected", probe.expected()).put("observed", probe.observed())
            .put("passed", probe.passed()).put("duration_ns", Long.toString(probe.durationNs())));
        return event;
    }

    private static void describe(final Outcome outcome, final ObjectNode event)
    {
        if (null != outcome.role())
        {
            event.put("role", outcome.role().label());
            event.set("verification", Names.verification(outcome.verification()));
        }
        final Containment containment = outcome.containment();
        if (null != containment)
        {
            event.put("packets", containment.rule().toString()).put("mode", containment.mode().label());
        }
    }

    /** Only these end an act's first phase; a revert or an adoption is of an act that was noted before. */
    private static boolean isOfAnAct(final Outcome outcome)
    {
        return Outcome.Kind.EFFECTIVE == outcome.kind() || Outcome.Kind.FAILED == outcome.kind();
    }

    private static void put(final ObjectNode event, final String name, final long instantNs)
    {
        if (0 != instantNs)
        {
            event.put(name, Long.toString(instantNs));
        }
    }
}
