package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NameTunnelTestTest
{
    private static final int HOST = 7;
    private static final int RESOLVER = 2;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void volume(final int sourcePort, final int protocol, final int lengthBytes)
    {
        net.event.protocol = protocol;
        net.event.initiatorPort = sourcePort;
        net.event.quantity = 1_024;
        net.event.lengthBytes = lengthBytes;
        net.send(ConversationKind.VOLUME, HOST, RESOLVER, 53);
        net.event.quantity = 0;
    }

    @ParameterizedTest
    // ln(240) = 5.5 each; ln(0.18 / 0.0205) = 2.2; ln(0.15 / 0.099) = 0.4
    @CsvSource({"1,250,4,4", "20,250,4,4", "59,250,4,4", "1,214,4,4", "1,213,8,8", "1,118,8,8", "1,117,35,40"})
    void shouldCallATunnelByItsLongQuestionsHoweverSlowItIs(
        final int secondsBetween, final int lengthBytes, final int least, final int most)
    {
        int records = 0;
        while (records < 100 && net.of(Scenario.EXFILTRATION).stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS))
        {
            volume(40_000, PolicyHarness.UDP, lengthBytes);
            net.leap(secondsBetween * SECOND_NS);
            records++;
        }
        assertTrue(records >= least && records <= most, "records=" + records);
        assertEquals(net.low(HOST), net.of(Scenario.EXFILTRATION).get(0).subjectLow());
        assertEquals(net.low(RESOLVER), net.of(Scenario.EXFILTRATION).get(0).aimLow());
    }

    @Test
    void shouldKeepTheEightHostsThatHaveEvidenceWhenTheTableIsFullOfThem()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build()))
        {
            small.event.protocol = PolicyHarness.UDP;
            small.event.initiatorPort = 40_000;
            small.event.quantity = 1_024;
            for (int host = 0; host < 9; host++)
            {
                for (int record = 0; record < (host < 8 ? 3 : 2); record++)
                {
                    small.send(ConversationKind.VOLUME, HOST + host, RESOLVER, 53);
                }
            }
            assertEquals(8 * 2, small.of(Scenario.EXFILTRATION).size());
        }
    }

    @ParameterizedTest
    // as long as names are, or of unknown length; one in ten longer
    @CsvSource({"90,90", "0,0", "90,110"})
    void shouldSuspectAndNotCallAResolverThatKeepsItsPort(final int lengthBytes, final int sometimesBytes)
    {
        for (int record = 0; record < 2_000; record++)
        {
            volume(40_000, PolicyHarness.UDP, record % 10 == 0 ? sometimesBytes : lengthBytes);
            net.event.flags = Conversation.FLAG_FROM_RESPONDER;
            volume(40_000, PolicyHarness.UDP, 400);
            net.event.flags = 0;
            net.leap(10 * SECOND_NS);
        }
        // three and no more for each episode, which is over after half an hour
        assertTrue(net.of(Scenario.EXFILTRATION).size() <= 3 * 12, net.signals.toString());
        assertTrue(net.of(Scenario.EXFILTRATION).stream().allMatch((s) -> s.nats() < 7));
    }

    @ParameterizedTest
    // a byte on either side of 102: over IPv6 20 more, in VXLAN 50 more
    @CsvSource({"121,true,0,false", "122,true,0,true", "151,false,32,false", "152,false,32,true",
        "171,true,32,false", "172,true,32,true", "40,true,32,false"})
    void shouldTakeOffWhatIsLongerThanAFrameOfIpv4(
        final int lengthBytes, final boolean isIpv6, final int flags, final boolean isCalled)
    {
        if (isIpv6)
        {
            net.useIpv6();
        }
        net.event.flags = flags;
        for (int record = 0; record < 50; record++)
        {
            volume(40_000, PolicyHarness.UDP, lengthBytes);
            net.leap(SECOND_NS);
        }
        assertEquals(isCalled, net.nats(Scenario.EXFILTRATION) >= NODE_BAR_NATS);
    }

    @Test
    void shouldCallATunnelWhoseFirstPacketWasAnAnswer()
    {
        for (int record = 0; record < 4; record++)
        {
            volumeOfServer(Conversation.FLAG_FROM_RESPONDER);
            net.leap(SECOND_NS);
        }
        assertTrue(net.last().nats() >= NODE_BAR_NATS);
        assertEquals(net.low(HOST), net.last().subjectLow());
        assertEquals(net.low(RESOLVER), net.last().aimLow());
        assertEquals(53, net.last().aimPort());
    }

    @ParameterizedTest
    @CsvSource({"0", "16"})
    void shouldHoldNothingAgainstWhomAnswersAreReflectedTo(final int flags)
    {
        for (int record = 0; record < 500; record++)
        {
            volumeOfServer(flags);
            net.leap(SECOND_NS / 10);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
    }

    private void volumeOfServer(final int flags)
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.initiatorPort = 53;
        net.event.quantity = 1_024;
        net.event.lengthBytes = 250;
        net.event.flags = flags;
        net.send(ConversationKind.VOLUME, RESOLVER, HOST, 40_000);
        net.event.flags = 0;
        net.event.quantity = 0;
    }

    @Test
    void shouldStayQuietWhenEachQuestionHasAPortOfItsOwn()
    {
        for (int question = 0; question < 5_000; question++)
        {
            volume(1_024 + question * 7 % 60_000, PolicyHarness.UDP, 90);
            net.leap(30 * SECOND_NS);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
    }

    @Test
    void shouldStayQuietOverTcpAndBetweenServers()
    {
        for (int i = 0; i < 10; i++)
        {
            volume(40_000, ConversationKind.TCP, 250);
            volume(53, PolicyHarness.UDP, 250);
            net.leap(30 * SECOND_NS);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
    }
}
