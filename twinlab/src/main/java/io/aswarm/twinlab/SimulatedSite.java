package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A site of simulated nodes, one for each capture, replayed in step on one virtual clock. The same captures give the
 * same decisions.
 */
final class SimulatedSite implements AutoCloseable
{
    private static final long STEP_NS = 1_000_000L;
    private static final int CYCLES_MAX = 1_000;

    /** Is shown what happens, in the order of virtual time. */
    interface Observer
    {
        /**
         * A frame came in at a gateway.
         *
         * @param node   that took it.
         * @param timeNs virtual.
         * @param passed whether it was let through.
         */
        void onFrame(SimulatedNode node, long timeNs, boolean passed);

        /**
         * A node has said something.
         *
         * @param rack  of its gateway.
         * @param event of its log.
         */
        void onEvent(int rack, NodeEvent event);
    }

    private final SiteFiles files;
    private final VirtualClock clock;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<CaptureReader> captures;
    private final boolean[] hasFrame;
    private long frames;

    /**
     * Build a site.
     *
     * @param directory for its files; must be empty.
     * @param captures  one for each node, before their first frames.
     * @param ttlMs     of every containment.
     * @throws IOException       when files cannot be written.
     * @throws DocumentException when a capture cannot be read.
     */
    SimulatedSite(final Path directory, final List<CaptureReader> captures, final long ttlMs)
        throws IOException, DocumentException
    {
        this.captures = captures;
        this.hasFrame = new boolean[captures.size()];
        long startNs = Long.MAX_VALUE;
        for (int i = 0; i < captures.size(); i++)
        {
            hasFrame[i] = captures.get(i).next();
            startNs = hasFrame[i] ? Math.min(startNs, captures.get(i).timeNs()) : startNs;
        }
        if (Long.MAX_VALUE == startNs)
        {
            throw new DocumentException("captures", 0, "hold no frame at all");
        }

        clock = new VirtualClock(startNs);
        files = SiteFiles.write(directory, captures.size(), null, ttlMs);
        final MemoryMesh mesh = new MemoryMesh();
        for (int rack = 1; rack <= captures.size(); rack++)
        {
            Files.createDirectories(files.journal(rack));
            nodes.add(new SimulatedNode(rack, files, mesh.join(), clock));
        }
    }

    SiteFiles files()
    {
        return files;
    }

    /** Frames replayed. */
    long frames()
    {
        return frames;
    }

    List<String> errors()
    {
        return nodes.stream().flatMap((node) -> node.errors().stream()).toList();
    }

    /**
     * Replay all frames, then let time pass on.
     *
     * @param observer  of what happens.
     * @param afterwardNs virtual time after the last frame.
     * @throws IOException       when a node's files cannot be used.
     * @throws DocumentException when a capture breaks off.
     */
    void replay(final Observer observer, final long afterwardNs) throws IOException, DocumentException
    {
        int next = earliest();
        while (next >= 0)
        {
            final CaptureReader capture = captures.get(next);
            passTimeUntil(capture.timeNs(), observer);
            final SimulatedNode node = nodes.get(next);
            final boolean passed = node.onFrame(capture.linkType(), capture.frame(), capture.wireLength());
            frames++;
            observer.onFrame(node, clock.nowNs(), passed);
            // an effect comes after its cause, also where computing takes no time
            clock.advanceTo(clock.nowNs() + 1);
            settle(observer);
            hasFrame[next] = capture.next();
            next = earliest();
        }
        passTimeUntil(clock.nowNs() + afterwardNs, observer);
    }

    private int earliest()
    {
        int earliest = -1;
        for (int i = 0; i < hasFrame.length; i++)
        {
            if (hasFrame[i] && (earliest < 0 || captures.get(i).timeNs() < captures.get(earliest).timeNs()))
            {
                earliest = i;
            }
        }
        return earliest;
    }

    private void passTimeUntil(final long instantNs, final Observer observer) throws IOException
    {
        while (instantNs - clock.nowNs() > STEP_NS)
        {
            clock.advanceTo(clock.nowNs() + STEP_NS);
            settle(observer);
        }
        clock.advanceTo(instantNs);
    }

    /** Let all nodes work until none has anything to do at this instant. */
    private void settle(final Observer observer) throws IOException
    {
        int work = 1;
        for (int i = 0; i < CYCLES_MAX && work > 0; i++)
        {
            work = 0;
            for (final SimulatedNode node : nodes)
            {
                work += node.doWork();
            }
        }

        final List<NodeEvent> events = new ArrayList<>();
        final List<Integer> racks = new ArrayList<>();
        for (final SimulatedNode node : nodes)
        {
            for (final NodeEvent event : node.poll())
            {
                events.add(event);
                racks.add(node.rack());
            }
        }
        java.util.stream.IntStream.range(0, events.size()).boxed()
            .sorted(Comparator.comparingLong((Integer i) -> events.get(i).timeNs()))
            .forEach((i) -> observer.onEvent(racks.get(i), events.get(i)));
    }

    @Override
    public void close() throws IOException
    {
        for (final SimulatedNode node : nodes)
        {
            node.close();
        }
    }
}
