package io.aswarm.quorum;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.SignedOrder;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Orders of two operators over a real mesh: identities of both halves, so that an order is longer than a datagram.
 */
class MeshOrdersIT
{
    private static final int NODES = 4;
    private static final long HOUR_NS = 3_600_000_000_000L;
    /** Far above the 100 ms that are promised and printed: a busy machine is no fault of the mesh. */
    private static final long REACHED_WITHIN_NS = 2_000_000_000L;

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES);

    @Test
    void shouldReachAllNodesWithinATenthOfASecondAndWhoStartsLater()
        throws IOException, InterruptedException, DocumentException
    {
        final SystemEpochNanoClock clock = new SystemEpochNanoClock();
        lab.startAll(MeshLab.MULTICAST);
        report("suspend", give(1, SignedOrder.Action.SUSPEND, clock.nanoTime(), "suspend true"));
        report("resume", give(2, SignedOrder.Action.RESUME, clock.nanoTime(), "resume false"));
        report("suspend again", give(3, SignedOrder.Action.SUSPEND, clock.nanoTime(), "suspend true"));

        lab.kill(4);
        lab.start(4, MeshLab.MULTICAST);
        assertTrue(lab.next(4, "order ").startsWith("order suspend true "), "a late joiner learns of it");
    }

    @Test
    void shouldReachWhoHearsOnlyOneOfTheOthers() throws IOException, InterruptedException, DocumentException
    {
        lab.startAll(MeshLab.MULTICAST);
        // node 4 hears nothing of nodes 1 and 2
        new MeshWeather(lab).deafen(4, 1, 2);
        lab.tell(1, "order " + order(SignedOrder.Action.SUSPEND, new SystemEpochNanoClock().nanoTime()));
        assertTrue(lab.next(4, "order ").startsWith("order suspend true "));
    }

    /** A file with an order of both operators. */
    private Path order(final SignedOrder.Action action, final long issuedEpochNs) throws IOException, DocumentException
    {
        SignedOrder order = SignedOrder.draft(
            "lab", action, "a test", String.format("%032x", issuedEpochNs), issuedEpochNs, HOUR_NS);
        for (final String operator : MeshLab.OPERATORS)
        {
            order = order.sign(operator, KeyFile.loadHybrid(lab.directory().resolve(operator)));
        }
        return Files.write(lab.directory().resolve("order-" + issuedEpochNs), order.toJson());
    }

    private long give(
        final int id, final SignedOrder.Action action, final long issuedEpochNs, final String said)
        throws IOException, InterruptedException, DocumentException
    {
        final Path order = order(action, issuedEpochNs);
        lab.tell(id, "order " + order);
        final String given = lab.next(id, "given ");
        assertEquals("ACCEPTED", given.split(" ")[1], given);
        final long givenNs = Long.parseLong(given.split(" ")[2]);
        long lastNs = 0;
        for (int each = 1; each <= NODES; each++)
        {
            final String line = lab.next(each, "order ");
            assertTrue(line.startsWith("order " + said + " "), line);
            lastNs = Math.max(lastNs, Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));
        }
        final long tookNs = lastNs - givenNs;
        assertTrue(tookNs < REACHED_WITHIN_NS, action + " took " + tookNs + " ns");
        return tookNs;
    }

    private static void report(final String what, final long tookNs)
    {
        System.out.printf(Locale.ROOT, "%s: from one node to all in %.2f ms%n", what, tookNs / 1e6);
    }
}
