package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whoever goes on with the same contacts, after he was contained for a while. */
class PersistentScanTest
{
    private static final int ATTACKER = 7;
    private static final double FAILURE_NATS = Math.log(4);
    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void scan(final int ports)
    {
        for (int port = 1; port <= ports; port++)
        {
            net.refused(ATTACKER, 20, port);
        }
    }

    /** Time passes while the attacker's packets are dropped. */
    private void contained(final int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            net.leap(SECOND_NS);
        }
    }

    @Test
    void shouldRaiseNewEvidenceWhenTheSameContactsAreRepeatedAfterContainment()
    {
        scan(20);
        contained(120);
        final int before = net.signals.size();
        final double left = net.last().nats() / 4;
        scan(20);
        assertTrue(net.signals.size() > before, "it scans on");
        assertEquals(Math.min(32.0, left + 20 * FAILURE_NATS), net.last().nats(), 1.0);
    }

    @Test
    void shouldStayQuietWhenAClientRetriesTheSameFewForEver()
    {
        // Seven dead services, each tried every 20 s for an hour: retries, of a source that was never called.
        for (int round = 0; round < 180; round++)
        {
            for (int service = 0; service < 7; service++)
            {
                net.refused(ATTACKER, 20 + service, 8_080);
            }
            contained(20);
        }
        final double first = 7 * FAILURE_NATS;
        assertTrue(net.signals.stream().allMatch((s) -> s.nats() <= first + 1e-9));
        assertEquals(7, net.count(SketchCounter.CONTACTS_FAILED), "later failures are no further contacts");
    }

    @ParameterizedTest
    @CsvSource({"10,false", "11,true"})
    void shouldHoldRepetitionAgainstWhoWasNearlyCalled(final int ports, final boolean counted)
    {
        // 11 x ln 4 = 15.2 nats; from 14 on a source is one that scans.
        scan(ports);
        contained(40);
        final int before = net.signals.size();
        scan(ports);
        assertEquals(counted, net.signals.size() > before);
    }

    @Test
    void shouldForgetContactsThatMadeRoomAndJudgeTheirRefusal()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().pendingMax(8).build()))
        {
            small.open(ATTACKER, 20, 1);
            small.open(ATTACKER, 20, 2);
            for (int other = 0; other < 8; other++)
            {
                small.open(100 + other, 21, 80);
            }
            assertEquals(2, small.count(SketchCounter.PENDING_FULL));
            small.send(ConversationKind.REFUSED, ATTACKER, 20, 1);
            small.send(ConversationKind.REFUSED, ATTACKER, 20, 2);
            assertEquals(1, small.scans().size());
        }
    }

    @Test
    void shouldNotTakeGroupsForHosts()
    {
        net.event.protocol = PolicyHarness.UDP;
        for (int port = 1; port < 100; port++)
        {
            net.event.kind = ConversationKind.OPENED;
            net.event.timeNs = net.nowNs;
            net.event.initiatorLow = net.low(ATTACKER);
            net.event.responderLow = 0x0000_ffff_e000_00fbL;
            net.event.responderPort = port;
            net.policy.onConversation(net.event);
        }
        contained(5);
        assertEquals(List.of(), net.signals);
        assertEquals(0, net.count(SketchCounter.FIRST_CONTACTS));
    }

    @ParameterizedTest
    @CsvSource({"17,0,true", "6,0,true", "17,53,false", "1,0,true"})
    void shouldCallConcentrationWhenNothingEverAnswers(final int protocol, final int sourcePort, final boolean called)
    {
        net.event.protocol = protocol;
        net.event.initiatorPort = sourcePort;
        for (int i = 0; i < 60; i++)
        {
            // Ports of one host; of ICMP, which has none, hosts of one network.
            net.open(ATTACKER, protocol == 1 ? 20 + i : 20, protocol == 1 ? 0 : 2_000 + i);
        }
        contained(3);
        assertEquals(called, net.scans().stream().anyMatch((s) -> s.nats() > 20.0));
    }

    @Test
    void shouldStayQuietWhenACollectiveIsSeenFromOneSideOnly()
    {
        for (int host = 0; host < 200; host++)
        {
            for (int peer = 0; peer < 200; peer++)
            {
                net.open(host, peer, 29_500);
            }
        }
        contained(3);
        assertEquals(List.of(), net.scans());
    }

    @ParameterizedTest
    @CsvSource({"6,80,true", "17,53,true", "1,0,true", "255,0,true"})
    void shouldCallASweepOfANetworkThatIsNeverHeard(final int protocol, final int port, final boolean called)
    {
        net.event.protocol = protocol;
        net.event.initiatorPort = protocol == 1 || protocol == 255 ? 0 : 40_000;
        for (int host = 20; host < 80; host++)
        {
            net.open(ATTACKER, host, port);
        }
        contained(3);
        assertEquals(called, net.scans().stream().anyMatch((s) -> s.nats() > 20.0));
    }

    @ParameterizedTest
    @CsvSource({"40000,80,true", "80,40000,false", "40000,8080,true", "40000,33000,false"})
    void shouldTakeStrayPacketsToServicesForContacts(final int sourcePort, final int firstPort, final boolean called)
    {
        net.event.flags = Conversation.FLAG_UNORIENTED;
        net.event.initiatorPort = sourcePort;
        for (int port = firstPort; port < firstPort + 60; port++)
        {
            net.send(ConversationKind.VOLUME, ATTACKER, 20, port);
        }
        assertEquals(called, net.scans().stream().anyMatch((s) -> s.nats() > 20.0));
    }

    @Test
    void shouldHoldSilenceOfUnknownNetworksAgainstASourceThatIsAnsweredElsewhere()
    {
        net.established(ATTACKER, 20, 22);
        for (int network = 1; network <= 40; network++)
        {
            net.open(ATTACKER, network << 8, 2_323);
            net.leap(SECOND_NS / 4);
        }
        contained(3);
        assertTrue(net.scans().stream().anyMatch((s) -> s.nats() > 20.0));
    }
}
