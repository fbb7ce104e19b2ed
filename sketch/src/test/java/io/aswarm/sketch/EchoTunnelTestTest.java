package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.ICMP;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EchoTunnelTestTest
{
    private static final int HOST = 7;
    private static final int PEER = 2;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void echo(final int protocol, final int flags, final int lengthBytes)
    {
        net.event.protocol = protocol;
        net.event.flags = flags;
        net.event.quantity = 1_024;
        net.event.lengthBytes = lengthBytes;
        net.send(ConversationKind.VOLUME, HOST, PEER, 0);
        net.event.quantity = 0;
        net.leap(20 * SECOND_NS);
    }

    private boolean isCalled()
    {
        return net.of(Scenario.EXFILTRATION).stream().anyMatch((s) -> s.nats() >= NODE_BAR_NATS);
    }

    @ParameterizedTest
    // the first takes twenty seconds of decay; requests and replies are of one ping
    @CsvSource({"1,0", "1,8", "58,0"})
    void shouldCallATunnelAtItsSixteenthLength(final int protocol, final int everySecondFlags)
    {
        int frames = 0;
        while (frames < 100 && !isCalled())
        {
            echo(protocol, frames % 2 == 0 ? 0 : everySecondFlags, 74 + 13 * frames);
            frames++;
        }
        assertEquals(16, frames);
        assertEquals(net.low(HOST), net.last().subjectLow());
        assertEquals(net.low(PEER), net.last().aimLow());
        assertTrue(net.last().why().contains("length"), net.last().why());
    }

    @Test
    void shouldSayNothingOfSixLengthsAndBeginWithTheSeventh()
    {
        for (int round = 0; round < 50; round++)
        {
            for (int length = 0; length < EchoTunnelTest.FREE; length++)
            {
                echo(ICMP, 0, 98 + 100 * length);
            }
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
        echo(ICMP, 0, 1_000);
        assertEquals(Math.log(EchoTunnelTest.LENGTH_FACTOR), net.last().nats(), 0.05);
    }

    @ParameterizedTest
    // the link's word on a reply is about who replies
    @CsvSource({"0,0", "4,2", "12,0"})
    void shouldSayWhetherTheLinkSaysWhoAsked(final int flags, final int verification)
    {
        for (int frame = 0; frame < 12; frame++)
        {
            echo(ICMP, flags, 74 + 13 * frame);
        }
        assertEquals(verification, net.last().verification());
    }

    @Test
    void shouldBeginAnewWhenAPairWasQuietForItsHalfLife()
    {
        for (int frame = 0; frame < 12; frame++)
        {
            echo(ICMP, 0, 74 + 13 * frame);
        }
        final int told = net.signals.size();
        net.leap(EchoTunnelTest.HALF_LIFE_NS);
        for (int frame = 0; frame < EchoTunnelTest.FREE; frame++)
        {
            echo(ICMP, 0, 74 + 13 * frame);
        }
        assertEquals(told, net.signals.size(), "six lengths are free again");
        echo(ICMP, 0, 900);
        assertEquals(Math.log(EchoTunnelTest.LENGTH_FACTOR), net.last().nats(), 0.05);
    }

    @Test
    void shouldNotCallASearchForTheLongestPacketThatGetsThrough()
    {
        int low = 68;
        int high = 9_216;
        while (low < high)
        {
            final int length = (low + high + 1) / 2;
            echo(ICMP, 0, length);
            low = length > 8_972 ? low : length;
            high = length > 8_972 ? length - 1 : high;
        }
        assertTrue(!isCalled());
    }

    @ParameterizedTest
    // who quotes a packet is no party of a ping; flow records tell no length; other protocols have lengths of their own
    @CsvSource({"1,16,1", "1,0,0", "17,0,1"})
    void shouldStayQuietWhereLengthsSayNothing(final int protocol, final int flags, final int stepBytes)
    {
        for (int frame = 0; frame < 100; frame++)
        {
            echo(protocol, flags, frame * stepBytes);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
    }

    @Test
    void shouldKeepPairsApart()
    {
        for (int peer = 0; peer < 200; peer++)
        {
            net.event.protocol = ICMP;
            net.event.quantity = 1_024;
            net.event.lengthBytes = 98 + peer;
            net.send(ConversationKind.VOLUME, HOST, 100 + peer, 0);
            net.leap(20 * SECOND_NS);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
    }
}
