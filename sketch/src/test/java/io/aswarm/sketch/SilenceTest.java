package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What no answer, or half a handshake, is evidence of. */
class SilenceTest
{
    private static final int ATTACKER = 7;
    private static final long TIMEOUT_NS = 1_500 * MILLISECOND_NS;

    private static final double SILENCE_NATS = Math.log((1 - 0.2 * 0.98) / (1 - 0.8 * 0.98));

    private final PolicyHarness net = new PolicyHarness();

    /** Something of the /24 was seen answering, so silence there means something. */
    @BeforeEach
    void shouldSeeTheNetworkAnswer()
    {
        net.established(1, 250, 80);
    }

    @AfterEach
    void close()
    {
        net.close();
    }

    @Test
    void shouldFailWhenTheAnswerIsOverdueToTheNanosecond()
    {
        final long openedNs = net.nowNs;
        net.open(ATTACKER, 20, 1);
        net.open(ATTACKER, 20, 2);
        assertEquals(0, net.policy.onTick(openedNs + TIMEOUT_NS - 1));
        assertEquals(List.of(), net.signals);
        assertEquals(2, net.policy.onTick(openedNs + TIMEOUT_NS));
        assertEquals(1, net.signals.size());
        assertEquals(2 * SILENCE_NATS, net.last().nats(), 1e-12);
        assertEquals(openedNs, net.last().firstSeenNs());
        assertEquals(openedNs + TIMEOUT_NS, net.last().lastSeenNs());
        assertEquals(2, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @Test
    void shouldKeepTheOldestOpeningAsFirstSeenWhenARefusalWasNoticedBefore()
    {
        final long openedNs = net.nowNs;
        net.open(ATTACKER, 20, 1);
        net.nowNs += MILLISECOND_NS;
        net.refused(ATTACKER, 20, 2);
        net.leap(TIMEOUT_NS);
        assertEquals(openedNs, net.last().firstSeenNs());
    }

    @Test
    void shouldFailWhenASynScannerNeverCompletesWhatWasAccepted()
    {
        for (int port = 1; port <= 2; port++)
        {
            net.open(ATTACKER, 20, port);
            net.send(ConversationKind.ACCEPTED, ATTACKER, 20, port);
        }
        net.leap(TIMEOUT_NS - 1);
        assertEquals(List.of(), net.signals);
        net.leap(1);
        assertEquals(1, net.signals.size());
    }

    @Test
    void shouldFailAtOnceWhenASynScannerResetsWhatWasAccepted()
    {
        for (int port = 1; port <= 2; port++)
        {
            net.open(ATTACKER, 20, port);
            net.send(ConversationKind.ACCEPTED, ATTACKER, 20, port);
            net.send(ConversationKind.ABORTED, ATTACKER, 20, port);
        }
        assertEquals(1, net.signals.size());
        assertEquals(2 * Math.log(4), net.last().nats(), 1e-12);
    }

    @Test
    void shouldNotSayWhenTheInitiatorGaveUpBeforeAnyAnswer()
    {
        for (int port = 1; port <= 10; port++)
        {
            net.open(ATTACKER, 20, port);
            net.send(ConversationKind.ABORTED, ATTACKER, 20, port);
        }
        net.leap(TIMEOUT_NS);
        assertEquals(List.of(), net.signals);
        assertEquals(10, net.count(SketchCounter.CONTACTS_UNKNOWN));
    }

    @Test
    void shouldSucceedWhenTheHandshakeWasCompletedInTime()
    {
        for (int port = 1; port <= 10; port++)
        {
            net.established(ATTACKER, 20, port);
            net.send(ConversationKind.ABORTED, ATTACKER, 20, port);
        }
        net.leap(10 * TIMEOUT_NS);
        assertEquals(List.of(), net.signals);
        assertEquals(0, net.count(SketchCounter.CONTACTS_FAILED));
        assertEquals(11, net.count(SketchCounter.CONTACTS_SUCCEEDED));
    }

    @Test
    void shouldNotSucceedWhenTcpWasAcceptedOnly()
    {
        net.refused(ATTACKER, 20, 1);
        net.open(ATTACKER, 20, 2);
        net.send(ConversationKind.ACCEPTED, ATTACKER, 20, 2);
        net.refused(ATTACKER, 20, 3);
        assertEquals(2 * Math.log(4), net.last().nats(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"17", "1", "58"})
    void shouldSucceedWhenAnotherProtocolWasAnswered(final int protocol)
    {
        net.refused(ATTACKER, 20, 1);
        net.event.protocol = protocol;
        net.open(ATTACKER, 20, 2);
        net.send(ConversationKind.ACCEPTED, ATTACKER, 20, 2);
        net.event.protocol = ConversationKind.TCP;
        net.refused(ATTACKER, 20, 3);
        assertEquals(List.of(), net.signals, "up, down, up");
    }

    @ParameterizedTest
    @ValueSource(ints = {PolicyHarness.UDP, PolicyHarness.ICMP, 58})
    void shouldNotSayWhenAnotherProtocolIsSilent(final int protocol)
    {
        net.event.protocol = protocol;
        for (int i = 0; i < 20; i++)
        {
            net.open(ATTACKER, (20 + i) << 8, 514);
        }
        net.leap(TIMEOUT_NS);
        assertEquals(List.of(), net.signals);
        assertEquals(20, net.count(SketchCounter.CONTACTS_UNKNOWN));
    }

    @Test
    void shouldNotSayWhenNothingOfTheNetworkWasEverSeenAnswering()
    {
        // 198.18.1.0/24 is another /24 than that of the host that answered.
        for (int i = 0; i < 20; i++)
        {
            net.open(ATTACKER, (i + 1) << 8, 80);
        }
        net.leap(TIMEOUT_NS);
        assertEquals(List.of(), net.signals);
        assertEquals(20, net.count(SketchCounter.CONTACTS_UNKNOWN));

        net.refused(1, 300, 80);
        net.open(ATTACKER, 256, 81);
        net.open(ATTACKER, 511, 82);
        net.leap(TIMEOUT_NS);
        assertEquals(1, net.signals.size(), "one refusal there shows that answers pass here");
    }

    /** An answer to another question shows whether answers to the source pass here, as far away as it comes from. */
    @ParameterizedTest
    @CsvSource({
        "198.20, 198.20, 17, 0, true",
        "198.20, 198.20, 6,  0, true",
        "198.20, 198.18, 17, 0, false",
        "198.18, 198.20, 17, 0, false",
        "198.20, 198.20, 17, 3, false",
    })
    void shouldSayWhenTheSourceWasAnsweredFromOutside(
        final String answeredBy, final String silent, final int protocol, final int memoriesAgo, final boolean isTold)
    {
        net.event.protocol = protocol;
        net.refused(ATTACKER, first(answeredBy), 123);
        net.event.protocol = ConversationKind.TCP;
        for (int i = 0; i < memoriesAgo; i++)
        {
            net.leap(PolicyHarness.config().build().contactMemoryNs());
        }
        for (int i = 1; i <= 3; i++)
        {
            net.open(ATTACKER, first(silent) + (i << 8), 80);
        }
        net.leap(TIMEOUT_NS);
        assertEquals(isTold, !net.signals.isEmpty());
    }

    /** The first host of a /16 as the harness counts them, of which the site has two. */
    private static int first(final String network)
    {
        return (Integer.parseInt(network.substring("198.".length())) - 18) << 16;
    }

    @Test
    void shouldTakeASlash64AsTheNetworkWhenAddressesAreIpv6()
    {
        net.useIpv6();
        net.open(ATTACKER, 20, 1);
        net.open(ATTACKER, 20, 2);
        net.leap(TIMEOUT_NS);
        assertEquals(List.of(), net.signals);
        net.established(1, 0x7fff_ffff, 80);
        net.open(ATTACKER, 20, 3);
        net.open(ATTACKER, 20, 4);
        net.leap(TIMEOUT_NS);
        assertEquals(1, net.signals.size());
    }

    @ParameterizedTest
    @CsvSource({"-1,1", "0,0", "1,0"})
    void shouldNotSayWhenAnswersToTheSourceWereCollapsedSinceTheOpening(final long afterNs, final int signals)
    {
        final long openedNs = net.nowNs;
        net.nowNs = openedNs + afterNs;
        net.event.weight = 2;
        net.send(ConversationKind.ACCEPTED, ATTACKER, 250, 80);
        net.event.weight = 1;
        net.nowNs = openedNs;
        net.open(ATTACKER, 20, 1);
        net.open(ATTACKER, 20, 2);
        net.leap(TIMEOUT_NS);
        assertEquals(signals, net.signals.size());
        assertEquals(2 - 2 * signals, net.count(SketchCounter.CONTACTS_UNKNOWN));
    }

    @Test
    void shouldJudgeInPortionsWhenManyAreOverdue()
    {
        for (int port = 1; port <= 1_000; port++)
        {
            net.open(ATTACKER, 20, port);
        }
        net.nowNs += TIMEOUT_NS;
        assertEquals(256, net.policy.onTick(net.nowNs));
        assertEquals(256, net.count(SketchCounter.CONTACTS_OVERDUE));
        net.policy.onTick(net.nowNs);
        net.policy.onTick(net.nowNs);
        net.policy.onTick(net.nowNs);
        assertEquals(1_000, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @Test
    void shouldStillJudgeRefusalsWhenTooManyContactsWait()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().pendingMax(64).build()))
        {
            for (int other = 0; other < 100; other++)
            {
                small.open(1_000 + other, 20, 80);
            }
            assertEquals(36, small.count(SketchCounter.PENDING_FULL));
            assertEquals(100, small.count(SketchCounter.FIRST_CONTACTS));
            small.refused(ATTACKER, 20, 1);
            small.refused(ATTACKER, 20, 2);
            assertEquals(1, small.signals.size());
            assertEquals(small.low(ATTACKER), small.last().subjectLow());
        }
    }

    @Test
    void shouldWaitOnWhenFloodsMakeTheMemoryForgetAContactThatWaits()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().contactsMax(64).build()))
        {
            small.open(ATTACKER, 20, 1);
            for (int other = 0; other < 300; other++)
            {
                small.established(1_000 + other, 21, 80);
            }
            small.open(ATTACKER, 20, 1);
            small.send(ConversationKind.ACCEPTED, ATTACKER, 20, 1);
            small.send(ConversationKind.ESTABLISHED, ATTACKER, 20, 1);
            small.leap(2 * SECOND_NS);
            assertEquals(0, small.count(SketchCounter.CONTACTS_OVERDUE));
            assertTrue(small.count(SketchCounter.MEMORY_CUT_SHORT) >= 2);
        }
    }
}
