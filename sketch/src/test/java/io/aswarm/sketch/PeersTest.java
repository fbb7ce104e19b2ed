package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Programs that talk among equals fail at many and are no scanners, with the model that is shipped. */
class PeersTest
{
    private static final int SOURCE = 7;
    private static final int FIRST_PEER = 30;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness(
        LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private boolean isCalled()
    {
        return net.scans().stream().anyMatch((signal) -> signal.nats() >= NODE_BAR_NATS);
    }

    /** Contacts that are refused, each some hosts and ports from the one before. */
    private void fail(final boolean isOutside, final int hostStep, final int firstPort, final int portStep)
    {
        for (int i = 0; i < 60; i++)
        {
            final int port = firstPort + i * portStep;
            if (isOutside)
            {
                net.sendOutside(ConversationKind.OPENED, SOURCE, i * hostStep, port, 0);
                net.sendOutside(ConversationKind.REFUSED, SOURCE, i * hostStep, port, 0);
            }
            else
            {
                net.refused(SOURCE, FIRST_PEER + i * hostStep, port);
            }
            net.pass(MILLISECOND_NS);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,1,1024,37,false", "true,1,963,1,true", "true,1,6881,0,true", "true,0,6881,37,true",
        "false,1,1024,37,true"})
    void shouldHoldOtherPortsOfOtherHostsOutsideAgainstNobody(
        final boolean isOutside, final int hostStep, final int firstPort, final int portStep, final boolean isCalled)
    {
        fail(isOutside, hostStep, firstPort, portStep);
        assertEquals(isCalled, isCalled());
    }

    @Test
    void shouldCallItAScanWhenItsOpeningsAreBare()
    {
        net.event.headerBytes = Conversation.BARE_HEADER_MAX_BYTES;
        fail(true, 1, 1_024, 37);
        assertEquals(true, isCalled());
    }

    @ParameterizedTest
    @CsvSource({"3,32768,false", "2,32768,true", "3,32600,true", "4,41000,false"})
    void shouldCountAPeerThatIsNotUpYetOnceWhereOthersServe(
        final int serving, final int firstPort, final boolean isCalled)
    {
        for (int round = 0; round < 20; round++)
        {
            for (int peer = 0; peer < 6; peer++)
            {
                net.refused(SOURCE, FIRST_PEER + peer, firstPort + peer * 20 + round);
                if (peer < serving)
                {
                    net.established(SOURCE, FIRST_PEER + 10 + peer, firstPort + peer * 20 + round);
                }
            }
            net.pass(MILLISECOND_NS);
        }
        assertEquals(isCalled, isCalled());
    }

    @ParameterizedTest
    @CsvSource({"1023,true", "1024,false"})
    void shouldHoldSystemPortsOfPlacesOutside(final int port, final boolean isHeld)
    {
        try (PolicyHarness shipped = new PolicyHarness(PolicyHarness.shipped().build()))
        {
            shipped.sendOutside(ConversationKind.OPENED, SOURCE, 1, port, 40);
            shipped.sendOutside(ConversationKind.REFUSED, SOURCE, 1, port, 0);
            assertEquals(isHeld, shipped.nats(Scenario.SCAN) > 0.0);
        }
    }

    @ParameterizedTest
    @CsvSource({"32767,true", "32768,false"})
    void shouldExcuseOfAPeerThePortsThatRanksTake(final int port, final boolean isHeld)
    {
        try (PolicyHarness shipped = new PolicyHarness(PolicyHarness.shipped().build()))
        {
            shipped.refused(SOURCE, FIRST_PEER, 41_000);
            shipped.refused(SOURCE, FIRST_PEER + 1, 42_000);
            for (int peer = 2; peer < 5; peer++)
            {
                shipped.established(SOURCE, FIRST_PEER + peer, 50_000 + peer);
            }
            // more than what the three took away, so that each nat from here on is told
            for (int peer = 5; peer < 9; peer++)
            {
                shipped.refused(SOURCE, FIRST_PEER + peer, 43_000 + peer);
            }
            final int told = shipped.scans().size();
            shipped.refused(SOURCE, FIRST_PEER + 5, port);
            assertEquals(isHeld, shipped.scans().size() > told);
        }
    }
}
