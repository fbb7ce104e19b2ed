package io.aswarm.dataplane;

import com.fasterxml.jackson.core.JsonGenerator;
import io.aswarm.actuator.ActRequest;
import io.aswarm.actuator.ActuatorProxy;
import io.aswarm.actuator.Aim;
import io.aswarm.actuator.Role;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.journal.Finding;
import io.aswarm.journal.WitnessStatement;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.QuorumHandler;
import io.aswarm.quorum.Witness;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.SignedOrder;
import org.agrona.concurrent.NanoClock;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Names the pattern of an elevation, asks the actuator for an act, and puts the finding before the journal as soon as
 * the witnesses have signed: often before the act, else some microseconds after it, for which the journal waits. Quorum
 * thread; neither queue is waited for, a full one is its owner's counter.
 */
public final class ElevationToAct implements QuorumHandler
{
    private final ActuatorProxy actuator;
    private final Wakeup actuatorThread;
    private final Consumer<Finding> journal;
    private final EvidenceMemory memory;
    private final EventLog eventLog;
    private final NanoClock clock;
    private final SiteOrders siteOrders;

    /**
     * Connect a quorum agent with actuator and journal.
     *
     * @param actuator       takes a request.
     * @param actuatorThread to hand over to.
     * @param journal        takes a finding; told first.
     * @param memory         of what this node saw itself, and of what it elevated.
     * @param eventLog       to note it in.
     * @param clock          monotonic.
     */
    public ElevationToAct(
        final ActuatorProxy actuator,
        final Wakeup actuatorThread,
        final Consumer<Finding> journal,
        final EvidenceMemory memory,
        final EventLog eventLog,
        final NanoClock clock)
    {
        this(actuator, actuatorThread, journal, memory, eventLog, clock, null);
    }

    /** As above, with orders of the operators; null where nobody gives any. */
    ElevationToAct(
        final ActuatorProxy actuator,
        final Wakeup actuatorThread,
        final Consumer<Finding> journal,
        final EvidenceMemory memory,
        final EventLog eventLog,
        final NanoClock clock,
        final SiteOrders siteOrders)
    {
        this.siteOrders = siteOrders;
        this.actuator = actuator;
        this.actuatorThread = actuatorThread;
        this.journal = journal;
        this.memory = memory;
        this.eventLog = eventLog;
        this.clock = clock;
    }

    @Override
    public void onElevation(final Elevation elevation)
    {
        final String scenario = Names.pattern(elevation.scenario(), elevation.aimPort(), elevation.distinctHosts());
        final String subject = Names.address(elevation.subjectHigh(), elevation.subjectLow());
        final long nowNs = clock.nanoTime();
        // put into the queue, not written: before the request, so that no line of the act comes before this one
        eventLog.offer("elevation", nowNs, (to) -> write(to, elevation, scenario, subject));
        actuator.offer(request(elevation, scenario));
        eventLog.thread().wake();
        actuatorThread.handOver();
    }

    private static void write(
        final JsonGenerator to, final Elevation elevation, final String scenario, final String subject)
        throws IOException
    {
        to.writeStringField("elevation_id", Long.toString(elevation.id()));
        to.writeStringField("scenario", scenario);
        to.writeStringField("subject", subject);
        to.writeStringField("role", Names.role(elevation.subjectRole()));
        to.writeNumberField("evidence_nats", elevation.evidenceNats());
        to.writeNumberField("threshold_nats", elevation.thresholdNats());
        to.writeBooleanField("local", elevation.local());
        to.writeBooleanField("degraded", elevation.degraded());
        Names.write(to, "verification", Names.verificationWords(elevation.verification()));
        to.writeArrayFieldStart("witnesses");
        for (final Witness witness : elevation.witnesses())
        {
            to.writeString(witness.name());
        }
        to.writeEndArray();
        to.writeStringField("first_seen_ns", Long.toString(elevation.firstSeenNs()));
        to.writeStringField("elevated_ns", Long.toString(elevation.elevatedNs()));
    }

    @Override
    public void onEvidence(final Elevation elevation)
    {
        final Finding finding = finding(
            elevation, Names.pattern(elevation.scenario(), elevation.aimPort(), elevation.distinctHosts()),
            Names.address(elevation.subjectHigh(), elevation.subjectLow()), memory.signals());
        journal.accept(finding);
        memory.onFinding(finding);
    }

    @Override
    public void onOrder(final SignedOrder order, final boolean suspended)
    {
        if (null != siteOrders)
        {
            siteOrders.onOrder(order, suspended);
        }
    }

    @Override
    public void onDepositSent(
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final long nowNs)
    {
        eventLog.depositSent(nowNs, scenario, subjectHigh, subjectLow, evidenceNats);
    }

    @Override
    public void onDepositAccepted(
        final int nodeId,
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final long nowNs)
    {
        eventLog.depositAccepted(nowNs, nodeId, scenario, subjectHigh, subjectLow, evidenceNats);
    }

    static ActRequest request(final Elevation elevation, final String scenario)
    {
        // the aim of a lineage is the key of a program
        final boolean isOneAim = Scenario.LINEAGE.code() != elevation.scenario() &&
            (0 != elevation.aimHigh() || 0 != elevation.aimLow());
        return new ActRequest(
            elevation.id(), scenario, new IpAddress(elevation.subjectHigh(), elevation.subjectLow()),
            Role.ofCode(elevation.subjectRole()), elevation.verification(),
            new Aim(isOneAim ? new IpAddress(elevation.aimHigh(), elevation.aimLow()) : null, 0, elevation.aimPort()),
            elevation.evidenceNats(), elevation.elevatedNs());
    }

    static Finding finding(
        final Elevation elevation, final String scenario, final String subject, final SignalMemory signals)
    {
        final SignalNote own =
            signals.latest(elevation.scenario(), elevation.subjectHigh(), elevation.subjectLow());
        final List<WitnessStatement> witnesses =
            elevation.witnesses().stream().map(ElevationToAct::statement).toList();
        return new Finding(
            elevation.id(), scenario, subject, elevation.evidenceNats(), elevation.thresholdNats(),
            elevation.witnessesRequired(), elevation.local(), witnesses, elevation.count(),
            elevation.distinctHosts(), elevation.distinctPorts(), elevation.aimPort(),
            Names.address(elevation.aimHigh(), elevation.aimLow()), elevation.firstSeenNs(),
            elevation.firstSeenEpochNs(), elevation.elevatedNs(), elevation.elevatedEpochNs(), elevation.subjectRole(),
            elevation.verification(), elevation.degraded(), null == own ? null : own.explanation());
    }

    private static WitnessStatement statement(final Witness witness)
    {
        return new WitnessStatement(
            witness.name(), witness.nodeId(), witness.evidenceNats(), witness.countedNats(), witness.count(),
            witness.firstSeenEpochNs(), witness.deposit());
    }
}
