package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the floods that are known by samples have in common: who is told of, and what a table holds. */
class FloodedVictimsTest
{
    private static final int VICTIM = 20;
    private static final int SOURCE = 7;
    private static final int ACK = 16;
    private static final int RST = 4;
    private static final double STRAY_NATS = Math.log(20);

    private PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());
    private int port = 10_000;

    @AfterEach
    void close()
    {
        net.close();
    }

    /** A sample of one kind of flood; each of its packets is seen. */
    private void sample(final String kind, final int source, final int victim, final int flags)
    {
        final boolean isEcho = kind.equals("echo");
        final boolean isUdp = kind.equals("fragment") || kind.equals("unanswered");
        net.event.protocol = isEcho ? PolicyHarness.ICMP : isUdp ? PolicyHarness.UDP : PolicyHarness.TCP;
        net.event.flags = flags | (isEcho || kind.equals("unanswered") ? 0 : Conversation.FLAG_UNORIENTED);
        net.event.tcpFlags = kind.equals("reset") ? RST : isEcho || isUdp ? 0 : ACK;
        net.event.lengthBytes = 60;
        net.event.quantity = 60;
        net.event.initiatorPort = isEcho || kind.equals("fragment") ? 0 : port++;
        net.send(ConversationKind.VOLUME, source, victim, isEcho || kind.equals("fragment") ? 0 : 9_999);
    }

    private void stray(final int source)
    {
        sample("stray", source, VICTIM, 0);
    }

    @Test
    void shouldSayOfEachEpisodeWhatHoldsOfThatOne()
    {
        for (int i = 0; i < 20; i++)
        {
            stray(1_000 + i);
        }
        assertEquals(20, net.last().hosts(), 1);
        net.leap(SECOND_NS);
        for (int i = 0; i < 12; i++)
        {
            stray(2_000 + i);
        }
        assertEquals(Scenario.SPREAD_FLOOD.code(), net.last().scenario());
        assertEquals(12, net.last().hosts(), 1);
        assertEquals(12, net.last().count());
        assertTrue(net.last().why().contains(String.format("%+.2f nats, 12 times: %s",
            12 * STRAY_NATS, Cause.STRAY_SEGMENT.sentence())), net.last().why());
        net.leap(SECOND_NS);
        for (int i = 0; i < 12; i++)
        {
            stray(SOURCE);
        }
        assertEquals(Scenario.FLOOD.code(), net.last().scenario());
        assertEquals(net.low(SOURCE), net.last().subjectLow());
        assertEquals(4 * STRAY_NATS, net.last().nats(), 1e-9);
    }

    @ParameterizedTest
    // one of so many samples is another's
    @CsvSource({"5,2", "4,5"})
    void shouldTellTheSourceWhereItBroughtFourOfFive(final int each, final int scenario)
    {
        for (int i = 0; i < 20; i++)
        {
            stray(i % each == each - 1 ? 1_000 + i : SOURCE);
        }
        assertEquals(scenario, net.last().scenario());
        assertEquals(net.low(scenario == Scenario.FLOOD.code() ? SOURCE : VICTIM), net.last().subjectLow());
        assertEquals(1, net.last().ports());
    }

    @Test
    void shouldNameBothEndsAndThePortOverIpv6()
    {
        net.useIpv6();
        for (int i = 0; i < 12; i++)
        {
            stray(SOURCE);
        }
        assertEquals(net.high(), net.last().subjectHigh());
        assertEquals(net.high(), net.last().aimHigh());
        assertEquals(net.low(VICTIM), net.last().aimLow());
        assertEquals(9_999, net.last().aimPort());
        assertEquals(1, net.last().hosts());
    }

    @ParameterizedTest
    @CsvSource({"true,false,2", "false,true,0", "false,false,0"})
    void shouldTakeTheLinksWordForTheSourceThatIsToldOnly(
        final boolean isSourceOnLink, final boolean isOtherOnLink, final int verification)
    {
        for (int i = 0; i < 20; i++)
        {
            sample("stray", SOURCE, VICTIM, isSourceOnLink ? Conversation.FLAG_ON_LINK : 0);
        }
        if (isOtherOnLink)
        {
            sample("stray", 1_000, VICTIM, Conversation.FLAG_ON_LINK);
        }
        assertEquals(Scenario.FLOOD.code(), net.last().scenario());
        assertEquals(verification, net.last().verification());
    }

    @ParameterizedTest
    @CsvSource({"stray,10", "fragment,66", "unanswered,66", "echo,10"})
    void shouldKeepThoseWithEvidenceWhenATableIsFullOfThem(final String kind, final int samples)
    {
        net.close();
        net = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build());
        final int victims = 100;
        for (int victim = 0; victim < victims; victim++)
        {
            for (int i = 0; i < samples; i++)
            {
                sample(kind, 1_000 + victim, VICTIM + victim, 0);
            }
        }
        final long told = net.of(Scenario.FLOOD).stream().mapToLong(PolicyHarness.Seen::aimLow).distinct().count();
        assertTrue(told <= 64, "told=" + told);
        assertEquals(victims, told + net.count(SketchCounter.FLOODS_REFUSED) / samples);
    }

    @ParameterizedTest
    @CsvSource({"stray,1", "reset,2", "fragment,1", "unanswered,1", "echo,1"})
    void shouldSayWhetherTimeDidAnything(final String kind, final int followed)
    {
        sample(kind, SOURCE, VICTIM, 0);
        // what is carried out has drained by then
        net.pass(10 * SECOND_NS - 1);
        net.nowNs++;
        int done = 0;
        for (int tick = 0; tick < 16; tick++)
        {
            done += net.policy.onTick(net.nowNs);
        }
        assertEquals(followed, done);
    }
}
