package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** None of the ordinary life of a cluster may give a signal, with the model that is shipped. */
class ClusterLifeTest
{
    private static final long AT_NS = 100 * SECOND_NS;
    private PolicyHarness net = new PolicyHarness(
        LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).build());
    private int events;

    @AfterEach
    void close()
    {
        net.close();
    }

    /** Events and a tick for each millisecond that has any, then three quiet seconds. */
    private void live(final ClusterLife life)
    {
        events += life.run((event) ->
        {
            if (event.timeNs() - net.nowNs >= MILLISECOND_NS)
            {
                net.nowNs = event.timeNs();
                net.policy.onTick(net.nowNs - 1);
            }
            net.policy.onConversation(event);
        });
        net.pass(3 * SECOND_NS);
    }

    private void shouldHaveStayedQuiet(final int eventsMin)
    {
        assertTrue(events >= eventsMin, "events=" + events);
        assertEquals(List.of(), net.signals);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "3,2"})
    void shouldStayQuietWhenACollectiveStartsAllToAll(final int seed, final int lostPercent)
    {
        live(new ClusterLife(seed).collectiveStart(AT_NS, 64, 4, lostPercent));
        shouldHaveStayedQuiet(48_000);
    }

    @Test
    void shouldStayQuietWhenACheckpointIsWritten()
    {
        live(new ClusterLife(4).checkpoint(AT_NS, 32));
        shouldHaveStayedQuiet(16_000);
    }

    @Test
    void shouldStayQuietWhenAHealthCheckerFindsAFewHostsDown()
    {
        live(new ClusterLife(5).healthChecks(AT_NS, 900, 400, 4, 12));
        shouldHaveStayedQuiet(14_000);
    }

    @Test
    void shouldStayQuietWhenADeclaredScannerFindsAThirdOfAllHostsDown()
    {
        net.close();
        net = new PolicyHarness(LocalPolicyConfig.builder().hashKey(1, 2)
            .exemptions(List.of(new Exemption(0, net.low(900), 128, 200))).build());
        live(new ClusterLife(6).healthChecks(AT_NS, 900, 300, 100, 3));
        shouldHaveStayedQuiet(2_000);
        assertEquals(100, net.count(SketchCounter.EXEMPTED) + net.count(SketchCounter.FAILURES_ALLOWED));
    }

    @Test
    void shouldStayQuietWhenHostsAskForNames()
    {
        live(new ClusterLife(7).names(AT_NS, 60, 120));
        shouldHaveStayedQuiet(14_000);
    }

    @Test
    void shouldStayQuietWhenAGatewayHidesThousandsOfClients()
    {
        live(new ClusterLife(8).addressTranslation(AT_NS, 20_000));
        shouldHaveStayedQuiet(58_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 50})
    void shouldStayQuietWhenClientsComeBackToAServerThatRestarts(final int pool)
    {
        live(new ClusterLife(9).restart(AT_NS, 100, pool));
        shouldHaveStayedQuiet(2_000 * pool);
    }

    @Test
    void shouldStayQuietWhenPortsAreReusedInAStorm()
    {
        live(new ClusterLife(10).portReuse(AT_NS, 60_000));
        shouldHaveStayedQuiet(240_000);
    }

    @Test
    void shouldStayQuietWhenAJobFetchesItsImageEverywhere()
    {
        live(new ClusterLife(11).imageFetch(AT_NS, 500));
        shouldHaveStayedQuiet(11_000);
    }

    @Test
    void shouldStayQuietWhenAllOfItHappensAtOnce()
    {
        live(new ClusterLife(12).collectiveStart(AT_NS, 48, 2, 1).checkpoint(AT_NS, 16)
            .healthChecks(AT_NS, 900, 200, 2, 4).names(AT_NS, 30, 60).restart(AT_NS + SECOND_NS, 60, 20)
            .portReuse(AT_NS, 10_000).imageFetch(AT_NS + 2 * SECOND_NS, 300));
        shouldHaveStayedQuiet(90_000);
    }
}
