package io.aswarm.dataplane;

import io.aswarm.ebpf.EgressMode;
import io.aswarm.sketch.Signal;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
import io.aswarm.trust.YamlMapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns the YAML into a {@link NodeConfig}. Names, types, bounds and defaults of all keys stand here and in
 * the classes of its larger sections, and nowhere else.
 */
final class NodeConfigReader
{
    static final List<String> MODES = List.of("auto", "native", "generic", "tc");
    private static final List<String> EGRESS_MODES = List.of("auto", "on", "off");
    private static final int INTERFACES_MAX = 64;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;
    /** Longest path of a Unix domain socket less its terminator, sun_path in linux/un.h. */
    private static final int SOCKET_PATH_MAX = 107;
    private static final Pattern INTERFACE_NAME = Pattern.compile("[^\\s/]{1,15}");
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
        final Path roster = root.path("roster", base);
        final NodeConfig.Token token = token(root.section("token"), node);
        final Path key = null == token ? root.path("key", base) : root.optionalPath("key", ConfigSection.NONE, base);

        final ConfigSection catalogSection = root.section("catalog");
        final Path catalog = catalogSection.path("file", base);
        final Path signature = catalogSection.path("signature", catalog + ".sig", base);
        catalogSection.finish();

        final NodeConfig.Directories directories = directories(root.section("directories"), node);
        final NodeConfig config = new NodeConfig(
            file, node, roster, key, token, catalog, signature, directories,
            interfaces(root),
            sensors(root.section("sensors")),
            MeshSection.read(root.section("mesh")),
            DetectionSection.read(root.section("detection"), base),
            ElevationSection.read(root),
            root.optionalPath("baselines", directories.state().resolve("baselines").toString(), base),
            root.optionalPath("event_log", ConfigSection.NONE, base),
            controlSocket(root),
            threads(root.section("threads")),
            limits(root.section("limits")));
        root.finish();
        return config;
    }

    private NodeConfig.Token token(final ConfigSection section, final String node)
    {
        final Path library = section.optionalPath("library", ConfigSection.NONE, base);
        final int slot = (int)section.integer("slot", 0L, 0, SLOT_MAX);
        final String label = section.string("label", node);
        final Path pinFile = section.optionalPath("pin_file", ConfigSection.NONE, base);
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
        final Path state = section.path("state", "/var/lib/aswarm", base);
        final NodeConfig.Directories directories = new NodeConfig.Directories(
            state,
            section.path("journal", state.resolve("journal").toString(), base),
            section.path("aeron", "/dev/shm/aswarm-" + node, base),
            section.path("pins", PINS, base));
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
        final long ringBytes = section.powerOfTwo("ring_bytes", 4 << 20, 4096, 1 << 30);
        final NodeConfig.Sensors sensors = new NodeConfig.Sensors(
            section.bool("conntrack", false),
            section.bool("processes", false),
            EgressMode.valueOf(section.word("egress", "auto", EGRESS_MODES).toUpperCase(Locale.ROOT)),
            (int)ringBytes,
            section.durationNs("wait", 5 * MILLISECOND_NS, MILLISECOND_NS, SECOND_NS));
        section.finish();
        return sensors;
    }

    private Path controlSocket(final ConfigSection root)
    {
        final Path socket = root.path("control_socket", CONTROL_SOCKET, base);
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
            "auto".equals(section.word("real_time", "auto", List.of("auto", "off"))),
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
            (int)section.powerOfTwo("requests", 1024, 2, 1 << 16),
            (int)section.integer("certificates", 4096L, 64, 1 << 20),
            (int)section.integer("events", 4096L, 64, 1 << 20));
        section.finish();
        return limits;
    }

}
