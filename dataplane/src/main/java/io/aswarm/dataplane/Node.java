package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.actuator.ActuatorCounter;
import io.aswarm.actuator.XdpControl;
import io.aswarm.ebpf.CpuAffinity;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.RealTime;
import io.aswarm.journal.CertificateKind;
import io.aswarm.journal.JournalException;
import io.aswarm.quorum.Mesh;
import io.aswarm.quorum.MeshException;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.quorum.QuorumCounter;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A running node: its stages opened, joined and on their threads. What may fail is opened before the first thread
 * starts; what is closed is closed in the opposite order, and containment stays in the kernel.
 */
public final class Node implements AutoCloseable
{
    private final NodeConfig config;
    private final Site site;
    private final ThreadPlan plan;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final ErrorLog errorLog = new ErrorLog(SystemEpochClock.INSTANCE);
    private final CloseStack opened = new CloseStack(errorLog);
    private final EvidenceMemory memory = new EvidenceMemory();
    private final long startedNs = clock.nanoTime();

    private NodeBase base;
    private SiteRoster rosters;
    private SensorStage sensing;
    private QuorumStage deciding;
    private ActuatorStage acting;
    private JournalStage proving;
    private NodeControl control;

    private Node(final NodeConfig config) throws ConfigException, KernelException
    {
        this.config = config;
        this.site = Site.read(config);
        this.plan = plan(config);
    }

    /**
     * Start a node.
     *
     * @param config  of the node.
     * @param onFatal called when an agent cannot go on and the node should be closed; any thread.
     * @return the node, ready.
     * @throws ConfigException  when its documents are wrong; every fault found.
     * @throws KernelException  when the kernel refuses.
     * @throws CommandException when the machine refuses otherwise.
     * @throws IOException      when a file or socket cannot be used.
     */
    public static Node start(final NodeConfig config, final Runnable onFatal)
        throws ConfigException, KernelException, CommandException, IOException
    {
        final Node node = new Node(config);
        boolean isStarted = false;
        try
        {
            node.open();
            node.startThreads(onFatal);
            isStarted = true;
            return node;
        }
        catch (final MeshException | JournalException ex)
        {
            throw new CommandException(ExitCode.ENVIRONMENT, ex.getMessage());
        }
        finally
        {
            if (!isStarted)
            {
                node.opened.close();
            }
        }
    }

    /**
     * What this node is, for its operator, one fact a line.
     *
     * @return the lines.
     */
    public List<String> describe()
    {
        return List.of(
            "node " + config.node() + " of site " + site.roster().site() + " (" + site.roster().nodes().size() +
                " in its roster), catalog " + site.catalog().versionHash().substring(0, 12) + " signed by " +
                site.catalog().signedBy().orElse("nobody"),
            "threads: " + plan.profile() + ": " + plan.reason(),
            "threads: " + plan.urgency(),
            "threads: sensor " + plan.sensor() + "; quorum " + plan.quorum() + "; actuator " + plan.actuator() +
                "; event log " + plan.eventLog() + "; journal " + plan.journal(),
            sensing.memory(),
            "ready after " + (clock.nanoTime() - startedNs) / 1_000_000 + " ms");
    }

    /**
     * Errors seen since the start, one line for each kind.
     *
     * @return the lines; empty when there was none.
     */
    public List<String> errors()
    {
        return errorLog.kinds().stream().map((kind) -> kind.count() + " x " + kind.what()).toList();
    }

    /**
     * Stop: no new evidence, then no new acts, then the last certificates reach the disk. Containment holds on.
     */
    @Override
    public void close()
    {
        opened.close();
    }

    private void open() throws MeshException, JournalException, KernelException, ConfigException, IOException
    {
        createDirectory(config.directories().state());
        final Mesh mesh = opened.add(Mesh.open(
            config.mesh().toMeshConfig(config.directories().aeron(), site.roster().nodes().size())));
        final NodeCounters counters = new NodeCounters(mesh::newCounter);
        mesh.errorCounter(counters.quorum().apply(QuorumCounter.ERRORS));
        errorLog.counter(counters.dataplane().apply(DataplaneCounter.ERRORS_DISTINCT));
        final EventLog eventLog = new EventLog(
            config.eventLog(), config.node(), config.limits().events(), this::nameOf, clock,
            counters.dataplane(), errorLog);
        base = new NodeBase(config, site, errorLog, counters, eventLog, opened);
        rosters = opened.add(startRoster());
        sensing = SensorStage.open(base);
        deciding = new QuorumStage(base, mesh, rosters);
        proving = new JournalStage(base, this::onCertificate);
        acting = new ActuatorStage(
            base, sensing.sensor(), new OutcomeToDeed(proving.proxy()::offer, proving.thread(), eventLog, clock),
            deciding.thread());
        control = new NodeControl(
            acting.enforcement(), acting.siteOrders(), eventLog, errorLog, clock, base.epochClock(),
            new Explainer(memory, config.detection().exemptions(), config.elevation(),
                () -> rosters.inForce().nodes().size(), clock, base.epochNanoClock()),
            rosters, (status) -> describe(status.put("node", config.node())));
    }

    private SiteRoster startRoster() throws ConfigException, IOException
    {
        try
        {
            return SiteRoster.start(config, site, base.eventLog(), errorLog, clock, base.epochNanoClock());
        }
        catch (final DocumentException ex)
        {
            throw new ConfigException(List.of(ex.getMessage()));
        }
    }

    /** From the end of the line to its beginning; closed the other way round, so that what was begun is finished. */
    private void startThreads(final Runnable onFatal) throws KernelException, IOException
    {
        final EventLog eventLog = base.eventLog();
        final QuorumAgent quorum = deciding.connect(new ElevationToAct(
            acting.proxy(), acting.thread(), proving.proxy()::offer, memory, eventLog, clock,
            acting.siteOrders()));
        recall(quorum);
        acting.connect(quorum);
        final SensorAgent sensor = sensing.connect(
            new SignalToQuorum(deciding.proxy(), deciding.thread(), memory, eventLog, clock));

        final WarmUp warmUp = opened.add(new WarmUp(new RehearsedLine(
            sensing.rehearsedPolicy(), deciding.alone(), acting::rehearsal, clock, base.epochNanoClock()), clock));

        final NodeThreads threads = opened.add(new NodeThreads(
            errorLog, onFatal, clock, base.counters().dataplane().apply(DataplaneCounter.REAL_TIME_SPENT)));
        // Not on the journal's thread: who waits for an elevation's line must not wait for a disk.
        threads.start(
            eventLog, plan.eventLog(), plan.eventLog().idle().strategy(), eventLog.thread());
        // Signatures are the heaviest work here, and what has been done can be certified later than it is done.
        threads.startBehind(
            recorders(warmUp), plan.journal(), plan.journal().idle().strategy(), proving.thread());
        threads.start(
            metered(acting.agent(plan.actuator()),
                DataplaneCounter.ACTUATOR_CYCLE_MAX, DataplaneCounter.ACTUATOR_STALLS),
            plan.actuator(), plan.actuator().idle().strategy(), acting.thread());
        threads.start(
            deciding.agent(plan.quorum()), plan.quorum(), deciding.idle(plan.quorum()), deciding.thread());
        threads.start(
            metered(sensor, DataplaneCounter.SENSOR_CYCLE_MAX, DataplaneCounter.SENSOR_STALLS), plan.sensor(),
            sensing.idle(plan.sensor()), new Wakeup());
        threads.awaitStarted();
        warmUp.run();
        opened.add(new ControlServer(config.controlSocket(), control, base.counters().dataplane()));
        // Proves that the socket answers, and loads what an order needs before the first order comes.
        ControlClient.ask(config.controlSocket(), "status");

        final ObjectNode ready = EventLog.members();
        describe(ready);
        eventLog.offer("ready", clock.nanoTime(), ready);
    }

    /** What was elevated in the life before must not be again on the same evidence. */
    private void recall(final QuorumAgent quorum)
    {
        final long sinceEpochNs =
            base.epochNanoClock().nanoTime() - QuorumAgent.EVIDENCE_HALF_LIVES * config.mesh().halfLifeNs();
        final int deposits =
            new RecentElevations(quorum::recall, sinceEpochNs, errorLog).read(config.directories().journal());
        if (deposits > 0)
        {
            base.eventLog().offer("recalled", clock.nanoTime(), EventLog.members().put("deposits", deposits));
        }
    }

    /** All that writes to the disk or can wait, on one thread. */
    private CompositeAgent recorders(final WarmUp warmUp)
    {
        return new CompositeAgent(Stream.of(
            proving.agent(), new SecondlyAgent("account", sensing.sensor()::account, clock, errorLog),
            acting.siteOrders(), sensing.baselines(),
            new SecondlyAgent("clock-watch", base.clockWatch()::look, clock, errorLog),
            new SecondlyAgent("warm-up", warmUp::again, clock, errorLog))
            .filter(Objects::nonNull).toList());
    }

    private void describe(final ObjectNode target)
    {
        final NodeCounters counters = base.counters();
        target.put("site", site.roster().site())
            .put("pid", ProcessHandle.current().pid())
            .put("version", Main.version())
            .put("uptime_ms", (clock.nanoTime() - startedNs) / 1_000_000)
            .put("tier", XdpControl.TIER)
            .put("halted", 1 == counters.actuator().apply(ActuatorCounter.HALTED).get())
            .put("suspended", 1 == counters.quorum().apply(QuorumCounter.SUSPENDED).get())
            .put("active_acts", counters.actuator().apply(ActuatorCounter.ACTIVE).get())
            .put("members_heard", counters.quorum().apply(QuorumCounter.MEMBERS_HEARD).get())
            .put("members_expected", rosters.inForce().nodes().size())
            .put("degraded", 1 == counters.quorum().apply(QuorumCounter.DEGRADED).get())
            .put("catalog", site.catalog().versionHash())
            .put("profile", plan.profile())
            .put("profile_reason", plan.reason())
            .put("urgency", plan.urgency());
        target.putObject("threads")
            .put("sensor", plan.sensor().toString())
            .put("quorum", plan.quorum().toString())
            .put("actuator", plan.actuator().toString())
            .put("event_log", plan.eventLog().toString())
            .put("journal", plan.journal().toString());
        deciding.describe(target);
        sensing.describe(target);
    }

    private void onCertificate(
        final String certificateId,
        final CertificateKind kind,
        final long elevationId,
        final long actId,
        final long index,
        final long appendedNs)
    {
        control.onCertificate(certificateId, kind, elevationId, actId, index, appendedNs);
    }

    private MeteredAgent metered(
        final Agent agent, final DataplaneCounter cycleMax, final DataplaneCounter stalls)
    {
        return new MeteredAgent(
            agent, clock, base.counters().dataplane().apply(cycleMax), base.counters().dataplane().apply(stalls));
    }

    private String nameOf(final int nodeId)
    {
        final Roster.Node node = rosters.inForce().node(nodeId);
        return null == node ? "node-" + nodeId : node.name();
    }

    private static ThreadPlan plan(final NodeConfig config) throws ConfigException, KernelException
    {
        try
        {
            return ThreadPlan.of(config.threads(), CpuAffinity.available(), RealTime.refusal(ThreadPlan.PRIORITY_MAX));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException(List.of(config.source() + ": " + ex.getMessage()));
        }
    }

    private static void createDirectory(final Path directory) throws IOException
    {
        if (!Files.isDirectory(directory))
        {
            Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
