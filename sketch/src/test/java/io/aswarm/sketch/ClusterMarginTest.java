package io.aswarm.sketch;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.function.Consumer;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How far the life of a cluster stays from one node's bar: the most evidence that anything reaches, told of from a
 * tenth of a nat on. With both directions seen it is a sixth of the bar at most, and the same where only one of them
 * passes the sensor, for the lives that are listed so. The others are its blind spot: where answers never pass, a
 * client of one service with more than 195 openings a second, a gateway and a checker of many hosts look like
 * attackers, and have to be declared.
 */
class ClusterMarginTest
{
    private static final double FAR_NATS = Math.log(0.99 / 1e-9) / 6;
    private static final long AT_NS = 100 * SECOND_NS;

    /** What a cluster does, by its generator. */
    enum Life
    {
        COLLECTIVE_START((life) -> life.collectiveStart(AT_NS, 48, 4, 1)),
        CHECKPOINT((life) -> life.checkpoint(AT_NS, 24)),
        HEALTH_CHECKS((life) -> life.healthChecks(AT_NS, 4_000, 400, 4, 6)),
        NAMES((life) -> life.names(AT_NS, 60, 60)),
        ADDRESS_TRANSLATION((life) -> life.addressTranslation(AT_NS, 20_000)),
        RESTARTING_SERVER((life) -> life.restart(AT_NS, 100, 20)),
        PORT_REUSE((life) -> life.portReuse(AT_NS, 40_000)),
        IMAGE_FETCH((life) -> life.imageFetch(AT_NS, 300));

        private final Consumer<ClusterLife> generator;

        Life(final Consumer<ClusterLife> generator)
        {
            this.generator = generator;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "COLLECTIVE_START,BOTH", "COLLECTIVE_START,FORTH", "COLLECTIVE_START,BACK",
        "CHECKPOINT,BOTH", "CHECKPOINT,FORTH", "CHECKPOINT,BACK", "HEALTH_CHECKS,BOTH", "HEALTH_CHECKS,BACK",
        "NAMES,BOTH", "NAMES,FORTH", "NAMES,BACK", "ADDRESS_TRANSLATION,BOTH", "RESTARTING_SERVER,BOTH",
        "RESTARTING_SERVER,BACK", "PORT_REUSE,BOTH", "PORT_REUSE,BACK", "IMAGE_FETCH,BOTH", "IMAGE_FETCH,FORTH",
        "IMAGE_FETCH,BACK"})
    void shouldStayFarFromTheBarOverIpv4AndIpv6(final Life life, final OneSidedView view)
    {
        for (final boolean isIpv6 : new boolean[]{false, true})
        {
            final ClusterLife events = new ClusterLife(31);
            if (isIpv6)
            {
                events.overIpv6();
            }
            life.generator.accept(events);
            shouldStayFarFromTheBar(events, view);
        }
    }

    private static void shouldStayFarFromTheBar(final ClusterLife life, final OneSidedView view)
    {
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build()))
        {
            life.run((event) ->
            {
                if (event.timeNs() - net.nowNs >= MILLISECOND_NS)
                {
                    net.nowNs = event.timeNs();
                    net.policy.onTick(net.nowNs - 1);
                }
                final Conversation seen = view.of(event);
                if (seen != null)
                {
                    net.policy.onConversation(seen);
                }
            });
            net.pass(3 * SECOND_NS);
            assertTrue(net.count(SketchCounter.EVENTS) >= 24, "events=" + net.count(SketchCounter.EVENTS));
            net.signals.forEach((signal) -> assertTrue(signal.nats() < FAR_NATS, signal.toString()));
        }
    }
}
