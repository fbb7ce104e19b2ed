package io.aswarm.twinlab;

import io.aswarm.actuator.Control;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.quorum.SignatureCheck;
import io.aswarm.quorum.Witness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The simulator finds what is wrong when something is, and nothing else; and repeats itself.
 */
class MeshSimulationTest
{
    private static final int SEEDS = 40;
    private static MeshKeys keys;

    @BeforeAll
    static void makeKeys() throws Exception
    {
        keys = new MeshKeys(9);
    }

    @Test
    void shouldGiveTheSameOutputForTheSameSeedWhateverTheKeys() throws Exception
    {
        final String first = simulate(7, keys, new MeshFaults()).json().toString();
        assertEquals(first, simulate(7, new MeshKeys(9), new MeshFaults()).json().toString());
        assertNotEquals(first, simulate(8, keys, new MeshFaults()).json().toString());
    }

    @Test
    void shouldReplayByTheCommandThatItPrints()
    {
        final MeshResult drawn = simulate(3, keys, new MeshFaults());
        final MeshPlan again = new MeshPlan(
            3, drawn.json().path("nodes").asInt(), MeshPlan.Weather.ROUGH, drawn.json().path("liars").asInt());
        final MeshResult replayed = new MeshSimulation(again, keys, again.nodes, new MeshFaults()).run();
        assertEquals(drawn.json(), replayed.json());
        assertEquals("aswarm simulate --nodes 7 --seed 3 --weather rough --liars " + again.liars.length,
            drawn.replayCommand());
    }

    @Test
    void shouldElevateEverywhereWithinAMillisecondOnACalmNetwork()
    {
        final MeshPlan plan = new MeshPlan(1, 4, MeshPlan.Weather.CALM, 0);
        final MeshResult result = new MeshSimulation(plan, keys, 4, new MeshFaults()).run();
        assertEquals(List.of(), result.violations());
        assertTrue(result.json().path("time_to_elevation_ms").path("max").asDouble() < 1);
        assertEquals(4 * plan.episodes.size(), result.json().path("time_to_elevation_ms").path("samples").asInt());
        assertTrue(result.acts() >= 4L * plan.episodes.size());
    }

    @Test
    void shouldAgreeOnSessionsAndSignAllThatWasSealedOnACalmNetwork()
    {
        final MeshPlan plan = new MeshPlan(1, 7, MeshPlan.Weather.CALM, 0);
        final MeshResult result = new MeshSimulation(plan, keys, 7, new MeshFaults()).run();
        assertEquals(List.of(), result.violations());
        assertEquals(7 * 6, result.sessionsAgreed());
        assertTrue(result.json().path("counters").path("deposits sealed").asLong() > 0);
        assertEquals(0, result.json().path("sessions").path("witnesses_left_out").asLong());
    }

    @Test
    void shouldMakeKeysAnewWhileEvidenceFlowsInRoughWeather()
    {
        long rekeys = 0;
        for (long seed = 1; seed <= SEEDS; seed++)
        {
            final MeshResult result = simulate(seed, keys, new MeshFaults());
            assertEquals(List.of(), result.violations(), result.replayCommand());
            final int nodes = result.json().path("nodes").asInt();
            rekeys += Math.max(0, result.sessionsAgreed() - nodes * (nodes - 1L));
        }
        assertTrue(rekeys > SEEDS, "rekeys=" + rekeys);
    }

    @Test
    void shouldFindNodesThatDoNotSayHowWrongTheirClocksAre()
    {
        assertFound("never elevated", (seed) -> simulate(seed, keys, new MeshFaults()
        {
            @Override
            long clockErrorNs(final long right)
            {
                return 0;
            }
        }));
    }

    @Test
    void shouldSuspendEveryNodeByAnOrderGivenToOne()
    {
        int suspended = 0;
        for (long seed = 1; seed <= SEEDS; seed++)
        {
            final MeshResult result = simulate(seed, keys, new MeshFaults());
            final MeshPlan plan = new MeshPlan(seed, result.json().path("nodes").asInt(), MeshPlan.Weather.ROUGH, -1);
            assertEquals(List.of(), result.violations());
            if (0 != plan.haltNs && plan.crashes.isEmpty() && plan.cuts.isEmpty())
            {
                assertEquals(plan.nodes - plan.liars.length,
                    result.json().path("time_to_suspension_ms").path("samples").asInt());
                suspended++;
            }
        }
        assertTrue(suspended > 0);
    }

    @Test
    void shouldFindThatKLiarsElevateAnInnocent()
    {
        assertFound("which is innocent", (seed) -> new MeshSimulation(
            new MeshPlan(seed, 9, MeshPlan.Weather.ROUGH, 4), keys, 9, new MeshFaults()).run());
    }

    @Test
    void shouldFindAQuorumOfOneWitnessFewer()
    {
        final List<ElevationTable.Row> rows = List.of(
            new ElevationTable.Row(1, 1, 1e-9, 0.01, 100, 1, 1e-9),
            new ElevationTable.Row(4, 2, 1e-6, 0.01, 10, 1, 1e-9));
        assertFound("distinct witnesses of", (seed) -> simulate(seed, keys, new MeshFaults()
        {
            @Override
            ElevationTable table(final ElevationTable right)
            {
                return new ElevationTable(rows, Map.of());
            }
        }));
    }

    @Test
    void shouldFindSignaturesThatNobodyChecks()
    {
        assertFound("whose deposit is not authentic", (seed) -> simulate(seed, keys, new MeshFaults()
        {
            @Override
            SignatureCheck signatures(final SignatureCheck right)
            {
                return (key, message, offset, length, signature) -> true;
            }
        }));
    }

    @Test
    void shouldFindNodesThatForgetWhatTheyElevatedWhenTheyStartAgain()
    {
        assertFound("who saw nothing since it was elevated last", (seed) -> simulate(seed, keys, new MeshFaults()
        {
            @Override
            List<Witness> certified(final Elevation elevation)
            {
                return List.of();
            }
        }));
    }

    @Test
    void shouldFindEntriesThatOutliveTheirDeadline()
    {
        assertFound("still has an entry", (seed) -> simulate(seed, keys, wrongControl("release", 0)));
    }

    @Test
    void shouldFindActsInSpiteOfAHalt()
    {
        assertFound("while it was halted", (seed) -> simulate(seed, keys, wrongControl("halt", 0)));
    }

    /** A control that answers one call without doing what it says. */
    private static MeshFaults wrongControl(final String method, final int answer)
    {
        return new MeshFaults()
        {
            @Override
            Control control(final Control right)
            {
                return (Control)Proxy.newProxyInstance(
                    Control.class.getClassLoader(), new Class<?>[]{Control.class}, (proxy, called, arguments) ->
                    {
                        try
                        {
                            return method.equals(called.getName()) ? answer : called.invoke(right, arguments);
                        }
                        catch (final InvocationTargetException ex)
                        {
                            throw ex.getCause();
                        }
                    });
            }
        };
    }

    @FunctionalInterface
    private interface Run
    {
        MeshResult of(long seed);
    }

    private static void assertFound(final String violation, final Run run)
    {
        for (long seed = 1; seed <= SEEDS; seed++)
        {
            if (run.of(seed).violations().stream().anyMatch((each) -> each.contains(violation)))
            {
                return;
            }
        }
        throw new AssertionError("none of " + SEEDS + " seeds found: " + violation);
    }

    private static MeshResult simulate(final long seed, final MeshKeys with, final MeshFaults faults)
    {
        final MeshPlan plan = new MeshPlan(seed, 4 + (int)(seed % 4), MeshPlan.Weather.ROUGH, -1);
        return new MeshSimulation(plan, with, plan.nodes, faults).run();
    }
}
