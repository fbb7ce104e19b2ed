package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FragmentFloodTestTest
{
    private static final int VICTIM = 20;
    private static final int SOURCE = 7;
    private static final int FRAME = 842;
    private static final int QUANTUM = 1_024;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    /** A sampled fragment whose first one did not come. */
    private void fragment(final int source, final int lengthBytes, final int quantum)
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.flags = Conversation.FLAG_UNORIENTED;
        net.event.quantity = quantum;
        net.event.lengthBytes = lengthBytes;
        net.send(ConversationKind.VOLUME, source, VICTIM, 0);
    }

    @ParameterizedTest
    @CsvSource({"70, false", "71, true"})
    void shouldCallAFloodOfFragmentsWhenMoreCameThanTheLargestPacketLeaves(final int records, final boolean isCalled)
    {
        for (int i = 0; i < records; i++)
        {
            fragment(SOURCE, FRAME, FRAME);
        }
        assertEquals(isCalled, net.nats(Scenario.FLOOD) >= NODE_BAR_NATS);
        assertEquals(net.low(SOURCE), net.last().subjectLow());
        assertTrue(net.last().why().contains(Cause.STRAY_FRAGMENT.sentence()), net.last().why());
    }

    @Test
    void shouldAllowWhatTheLargestPacketLeavesAtTheFinestQuantum()
    {
        for (int bytes = 0; bytes < 65_536; bytes += QUANTUM)
        {
            fragment(SOURCE, FRAME, QUANTUM);
        }
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldTellTheVictimWhenSourcesAreForged()
    {
        for (int i = 0; i < 80; i++)
        {
            fragment(10_000 + i, FRAME, FRAME);
        }
        assertTrue(net.nats(Scenario.SPREAD_FLOOD) >= NODE_BAR_NATS);
        assertEquals(net.low(VICTIM), net.last().subjectLow());
    }

    @ParameterizedTest
    @CsvSource({"1024, 1240, false", "1024, 1300, true", "65536, 1240, false", "65536, 1300, true"})
    void shouldBalanceAtTheSameRateWhenTheQuantumIsAnother(
        final int quantum, final int perSecond, final boolean isTold)
    {
        for (int i = 0; i < 5_000; i++)
        {
            fragment(SOURCE, 100, quantum);
            net.nowNs += (long)((double)quantum / 100 * SECOND_NS / perSecond);
        }
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    @ParameterizedTest
    @CsvSource({"1279, true", "1280, false"})
    void shouldCountShortOnesOnly(final int lengthBytes, final boolean isTold)
    {
        for (int i = 0; i < 200; i++)
        {
            fragment(SOURCE, lengthBytes, 2_048);
        }
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    @Test
    void shouldNotCountWhatHasPortsOrAnOrientationOrNoPortsEver()
    {
        net.event.quantity = QUANTUM;
        net.event.lengthBytes = FRAME;
        for (int i = 0; i < 200; i++)
        {
            net.event.protocol = PolicyHarness.UDP;
            net.event.flags = Conversation.FLAG_UNORIENTED | Conversation.FLAG_ON_LINK;
            net.send(ConversationKind.VOLUME, SOURCE, VICTIM, 2_049);
            net.event.flags = Conversation.FLAG_ON_LINK;
            net.send(ConversationKind.VOLUME, SOURCE, VICTIM, 0);
            net.event.flags = Conversation.FLAG_UNORIENTED | Conversation.FLAG_ON_LINK;
            net.event.protocol = PolicyHarness.ICMP;
            net.send(ConversationKind.VOLUME, SOURCE, VICTIM, 0);
        }
        assertEquals(List.of(), net.of(Scenario.FLOOD));
    }
}
