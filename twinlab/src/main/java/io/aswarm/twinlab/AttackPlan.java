package io.aswarm.twinlab;

import java.util.ArrayList;
import java.util.List;

/**
 * Which probe comes when: the opening, in an order that goes round the racks, and after it the same targets again,
 * which are then no first contacts and tell only whether packets flow. Immutable; no clock.
 */
final class AttackPlan
{
    static final int SWEEP_PORT = 445;
    private static final int SCAN_PORT_FIRST = 20_000;
    private static final int FLOOD_VICTIM_RACK = 1;
    private static final int FLOOD_OPENING = 20_000;

    /**
     * Where one probe goes.
     *
     * @param rack    whose gateway it passes.
     * @param address 4 or 16 bytes.
     * @param port    TCP.
     */
    record Target(int rack, byte[] address, int port)
    {
    }

    private final Scenario scenario;
    private final List<Target> targets;
    private final int openingLength;

    private AttackPlan(final Scenario scenario, final List<Target> targets, final int openingLength)
    {
        this.scenario = scenario;
        this.targets = List.copyOf(targets);
        this.openingLength = openingLength;
    }

    /**
     * Lay out an attack.
     *
     * @param scenario        of the attack.
     * @param family          4 or 6.
     * @param contactsPerRack most first contacts behind one gateway, so that it cannot be sure alone.
     * @return the plan.
     */
    static AttackPlan of(final Scenario scenario, final int family, final int contactsPerRack)
    {
        final List<Target> targets = new ArrayList<>();
        switch (scenario)
        {
            case PORT_SCAN:
                for (int i = 0; i < contactsPerRack * RackPlan.RACKS; i++)
                {
                    final int rack = 1 + i % RackPlan.RACKS;
                    targets.add(target(family, rack, 1, 0, SCAN_PORT_FIRST + i));
                }
                return new AttackPlan(scenario, targets, targets.size());

            case SWEEP:
                for (int i = 0; i < contactsPerRack * RackPlan.RACKS; i++)
                {
                    final int rack = 1 + i % RackPlan.RACKS;
                    final int host = i / RackPlan.RACKS;
                    final int k = host / RackPlan.SERVERS_PER_RACK % RackPlan.ADDRESSES_PER_SERVER;
                    targets.add(target(family, rack, 1 + host % RackPlan.SERVERS_PER_RACK, k, SWEEP_PORT));
                }
                return new AttackPlan(scenario, targets, targets.size());

            case SYN_FLOOD:
                targets.add(target(family, FLOOD_VICTIM_RACK, 1, 0, BenignTraffic.SERVICE_PORT));
                return new AttackPlan(scenario, targets, FLOOD_OPENING);

            default:
                throw new IllegalArgumentException(scenario.label());
        }
    }

    Scenario scenario()
    {
        return scenario;
    }

    /** Probes in the opening. */
    int openingLength()
    {
        return openingLength;
    }

    /** Target of the n-th probe, n from 0, opening and steady alike. */
    Target target(final int n)
    {
        return targets.get(n % targets.size());
    }

    /** The largest number of probes up to a limit that reach all racks of the plan equally; at least one round. */
    int wholeRounds(final int limit)
    {
        final int round = Math.min(RackPlan.RACKS, targets.size());
        return Math.max(round, limit / round * round);
    }

    /** Gateways that probes pass. */
    boolean passes(final int rack)
    {
        return targets.stream().anyMatch((target) -> rack == target.rack());
    }

    private static Target target(final int family, final int rack, final int server, final int k, final int port)
    {
        return new Target(rack, RackPlan.bytes(RackPlan.serverAddress(family, rack, server, k)), port);
    }
}
