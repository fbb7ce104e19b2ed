package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AttackPlanTest
{
    private static final int CONTACTS = DrillRun.CONTACTS_PER_RACK;

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldGoRoundTheRacksWithFirstContactsOnlyWhenScanning(final int family) throws UnknownHostException
    {
        for (final Scenario scenario : new Scenario[]{Scenario.PORT_SCAN, Scenario.SWEEP})
        {
            final AttackPlan plan = AttackPlan.of(scenario, family, CONTACTS);
            final Set<String> contacts = new HashSet<>();
            final int[] perRack = new int[RackPlan.RACKS + 1];
            for (int i = 0; i < plan.openingLength(); i++)
            {
                final AttackPlan.Target target = plan.target(i);
                assertEquals(1 + i % RackPlan.RACKS, target.rack());
                assertTrue(contacts.add(InetAddress.getByAddress(target.address()) + " " + target.port()));
                perRack[target.rack()]++;
            }
            for (int rack = 1; rack <= RackPlan.RACKS; rack++)
            {
                assertEquals(CONTACTS, perRack[rack]);
            }
        }
    }

    @Test
    void shouldKeepToOnePortWhenSweepingAndToOneHostPerRackWhenScanning()
    {
        final Set<Integer> sweepPorts = new HashSet<>();
        final Set<String> scanHosts = new HashSet<>();
        final AttackPlan scan = AttackPlan.of(Scenario.PORT_SCAN, 4, CONTACTS);
        for (int i = 0; i < CONTACTS * RackPlan.RACKS; i++)
        {
            sweepPorts.add(AttackPlan.of(Scenario.SWEEP, 4, CONTACTS).target(i).port());
            scanHosts.add(java.util.Arrays.toString(scan.target(i).address()));
        }

        assertEquals(Set.of(AttackPlan.SWEEP_PORT), sweepPorts);
        assertEquals(RackPlan.RACKS, scanHosts.size());
    }

    @Test
    void shouldPassOneGatewayWhenFlooding()
    {
        final AttackPlan plan = AttackPlan.of(Scenario.SYN_FLOOD, 6, CONTACTS);

        assertTrue(plan.passes(1));
        assertFalse(plan.passes(2));
        assertEquals(plan.target(0), plan.target(17));
    }

    @Test
    void shouldRepeatWholeRoundsSoThatEveryRackIsProbed()
    {
        final AttackPlan plan = AttackPlan.of(Scenario.PORT_SCAN, 4, CONTACTS);

        assertEquals(4, plan.wholeRounds(0));
        assertEquals(4, plan.wholeRounds(7));
        assertEquals(8, plan.wholeRounds(8));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldGiveEachRunASourceOfItsOwn(final int family)
    {
        final Set<String> sources = new HashSet<>();
        for (int i = 0; i < RackPlan.ATTACK_SOURCES_MAX; i++)
        {
            assertTrue(sources.add(RackPlan.attackSource(family, i)));
        }
    }
}
