package io.aswarm.twinlab;

import java.util.Locale;

/**
 * The attacks that the drill knows, each with the label that the nodes give it at elevation.
 */
enum Scenario
{
    /** Many ports of one host in each rack: weak in every rack, sure for the racks together. */
    PORT_SCAN(200, 40, RackPlan.RACKS),
    /** One port of every address in the racks: weak in every rack, sure for the racks together. */
    SWEEP(200, 40, RackPlan.RACKS),
    /** One victim, one source, half-open connections: strong, and seen by the victim's gateway alone. */
    SYN_FLOOD(2_000, 100, 1);

    private final int openingPerSecond;
    private final int steadyPerSecond;
    private final int gatewaysExpected;

    Scenario(final int openingPerSecond, final int steadyPerSecond, final int gatewaysExpected)
    {
        this.openingPerSecond = openingPerSecond;
        this.steadyPerSecond = steadyPerSecond;
        this.gatewaysExpected = gatewaysExpected;
    }

    /** Probes in a second until all gateways contain. */
    int openingPerSecond()
    {
        return openingPerSecond;
    }

    /** Probes in a second from then on. */
    int steadyPerSecond()
    {
        return steadyPerSecond;
    }

    /** Gateways that should detect it in each run. */
    int gatewaysExpected()
    {
        return gatewaysExpected;
    }

    /** Whether it takes several gateways together to be sure. */
    boolean spread()
    {
        return gatewaysExpected > 1;
    }

    /** As on the command line and in certificates. */
    String label()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
