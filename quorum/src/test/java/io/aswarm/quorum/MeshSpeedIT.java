package io.aswarm.quorum;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * From the deciding deposit's signal to the elevation on all four nodes, beside the round trip of plain Aeron multicast
 * between the same processes: same driver, same threads, messages of the same length, rounds in turn. Figures are
 * printed and never asserted; {@code -Daswarm.speed.rounds=1000} for figures that mean something, on a machine that
 * does nothing else, and {@code -Daswarm.speed.idle=spin} for the appliance's threads, which need a core for each node.
 * <p>
 * The like of an elevation on all is the round trip to all: both are over when the last of the other three has done its
 * part. The round trip to the first answer is printed too, as the stricter reading.
 */
class MeshSpeedIT
{
    private static final int NODES = 4;
    private static final long PAUSE_NS = 15_000_000L;
    private static final long LONGEST_NS = 10_000_000_000L;

    /** What is timed. The hops are of one round's last node and add up to its elevation. */
    private enum Span
    {
        FIRST_ANSWER("round trip, first answer"),
        ALL_ANSWERS("round trip, all answers"),
        ELEVATION("signal to elevation on all"),
        OWN("  signal to own elevation"),
        OFFERED("  signal to offer"),
        SENT("  offer to out of the socket"),
        FIRST_RECEIVED("  first node: offer to receipt"),
        RECEIVED("  last node: offer to receipt"),
        DECIDED("  last node: receipt to elevation");

        private final String label;

        Span(final String label)
        {
            this.label = label;
        }
    }

    private final Map<Span, Histogram> spans = new EnumMap<>(Span.class);

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES, "-XX:TieredStopAtLevel=4", "-Dbudget=1000000",
        "-Didle=" + System.getProperty("aswarm.speed.idle", "epoll"));

    @Test
    void shouldElevateOnAllNodesInEveryRoundAndSayHowLongItTook() throws IOException, InterruptedException
    {
        final int rounds = Integer.getInteger("aswarm.speed.rounds", 50);
        final int warmUps = Math.max(20, rounds / 4);
        lab.startAll(MeshLab.MULTICAST);
        for (int round = 0; round < warmUps + rounds; round++)
        {
            if (round == warmUps)
            {
                spans.clear();
            }
            ping();
            pause();
            elevate(1_000 + round);
            pause();
        }
        for (final Map.Entry<Span, Histogram> span : spans.entrySet())
        {
            final Histogram took = span.getValue();
            assertEquals(rounds, took.getTotalCount(), span.getKey().label);
            System.out.printf(Locale.ROOT, "%-34s P50 %8.1f  P90 %8.1f  P99 %8.1f  max %8.1f us%n", span.getKey().label,
                us(took, 50), us(took, 90), us(took, 99), us(took, 100));
        }
        for (final double percentile : new double[] {50, 99})
        {
            final double elevation = us(spans.get(Span.ELEVATION), percentile);
            System.out.printf(Locale.ROOT, "P%.0f: elevation on all / round trip = %.2f (first answer), %.2f (all)%n",
                percentile, elevation / us(spans.get(Span.FIRST_ANSWER), percentile),
                elevation / us(spans.get(Span.ALL_ANSWERS), percentile));
        }
    }

    private void ping() throws IOException, InterruptedException
    {
        lab.tell(3, "ping");
        final String[] pinged = lab.next(3, "pinged ").split(" ");
        record(Span.FIRST_ANSWER, Long.parseLong(pinged[1]));
        record(Span.ALL_ANSWERS, Long.parseLong(pinged[2]));
    }

    private void elevate(final int subject) throws IOException, InterruptedException
    {
        lab.tell(1, "signal " + subject + " 5.0");
        lab.tell(2, "signal " + subject + " 5.0");
        pause();
        lab.tell(3, "timed " + subject + " 5.0");
        final String[] signalled = lab.next(3, "signalled ").split(" ");
        final long signalledNs = Long.parseLong(signalled[2]);
        final long offeredNs = Long.parseLong(signalled[3]);
        long lastNs = signalledNs;
        long firstReceivedNs = Long.MAX_VALUE;
        long lastReceivedNs = offeredNs;
        for (int id = 1; id <= NODES; id++)
        {
            final String[] elevated = lab.next(id, "elevated ").split(" ");
            assertEquals(String.valueOf(subject), elevated[1]);
            final long elevatedNs = Long.parseLong(elevated[2]);
            if (3 == id)
            {
                record(Span.OWN, elevatedNs - signalledNs);
            }
            else
            {
                firstReceivedNs = Math.min(firstReceivedNs, Long.parseLong(elevated[3]));
            }
            if (3 != id && elevatedNs - lastNs > 0)
            {
                lastReceivedNs = Long.parseLong(elevated[3]);
                lastNs = elevatedNs;
            }
        }
        assertTrue(lastReceivedNs - offeredNs > 0, "received before it was offered");
        record(Span.ELEVATION, lastNs - signalledNs);
        record(Span.OFFERED, offeredNs - signalledNs);
        record(Span.SENT, Long.parseLong(signalled[4]) - offeredNs);
        record(Span.FIRST_RECEIVED, firstReceivedNs - offeredNs);
        record(Span.RECEIVED, lastReceivedNs - offeredNs);
        record(Span.DECIDED, lastNs - lastReceivedNs);
    }

    /** Not in step with anything that happens in whole milliseconds. */
    private static void pause()
    {
        LockSupport.parkNanos(PAUSE_NS + ThreadLocalRandom.current().nextLong(PAUSE_NS));
    }

    private void record(final Span span, final long tookNs)
    {
        spans.computeIfAbsent(span, (its) -> new Histogram(LONGEST_NS, 3))
            .recordValue(Math.max(0, Math.min(LONGEST_NS, tookNs)));
    }

    private static double us(final Histogram took, final double percentile)
    {
        return took.getValueAtPercentile(percentile) / 1e3;
    }
}
