package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.actuator.ActuatorAgent;
import io.aswarm.actuator.ActuatorConfig;
import io.aswarm.actuator.ActuatorCounter;
import io.aswarm.actuator.XdpControl;
import io.aswarm.ebpf.AttachMode;
import io.aswarm.ebpf.CgroupNames;
import io.aswarm.ebpf.ConntrackSensor;
import io.aswarm.ebpf.CpuAffinity;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.KernelSensorConfig;
import io.aswarm.ebpf.ProcessHandler;
import io.aswarm.ebpf.ProcessTable;
import io.aswarm.journal.CertificateKind;
import io.aswarm.journal.ClockStatement;
import io.aswarm.journal.Journal;
import io.aswarm.journal.JournalAgent;
import io.aswarm.journal.JournalClocks;
import io.aswarm.journal.JournalConfig;
import io.aswarm.journal.JournalException;
import io.aswarm.quorum.BootEpoch;
import io.aswarm.quorum.Member;
import io.aswarm.quorum.Mesh;
import io.aswarm.quorum.MeshException;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.quorum.QuorumConfig;
import io.aswarm.quorum.QuorumCounter;
import io.aswarm.quorum.QuorumProxy;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Signal;
import io.aswarm.sketch.VerificationConfig;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SessionKeys;
import io.aswarm.trust.SignedOrder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A running node: everything opened, wired and on its threads. What may fail is opened before the first thread starts;
 * what is closed is closed in the opposite order, and containment stays in the kernel.
 */
public final class Node implements AutoCloseable
{
    private static final int MEMBERS_SHOWN_MAX = 256;

    private static final int PROCESSES_MAX = 16_384;

    private final NodeConfig config;
    private final Site site;
    private final ThreadPlan plan;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final EpochClock epochClock = SystemEpochClock.INSTANCE;
    private final EpochNanoClock epochNanoClock = new OffsetEpochNanoClock();
    private final ErrorLog errorLog = new ErrorLog(epochClock);
    private final CloseStack opened = new CloseStack(errorLog);
    private final Wakeup quorumThread = new Wakeup();
    private final Wakeup actuatorThread = new Wakeup();
    private final Wakeup journalThread = new Wakeup();
    private final EvidenceMemory memory = new EvidenceMemory();
    private final long startedNs = clock.nanoTime();

    private NodeCounters counters;
    private int baselinesLoaded;
    private Mesh mesh;
    private EventLog eventLog;
    private SiteRoster rosters;
    private KernelSensor sensor;
    private ConntrackSensor conntrack;
    private LocalPolicyConfig policyConfig;
    private JournalAgent journal;
    private ActuatorAgent actuator;
    private NodeControl control;
    private SiteOrders siteOrders;
    private SignedOrder keptOrder;
    private volatile QuorumAgent quorum;

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
            "threads: sensor " + plan.sensor() + "; quorum " + plan.quorum() + "; actuator " + plan.actuator() +
                "; journal " + plan.journal(),
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

    private void open()
        throws MeshException, JournalException, KernelException, ConfigException, CommandException, IOException
    {
        createDirectory(config.directories().state());
        mesh = opened.add(Mesh.open(
            config.mesh().toMeshConfig(config.directories().aeron(), site.roster().nodes().size())));
        counters = new NodeCounters(mesh::newCounter);
        mesh.errorCounter(counters.quorum().apply(QuorumCounter.ERRORS));
        errorLog.counter(counters.dataplane().apply(DataplaneCounter.ERRORS_DISTINCT));
        eventLog = new EventLog(
            config.eventLog(), config.node(), config.limits().events(), this::nameOf, clock,
            counters.dataplane(), errorLog);
        rosters = opened.add(startRoster());
        final SecureRandom random = new SecureRandom();
        policyConfig = config.detection().toPolicyConfig(
            random.nextLong(), random.nextLong(), verification(config.interfaces()), site.detectors());
        WarmUp.run(policyConfig, eventLog);
        openSensor();
        openActuatorAndJournal();
    }

    private SiteRoster startRoster() throws ConfigException, IOException
    {
        try
        {
            return SiteRoster.start(config, site, eventLog, errorLog, clock, epochNanoClock);
        }
        catch (final DocumentException ex)
        {
            throw new ConfigException(List.of(ex.getMessage()));
        }
    }

    private void openSensor() throws KernelException
    {
        final KernelSensorConfig.Builder builder =
            KernelSensorConfig.builder(config.node(), config.directories().pins())
            .interfaces(config.interfaces().stream().map(NodeConfig.Interface::name).toList())
            .ringBytes(config.sensors().ringBytes())
            .quarantineEntriesMax(config.limits().quarantineEntries())
            .conversationsMax(config.limits().conversations())
            .processEvents(config.sensors().processes());
        config.interfaces().forEach((each) ->
            builder.attachMode(each.name(), AttachMode.valueOf(each.mode().toUpperCase(Locale.ROOT))));
        sensor = opened.add(KernelSensor.open(builder.build(), counters.ebpf()));
        if (config.sensors().conntrack())
        {
            conntrack = opened.add(ConntrackSensor.open(counters.ebpf()));
            sensor.watch(conntrack);
        }
    }

    private void openActuatorAndJournal() throws JournalException, KernelException, IOException
    {
        final JournalConfig usual = JournalConfig.of(
            config.directories().journal(), site.roster().site(), site.node().name(), site.node().id());
        final JournalConfig journalConfig = new JournalConfig(
            usual.directory(), usual.site(), usual.node(), usual.nodeId(), config.limits().certificates(),
            usual.batchMax(), usual.findingsMax(), usual.findingKeepNs(), usual.diskReserveBytes(), usual.stallNs());
        journal = new JournalAgent(
            journalConfig,
            opened.add(Journal.open(journalConfig, epochNanoClock, counters.journal())),
            site.journalSigner(),
            new JournalClocks(clock, epochNanoClock, () -> ClockStatement.UNMEASURED),
            this::onCertificate,
            counters.journal(),
            errorLog);
        actuator = new ActuatorAgent(
            new ActuatorConfig(
                site.catalog(), OwnAddresses.protectedPrefixes(config.mesh().localAddress(), config.mesh().members()),
                config.limits().requests()),
            new XdpControl(sensor.quarantine(), sensor.killSwitch(), sensor.verdictProbe()),
            clock,
            epochClock,
            new OutcomeToDeed(journal.proxy(), journalThread, eventLog, clock),
            counters.actuator());
        final Path orderFile = config.directories().state().resolve("site-order.json");
        keptOrder = SiteOrders.kept(orderFile, errorLog);
        final boolean isSuspended = null != keptOrder && SignedOrder.Action.SUSPEND == keptOrder.action();
        final EnforcementSwitch enforcement =
            new EnforcementSwitch(this::order, sensor.killSwitch().isHalted(), isSuspended);
        siteOrders = new SiteOrders(orderFile, enforcement, quorumThread, eventLog, epochClock, errorLog);
        control = new NodeControl(
            enforcement, siteOrders, eventLog, errorLog, clock, epochClock,
            new Explainer(memory, config.detection().exemptions(), config.elevation(),
                () -> rosters.inForce().nodes().size(), clock, epochNanoClock),
            rosters, this::describe);
    }

    /** From the end of the line to its beginning; closed the other way round, so that what was begun is finished. */
    private void startThreads(final Runnable onFatal) throws KernelException, IOException
    {
        final QuorumProxy quorumProxy = new QuorumProxy(counters.quorum());
        final LocalPolicy policy = opened.add(new LocalPolicy(
            policyConfig, new SignalToQuorum(quorumProxy, quorumThread, memory, eventLog, clock), counters.sketch()));
        quorum = newQuorum(quorumProxy);
        siteOrders.connect(quorum, keptOrder);
        rosters.onChange((next) ->
        {
            quorum.offerRoster(next);
            quorumThread.wake();
        });
        final HostTraffic conversations = new HostTraffic(
            OwnAddresses.list(), counters.dataplane().apply(DataplaneCounter.HOST_CONVERSATIONS),
            new ConversationAdapter(policy));
        final BaselineFile baselines = openBaselines(policy);
        final SensorAgent sensing =
            new SensorAgent(sensor, conntrack, policy, baselines, conversations, processes(policy), clock);

        final NodeThreads threads = opened.add(new NodeThreads(errorLog, onFatal));
        // Not on the journal's thread: who waits for an elevation's line must not wait for a disk.
        threads.start(
            eventLog, plan.journal(), plan.journal().idle().strategy(Idle.PARK_MAX_NS), eventLog.thread());
        threads.start(
            new CompositeAgent(Stream.of(journal, new AccountMirror(sensor, clock, errorLog), siteOrders, baselines)
                .filter(Objects::nonNull).toList()), plan.journal(),
            plan.journal().idle().strategy(Idle.PARK_MAX_NS), journalThread);
        threads.start(
            metered(actuator, DataplaneCounter.ACTUATOR_CYCLE_MAX, DataplaneCounter.ACTUATOR_STALLS), plan.actuator(),
            plan.actuator().idle().strategy(Idle.PARK_MAX_NS), actuatorThread);
        threads.start(
            quorum, plan.quorum(), plan.quorum().idle().strategy(Idle.MESH_PARK_MAX_NS), quorumThread);
        threads.start(
            metered(sensing, DataplaneCounter.SENSOR_CYCLE_MAX, DataplaneCounter.SENSOR_STALLS), plan.sensor(),
            Idle.BLOCK == plan.sensor().idle() ? new SensorAgent.EpollIdle(sensor, config.sensors().waitNs()) :
            plan.sensor().idle().strategy(Idle.PARK_MAX_NS), new Wakeup());
        threads.awaitStarted();
        opened.add(new ControlServer(config.controlSocket(), control, counters.dataplane()));
        // Proves that the socket answers, and loads what an order needs before the first order comes.
        ControlClient.ask(config.controlSocket(), "status");

        final ObjectNode ready = eventLog.begin("ready", clock.nanoTime());
        describe(ready);
        eventLog.offer(ready);
    }

    private ProcessHandler processes(final LocalPolicy policy) throws KernelException, IOException
    {
        final IpAddress host = config.sensors().processes() ? OwnAddresses.host(config.mesh().localAddress()) : null;
        if (null == host)
        {
            return (process) -> {};
        }
        final ProcessTable table = new ProcessTable(PROCESSES_MAX);
        try (CgroupNames cgroups = CgroupNames.open())
        {
            table.takeInRunning(cgroups);
        }
        return new ProcessWatch(table, policy, host);
    }

    /** Closed after the sensor thread has ended, so that what it left last is written. */
    private BaselineFile openBaselines(final LocalPolicy policy)
    {
        if (null == config.baselines())
        {
            return null;
        }
        final long nowNs = clock.nanoTime();
        final BaselineFile baselines =
            opened.add(new BaselineFile(config.baselines(), policy, errorLog, nowNs));
        baselinesLoaded = baselines.load(nowNs);
        return baselines;
    }

    /** An interface that is not there yet is judged by the default when it comes. */
    private static VerificationConfig verification(final List<NodeConfig.Interface> interfaces) throws IOException
    {
        final Map<Integer, Integer> byIndex = new HashMap<>();
        for (final NodeConfig.Interface each : interfaces)
        {
            final NetworkInterface found = NetworkInterface.getByName(each.name());
            if (null != found)
            {
                byIndex.put(found.getIndex(), each.verification());
            }
        }
        return new VerificationConfig(Signal.VERIFIED_ON_LINK, byIndex);
    }

    private QuorumAgent newQuorum(final QuorumProxy proxy) throws IOException
    {
        final long bootEpoch = BootEpoch.advance(
            config.directories().state().resolve("boot-epoch"), epochNanoClock.nanoTime());
        final Roster roster = rosters.inForce();
        final SessionKeys sessions = roster.nodes().size() < 2 ? null : new Handshake(
            new HandshakeConfig(roster, site.node().id(), site.identity(), bootEpoch), clock.nanoTime());
        return new QuorumAgent(
            new QuorumConfig(roster, site.node().id(), site.identity().classical(), bootEpoch)
                .sessions(sessions)
                .elevationTable(config.elevation())
                .halfLifeNs(config.mesh().halfLifeNs())
                .presenceIntervalNs(config.mesh().presenceNs())
                .budget(config.mesh().budgetBytesPerSecond(), config.mesh().budgetBytesPerSecond())
                .hashSeed(new SecureRandom().nextLong()),
            mesh, proxy, new ElevationToAct(
                actuator.proxy(), actuatorThread, journal.proxy(), memory, eventLog, clock, siteOrders), clock,
            epochNanoClock, counters.quorum());
    }

    private boolean order(final boolean halt, final String who, final long orderId)
    {
        final boolean isTaken =
            halt ? actuator.proxy().halt(who, orderId) : actuator.proxy().resume(who, orderId);
        actuatorThread.wake();
        return isTaken;
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

    private void describe(final ObjectNode target)
    {
        target.put("site", site.roster().site())
            .put("node", config.node())
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
            .put("profile_reason", plan.reason());
        rosters.describe(target);
        target.putObject("threads")
            .put("sensor", plan.sensor().toString())
            .put("quorum", plan.quorum().toString())
            .put("actuator", plan.actuator().toString())
            .put("journal", plan.journal().toString());
        final ArrayNode members = target.putArray("members");
        final QuorumAgent started = quorum;
        if (null != started)
        {
            started.members().stream().limit(MEMBERS_SHOWN_MAX).forEach((member) -> members.addObject()
                .put("name", member.name())
                .put("live", member.live())
                .put("heard_ms_ago", Member.NEVER_HEARD == member.heardAgoNs() ? null :
                    (Long)(member.heardAgoNs() / 1_000_000)));
        }
        final ArrayNode interfaces = target.putArray("interfaces");
        config.interfaces().forEach((each) -> interfaces.add(each.name()));
        target.put("baselines_loaded", baselinesLoaded);
        final ArrayNode attachments = target.putArray("attachments");
        sensor.attachments().forEach((each) -> attachments.addObject()
            .put("interface", each.interfaceName())
            .put("direction", each.inward() ? "in" : "out")
            .put("mode", each.isAttached() ? each.mode().name().toLowerCase(Locale.ROOT) : "none")
            .put("refusal", each.refusal()));
    }

    private MeteredAgent metered(
        final Agent agent, final DataplaneCounter cycleMax, final DataplaneCounter stalls)
    {
        return new MeteredAgent(
            agent, clock, counters.dataplane().apply(cycleMax), counters.dataplane().apply(stalls));
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
            return ThreadPlan.of(config.threads(), CpuAffinity.available());
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
