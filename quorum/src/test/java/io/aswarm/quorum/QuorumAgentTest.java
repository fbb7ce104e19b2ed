package io.aswarm.quorum;

import io.aswarm.trust.Roster;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.aswarm.quorum.Site.SECOND_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class QuorumAgentTest extends FourNodes
{
    @Test
    void shouldElevateOnAllNodesWhenThreeOfFourAreWeaklySure()
    {
        nodes.get(0).signal(SUBJECT, 5.0, nowNs - 300, nowNs);
        nodes.get(1).signal(SUBJECT, 5.0, nowNs - 700, nowNs);
        cycle();
        cycle();
        nodes.forEach((node) -> assertEquals(List.of(), node.elevations));

        nodes.get(2).signal(SUBJECT, 5.0, nowNs - 200, nowNs);
        cycle();
        cycle();
        for (final TestNode node : nodes)
        {
            assertEquals(1, node.elevations.size());
            final Elevation elevation = node.elevations.get(0);
            assertFalse(elevation.local());
            assertEquals(15.0, elevation.evidenceNats());
            assertEquals(5_000 - 700, elevation.firstSeenNs());
            assertEquals(T0 + 5_000 - 700, elevation.firstSeenEpochNs());
            assertEquals(List.of(1, 2, 3), elevation.witnesses().stream().map(Witness::nodeId).toList());
            for (final Witness witness : elevation.witnesses())
            {
                assertTrue(DepositVerifier.verify(witness.deposit(), site.roster).isAuthentic());
            }
            assertEquals(1, node.count(QuorumCounter.ELEVATIONS));
        }
        assertEquals(4, nodes.stream().map((node) -> node.elevations.get(0).id()).distinct().count());
        assertEquals(2, nodes.get(0).acceptedFrom.size());
        assertEquals(3, nodes.get(3).acceptedFrom.size());
    }

    @Test
    void shouldElevateAloneOnOwnStrongEvidenceAndNobodyElse()
    {
        nodes.get(0).signal(SUBJECT, 21.0, nowNs, nowNs);
        cycle();
        cycle();
        assertTrue(nodes.get(0).elevations.get(0).local());
        assertEquals(1, nodes.get(0).count(QuorumCounter.ELEVATIONS_LOCAL));
        for (int i = 1; i < 4; i++)
        {
            assertEquals(List.of(), nodes.get(i).elevations);
        }
    }

    @Test
    void shouldDecideAtOnceInASiteOfOneAndLeaveEvidenceToItsDutyCycle()
    {
        final Site alone = new Site(1);
        final TestNode node = new TestNode(
            new QuorumConfig(alone.roster, 1, alone.signers.get(0), T0), new NoPeers(), () -> nowNs, () -> T0 + nowNs,
            TestNode.counters());
        assertTrue(node.agent.decideAlone());
        node.signal(SUBJECT, 20.0, nowNs, nowNs);
        assertTrue(node.agent.decideAlone());
        assertEquals(List.of(), node.elevations);
        nowNs += 100;
        node.signal(SUBJECT, 21.0, nowNs, nowNs);
        assertTrue(node.agent.decideAlone());
        assertEquals(1, node.elevations.size());
        assertEquals(nowNs, node.elevations.get(0).elevatedNs());

        nowNs += Testimonies.CALM_NS;
        assertTrue(node.agent.decideAlone());
        assertEquals(List.of(), node.evidence);
        node.agent.doWork();
        assertEquals(1, node.evidence.size());
        assertEquals(1, node.elevations.size());
    }

    @Test
    void shouldLeaveSignalsToItsDutyCycleWhereOthersAreToHearOfThem()
    {
        nodes.get(0).signal(SUBJECT, 21.0, nowNs, nowNs);
        assertFalse(nodes.get(0).agent.decideAlone());
        assertEquals(List.of(), nodes.get(0).elevations);
        nodes.get(0).agent.doWork();
        assertEquals(1, nodes.get(0).elevations.size());
    }

    @Test
    void shouldBeDegradedUntilItHearsAMajorityAndAgainWhenItLosesIt()
    {
        assertFalse(nodes.get(0).agent.isDegraded());
        assertEquals(0, nodes.get(0).count(QuorumCounter.DEGRADED));
        links.subList(2, 4).forEach((link) -> link.isConnected = false);
        nowNs += 20 * SECOND_NS;
        cycle();
        cycle();
        assertEquals(2, nodes.get(0).count(QuorumCounter.MEMBERS_HEARD));
        assertEquals(1, nodes.get(0).count(QuorumCounter.DEGRADED), "two of four are no majority");

        nodes.get(0).signal(SUBJECT, 27.0, nowNs, nowNs);
        cycle();
        assertEquals(List.of(), nodes.get(0).elevations);
        nodes.get(0).signal(SUBJECT, 28.0, nowNs, nowNs);
        cycle();
        assertTrue(nodes.get(0).elevations.get(0).degraded());

        links.subList(2, 4).forEach((link) -> link.isConnected = true);
        nowNs += 5 * SECOND_NS;
        cycle();
        cycle();
        assertEquals(0, nodes.get(0).count(QuorumCounter.DEGRADED));
        assertEquals(1, nodes.get(0).elevations.size(), "healing is no second reason");
    }

    @Test
    void shouldDecideOnWhatItHoldsAsSoonAsItHearsAMajorityAgain()
    {
        // so strong that it is more than the clip after nine half-lives, so old then that nobody says it again
        nodes.get(1).signal(SUBJECT, 4e6, nowNs, nowNs);
        nodes.get(2).signal(SUBJECT, 4e6, nowNs, nowNs);
        cycle();
        cycle();
        links.subList(1, 4).forEach((link) -> link.isConnected = false);
        nowNs += 90 * SECOND_NS;
        cycle();
        cycle();
        final TestNode node = nodes.get(0);
        node.signal(SUBJECT, 5.0, nowNs, nowNs);
        cycle();
        assertTrue(node.agent.isDegraded());
        assertEquals(List.of(), node.elevations);

        final int accepted = node.acceptedFrom.size();
        links.subList(1, 4).forEach((link) -> link.isConnected = true);
        nowNs += 5 * SECOND_NS;
        nodes.subList(1, 4).forEach((other) -> other.agent.doWork());
        node.agent.doWork();
        assertEquals(accepted, node.acceptedFrom.size());
        assertFalse(node.agent.isDegraded());
        assertEquals(List.of(1, 2, 3), node.elevations.get(0).witnesses().stream().map(Witness::nodeId).toList());
        assertFalse(node.elevations.get(0).degraded());
    }

    @Test
    void shouldDecideOnWhatItHoldsWhenTheRosterAsksForFewer()
    {
        nodes.get(0).signal(SUBJECT, 7.0, nowNs, nowNs);
        nodes.get(1).signal(SUBJECT, 7.0, nowNs, nowNs);
        cycle();
        cycle();
        nodes.get(1).agent.offerRoster(site.rosterOf(1, 2, 3));
        assertEquals(List.of(), nodes.get(1).elevations);
        nodes.get(1).agent.doWork();
        assertEquals(2, nodes.get(1).elevations.get(0).witnessesRequired());
        assertEquals(List.of(), nodes.get(0).elevations);
    }

    @Test
    void shouldMoveKWithTheRosterAndCountNobodyWhoLeft()
    {
        final TestNode node = nodes.get(3);
        nodes.get(0).signal(SUBJECT, 5.0, nowNs, nowNs);
        nodes.get(1).signal(SUBJECT, 5.0, nowNs, nowNs);
        cycle();
        cycle();
        node.agent.offerRoster(site.rosterOf(2, 3, 4));
        nodes.get(2).signal(SUBJECT, 5.0, nowNs, nowNs);
        cycle();
        cycle();
        assertEquals(3, node.count(QuorumCounter.MEMBERS_EXPECTED));
        assertEquals(List.of(), node.elevations, "10 nats of two; what node 1 deposited is gone");
        assertEquals(1, nodes.get(1).elevations.size(), "the others still count it");
        nodes.get(0).signal(SUBJECT, 9.0, nowNs, nowNs);
        nodes.get(2).signal(SUBJECT, 9.0, nowNs, nowNs);
        cycle();
        cycle();
        assertEquals(1, node.count(QuorumCounter.REFUSED_UNKNOWN_SENDER));
        // two witnesses of three nodes: 5 and 9 nats
        assertEquals(2, node.elevations.get(0).witnessesRequired());
        assertEquals(List.of(2, 3), node.elevations.get(0).witnesses().stream().map(Witness::nodeId).toList());
        assertThrows(IllegalArgumentException.class, () -> node.agent.offerRoster(site.rosterOf(1, 2, 3)));
        assertThrows(IllegalArgumentException.class, () -> node.agent.offerRoster(new Site("lab", 4).roster));
        assertThrows(IllegalArgumentException.class, () -> node.agent.offerRoster(
            new Roster("elsewhere", site.roster.nodes(), List.of())));
    }

    @Test
    void shouldElevateEveryHostOfOneProgramWithIdsOfTheirOwn()
    {
        for (int i = 0; i < 3; i++)
        {
            nodes.get(i).proxy.offerSignal(ScenarioCode.LINEAGE, 0, SUBJECT + i, 7.0, 1, 1, 1, 0, 0x77, 0, nowNs, nowNs,
                SubjectRole.SOURCE, Verification.NONE);
        }
        cycle();
        cycle();
        for (final TestNode node : nodes)
        {
            assertEquals(
                List.of(SUBJECT, SUBJECT + 1, SUBJECT + 2),
                node.elevations.stream().map(Elevation::subjectLow).toList());
            assertEquals(3, node.elevations.stream().map(Elevation::id).distinct().count());
            assertTrue(node.elevations.stream().flatMap((elevation) -> elevation.witnesses().stream())
                .allMatch((witness) -> DepositVerifier.verify(witness.deposit(), site.roster).isAuthentic()));
        }
    }

    @Test
    void shouldHearPresencesAndMissThemAfterThreeIntervals()
    {
        assertEquals(4, nodes.get(0).count(QuorumCounter.MEMBERS_HEARD));
        links.subList(1, 4).forEach((link) -> link.isConnected = false);
        nowNs += 15 * SECOND_NS;
        cycle();
        assertEquals(4, nodes.get(0).count(QuorumCounter.MEMBERS_HEARD));
        nowNs += 5 * SECOND_NS;
        cycle();
        assertEquals(1, nodes.get(0).count(QuorumCounter.MEMBERS_HEARD));
    }

    @Test
    void shouldCountRefusalsByReason()
    {
        mesh.inject(new byte[] {1, 2, 3}, 666);
        mesh.inject(new Site(5).deposit(5, 1).signed().byteArray(), 666);
        mesh.inject(new Site(4).deposit(2, 400).boot(T0 + 2).seen(T0, T0).signed().byteArray(), 666);
        final byte[] good = site.deposit(2, 500).boot(T0 + 2).seen(T0, T0).signed().byteArray();
        mesh.inject(good, 666);
        mesh.inject(good, 666);
        cycle();
        final TestNode node = nodes.get(0);
        assertEquals(1, node.count(QuorumCounter.REFUSED_MALFORMED));
        assertEquals(1, node.count(QuorumCounter.REFUSED_UNKNOWN_SENDER));
        assertEquals(1, node.count(QuorumCounter.REFUSED_BAD_SIGNATURE));
        assertEquals(1, node.count(QuorumCounter.DUPLICATES));
        assertEquals(List.of(2), node.acceptedFrom);
    }

    @Test
    void shouldReportItsLongestCycleAndStalls()
    {
        nowNs += 100_000_000L;
        nodes.get(0).agent.doWork();
        assertEquals(0, nodes.get(0).count(QuorumCounter.CYCLE_STALLS));
        nowNs += 100_000_001L;
        nodes.get(0).agent.doWork();
        nodes.get(0).agent.doWork();
        assertEquals(1, nodes.get(0).count(QuorumCounter.CYCLE_STALLS));
        assertEquals(100_000_001L, nodes.get(0).count(QuorumCounter.CYCLE_LONGEST));
    }

    @Test
    void shouldGiveIdsThatGrowOverRestartsAndNeverRepeat()
    {
        nodes.get(0).signal(1, 21.0, nowNs, nowNs);
        nodes.get(0).signal(2, 21.0, nowNs, nowNs);
        cycle();
        final List<Elevation> before = nodes.get(0).elevations;
        final TestNode restarted = replaceFirst(config(1, T0 + SECOND_NS));
        restarted.signal(1, 28.0, nowNs, nowNs);
        cycle();
        assertEquals((1L << 47) + T0 / 1_000_000, before.get(0).id());
        assertEquals(before.get(0).id() + 1, before.get(1).id());
        assertEquals(before.get(0).id() + 1_000, restarted.elevations.get(0).id());
    }

    @Test
    void shouldWarmUpOnWhatItThrowsAway()
    {
        final QuorumConfig config = config(1, T0);
        assertEquals(WarmUp.ROUNDS, WarmUp.run(config, () -> nowNs, T0));
        assertEquals(10, WarmUp.run(config, () -> nowNs += WarmUp.TIME_MAX_NS / 10, T0), "no more than a second");
        assertEquals(WarmUp.ORDER_ROUNDS, WarmUp.runOrders(config, () -> nowNs, T0));
        final TestNode node = nodes.get(0);
        node.agent.onStart();
        cycle();
        assertEquals(List.of(), node.elevations);
    }
}
