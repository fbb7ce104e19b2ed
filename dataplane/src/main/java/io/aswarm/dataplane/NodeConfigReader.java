package io.aswarm.dataplane;

import io.aswarm.ebpf.IpPrefix;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.quorum.QuorumConfig;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.Exemption;
import io.aswarm.sketch.Signal;
import io.aswarm.sketch.VerificationConfig;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
import io.aswarm.trust.YamlMapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Turns the YAML into a {@link NodeConfig}. Names, types, bounds and defaults of all keys stand here and nowhere else.
 */
final class NodeConfigReader
{
    static final List<String> MODES = List.of("auto", "native", "generic", "tc");
    /** In the order of their codes in io.aswarm.sketch.Scenario; a test holds that. */
    static final List<String> SCENARIOS = List.of(
        "any", "scan", "flood", "lineage", "distributed-scan", "spread-flood", "lateral", "brute-force", "exfiltration",
        "beacon", "call-home");
    private static final int INTERFACES_MAX = 64;
    private static final int SITE_PREFIXES_MAX = 1024;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;
    /** Longest path of a Unix domain socket less its terminator, sun_path in linux/un.h. */
    private static final int SOCKET_PATH_MAX = 107;
    private static final Pattern INTERFACE_NAME = Pattern.compile("[^\\s/]{1,15}");
    private static final String NONE = "none";
    private static final int SLOT_MAX = 4095;
    private static final String PINS = "/sys/fs/bpf/aswarm";
    private static final String CONTROL_SOCKET = "/run/aswarm/control.sock";

    private final Path base;

    private NodeConfigReader(final Path base)
    {
        this.base = base;
    }

    /**
     * The two places by which a node is reached from outside.
     *
     * @param pins          directory of its maps.
     * @param controlSocket of the running node.
     */
    record Places(Path pins, Path controlSocket)
    {
    }

    /**
     * Read the places only, whatever else the file says.
     *
     * @param file in YAML.
     * @return the places.
     * @throws DocumentException when the file is no YAML.
     */
    static Places places(final Path file) throws DocumentException
    {
        final Path base = file.toAbsolutePath().normalize().getParent();
        final YamlMapping root = Yaml.read(file);
        return new Places(
            base.resolve(root.mapping("directories").string("pins", PINS)).normalize(),
            base.resolve(root.string("control_socket", CONTROL_SOCKET)).normalize());
    }

    static NodeConfig read(final ConfigSection root, final Path file) throws ConfigException
    {
        final Path absolute = file.toAbsolutePath().normalize();
        final NodeConfig config = new NodeConfigReader(absolute.getParent()).root(root, absolute);
        if (!root.faults().isEmpty())
        {
            throw new ConfigException(root.faults());
        }
        return config;
    }

    private NodeConfig root(final ConfigSection root, final Path file)
    {
        final String node = root.string("node");
        final Path roster = path(root, "roster");
        final NodeConfig.Token token = token(root.section("token"), node);
        final Path key = null == token ? path(root, "key") : optionalPath(root, "key", NONE);

        final ConfigSection catalogSection = root.section("catalog");
        final Path catalog = path(catalogSection, "file");
        final Path signature = path(catalogSection, "signature", catalog + ".sig");
        catalogSection.finish();

        final NodeConfig.Directories directories = directories(root.section("directories"), node);
        final NodeConfig config = new NodeConfig(
            file, node, roster, key, token, catalog, signature, directories,
            interfaces(root),
            sensors(root.section("sensors")),
            mesh(root.section("mesh")),
            detection(root.section("detection")),
            elevation(root),
            optionalPath(root, "baselines", directories.state().resolve("baselines").toString()),
            optionalPath(root, "event_log", NONE),
            controlSocket(root),
            threads(root.section("threads")),
            limits(root.section("limits")));
        root.finish();
        return config;
    }

    private NodeConfig.Token token(final ConfigSection section, final String node)
    {
        final Path library = optionalPath(section, "library", NONE);
        final int slot = (int)section.integer("slot", 0L, 0, SLOT_MAX);
        final String label = section.string("label", node);
        final Path pinFile = optionalPath(section, "pin_file", NONE);
        section.finish();
        if ((null == library) != (null == pinFile))
        {
            section.wrong(null == library ? "library" : "pin_file", "is none; allowed: both or neither of " +
                "token.library and token.pin_file");
        }
        return null == library ? null : new NodeConfig.Token(library, slot, label, pinFile);
    }

    private NodeConfig.Directories directories(final ConfigSection section, final String node)
    {
        final Path state = path(section, "state", "/var/lib/aswarm");
        final NodeConfig.Directories directories = new NodeConfig.Directories(
            state,
            path(section, "journal", state.resolve("journal").toString()),
            path(section, "aeron", "/dev/shm/aswarm-" + node),
            path(section, "pins", PINS));
        section.finish();
        return directories;
    }

    private List<NodeConfig.Interface> interfaces(final ConfigSection root)
    {
        final List<NodeConfig.Interface> result = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final ConfigSection entry : root.sections("interfaces"))
        {
            final String name = entry.string("name");
            if (!INTERFACE_NAME.matcher(name).matches())
            {
                entry.wrong("name", "is \"" + name + "\"; allowed: an interface name of 1 to 15 characters");
            }
            if (!names.add(name))
            {
                entry.wrong("name", "is listed twice: " + name);
            }
            result.add(new NodeConfig.Interface(name, entry.word("mode", "auto", MODES), verification(entry)));
            entry.finish();
        }
        if (result.isEmpty() || result.size() > INTERFACES_MAX)
        {
            root.wrong("interfaces", "lists " + result.size() + "; allowed: 1 to " + INTERFACES_MAX +
                " entries of {name, mode}");
        }
        return List.copyOf(result);
    }

    /** Only the link's word counts unless the operator says otherwise. */
    private static int verification(final ConfigSection entry)
    {
        if (!entry.has("verification"))
        {
            return Signal.VERIFIED_ON_LINK;
        }
        int bits = 0;
        for (final String word : entry.strings("verification"))
        {
            final int bit = Names.VERIFICATIONS.indexOf(word);
            if (bit < 0)
            {
                entry.wrong("verification", "names \"" + word + "\"; allowed: a list of " +
                    String.join(", ", Names.VERIFICATIONS) + ", or an empty one");
                return 0;
            }
            bits |= 1 << bit;
        }
        return bits;
    }

    private static NodeConfig.Sensors sensors(final ConfigSection section)
    {
        final long ringBytes = powerOfTwo(section, "ring_bytes", 4 << 20, 4096, 1 << 30);
        final NodeConfig.Sensors sensors = new NodeConfig.Sensors(
            section.bool("conntrack", false),
            section.bool("processes", false),
            (int)ringBytes,
            section.durationNs("wait", 5 * MILLISECOND_NS, MILLISECOND_NS, SECOND_NS));
        section.finish();
        return sensors;
    }

    private static NodeConfig.Mesh mesh(final ConfigSection section)
    {
        final String localAddress = section.string("interface", NONE);
        final NodeConfig.Mesh mesh = new NodeConfig.Mesh(
            NONE.equals(localAddress) ? null : localAddress,
            section.string("group", "239.192.77.1"),
            (int)section.integer("port", 40_177L, 1, 65_534),
            (int)section.integer("hops", 1L, 1, 255),
            section.strings("unicast"),
            (int)section.integer("budget_bytes_per_second", 65_536L, QuorumConfig.BUDGET_BYTES_MIN, 1 << 30),
            section.durationNs("half_life", 10 * SECOND_NS, SECOND_NS / 10, 3600 * SECOND_NS),
            section.durationNs("presence", 5 * SECOND_NS, SECOND_NS / 100, 600 * SECOND_NS));
        section.finish();
        try
        {
            mesh.toMeshConfig(Path.of("/"), Integer.MAX_VALUE);
        }
        catch (final IllegalArgumentException ex)
        {
            section.wrong(ex.getMessage().startsWith("interface") ? "interface" :
                ex.getMessage().startsWith("members") ? "unicast" : "group", "is wrong: " + ex.getMessage());
        }
        return mesh;
    }

    private NodeConfig.Detection detection(final ConfigSection section)
    {
        final List<NodeConfig.Exemption> exemptions = exemptions(section);
        final ConfigSection flood = section.section("flood");
        final NodeConfig.Detection detection = new NodeConfig.Detection(
            section.number("signal_nats", 3.0, 0.1, 100.0),
            section.number("signal_step_nats", 1.0, 0.1, 100.0),
            section.number("evidence_max_nats", 32.0, 1.0, 1000.0),
            section.durationNs("half_life", 60 * SECOND_NS, SECOND_NS, 86_400 * SECOND_NS),
            section.number("benign_success", 0.92, 0.5, 0.999),
            section.number("scanner_success", 0.2, 0.001, 0.5),
            section.durationNs("answer_timeout", 1500 * MILLISECOND_NS, MILLISECOND_NS, 60 * SECOND_NS),
            flood.number("benign_per_second", 50.0, 0.1, 10_000.0),
            flood.number("attack_per_second", 500.0, 1.0, 1_000_000.0),
            (int)powerOfTwo(section, "sources", 8192, 8, 1 << 20),
            (int)powerOfTwo(section, "contacts", 131_072, 64, 1 << 26),
            optionalPath(section, "catalog", NONE),
            prefixes(section, "site"),
            exemptions);
        flood.finish();
        section.finish();
        try
        {
            detection.toPolicyConfig(0, 0, VerificationConfig.LINK_ONLY, DetectorCatalog.STANDARD);
        }
        catch (final IllegalArgumentException ex)
        {
            section.wrong("", "cannot hold together: " + ex.getMessage());
        }
        return detection;
    }

    private static List<NodeConfig.Exemption> exemptions(final ConfigSection section)
    {
        final List<NodeConfig.Exemption> exemptions = new ArrayList<>();
        for (final ConfigSection entry : section.sections("exemptions"))
        {
            final String prefix = entry.string("prefix");
            final String why = entry.string("why");
            final int perSecondMax = (int)entry.integer("per_second", (long)Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
            entry.finish();
            try
            {
                exemptions.add(new NodeConfig.Exemption(IpPrefix.parse(prefix), perSecondMax, why));
            }
            catch (final IllegalArgumentException ex)
            {
                entry.wrong("prefix", "is \"" + prefix + "\": " + ex.getMessage());
            }
        }
        if (exemptions.size() > Exemption.EXEMPTIONS_MAX)
        {
            section.wrong("exemptions", "lists " + exemptions.size() + "; allowed: at most " +
                Exemption.EXEMPTIONS_MAX);
        }
        return List.copyOf(exemptions);
    }

    private static List<IpPrefix> prefixes(final ConfigSection section, final String key)
    {
        final List<IpPrefix> prefixes = new ArrayList<>();
        for (final String text : section.strings(key))
        {
            try
            {
                prefixes.add(IpPrefix.parse(text));
            }
            catch (final IllegalArgumentException ex)
            {
                section.wrong(key, "names \"" + text + "\": " + ex.getMessage());
            }
        }
        if (prefixes.size() > SITE_PREFIXES_MAX)
        {
            section.wrong(key, "lists " + prefixes.size() + "; allowed: at most " + SITE_PREFIXES_MAX);
        }
        return List.copyOf(prefixes);
    }

    private static ElevationTable elevation(final ConfigSection root)
    {
        final Map<Integer, Map<Integer, ElevationTable.Row>> rowsByScenario = new TreeMap<>();
        for (final ConfigSection entry : root.sections("elevation"))
        {
            final String scenario = entry.word("scenario", "any", SCENARIOS);
            final int nodes = (int)entry.integer("nodes", null, 1, 10_000);
            final int witnesses = (int)entry.integer("witnesses", null, 1, ElevationTable.WITNESSES_MAX);
            final double alpha = entry.number("alpha", 1e-6, 0, 0.5);
            final double beta = entry.number("beta", 0.01, 0, 0.5);
            final double clipNats = entry.number("clip_nats", null, 0, 1000);
            final double floorNats = entry.number("floor_nats", 1.0, 0, 1000);
            final double localAlpha = entry.number("local_alpha", 1e-9, 0, 0.5);
            final double degradedAlpha = entry.number("degraded_alpha", 1e-12, 0, 0.5);
            entry.finish();
            try
            {
                rowsByScenario.computeIfAbsent(SCENARIOS.indexOf(scenario), (code) -> new TreeMap<>()).put(
                    nodes,
                    new ElevationTable.Row(
                        nodes, witnesses, alpha, beta, clipNats, floorNats, localAlpha, degradedAlpha));
            }
            catch (final IllegalArgumentException ex)
            {
                entry.wrong("nodes", "begins a row that cannot hold: " + ex.getMessage());
            }
        }
        return merged(root, rowsByScenario);
    }

    /** The configured rows in place of the shipped ones for the same scenario and size of site. */
    private static ElevationTable merged(
        final ConfigSection root, final Map<Integer, Map<Integer, ElevationTable.Row>> rowsByScenario)
    {
        final Map<Integer, Collection<ElevationTable.Row>> rows = new TreeMap<>();
        rowsByScenario.forEach((scenario, its) -> rows.put(scenario, its.values()));
        try
        {
            return ElevationTable.standard().with(rows);
        }
        catch (final IllegalArgumentException ex)
        {
            root.wrong("elevation", ex.getMessage());
            return ElevationTable.standard();
        }
    }

    private Path controlSocket(final ConfigSection root)
    {
        final Path socket = path(root, "control_socket", CONTROL_SOCKET);
        if (socket.toString().length() > SOCKET_PATH_MAX)
        {
            root.wrong("control_socket", "is a path of " + socket.toString().length() +
                " characters; the kernel allows " + SOCKET_PATH_MAX);
        }
        return socket;
    }

    private static NodeConfig.Threads threads(final ConfigSection section)
    {
        final NodeConfig.Threads threads = new NodeConfig.Threads(
            section.word("profile", "auto", ThreadPlan.PROFILES),
            wish(section.section("sensor")),
            wish(section.section("quorum")),
            wish(section.section("actuator")),
            wish(section.section("journal")));
        section.finish();
        return threads;
    }

    private static ThreadPlan.Wish wish(final ConfigSection section)
    {
        final String cpuText = section.string("cpu", "auto");
        final int cpu = "auto".equals(cpuText) ? ThreadPlan.ANY_CPU : (int)section.integer("cpu", null, 0, 4095);
        final String idle = section.word("idle", "auto", Idle.WORDS);
        section.finish();
        return new ThreadPlan.Wish(cpu, "auto".equals(idle) ? null : Idle.of(idle));
    }

    private static NodeConfig.Limits limits(final ConfigSection section)
    {
        final NodeConfig.Limits limits = new NodeConfig.Limits(
            (int)section.integer("quarantine_entries", 65_536L, 16, 1 << 22),
            (int)section.integer("conversations", 65_536L, 1024, 1 << 22),
            (int)powerOfTwo(section, "requests", 1024, 2, 1 << 16),
            (int)section.integer("certificates", 4096L, 64, 1 << 20),
            (int)section.integer("events", 4096L, 64, 1 << 20));
        section.finish();
        return limits;
    }

    private static long powerOfTwo(
        final ConfigSection section, final String key, final int fallback, final int min, final int max)
    {
        final long value = section.integer(key, (long)fallback, min, max);
        if (Long.bitCount(value) != 1)
        {
            section.wrong(key, "is " + value + "; allowed: a power of two from " + min + " to " + max);
        }
        return value;
    }

    private Path path(final ConfigSection section, final String key)
    {
        return base.resolve(section.string(key)).normalize();
    }

    private Path path(final ConfigSection section, final String key, final String fallback)
    {
        return base.resolve(section.string(key, fallback)).normalize();
    }

    private Path optionalPath(final ConfigSection section, final String key, final String fallback)
    {
        final String text = section.string(key, fallback);
        return NONE.equals(text) ? null : base.resolve(text).normalize();
    }
}
