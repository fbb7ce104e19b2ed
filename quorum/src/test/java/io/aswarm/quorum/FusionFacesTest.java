package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

import static io.aswarm.quorum.Site.HALF_LIFE_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Racks that see different sides of one culprit: sources of one aim, hosts with one program.
 */
class FusionFacesTest
{
    private static final long VICTIM = 0x0000_ffff_c612_0909L;
    private static final long PROGRAM = 0x1122_3344_5566_7788L;
    /** What a face has to state to count for the clip of four nodes under an aim: 7 nats and the toll of ln 16. */
    private static final long FULL_MILLI_NATS = 9_773;

    private final Site site = new Site(4);
    private final Fusion fusion = new Fusion(site.roster, 1, ElevationTable.standard(), HALF_LIFE_NS, 256, 7);

    @Test
    void shouldElevateTheAimThatSeveralWeakSourcesOfSeveralRacksShare()
    {
        int slot = -1;
        for (int node = 1; node <= 3; node++)
        {
            assertEquals(Fusion.Decision.NONE, decide(scan(node).subject(100 + node)));
            slot = face(scan(node).subject(100 + node));
            assertEquals(3 == node ? Fusion.Decision.WITNESSES : Fusion.Decision.NONE, fusion.decide(slot, T0, false));
        }
        final Elevation elevation = Site.elevate(fusion, slot, Fusion.Decision.WITNESSES, T0, 1, 0, T0);
        assertEquals(ScenarioCode.DISTRIBUTED_SCAN, elevation.scenario());
        assertEquals(SubjectRole.AIM, elevation.subjectRole());
        assertEquals(VICTIM, elevation.subjectLow());
        assertEquals(Verification.NONE, elevation.verification());
        assertEquals(7.0, elevation.witnesses().get(0).countedNats(), 0.001, "clipped, the toll paid");
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false), "spent");
    }

    @Test
    void shouldMeetDepositsOnTheAimItselfWithThoseOnItsSources()
    {
        face(scan(1).subject(101).scenario(ScenarioCode.BEACON));
        face(scan(2).subject(102).scenario(ScenarioCode.BEACON));
        final int slot = fusion.hold(site.deposit(3, 1).scenario(ScenarioCode.CALL_HOME).role(SubjectRole.AIM)
            .subject(VICTIM).milliNats(7_000).unsigned(), 0);
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0, false));
    }

    @Test
    void shouldNotElevateAnAimForWhatOneSourceDidToIt()
    {
        for (int node = 1; node <= 4; node++)
        {
            assertEquals(Fusion.Decision.NONE, fusion.decide(face(scan(node).subject(100)), T0, false));
        }
    }

    @Test
    void shouldNeverElevateAnAimAloneOnAFaceHoweverStrong()
    {
        final int slot = face(scan(1).subject(100).milliNats(0xFFFF_FFFFL));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, true));
    }

    @Test
    void shouldCountAWitnessOnceUnderAnAimWithTheStrongestOfItsSources()
    {
        final int strong = face(scan(1).subject(101));
        assertEquals(DepositTable.TOO_WEAK, fusion.holdFace(
            site.deposit(1, 2).subject(102).aim(VICTIM, 0).milliNats(FULL_MILLI_NATS - 1).unsigned(), 0));
        assertEquals(strong, fusion.holdFace(
            site.deposit(1, 3).subject(102).aim(VICTIM, 0).milliNats(FULL_MILLI_NATS + 1).unsigned(), 0));
        face(scan(2).subject(103));
        assertEquals(Fusion.Decision.NONE, fusion.decide(strong, T0, false), "two nodes are two witnesses");
    }

    @Test
    void shouldTakeTheTollOfAFaceToTheMilliNat()
    {
        for (int node = 1; node <= 3; node++)
        {
            // 16.108045 / 3 = 5.369348 nats of each, and 2.772589 of toll
            final int slot = face(scan(node).subject(100 + node).milliNats(8_141));
            assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));
        }
        int slot = -1;
        for (int node = 1; node <= 3; node++)
        {
            slot = face(site.deposit(node, 2).aim(VICTIM, 0).subject(100 + node).milliNats(8_142));
        }
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0, false));
    }

    @Test
    void shouldElevateEveryHostThatRunsAProgramWhichSeveralRacksSaw()
    {
        int slot = -1;
        for (int node = 1; node <= 3; node++)
        {
            assertEquals(Fusion.NO_FACE, fusion.holdFace(lineage(node, 100 + node).unsigned(), 0));
            slot = fusion.hold(lineage(node, 3 == node ? 101 : 100 + node).unsigned(), 0);
        }
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0, false));
        final int[] slots = fusion.subjects(slot, Fusion.Decision.WITNESSES);
        final List<Long> hosts = Arrays.stream(slots).mapToObj((each) -> fusion.state(
            each, Fusion.Decision.WITNESSES, false, T0, 1, 0, T0)).map(Elevation::subjectLow).toList();
        assertEquals(List.of(101L, 102L), hosts);
        final int other = fusion.hold(
            site.deposit(4, 1).scenario(ScenarioCode.LINEAGE).hash(PROGRAM + 1).milliNats(7_000).unsigned(), 0);
        assertEquals(Fusion.Decision.NONE, fusion.decide(other, T0, false), "another program");
    }

    @Test
    void shouldNotMeetOneAddressAsSourceAndAsAim()
    {
        fusion.hold(site.deposit(1, 1).milliNats(6_900).unsigned(), 0);
        fusion.hold(site.deposit(2, 1).milliNats(6_900).unsigned(), 0);
        final int slot = fusion.hold(site.deposit(3, 1).milliNats(6_900).role(SubjectRole.AIM).unsigned(), 0);
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false));
    }

    @Test
    void shouldBelieveAVerificationOfItsOwnOrOfAsManyAsAreRequired()
    {
        assertEquals(Verification.NONE, elevated(0, 7, 7, 0).verification(), "two of three others");
        assertEquals(Verification.EXCHANGE, elevated(0, 1, 3, 1).verification(), "three others, one of them more");
        assertEquals(Verification.ON_LINK, elevated(2, 1, 1, 0).verification(), "its own, and two others'");
        assertTrue(elevated(2, 1, 1, 0).witnesses().stream().allMatch((w) -> w.subjectRole() == SubjectRole.SOURCE));
    }

    @Test
    void shouldTakeNobodysWordAndAskMoreOfItselfWhileDegraded()
    {
        int slot = -1;
        for (int node = 2; node <= 4; node++)
        {
            slot = fusion.hold(site.deposit(node, 1).milliNats(50_000).unsigned(), 0);
        }
        assertEquals(Fusion.Decision.WITNESSES, fusion.decide(slot, T0, false));
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, true));
        // ln(0.99e12) = 27.620971
        fusion.hold(site.deposit(1, 1).milliNats(27_620).unsigned(), 0);
        assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, true));
        fusion.hold(site.deposit(1, 2).milliNats(27_621).unsigned(), 0);
        assertEquals(Fusion.Decision.LOCAL, fusion.decide(slot, T0, true));
        final Elevation elevation = fusion.state(slot, Fusion.Decision.LOCAL, true, T0, 1, 0, T0);
        assertTrue(elevation.degraded() && elevation.local());
        assertEquals(27.62, elevation.thresholdNats(), 0.001);
    }

    private Elevation elevated(final int... verificationByNode)
    {
        final Fusion fresh = new Fusion(site.roster, 1, ElevationTable.standard(), HALF_LIFE_NS, 256, 7);
        int slot = -1;
        for (int node = 1; node <= 4; node++)
        {
            slot = fresh.hold(
                site.deposit(node, 1).milliNats(6_900).verification(verificationByNode[node - 1]).unsigned(), 0);
        }
        return Site.elevate(fresh, slot, Fusion.Decision.WITNESSES, T0, 1, 0, T0);
    }

    private Site.Draft scan(final int node)
    {
        return site.deposit(node, 1).aim(VICTIM, 0).milliNats(FULL_MILLI_NATS);
    }

    private Site.Draft lineage(final int node, final long host)
    {
        return site.deposit(node, 1).scenario(ScenarioCode.LINEAGE).hash(PROGRAM).subject(host).milliNats(7_000);
    }

    private int face(final Site.Draft draft)
    {
        return fusion.holdFace(draft.unsigned(), 0);
    }

    private Fusion.Decision decide(final Site.Draft draft)
    {
        return fusion.decide(fusion.hold(draft.unsigned(), 0), T0, false);
    }
}
