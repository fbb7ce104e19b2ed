package io.aswarm.quorum;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import static io.aswarm.quorum.Site.HALF_LIFE_NS;
import static io.aswarm.quorum.Site.SECOND_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FusionTest
{
    /** Sum of three witnesses that just reaches ln(0.99 / 1e-6) = 13.8055 nats. */
    private static final int THRESHOLD_MILLI_NATS = 13_806;
    /** ln(0.99 / 1e-9) = 20.7132 nats. */
    private static final int LOCAL_BAR_MILLI_NATS = 20_714;

    private final Site site = new Site(4);
    private final Fusion fusion = site.fusion(1);

    @Test
    void shouldElevateWhenThreeWitnessesReachTheThresholdAndNotAMilliNatBelow()
    {
        hold(site.deposit(1, 1).milliNats(5_000));
        hold(site.deposit(2, 1).milliNats(5_000));
        final int below = hold(site.deposit(3, 1).milliNats(THRESHOLD_MILLI_NATS - 10_000 - 1));
        assertEquals(Fusion.Decision.NONE, fusion.decide(below, T0, false));

        final int at = hold(site.deposit(3, 2).milliNats(THRESHOLD_MILLI_NATS - 10_000));
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(at, T0, false));
    }

    @Test
    void shouldNotElevateWhenTwoWitnessesAreSureBeyondMeasure()
    {
        hold(site.deposit(2, 1).milliNats(0xFFFF_FFFFL));
        final int slot = hold(site.deposit(3, 1).milliNats(0xFFFF_FFFFL));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));
    }

    @Test
    void shouldCountAWitnessFromTheFloorOnAndNotAMilliNatBelow()
    {
        hold(site.deposit(2, 1).milliNats(6_900));
        hold(site.deposit(3, 1).milliNats(6_900));
        assertEquals(Fusion.Decision.NONE, fusion.decide(hold(site.deposit(4, 1).milliNats(999)), T0, false));
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(hold(site.deposit(4, 2).milliNats(1_000)), T0, false));
    }

    @Test
    void shouldElevateAloneOnlyOnOwnEvidenceAtTheLocalBar()
    {
        assertEquals(Fusion.Decision.NONE,
            fusion.decide(hold(site.deposit(2, 1).milliNats(1_000_000)), T0, false), "another's word alone");
        assertEquals(Fusion.Decision.NONE,
            fusion.decide(hold(site.deposit(1, 1).milliNats(LOCAL_BAR_MILLI_NATS - 1)), T0, false));
        final int slot = hold(site.deposit(1, 2).milliNats(LOCAL_BAR_MILLI_NATS));
        assertEquals(Fusion.Decision.LOCAL, fusion.decide(slot, T0, false));

        final Elevation elevation = Site.elevate(fusion, slot, Fusion.Decision.LOCAL, T0, 1, 5, T0);
        assertTrue(elevation.local());
        assertEquals(1, elevation.witnesses().size());
        assertEquals(1, elevation.witnesses().get(0).nodeId());
        assertEquals(LOCAL_BAR_MILLI_NATS / 1000.0, elevation.evidenceNats(), "own evidence is not clipped");
    }

    @Test
    void shouldHalveEvidenceAtTheHalfLifeAndNotCountItAfterTheThresholdIsLost()
    {
        for (int node = 1; node <= 3; node++)
        {
            hold(site.deposit(node, 1).milliNats(2 * 4_602));
        }
        final int slot = hold(site.deposit(3, 2).milliNats(2 * 4_602));
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0 + HALF_LIFE_NS, false));
        // 3 * 4.602 = 13.806 nats at the half-life; a millionth of a nat is lost within microseconds after it
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0 + HALF_LIFE_NS + 2_000_000L, false));
    }

    @Test
    void shouldEvaporateFromTheLastEventAndNotBeforeIt()
    {
        for (int node = 1; node <= 3; node++)
        {
            hold(site.deposit(node, 1).milliNats(THRESHOLD_MILLI_NATS / 3).seen(T0, T0 + SECOND_NS));
        }
        final int slot = hold(site.deposit(3, 2).milliNats(THRESHOLD_MILLI_NATS / 3).seen(T0, T0 + SECOND_NS));
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0, false), "a clock behind makes no evidence");
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0 + SECOND_NS, false));
        // 1 ns takes 0.32 nano-nats of each, floored to micro-nats: the sum falls from 13,806,000 by one for each
        final Elevation elevation = Site.elevate(
            fusion, slot, Fusion.Decision.WITNESSES, T0 + SECOND_NS + 1, 1, 0, T0 + SECOND_NS + 1);
        assertEquals(13.805_997, elevation.evidenceNats());
    }

    @Test
    void shouldCountEachWitnessOnceWhateverItRepeats()
    {
        int slot = 0;
        for (int sequence = 1; sequence <= 50; sequence++)
        {
            slot = hold(site.deposit(2, sequence).milliNats(6_000 + sequence));
            slot = hold(site.deposit(3, sequence).milliNats(6_000 + sequence));
        }
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));
    }

    @Test
    void shouldKeepTheNewestWhenDepositsArriveOutOfOrderAcrossWrapAndRestart()
    {
        hold(site.deposit(3, Long.MAX_VALUE));
        assertTrue(hold(site.deposit(3, Long.MIN_VALUE)) >= 0, "2^63 - 1 is followed by 2^63");
        hold(site.deposit(2, -1L).milliNats(5_000));
        assertEquals(DepositTable.OVERTAKEN, fusion.hold(site.deposit(2, -2L).milliNats(9_000).unsigned(), 0));
        assertEquals(DepositTable.OVERTAKEN, fusion.hold(site.deposit(2, -1L).milliNats(9_000).unsigned(), 0));
        assertTrue(hold(site.deposit(2, 0L).milliNats(5_100)) >= 0, "2^64 - 1 is followed by 0");
        assertTrue(hold(site.deposit(2, 1L).boot(T0 + 1).milliNats(5_200)) >= 0, "a newer boot begins anew");
        assertEquals(DepositTable.OVERTAKEN, fusion.hold(site.deposit(2, 99L).milliNats(9_000).unsigned(), 0));
    }

    @Test
    void shouldNeedFreshEvidenceAfterAnElevation()
    {
        int slot = threeWitnessesOf(6_000, 1, T0);
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0, false));
        Site.elevate(fusion, slot, Fusion.Decision.WITNESSES, T0, 1, 0, T0);
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));

        slot = threeWitnessesOf(6_000 + 4_601, 2, T0, T0 + 1);
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false), "3 * 4.601 nats are new");
        slot = threeWitnessesOf(6_000 + 4_602, 3, T0, T0 + 1);
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0, false), "3 * 4.602 nats are new");
    }

    @Test
    void shouldTakeForSpentWhatWasSeenBeforeTheElevationThoughItArrivesLater()
    {
        Site.elevate(fusion, threeWitnessesOf(6_000, 1, T0), Fusion.Decision.WITNESSES, T0, 1, 0, T0);
        int slot = hold(site.deposit(4, 1).milliNats(6_900));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));
        hold(site.deposit(1, 2).milliNats(50_000));
        hold(site.deposit(2, 2).milliNats(50_000));
        slot = hold(site.deposit(3, 2).milliNats(50_000).seen(T0 + 20, T0 + 20).clockErrorUs(1));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false), "all of it may be older than the elevation");

        assertEquals(Fusion.Decision.NONE, fusion.decide(threeWitnessesOf(54_601, 3, T0, T0 + 1), T0, false));
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(threeWitnessesOf(54_602, 4, T0, T0 + 1), T0, false));
    }

    @Test
    void shouldHoldNoClockErrorAgainstWhatThisNodeSawAfterItsOwnElevation()
    {
        Site.elevate(
            fusion, hold(site.deposit(1, 1).milliNats(LOCAL_BAR_MILLI_NATS)), Fusion.Decision.LOCAL, T0, 1, 0, T0);
        final int older = hold(site.deposit(1, 2).milliNats(2 * LOCAL_BAR_MILLI_NATS).seen(T0, T0).clockErrorUs(1_000));
        assertEquals(Fusion.Decision.NONE, fusion.decide(older, T0, false));
        final int newer =
            hold(site.deposit(1, 3).milliNats(3 * LOCAL_BAR_MILLI_NATS).seen(T0, T0 + 1).clockErrorUs(1_000_000));
        assertEquals(Fusion.Decision.LOCAL, fusion.decide(newer, T0 + 1, false));
    }

    @Test
    void shouldTakeAnEpisodeForFreshWhenItsSourceTurnsOutToBeVerified()
    {
        Site.elevate(
            fusion, hold(site.deposit(1, 1).milliNats(LOCAL_BAR_MILLI_NATS)), Fusion.Decision.LOCAL, T0, 1, 0, T0);
        int slot = hold(site.deposit(1, 2).milliNats(LOCAL_BAR_MILLI_NATS).seen(T0, T0 + 1));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0 + 1, false), "nothing new of it");
        slot = hold(verified(3, Verification.ON_LINK));
        assertEquals(Fusion.Decision.LOCAL, fusion.decide(slot, T0 + 2, false));

        Site.elevate(fusion, slot, Fusion.Decision.LOCAL, T0 + 2, 1, 0, T0 + 2);
        assertEquals(Fusion.Decision.NONE,
            fusion.decide(hold(verified(4, Verification.ON_LINK)), T0 + 3, false), "known by then");
        assertEquals(Fusion.Decision.NONE,
            fusion.decide(hold(verified(5, Verification.NONE)), T0 + 4, false), "verified by less");
    }

    private Site.Draft verified(final int sequence, final int bits)
    {
        return site.deposit(1, sequence).milliNats(LOCAL_BAR_MILLI_NATS).seen(T0, T0 + sequence).verification(bits);
    }

    @Test
    void shouldTakeForSpentByItsOwnElevationWhatOthersSawBeforeIt()
    {
        Site.elevate(
            fusion, hold(site.deposit(1, 1).milliNats(LOCAL_BAR_MILLI_NATS)), Fusion.Decision.LOCAL, T0, 1, 0, T0);
        hold(site.deposit(2, 1).milliNats(6_900));
        hold(site.deposit(3, 1).milliNats(6_900));
        assertEquals(Fusion.Decision.NONE, fusion.decide(hold(site.deposit(4, 1).milliNats(6_900)), T0, false));
        hold(site.deposit(2, 2).milliNats(6_900).seen(T0, T0 + 1).boot(T0 + 5));
        hold(site.deposit(3, 2).milliNats(6_900).seen(T0, T0 + 1).boot(T0 + 5));
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(
            hold(site.deposit(4, 2).milliNats(6_900).seen(T0, T0 + 1).boot(T0 + 5)), T0, false));
    }

    @Test
    void shouldNotElevateAgainAfterARestartOnWhatItsCertificatesHold()
    {
        for (int node = 1; node <= 3; node++)
        {
            fusion.recall(site.deposit(node, 1).milliNats(6_000).unsigned(), 0, false, T0);
        }
        assertEquals(Fusion.Decision.NONE, fusion.decide(threeWitnessesOf(6_900, 2, T0), T0, false), "said again");
        assertEquals(Fusion.Decision.NONE,
            fusion.decide(threeWitnessesOf(6_900 + 4_601, 3, T0, T0 + 1), T0, false), "3 * 4.601 nats are new");
        assertEquals(Fusion.Decision.WITNESSES,
            fusion.decide(threeWitnessesOf(6_900 + 4_602, 4, T0, T0 + 1), T0, false), "3 * 4.602 nats are new");
    }

    @Test
    void shouldTakeLessEvidenceOrALaterBeginningForAnotherEpisode()
    {
        Site.elevate(fusion, threeWitnessesOf(6_000, 1, T0), Fusion.Decision.WITNESSES, T0, 1, 0, T0);
        assertEquals(
            Fusion.Decision.WITNESSES, fusion.decide(threeWitnessesOf(5_999, 2, T0, T0 + 1), T0, false), "less");

        Site.elevate(
            fusion, threeWitnessesOf(6_000, 3, T0, T0 + 1), Fusion.Decision.WITNESSES, T0 + 1, 1, 0, T0 + 1);
        final long gapNs = DepositTable.EPISODE_GAP_NS;
        assertEquals(Fusion.Decision.NONE,
            fusion.decide(threeWitnessesOf(6_500, 4, T0 + gapNs + 1), T0 + gapNs + 1, false));
        assertEquals(Fusion.Decision.WITNESSES,
            fusion.decide(threeWitnessesOf(6_600, 5, T0 + gapNs + 2), T0 + gapNs + 2, false), "a later beginning");
    }

    @Test
    void shouldNotMixSubjectsOrScenarios()
    {
        hold(site.deposit(1, 1).milliNats(6_000));
        hold(site.deposit(2, 1).milliNats(6_000).subject(99));
        final int slot = hold(site.deposit(3, 1).milliNats(6_000).scenario(2));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));
    }

    @Test
    void shouldSumUpWhatTheWitnessesSaw()
    {
        hold(site.deposit(3, 1).milliNats(6_000).seen(T0 - 30, T0).aim(5, 22));
        hold(site.deposit(1, 1).milliNats(6_000).seen(T0 - 50, T0).aim(6, 22));
        final int slot = hold(site.deposit(2, 1).milliNats(6_000).seen(T0 - 40, T0).aim(7, 22));
        final Elevation elevation = Site.elevate(fusion, slot, Fusion.Decision.WITNESSES, T0, 42, 1_000, T0 + 10);

        assertEquals(42, elevation.id());
        assertEquals(List.of(1, 2, 3), elevation.witnesses().stream().map(Witness::nodeId).toList());
        assertEquals("gateway-1", elevation.witnesses().get(0).name());
        assertEquals(18.0, elevation.evidenceNats());
        assertEquals(3, elevation.witnessesRequired());
        assertFalse(elevation.local());
        assertEquals(36, elevation.count());
        assertEquals(9, elevation.distinctHosts());
        assertEquals(1, elevation.distinctPorts());
        assertEquals(22, elevation.aimPort());
        assertEquals(0, elevation.aimLow());
        assertEquals(T0 - 50, elevation.firstSeenEpochNs());
        assertEquals(1_000 - 60, elevation.firstSeenNs());
    }

    @Test
    void shouldGiveTheSameBitsWhateverTheOrderOfArrival()
    {
        final List<Site.Draft> drafts = new ArrayList<>();
        for (int node = 1; node <= 4; node++)
        {
            drafts.add(
                site.deposit(node, 1).milliNats(5_000 + node * 37).seen(T0 - node * 7_777_777L, T0 - node * 13L));
        }
        final long nowNs = T0 + 123_456_789L;
        final Random random = new Random(20261122);
        Elevation first = null;
        for (int round = 0; round < 100; round++)
        {
            Collections.shuffle(drafts, random);
            final Fusion other = new Fusion(
                site.roster, 1, ElevationTable.standard(), HALF_LIFE_NS, 64 + round, random.nextLong());
            int slot = 0;
            for (final Site.Draft draft : drafts)
            {
                slot = other.hold(draft.unsigned(), 0);
            }
            assertEquals(Fusion.Decision.WITNESSES, other.decide(slot, nowNs, false));
            final Elevation elevation = Site.elevate(other, slot, Fusion.Decision.WITNESSES, nowNs, 1, 9, nowNs);
            first = null == first ? elevation : first;
            assertEquals(Double.doubleToRawLongBits(first.evidenceNats()),
                Double.doubleToRawLongBits(elevation.evidenceNats()));
            for (int i = 0; i < 4; i++)
            {
                final Witness one = first.witnesses().get(i);
                final Witness same = elevation.witnesses().get(i);
                assertEquals(one.nodeId(), same.nodeId());
                assertEquals(Double.doubleToRawLongBits(one.countedNats()),
                    Double.doubleToRawLongBits(same.countedNats()));
                assertArrayEquals(one.deposit(), same.deposit());
            }
        }
    }

    private int threeWitnessesOf(final long milliNats, final long sequence, final long seenEpochNs)
    {
        return threeWitnessesOf(milliNats, sequence, seenEpochNs, seenEpochNs);
    }

    private int threeWitnessesOf(
        final long milliNats, final long sequence, final long firstSeenEpochNs, final long lastSeenEpochNs)
    {
        int slot = 0;
        for (int node = 1; node <= 3; node++)
        {
            slot = hold(site.deposit(node, sequence).milliNats(milliNats).seen(firstSeenEpochNs, lastSeenEpochNs));
        }
        return slot;
    }

    private int hold(final Site.Draft draft)
    {
        final DirectBuffer buffer = draft.unsigned();
        final int slot = fusion.hold(buffer, 0);
        assertTrue(slot >= 0);
        return slot;
    }
}
