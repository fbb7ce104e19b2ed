package io.aswarm.journal;

import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.Signer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Findings, deeds, keys and counters for the tests of this module. */
final class Samples
{
    static final long EPOCH_NS = 1_795_318_412_123_456_789L;
    static final long NOW_NS = 5_000_000_000_000L;
    static final long NS_PER_SECOND = 1_000_000_000L;
    static final String CATALOG_HASH = "ab".repeat(32);
    static final String SUBJECT = "198.18.0.66";

    private Samples()
    {
    }

    static Signer signer(final Path directory, final String name) throws IOException
    {
        return KeyFile.generate(directory.resolve(name + ".pem"));
    }

    static Roster roster(final Signer... signers)
    {
        final List<Roster.Node> nodes = new java.util.ArrayList<>();
        for (int i = 0; i < signers.length; i++)
        {
            nodes.add(new Roster.Node(i + 1, "gateway-" + (i + 1), signers[i].publicKey()));
        }
        return new Roster("lab", nodes, List.of());
    }

    static Function<JournalCounter, AtomicCounter> counters()
    {
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(128 * 1024)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(32 * 1024)),
            StandardCharsets.UTF_8);
        final Map<JournalCounter, AtomicCounter> counters = new EnumMap<>(JournalCounter.class);
        for (final JournalCounter counter : JournalCounter.values())
        {
            counters.put(counter, manager.newCounter(counter.label()));
        }
        return counters::get;
    }

    static WitnessStatement witness(final int nodeId, final double nats)
    {
        return new WitnessStatement("gateway-" + nodeId, nodeId, nats, nats, 12, EPOCH_NS - 40_000_000,
            ("deposit of gateway-" + nodeId).getBytes(StandardCharsets.US_ASCII));
    }

    static Finding finding(final long elevationId)
    {
        return new Finding(elevationId, "port-scan", SUBJECT, 16.5, 13.8, 2, false,
            List.of(witness(1, 5.5), witness(2, 5.5), witness(3, 5.5)), 36, 3, 12, 0, "",
            NOW_NS - 80_000_000, EPOCH_NS - 80_000_000, NOW_NS - 2_000_000, EPOCH_NS - 2_000_000);
    }

    static Deed effective(final long actId, final long elevationId)
    {
        return deed("EFFECTIVE", actId, elevationId, NOW_NS - 1_000_000, 0);
    }

    static Deed reverted(final long actId, final long elevationId)
    {
        return deed("REVERTED", actId, elevationId, NOW_NS - 1_000_000, NOW_NS + 30 * NS_PER_SECOND);
    }

    static Deed deed(
        final String kind, final long actId, final long elevationId, final long effectiveNs, final long endedNs)
    {
        return new Deed(kind, actId, elevationId, "quarantine-source", CATALOG_HASH, 1, "drop_source", SUBJECT,
            new RuleStatement("from " + SUBJECT, "drop", 0, 0), 30 * NS_PER_SECOND, NOW_NS - 1_500_000,
            effectiveNs, NOW_NS + 30 * NS_PER_SECOND, endedNs,
            List.of(
            new ProbeStatement("subject is dropped", "DROP", "DROP", true, NOW_NS - 1_010_000, 1_100),
            new ProbeStatement("control passes", "PASS", "PASS", true, NOW_NS - 1_005_000, 1_050)),
            17, "linux_kernel_enforced", "");
    }

    static Deed order(final String kind, final long orderId)
    {
        return new Deed(kind, orderId, 0, "", "", 0, "", "", null, 0, NOW_NS, NOW_NS, 0, 0, List.of(), 0,
            "linux_kernel_enforced", "alice ordered it");
    }

    static JournalClocks clocks()
    {
        return new JournalClocks(() -> NOW_NS, () -> EPOCH_NS, () -> ClockStatement.UNMEASURED);
    }

    /** Published vectors, or a skip with its reason. */
    static Path vectors(final String name)
    {
        final String configured = System.getenv("ASWARM_VECTORS");
        final Path root = null != configured ? Path.of(configured) : Path.of("../../shared/vectors");
        final Path found = root.resolve(name);
        assumeTrue(found.toFile().exists(), "published vectors are not on this machine: " + found.toAbsolutePath());
        return found;
    }
}
