package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.ebpf.AttachMode;
import io.aswarm.ebpf.CgroupNames;
import io.aswarm.ebpf.ConntrackHandler;
import io.aswarm.ebpf.ConntrackSensor;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.KernelSensorConfig;
import io.aswarm.ebpf.ProcessHandler;
import io.aswarm.ebpf.ProcessTable;
import io.aswarm.ebpf.Routes;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Signal;
import io.aswarm.sketch.SignalHandler;
import io.aswarm.sketch.VerificationConfig;
import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.net.NetworkInterface;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From the kernel to evidence: the sensors, the local policy, and the agent that reads the ones and feeds the other.
 */
final class SensorStage
{
    private static final int PROCESSES_MAX = 16_384;

    private final NodeBase base;
    private final LocalPolicyConfig policyConfig;
    private final LocalPolicyConfig rehearsedPolicy;
    private final KernelSensor sensor;
    private final ConntrackSensor conntrack;
    private BaselineFile baselines;
    private int baselinesLoaded;
    private volatile LocalPolicy policy;

    private SensorStage(
        final NodeBase base,
        final LocalPolicyConfig.Builder policy,
        final KernelSensor sensor,
        final ConntrackSensor conntrack)
    {
        this.base = base;
        this.policyConfig = policy.build();
        this.rehearsedPolicy = policy.site(RehearsedTraffic.SITE).build();
        this.sensor = sensor;
        this.conntrack = conntrack;
    }

    /** Open the sensors: from here on the kernel sees, and its rings fill. */
    static SensorStage open(final NodeBase base) throws KernelException, IOException
    {
        final NodeConfig config = base.config();
        final SecureRandom random = new SecureRandom();
        final LocalPolicyConfig.Builder policy = config.detection().policy(
            random.nextLong(), random.nextLong(), verification(config.interfaces()), base.site().detectors());

        final KernelSensor sensor =
            base.opened().add(KernelSensor.open(sensorConfig(config), base.counters().ebpf()));
        ConntrackSensor conntrack = null;
        if (config.sensors().conntrack())
        {
            conntrack = base.opened().add(ConntrackSensor.open(base.counters().ebpf()));
            sensor.watch(conntrack);
        }
        return new SensorStage(base, policy, sensor, conntrack);
    }

    /** The same policy where the site is that of the rehearsed traffic. */
    LocalPolicyConfig rehearsedPolicy()
    {
        return rehearsedPolicy;
    }

    KernelSensor sensor()
    {
        return sensor;
    }

    /** The agent that tells signals of what the sensors see. */
    SensorAgent connect(final SignalHandler signals) throws KernelException, IOException
    {
        final LocalPolicy connected =
            base.opened().add(new LocalPolicy(policyConfig, signals, base.counters().sketch()));
        final WatchedInterfaces watched = new WatchedInterfaces();
        final OwnAddresses own = OwnAddresses.read();
        final HostTraffic conversations = new HostTraffic(
            own, watched,
            base.counters().dataplane().apply(DataplaneCounter.HOST_CONVERSATIONS),
            base.counters().dataplane().apply(DataplaneCounter.OWN_CONVERSATIONS),
            new ConversationAdapter(connected));
        openBaselines(connected);
        policy = connected;
        return new SensorAgent(
            sensor, conntrack, connected, baselines, watched,
            new SensorAgent.Handlers(conversations, processes(connected), tracked(own, watched, connected)),
            base.clock());
    }

    /** What detection takes, for the operator. */
    String memory()
    {
        return DetectionMemory.describe(policy);
    }

    /** What was learned of the hosts, to be written from time to time; null where nothing is kept. */
    BaselineFile baselines()
    {
        return baselines;
    }

    IdleStrategy idle(final ThreadPlan.Placement placement)
    {
        return Idle.BLOCK == placement.idle() ?
            new SensorAgent.EpollIdle(sensor, base.config().sensors().waitNs()) :
            placement.idle().strategy();
    }

    void describe(final ObjectNode target)
    {
        final ArrayNode interfaces = target.putArray("interfaces");
        base.config().interfaces().forEach((each) -> interfaces.add(each.name()));
        target.put("baselines_loaded", baselinesLoaded);
        final LocalPolicy connected = policy;
        if (null != connected)
        {
            target.set("failing", new LeaderList().of(connected));
        }
        final ArrayNode attachments = target.putArray("attachments");
        sensor.attachments().forEach((each) -> attachments.addObject()
            .put("interface", each.interfaceName())
            .put("direction", each.inward() ? "in" : "out")
            .put("mode", each.isAttached() ? each.mode().name().toLowerCase(Locale.ROOT) : "none")
            .put("refusal", each.refusal()));
    }

    private static KernelSensorConfig sensorConfig(final NodeConfig config)
    {
        final KernelSensorConfig.Builder builder =
            KernelSensorConfig.builder(config.node(), config.directories().pins())
            .interfaces(config.interfaces().stream().map(NodeConfig.Interface::name).toList())
            .ringBytes(config.sensors().ringBytes())
            .quarantineEntriesMax(config.limits().quarantineEntries())
            .conversationsMax(config.limits().conversations())
            .egress(config.sensors().egress())
            .processEvents(config.sensors().processes());
        config.interfaces().forEach((each) ->
            builder.attachMode(each.name(), AttachMode.valueOf(each.mode().toUpperCase(Locale.ROOT))));
        return builder.build();
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

    /** Closed after the sensor thread has ended, so that what it left last is written. */
    private void openBaselines(final LocalPolicy connected)
    {
        if (null != base.config().baselines())
        {
            final long nowNs = base.clock().nanoTime();
            baselines = base.opened().add(
                new BaselineFile(base.config().baselines(), connected, base.errorLog(), nowNs));
            baselinesLoaded = baselines.load(nowNs);
        }
    }

    private ConntrackHandler tracked(
        final OwnAddresses own, final WatchedInterfaces watched, final LocalPolicy connected) throws KernelException
    {
        return null == conntrack ? (connection) -> {} : new TrackedConversations(
            own, watched, base.opened().add(Routes.open())::interfaceTo,
            base.counters().dataplane().apply(DataplaneCounter.TRACKED_TOLD),
            base.counters().dataplane().apply(DataplaneCounter.TRACKED_SEEN), connected::onConversation);
    }

    private ProcessHandler processes(final LocalPolicy connected) throws KernelException, IOException
    {
        final NodeConfig config = base.config();
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
        return new ProcessWatch(table, connected::onProcess, host);
    }
}
