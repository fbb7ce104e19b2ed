package io.aswarm.twinlab;

import io.aswarm.actuator.CatalogSigner;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Signer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the files of a site of gateways, as an operator would: keys, roster, signed catalog, one configuration
 * for each node. All keys are new, and gone with the drill.
 */
final class SiteFiles
{
    static final String OPERATOR = "drill-operator";
    private static final String EVENT_LOG = "events.jsonl";
    /** A source that may be forged is guarded for seconds at most. */
    private static final long GUARD_TTL_MAX_MS = 10_000;

    private final Path directory;
    private final int nodesCount;

    private SiteFiles(final Path directory, final int nodesCount)
    {
        this.directory = directory;
        this.nodesCount = nodesCount;
    }

    /**
     * Write the files.
     *
     * @param directory  of the drill; must exist.
     * @param nodesCount how many nodes, 1 to {@link RackPlan#RACKS}.
     * @param pins       directory on a bpf file system, or null where nothing is pinned.
     * @param ttlMs      of every containment.
     * @return where they are.
     * @throws IOException       when a file cannot be written.
     * @throws DocumentException when the catalog does not compile: a defect.
     */
    static SiteFiles write(final Path directory, final int nodesCount, final Path pins, final long ttlMs)
        throws IOException, DocumentException
    {
        final SiteFiles files = new SiteFiles(directory, nodesCount);
        final List<String> nodes = new ArrayList<>();
        for (int rack = 1; rack <= nodesCount; rack++)
        {
            Files.createDirectories(files.node(rack));
            final Signer signer = KeyFile.generate(files.key(rack));
            nodes.add("  - {id: " + rack + ", name: " + RackPlan.gatewayName(rack) + ", key: \"" +
                signer.publicKey() + "\"}");
        }
        final Signer operator = KeyFile.generate(directory.resolve("operator.key"));
        Files.writeString(files.roster(), "site: drill\nnodes:\n" + String.join("\n", nodes) +
            "\noperators:\n  - {name: " + OPERATOR + ", key: \"" + operator.publicKey() + "\"}\n");
        Files.writeString(files.catalog(), catalogText(null == pins, ttlMs));
        CatalogSigner.sign(files.catalog(), OPERATOR, operator);

        for (int rack = 1; rack <= nodesCount; rack++)
        {
            Files.writeString(files.config(rack), configText(rack, pins));
        }
        return files;
    }

    int nodesCount()
    {
        return nodesCount;
    }

    Path node(final int rack)
    {
        return directory.resolve(RackPlan.gatewayName(rack));
    }

    Path config(final int rack)
    {
        return node(rack).resolve("node.yaml");
    }

    Path key(final int rack)
    {
        return node(rack).resolve("node.key");
    }

    Path eventLog(final int rack)
    {
        return node(rack).resolve(EVENT_LOG);
    }

    Path journal(final int rack)
    {
        return node(rack).resolve("journal");
    }

    Path roster()
    {
        return directory.resolve("roster.yaml");
    }

    Path catalog()
    {
        return directory.resolve("catalog.yaml");
    }

    Path catalogSignature()
    {
        return CatalogSigner.signatureOf(catalog());
    }

    private static String catalogText(final boolean isSimulated, final long ttlMs)
    {
        return String.join("\n",
            "version: 2",
            "acts:",
            isSimulated ? simulatedActs(ttlMs) : acts(ttlMs),
            "never_contain:",
            "  - {prefix: " + RackPlan.meshSubnet(4) + ", reason: mesh}",
            "  - {prefix: \"" + RackPlan.meshSubnet(6) + "\", reason: mesh}",
            gatewayLines(4),
            gatewayLines(6),
            "budgets:",
            "  active_max: 256",
            "  per_minute_max: 120",
            "");
    }

    private static String acts(final long ttlMs)
    {
        return String.join("\n",
            "  - id: drop-verified-source",
            "    ring: 1",
            "    when: {scenarios: [port-scan, sweep, syn-flood], role: source, verified: true}",
            "    kind: drop_source",
            "    mode: drop",
            "    ttl: " + ttlMs + "ms",
            "    inverse: release",
            "    probes: [attached, subject_blocked, control_passes]",
            "  - id: guard-source-that-may-be-forged",
            "    ring: 1",
            "    when: {scenarios: [port-scan, sweep, syn-flood], role: source, verified: false}",
            "    kind: guard_source",
            "    mode: guard",
            "    limit: {packets_per_second: 0}",
            "    ttl: " + Math.min(ttlMs, GUARD_TTL_MAX_MS) + "ms",
            "    inverse: release",
            "    probes: [attached, openings_limited, established_passes, neighbour_passes, control_passes]");
    }

    /** A capture does not tell who is a neighbour, and nothing is enforced: every source is dropped. */
    private static String simulatedActs(final long ttlMs)
    {
        return String.join("\n",
            "  - id: drop-recorded-source",
            "    ring: 1",
            "    when: {scenarios: [port-scan, sweep, syn-flood], role: source}",
            "    kind: drop_source",
            "    accept_forged: true",
            "    mode: drop",
            "    ttl: " + ttlMs + "ms",
            "    inverse: release",
            "    probes: [attached, subject_blocked, control_passes]");
    }

    private static String gatewayLines(final int family)
    {
        final List<String> lines = new ArrayList<>();
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            lines.add("  - {prefix: \"" + RackPlan.gatewaySpineAddress(family, rack) + "\", reason: gateway}");
            lines.add("  - {prefix: \"" + RackPlan.gatewayRackAddress(family, rack) + "\", reason: gateway}");
        }
        return String.join("\n", lines);
    }

    private static String configText(final int rack, final Path pins)
    {
        final List<String> lines = new ArrayList<>(List.of(
            "node: " + RackPlan.gatewayName(rack),
            "roster: ../roster.yaml",
            "key: node.key",
            "catalog:",
            "  file: ../catalog.yaml",
            "  signature: ../catalog.yaml.sig",
            "directories:",
            "  state: state",
            "  journal: journal",
            "  aeron: aeron",
            "  pins: " + (null == pins ? "pins" : pins.resolve(RackPlan.gatewayName(rack))),
            "interfaces:",
            "  - {name: " + RackPlan.SPINE_INTERFACE + ", mode: native}"));
        for (int server = 1; server <= RackPlan.SERVERS_PER_RACK; server++)
        {
            lines.add("  - {name: " + RackPlan.portName(server) + ", mode: native}");
        }
        lines.add("mesh:");
        lines.add("  interface: " + RackPlan.gatewayMeshAddress(rack));
        lines.add("event_log: " + EVENT_LOG);
        lines.add("control_socket: control.sock");
        return String.join("\n", lines) + "\n";
    }
}
