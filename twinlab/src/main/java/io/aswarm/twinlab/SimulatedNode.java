package io.aswarm.twinlab;

import io.aswarm.actuator.ActuatorAgent;
import io.aswarm.actuator.ActuatorConfig;
import io.aswarm.actuator.Catalog;
import io.aswarm.dataplane.ElevationToAct;
import io.aswarm.dataplane.EventLog;
import io.aswarm.dataplane.EvidenceMemory;
import io.aswarm.dataplane.OutcomeToDeed;
import io.aswarm.dataplane.SignalToQuorum;
import io.aswarm.dataplane.Wakeup;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.journal.CertificateKind;
import io.aswarm.journal.ClockStatement;
import io.aswarm.journal.Journal;
import io.aswarm.journal.JournalAgent;
import io.aswarm.journal.JournalClocks;
import io.aswarm.journal.JournalConfig;
import io.aswarm.journal.JournalException;
import io.aswarm.quorum.MeshLink;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.quorum.QuorumConfig;
import io.aswarm.quorum.QuorumProxy;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import org.agrona.LangUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One node's pipeline on one thread and on virtual time: the same policy, fusion, automata and journal as in the
 * appliance, wired by the same adapters, fed from a capture in place of the kernel's ring, with a control that enforces
 * nothing.
 */
final class SimulatedNode implements AutoCloseable
{
    private static final int EVENTS_MAX = 4_096;
    private static final int COUNTER_LENGTH = 128;
    private static final int CYCLES_MAX = 10_000;
    /** Any: the same run must give the same result, and nobody aims collisions at a recording. */
    private static final long HASH_KEY = 0x5DEECE66DL;

    private final int rack;
    private final VirtualClock clock;
    private final SimulatedControl control;
    private final CaptureDecoder decoder = new CaptureDecoder();
    private final ConversationTracker tracker = new ConversationTracker(this::onRecord);
    private final List<String> errors = new ArrayList<>();
    private final EventLog eventLog;
    private final EventLogReader events;
    private final JournalAgent journal;
    private final ActuatorAgent actuator;
    private final QuorumAgent quorum;
    private final LocalPolicy policy;
    private ConversationKey opening;
    private IpAddress source;

    /**
     * Build a node.
     *
     * @param rack  of its gateway.
     * @param files of the site.
     * @param link  to the other nodes.
     * @param clock of all nodes.
     * @throws IOException       when its files cannot be used.
     * @throws DocumentException when the site's files are wrong.
     */
    SimulatedNode(final int rack, final SiteFiles files, final MeshLink link, final VirtualClock clock)
        throws IOException, DocumentException
    {
        this.rack = rack;
        this.clock = clock;
        this.control = new SimulatedControl(clock);
        final Roster roster = Roster.read(files.roster());
        final Catalog catalog = Catalog.read(files.catalog(), files.catalogSignature(), roster.operators());
        eventLog = new EventLog(
            files.eventLog(rack), RackPlan.gatewayName(rack), EVENTS_MAX, (id) -> roster.node(id).name(),
            clock.monotonic(), (counter) -> counter(), LangUtil::rethrowUnchecked);
        events = new EventLogReader(files.eventLog(rack));
        journal = journal(files, roster);
        actuator = new ActuatorAgent(
            new ActuatorConfig(catalog, List.of(), ActuatorConfig.REQUESTS_MAX_DEFAULT), control, clock.monotonic(),
            clock.wallMs(), new OutcomeToDeed(journal.proxy()::offer, Wakeup.NONE, eventLog, clock.monotonic()),
            (counter) -> counter());
        final EvidenceMemory memory = new EvidenceMemory();
        final QuorumProxy proxy = new QuorumProxy((counter) -> counter());
        quorum = new QuorumAgent(
            new QuorumConfig(roster, rack, KeyFile.load(files.key(rack)), clock.nowNs()),
            link, proxy,
            new ElevationToAct(
                actuator.proxy(), Wakeup.NONE, journal.proxy()::offer, memory, eventLog, clock.monotonic()),
            clock.monotonic(), clock.wall(), (counter) -> counter());
        policy = new LocalPolicy(
            LocalPolicyConfig.builder().hashKey(HASH_KEY, rack).build(),
            new SignalToQuorum(proxy, Wakeup.NONE, memory, eventLog, clock.monotonic()), (counter) -> counter());
        actuator.onStart();
        journal.onStart();
    }

    private JournalAgent journal(final SiteFiles files, final Roster roster) throws IOException, DocumentException
    {
        try
        {
            final JournalConfig config = JournalConfig.of(
                files.journal(rack), roster.site(), RackPlan.gatewayName(rack), rack);
            return new JournalAgent(
                config, Journal.open(config, clock.wall(), (counter) -> counter()), KeyFile.load(files.key(rack)),
                new JournalClocks(clock.monotonic(), clock.wall(), () -> ClockStatement.UNMEASURED),
                this::onCertificate, (counter) -> counter(), (error) -> errors.add(String.valueOf(error.getMessage())));
        }
        catch (final JournalException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
    }

    /**
     * Take a frame that came in at the gateway, at the clock's time.
     *
     * @param link       what the frame begins with.
     * @param frame      bytes captured.
     * @param wireLength bytes it had.
     * @return false when the control dropped it.
     */
    boolean onFrame(final LinkType link, final ByteBuffer frame, final int wireLength)
    {
        opening = null;
        source = null;
        decoder.decode(link, frame, frame.limit(), wireLength);
        if (decoder.isAddressed)
        {
            source = new IpAddress(decoder.sourceHigh(), decoder.sourceLow());
            if (control.drops(source) ||
                control.drops(new IpAddress(decoder.outerSourceHigh(), decoder.outerSourceLow())))
            {
                return false;
            }
        }
        tracker.onPacket(decoder, clock.nowNs());
        return true;
    }

    private void onRecord(final TrackedConversation record)
    {
        opening = record.isOpening() ? record.key() : opening;
        policy.onConversation(record);
    }

    /** Source of the frame taken last, or null when it has none. */
    IpAddress source()
    {
        return source;
    }

    /** The conversation that the frame taken last opened, or null when it opened none that was not known. */
    ConversationKey opening()
    {
        return opening;
    }

    /** Let every agent work at the clock's time; what was done. */
    int doWork()
    {
        int work = policy.onTick(clock.nowNs());
        work += quorum.doWork();
        work += actuator.doWork();
        return work + journal.doWork();
    }

    /** Events since the last call. */
    List<NodeEvent> poll() throws IOException
    {
        for (int i = 0; i < CYCLES_MAX && eventLog.doWork() > 0; i++)
        {
            Thread.onSpinWait();
        }
        return events.poll();
    }

    int rack()
    {
        return rack;
    }

    /** What an operator would have to see, beyond the events. */
    List<String> errors()
    {
        return errors;
    }

    @Override
    public void close() throws IOException
    {
        policy.close();
        quorum.onClose();
        actuator.onClose();
        journal.onClose();
        eventLog.onClose();
        events.close();
    }

    private void onCertificate(
        final String certificateId,
        final CertificateKind kind,
        final long elevationId,
        final long actId,
        final long index,
        final long appendedNs)
    {
        eventLog.offer("certificate", appendedNs, EventLog.members()
            .put("certificate_id", certificateId)
            .put("kind", kind.label())
            .put("act_id", Long.toString(actId)));
    }

    private static AtomicCounter counter()
    {
        return new AtomicCounter(new UnsafeBuffer(new byte[COUNTER_LENGTH]), 0);
    }
}
