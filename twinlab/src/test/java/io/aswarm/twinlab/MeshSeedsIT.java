package io.aswarm.twinlab;

import io.aswarm.trust.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A thousand seeds in rough weather, or others by {@code -Daswarm.simulate.seed} and {@code -Daswarm.simulate.seeds}.
 * What fails says the command that shows it again.
 */
class MeshSeedsIT
{
    private static final int THREADS = 2;
    private static final int NODES_MIN = 4;
    private static final int NODES_MAX = 7;
    private static final long SEED = Long.getLong("aswarm.simulate.seed", 1);
    private static final int SEEDS = Integer.getInteger("aswarm.simulate.seeds", 1_000);

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void shouldHoldForEverySeed() throws Exception
    {
        final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try
        {
            final List<Callable<Share>> shares = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++)
            {
                final int first = thread;
                shares.add(() -> run(first));
            }
            final List<String> failures = new ArrayList<>();
            long elevations = 0;
            long acts = 0;
            for (final Future<Share> share : threads.invokeAll(shares))
            {
                failures.addAll(share.get().failures);
                elevations += share.get().elevations;
                acts += share.get().acts;
            }
            assertEquals(List.of(), failures);
            assertTrue(elevations > SEEDS && acts > SEEDS, "elevations=" + elevations + " acts=" + acts);
        }
        finally
        {
            threads.shutdownNow();
        }
    }

    /** Up to as many as can have sessions, and more than that, who go by signatures. */
    @ParameterizedTest
    @CsvSource({"16, 3", "65, 1", "100, 2"})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldHoldInLargerSites(final int nodes, final int seeds) throws Exception
    {
        final MeshKeys keys = new MeshKeys(nodes);
        for (int i = 0; i < seeds; i++)
        {
            final MeshPlan plan = new MeshPlan(SEED + i, nodes, MeshPlan.Weather.ROUGH, -1);
            final MeshResult result = new MeshSimulation(plan, keys, nodes, new MeshFaults()).run();
            assertEquals(List.of(), result.violations(), result.replayCommand());
            assertEquals(plan.hasSessions && nodes <= Session.PEERS_MAX + 1, result.sessionsAgreed() > 0);
        }
    }

    private static final class Share
    {
        private final List<String> failures = new ArrayList<>();
        private long elevations;
        private long acts;
    }

    private static Share run(final int first) throws Exception
    {
        final MeshKeys keys = new MeshKeys(NODES_MAX);
        final Share share = new Share();
        for (int i = first; i < SEEDS; i += THREADS)
        {
            final int nodes = NODES_MIN + i % (NODES_MAX - NODES_MIN + 1);
            final MeshPlan plan = new MeshPlan(SEED + i, nodes, MeshPlan.Weather.ROUGH, -1);
            final MeshResult result = new MeshSimulation(plan, keys, nodes, new MeshFaults()).run();
            share.elevations += result.elevations();
            share.acts += result.acts();
            if (!result.violations().isEmpty())
            {
                share.failures.add(result.replayCommand() + " : " + result.violations());
            }
        }
        return share;
    }
}
