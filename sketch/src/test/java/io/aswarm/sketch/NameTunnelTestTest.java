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

    private void volume(final int sourcePort, final int protocol)
    {
        net.event.protocol = protocol;
        net.event.initiatorPort = sourcePort;
        net.event.quantity = 1_024;
        net.send(ConversationKind.VOLUME, HOST, RESOLVER, 53);
        net.event.quantity = 0;
    }

    @ParameterizedTest
    @CsvSource({"1", "20", "59"})
    void shouldCallATunnelWithElevenRecordsHoweverSlowItIs(final int secondsBetween)
    {
        int records = 0;
        while (records < 40 && net.of(Scenario.EXFILTRATION).stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS))
        {
            volume(40_000, PolicyHarness.UDP);
            net.leap(secondsBetween * SECOND_NS);
            records++;
        }
        assertTrue(records >= 11 && records <= 14, "records=" + records);
        assertEquals(net.low(HOST), net.of(Scenario.EXFILTRATION).get(0).subjectLow());
        assertEquals(net.low(RESOLVER), net.of(Scenario.EXFILTRATION).get(0).aimLow());
    }

    @Test
    void shouldStayQuietWhenEachQuestionHasAPortOfItsOwn()
    {
        for (int question = 0; question < 5_000; question++)
        {
            volume(1_024 + question * 7 % 60_000, PolicyHarness.UDP);
            net.leap(30 * SECOND_NS);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
    }

    @Test
    void shouldStayQuietOverTcpAndBetweenServersAndWhereNobodyKnowsWhoAsked()
    {
        for (int i = 0; i < 10; i++)
        {
            volume(40_000, ConversationKind.TCP);
            volume(53, PolicyHarness.UDP);
            net.event.flags = Conversation.FLAG_UNORIENTED;
            volume(40_001, PolicyHarness.UDP);
            net.event.flags = 0;
            net.leap(30 * SECOND_NS);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
    }
}
