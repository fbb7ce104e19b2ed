package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The threshold random walk through the policy's door, with refusals only. Silence stands in {@link SilenceTest}. */
class ScanTest
{
    private static final int ATTACKER = 7;
    private static final double FAILURE_NATS = Math.log(4);
    /** ln((1 - 0.1 * 0.98) / (1 - 0.6 * 0.98)) */
    private static final double NO_WAY_NATS = 0.7836;
    private static final long HALF_LIFE_NS = 60 * SECOND_NS;
    private static final long QUIET_NS = 300 * SECOND_NS;

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    @ParameterizedTest
    @CsvSource({"3,false", "4,false", "6,false", "3,true", "6,true"})
    void shouldSignalFourToEightNatsWhenAFewFirstContactsAreRefused(final int contacts, final boolean ipv6)
    {
        if (ipv6)
        {
            net.useIpv6();
        }
        final long firstNs = net.nowNs;
        for (int i = 0; i < contacts; i++)
        {
            net.refused(ATTACKER, 20 + i % 3, 1_000 + i);
            net.leap(30 * MILLISECOND_NS);
        }

        assertTrue(net.last().nats() > 4.0 && net.last().nats() < 8.4, "nats=" + net.last().nats());
        assertEquals(Scenario.SCAN.code(), net.last().scenario());
        assertEquals(net.high(), net.last().subjectHigh());
        assertEquals(net.low(ATTACKER), net.last().subjectLow());
        assertEquals(firstNs, net.last().firstSeenNs());
        assertEquals(net.nowNs - 30 * MILLISECOND_NS, net.last().lastSeenNs());
        assertEquals(contacts, net.last().count());
        assertEquals(3, net.last().hosts());
        assertEquals(contacts, net.last().ports());
        assertEquals(contacts - 1, net.signals.size(), "one for the second failure and one for each after it");
    }

    @Test
    void shouldAddLnFourWhenAContactFails()
    {
        net.refused(ATTACKER, 20, 1);
        assertEquals(List.of(), net.signals, "1.386 nats are below the weak threshold");
        net.refused(ATTACKER, 20, 2);
        assertEquals(2.772588722239781, net.last().nats(), 1e-12);
        net.refused(ATTACKER, 20, 3);
        assertEquals(4.1588830833596715, net.last().nats(), 1e-12);
    }

    @Test
    void shouldTakeLnFourWhenAContactSucceeds()
    {
        for (int i = 0; i < 4; i++)
        {
            net.refused(ATTACKER, 20, i);
        }
        net.established(ATTACKER, 20, 80);
        net.refused(ATTACKER, 20, 5);
        final long elapsedNs = MILLISECOND_NS / 2;
        assertEquals(4 * FAILURE_NATS, net.last().nats(), 5 * FAILURE_NATS * elapsedNs / HALF_LIFE_NS);
        assertEquals(3, net.signals.size(), "evidence back where it was told already is not told again");
    }

    @Test
    void shouldSignalFloorsAndCeilingsWhenProbabilitiesAreOthers()
    {
        try (PolicyHarness other = new PolicyHarness(
            PolicyHarness.config().benignSuccess(0.9).scannerSuccess(0.1).build()))
        {
            other.refused(ATTACKER, 20, 1);
            assertEquals(Math.log(9), other.last().nats(), 1e-12);
        }
    }

    @Test
    void shouldBeginANewEpisodeWhenSuccessesTookAllEvidence()
    {
        net.refused(ATTACKER, 20, 1);
        net.refused(ATTACKER, 20, 2);
        net.established(ATTACKER, 20, 80);
        net.established(ATTACKER, 20, 81);
        net.established(ATTACKER, 20, 82);
        assertEquals(1, net.signals.size());

        final long secondEpisodeNs = net.nowNs;
        net.refused(ATTACKER, 21, 3);
        assertEquals(1, net.signals.size(), "good conduct is not saved up, but neither is bad");
        net.refused(ATTACKER, 21, 3_000);
        assertEquals(2, net.signals.size());
        assertEquals(secondEpisodeNs, net.last().firstSeenNs());
        assertEquals(2, net.last().count());
        assertEquals(1, net.last().hosts());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void shouldEndTheEpisodeWhenEvidenceIsBackAtZero(final long elapsedNs)
    {
        net.refused(ATTACKER, 20, 1);
        net.nowNs += elapsedNs;
        net.send(ConversationKind.ESTABLISHED, ATTACKER, 20, 80);
        final long secondEpisodeNs = ++net.nowNs;
        net.refused(ATTACKER, 20, 2);
        net.refused(ATTACKER, 20, 3);
        assertEquals(secondEpisodeNs, net.last().firstSeenNs());
        assertEquals(2, net.last().count());
        assertEquals(2 * FAILURE_NATS, net.last().nats(), 1e-12);
    }

    @Test
    void shouldNotSaveUpGoodConductWhenManyContactsSucceeded()
    {
        for (int i = 0; i < 100; i++)
        {
            net.established(ATTACKER, 20, 10_000 + i);
        }
        // What many successes allow is forgotten within seconds.
        for (int second = 0; second < 20; second++)
        {
            net.leap(SECOND_NS);
        }
        net.refused(ATTACKER, 21, 1);
        net.refused(ATTACKER, 21, 2);
        assertEquals(2 * FAILURE_NATS, net.last().nats(), 1e-12);
    }

    @Test
    void shouldHalveEvidenceWhenAHalfLifeHasPassed()
    {
        for (int i = 0; i < 4; i++)
        {
            net.refused(ATTACKER, 20, i);
        }
        net.leap(HALF_LIFE_NS);
        net.refused(ATTACKER, 20, 5);
        assertEquals(3 * FAILURE_NATS, net.last().nats(), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"-1,5", "0,1", "1,1"})
    void shouldEndTheEpisodeWhenItWasQuietToTheNanosecond(final long beyondNs, final int count)
    {
        try (PolicyHarness slow = new PolicyHarness(
            PolicyHarness.config().halfLifeNs(86_400 * SECOND_NS).weakNats(1.0).stepNats(0.1).build()))
        {
            final long firstNs = slow.nowNs;
            for (int i = 0; i < 4; i++)
            {
                slow.refused(ATTACKER, 20, i);
            }
            slow.nowNs += QUIET_NS + beyondNs;
            slow.refused(ATTACKER, 20, 5);
            assertEquals(count, slow.last().count());
            assertEquals(count == 1 ? slow.nowNs : firstNs, slow.last().firstSeenNs());
        }
    }

    @Test
    void shouldJudgeAContactOnceWhenItIsTriedAgain()
    {
        net.refused(ATTACKER, 20, 1);
        for (int i = 0; i < 1_000; i++)
        {
            net.leap(MILLISECOND_NS);
            net.refused(ATTACKER, 20, 1);
        }
        assertEquals(List.of(), net.signals);
        assertEquals(1, net.count(SketchCounter.FIRST_CONTACTS));
        assertEquals(1, net.count(SketchCounter.CONTACTS_FAILED));
    }

    @Test
    void shouldJudgeAContactOnceInAnEpisodeWhenAFloodMakesTheMemoryForget()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().contactsMax(64).build()))
        {
            for (int round = 0; round < 20; round++)
            {
                small.refused(ATTACKER, 20, 1);
                for (int other = 0; other < 200; other++)
                {
                    small.established(1_000 + other, 21, 2_000 + round);
                }
            }
            assertTrue(small.count(SketchCounter.MEMORY_CUT_SHORT) > 20);
            assertEquals(1, small.count(SketchCounter.CONTACTS_FAILED), "failures are remembered apart");
            assertEquals(List.of(), small.signals);
        }
    }

    @Test
    void shouldGoOnJudgingWhenAnEpisodeHasMoreContactsThanBits()
    {
        try (PolicyHarness many = new PolicyHarness(PolicyHarness.config().evidenceMaxNats(1_000).build()))
        {
            for (int i = 0; i < 1_100; i++)
            {
                many.refused(ATTACKER, 20, i);
            }
            // 722 failures make 1,000 nats; 512 bits that were never cleared could not tell so many apart.
            assertEquals(1_000.0, many.last().nats(), 1.0);
            assertEquals(722, many.last().count(), 1);
        }
    }

    @Test
    void shouldNameTheAimWhenAllContactsAgree()
    {
        net.refused(ATTACKER, 20, 1);
        net.refused(ATTACKER, 20, 2);
        assertEquals(net.low(20), net.last().aimLow());
        assertEquals(0, net.last().aimPort());
        net.refused(ATTACKER, 21, 2);
        assertEquals(0, net.last().aimLow());
        net.refused(ATTACKER, 20, 3);
        assertEquals(0, net.last().aimLow(), "many stay many");

        net.refused(8, 20, 22);
        net.refused(8, 21, 22);
        assertEquals(22, net.last().aimPort());
        assertEquals(0, net.last().aimLow());
        assertEquals(2, net.last().hosts());
        assertEquals(1, net.last().ports());
    }

    @Test
    void shouldKeepSourcesApartWhenTheyFailTogether()
    {
        for (int source = 0; source < 1_000; source++)
        {
            net.refused(source, 2_000, 1);
        }
        assertEquals(List.of(), net.scans());
        net.refused(500, 2_000, 2);
        assertEquals(1, net.scans().size());
        assertEquals(net.low(500), net.scans().get(0).subjectLow());
    }

    @Test
    void shouldStopAtTheCeilingWhenAScanIsLong()
    {
        for (int i = 0; i < 60_000; i++)
        {
            net.nowNs += 100_000;
            net.refused(ATTACKER, 20, i);
        }
        for (final PolicyHarness.Seen signal : net.signals)
        {
            assertTrue(signal.nats() <= 32.0);
        }
        assertEquals(32.0, net.last().nats(), 0.01);
        // 22 up to the ceiling; then one for each nat that 32 told nats lose in six seconds.
        assertTrue(net.signals.size() >= 23 && net.signals.size() <= 26, "signals=" + net.signals.size());
    }

    @Test
    void shouldFailWhenTheNetworkSaysUnreachable()
    {
        for (int i = 0; i < 2; i++)
        {
            net.open(ATTACKER, 20 + i, 53);
            net.send(ConversationKind.UNREACHABLE, ATTACKER, 20 + i, 53);
        }
        assertEquals(1, net.signals.size());
    }

    @Test
    void shouldHoldLittleAgainstWhoLostTheWayToManyNetworks()
    {
        for (int network = 0; network < 8; network++)
        {
            unreachable(network << 8);
        }
        unreachable(1);
        assertEquals(8 * NO_WAY_NATS + FAILURE_NATS, net.last().nats(), 0.01, "the network was spoken of before");
    }

    @Test
    void shouldBelieveThatAHostIsMissingWhereItsNetworkAnswers()
    {
        for (int network = 0; network < 3; network++)
        {
            net.sendOutside(ConversationKind.OPENED, 1, network << 8 | 9, 80, 0);
            net.sendOutside(ConversationKind.ACCEPTED, 1, network << 8 | 9, 80, 0);
            unreachable(network << 8);
        }
        assertEquals(3 * FAILURE_NATS, net.last().nats(), 1e-9);
    }

    @Test
    void shouldTakeAHostsOwnWordForDatagrams()
    {
        net.event.protocol = ConversationKind.UDP;
        for (int network = 0; network < 3; network++)
        {
            unreachable(network << 8);
        }
        assertEquals(3 * FAILURE_NATS, net.last().nats(), 1e-9);
    }

    private void unreachable(final int place)
    {
        net.sendOutside(ConversationKind.OPENED, ATTACKER, place, 80, 0);
        net.sendOutside(ConversationKind.UNREACHABLE, ATTACKER, place, 80, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {ConversationKind.REFUSED, ConversationKind.UNREACHABLE})
    void shouldJudgeWhenTheOpeningItselfWasLost(final int kind)
    {
        net.send(kind, ATTACKER, 20, 1);
        net.send(kind, ATTACKER, 20, 2);
        assertEquals(1, net.signals.size());
        net.open(ATTACKER, 20, 1);
        net.send(kind, ATTACKER, 20, 1);
        assertEquals(1, net.signals.size(), "an opening that comes late is not another contact");
    }

    @Test
    void shouldCountWeightsWhenRecordsWereCollapsed()
    {
        net.refused(ATTACKER, 20, 1);
        net.event.weight = 40;
        net.refused(ATTACKER, 20, 2);
        assertEquals(41, net.last().count());
        assertEquals(2 * FAILURE_NATS, net.last().nats(), 1e-12, "one contact, however many packets");
    }

    @Test
    void shouldHoldNothingAgainstASourceWhenItIsExempt()
    {
        final Exemption exempt = new Exemption(0, 0x0000_ffff_c612_0008L, 127);
        try (PolicyHarness spared = new PolicyHarness(PolicyHarness.config().exemptions(List.of(exempt)).build()))
        {
            for (int i = 0; i < 10; i++)
            {
                spared.refused(8, 20, i);
                spared.refused(9, 20, i);
            }
            assertEquals(List.of(), spared.signals);
            assertEquals(20, spared.count(SketchCounter.EXEMPTED));
            spared.refused(7, 20, 1);
            spared.refused(7, 20, 2);
            spared.refused(10, 20, 1);
            spared.refused(10, 20, 2);
            assertEquals(2, spared.signals.size(), "the neighbours on both sides are not");
        }
    }

    @Test
    void shouldFindTheScannerWhenManyOthersFailOnce()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().suspectsMax(64).build()))
        {
            for (int i = 0; i < 6; i++)
            {
                small.refused(ATTACKER, 20, i);
                small.refused(ATTACKER, 21, i);
                for (int other = 0; other < 1_000; other++)
                {
                    small.nowNs += 10_000;
                    small.refused(100 + i * 1_000 + other, 20, 80);
                }
            }
            assertEquals(12 * FAILURE_NATS, small.scans().get(small.scans().size() - 1).nats(), 0.1);
            assertTrue(small.scans().stream().allMatch((s) -> s.subjectLow() == small.low(ATTACKER)));
            assertEquals(6_000 + 1 - 64, small.count(SketchCounter.SUSPECTS_EVICTED), 64);
        }
    }
}
