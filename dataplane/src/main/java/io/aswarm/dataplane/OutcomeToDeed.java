package io.aswarm.dataplane;

import com.fasterxml.jackson.core.JsonGenerator;
import io.aswarm.actuator.Containment;
import io.aswarm.actuator.Outcome;
import io.aswarm.actuator.OutcomeHandler;
import io.aswarm.actuator.Probe;
import io.aswarm.journal.Deed;
import io.aswarm.journal.ProbeStatement;
import io.aswarm.journal.RuleStatement;
import org.agrona.concurrent.NanoClock;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Carries what the actuator measured to the journal, word for word, and notes it in the event log. In a turn of the
 * actuator.
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
        final List<ProbeStatement> probes = new ArrayList<>(outcome.probes().size());
        outcome.probes().forEach((probe) -> probes.add(statement(probe)));
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
            eventLog.offer("actuation", outcome.startedNs(), (to) -> writeActuation(to, outcome, subject));
        }
        eventLog.offer(
            outcome.kind().name().toLowerCase(Locale.ROOT), nowNs, (to) -> writeOutcome(to, outcome, subject));
    }

    private static void writeActuation(final JsonGenerator to, final Outcome outcome, final String subject)
        throws IOException
    {
        to.writeStringField("act_id", Long.toString(outcome.actId()));
        to.writeStringField("elevation_id", Long.toString(outcome.elevationId()));
        to.writeStringField("policy_id", outcome.policyId());
        to.writeStringField("subject", subject);
        to.writeStringField("act_kind", outcome.actKind());
        to.writeNumberField("ttl_ms", outcome.ttlNs() / MILLISECOND_NS);
        to.writeStringField("started_ns", Long.toString(outcome.startedNs()));
    }

    private static void writeOutcome(final JsonGenerator to, final Outcome outcome, final String subject)
        throws IOException
    {
        to.writeStringField("act_id", Long.toString(outcome.actId()));
        to.writeStringField("elevation_id", Long.toString(outcome.elevationId()));
        to.writeStringField("subject", subject);
        to.writeStringField("tier", outcome.tier());
        if (null != outcome.role())
        {
            to.writeStringField("role", outcome.role().label());
            Names.write(to, "verification", Names.verificationWords(outcome.verification()));
        }
        final Containment containment = outcome.containment();
        if (null != containment)
        {
            to.writeStringField("packets", containment.rule().toString());
            to.writeStringField("mode", containment.mode().label());
        }
        writeInstant(to, "effective_ns", outcome.effectiveNs());
        writeInstant(to, "deadline_ns", outcome.deadlineNs());
        writeInstant(to, "ended_ns", outcome.endedNs());
        to.writeNumberField("packets_dropped", outcome.packetsDropped());
        to.writeStringField("reason", outcome.reason());
        to.writeArrayFieldStart("probes");
        for (final Probe probe : outcome.probes())
        {
            to.writeStartObject();
            to.writeStringField("name", probe.name());
            to.writeStringField("expected", probe.expected());
            to.writeStringField("observed", probe.observed());
            to.writeBooleanField("passed", probe.passed());
            to.writeStringField("duration_ns", Long.toString(probe.durationNs()));
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    /** Only these end an act's first phase; a revert or an adoption is of an act that was noted before. */
    private static boolean isOfAnAct(final Outcome outcome)
    {
        return Outcome.Kind.EFFECTIVE == outcome.kind() || Outcome.Kind.FAILED == outcome.kind();
    }

    private static void writeInstant(final JsonGenerator to, final String name, final long instantNs)
        throws IOException
    {
        if (0 != instantNs)
        {
            to.writeStringField(name, Long.toString(instantNs));
        }
    }
}
