package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class VerificationTest
{
    private static final int HOST = 7;
    private static final int UPLINK = 3;
    private static final VerificationConfig BOTH = new VerificationConfig(
        Signal.VERIFIED_EXCHANGE | Signal.VERIFIED_ON_LINK, Map.of(UPLINK, Signal.VERIFIED_ON_LINK));

    private static PolicyHarness net(final VerificationConfig config)
    {
        return new PolicyHarness(PolicyHarness.config().verification(config).build());
    }

    /** Failed contacts, some of them with the link's word. */
    private static int verification(final PolicyHarness net, final int onLink, final int shown)
    {
        for (int port = 1; port <= onLink + shown; port++)
        {
            net.event.flags = port <= onLink ? Conversation.FLAG_ON_LINK : 0;
            net.open(HOST, 20, port);
            net.event.flags = 0;
            net.send(ConversationKind.REFUSED, HOST, 20, port);
        }
        return net.last().verification();
    }

    @ParameterizedTest
    @CsvSource({"4,0,2", "0,4,0", "2,2,2", "2,3,0", "3,6,0", "8,60,2", "7,60,0"})
    void shouldBeVerifiedByTheLinkWhenHalfOfTheEvidenceOrTenNatsAre(
        final int onLink, final int shown, final int verification)
    {
        // ln 4 each: eight on the link are 11.1 nats.
        try (PolicyHarness net = net(VerificationConfig.LINK_ONLY))
        {
            assertEquals(verification, verification(net, onLink, shown));
        }
    }

    @Test
    void shouldNotTakeAnExchangeForProofByDefault()
    {
        try (PolicyHarness net = net(VerificationConfig.LINK_ONLY))
        {
            net.established(HOST, 21, 80);
            assertEquals(0, verification(net, 0, 4));
        }
    }

    @Test
    void shouldTakeAnExchangeForProofWhereTheConfigurationSaysSo()
    {
        try (PolicyHarness net = net(BOTH))
        {
            net.established(HOST, 21, 80);
            assertEquals(Signal.VERIFIED_EXCHANGE, verification(net, 0, 4));
        }
        try (PolicyHarness net = net(BOTH))
        {
            net.event.interfaceIndex = UPLINK;
            net.established(HOST, 21, 80);
            assertEquals(0, verification(net, 0, 4), "not on the uplink");
        }
        try (PolicyHarness net = net(BOTH))
        {
            assertEquals(0, verification(net, 0, 4), "not without an exchange");
        }
    }

    @Test
    void shouldRememberTheFirstExchangeAtWhateverTimeItWas()
    {
        try (PolicyHarness net = net(BOTH))
        {
            // of exchanges that are known one in eight renews the memory, by its time
            net.nowNs += 1 << 20;
            net.established(HOST, 21, 80);
            assertEquals(Signal.VERIFIED_EXCHANGE, verification(net, 0, 4));
        }
    }

    @Test
    void shouldNotTakeAnExchangeForProofWhenTheSourcesOwnHadTheLinksWord()
    {
        try (PolicyHarness net = net(BOTH))
        {
            net.event.flags = Conversation.FLAG_ON_LINK;
            net.established(HOST, 21, 80);
            net.event.flags = 0;
            assertEquals(0, verification(net, 0, 300), "forged with the address of a busy neighbour");
        }
    }

    @Test
    void shouldSayOfAFloodWhatMostOfItsOpeningsWereVerifiedBy()
    {
        for (int onLinkOfTen = 0; onLinkOfTen <= 10; onLinkOfTen += 10)
        {
            try (PolicyHarness net = net(VerificationConfig.LINK_ONLY))
            {
                for (int i = 0; i < 100; i++)
                {
                    net.event.flags = i % 10 < onLinkOfTen ? Conversation.FLAG_ON_LINK : 0;
                    net.refused(HOST, 20, 4_444);
                }
                assertEquals(
                    onLinkOfTen == 0 ? 0 : Signal.VERIFIED_ON_LINK, net.of(Scenario.FLOOD).get(0).verification());
            }
        }
    }

    @Test
    void shouldTellAFloodAgainWhenItsSourceTurnsOutToBeVerified()
    {
        try (PolicyHarness net = net(VerificationConfig.LINK_ONLY))
        {
            flood(net, 0, 60);
            final double told = net.last().nats();
            assertEquals(PolicyHarness.config().build().evidenceMaxNats(), told, "there is no more to tell");

            flood(net, Conversation.FLAG_ON_LINK, 50);
            assertEquals(0, net.last().verification(), "not half of its openings yet");
            flood(net, Conversation.FLAG_ON_LINK, 10);
            assertEquals(Signal.VERIFIED_ON_LINK, net.last().verification());
        }
    }

    @Test
    void shouldTellAScanAgainWhenItsSourceTurnsOutToBeVerified()
    {
        try (PolicyHarness net = net(VerificationConfig.LINK_ONLY))
        {
            assertEquals(0, verification(net, 0, 60));
            final int told = net.signals.size();

            for (int port = 100; port < 120; port++)
            {
                net.event.flags = Conversation.FLAG_ON_LINK;
                net.open(HOST, 20, port);
                net.event.flags = 0;
                net.send(ConversationKind.REFUSED, HOST, 20, port);
            }
            assertEquals(Signal.VERIFIED_ON_LINK, net.last().verification());
            assertEquals(told + 1, net.signals.size(), "once");
        }
    }

    private static void flood(final PolicyHarness net, final int flags, final int openings)
    {
        for (int i = 0; i < openings; i++)
        {
            net.event.flags = flags;
            net.refused(HOST, 20, 4_444);
        }
    }

    @Test
    void shouldRefuseBitsThatAreNotKnown()
    {
        assertThrows(IllegalArgumentException.class, () -> new VerificationConfig(8, Map.of()));
        assertThrows(IllegalArgumentException.class, () -> new VerificationConfig(0, Map.of(1, -1)));
    }

    @Test
    void shouldTellTheAimAndNotTheHostWhenSomebodyElseSendsInItsName()
    {
        try (PolicyHarness net = net(VerificationConfig.LINK_ONLY))
        {
            net.event.flags = Conversation.FLAG_ON_LINK;
            net.established(7, 20, 80);
            net.event.flags = 0;
            for (int port = 1; port <= 30; port++)
            {
                net.refused(7, 20, port);
            }
            assertEquals(List.of(), net.scans());
            final PolicyHarness.Seen told = net.of(Scenario.DISTRIBUTED_SCAN).get(0);
            assertEquals(net.low(20), told.subjectLow());
            net.event.flags = Conversation.FLAG_ON_LINK;
            for (int port = 101; port <= 112; port++)
            {
                net.refused(7, 20, port);
            }
            assertEquals(net.low(7), net.scans().get(0).subjectLow(), "what the host sends itself is its own");
        }
    }
}
