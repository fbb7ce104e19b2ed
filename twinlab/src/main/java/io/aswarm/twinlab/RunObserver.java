package io.aswarm.twinlab;

import java.util.HashSet;
import java.util.Set;

/**
 * What the nodes say about one run's source, put together from their event logs. Pure: events in, instants out, all
 * CLOCK_MONOTONIC nanoseconds, 0 where something has not happened. Racks count from 1.
 */
final class RunObserver
{
    private final byte[] source;
    private final Gateway[] gateways = new Gateway[RackPlan.RACKS + 1];

    /** What one gateway said. */
    private static final class Gateway
    {
        private final Set<String> acts = new HashSet<>();
        private long firstSeenNs;
        private long elevatedNs;
        private long effectiveNs;
        private long deadlineNs;
        private long revertedNs;
        private long packetsDropped;
        private int witnesses;
        private int elevations;
        private int certificates;
        private String pattern = "";
        private String refusal = "";
    }

    RunObserver(final byte[] source)
    {
        this.source = source.clone();
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            gateways[rack] = new Gateway();
        }
    }

    /**
     * Take an event.
     *
     * @param rack  of the gateway whose log has it.
     * @param event of that log.
     * @return true when it belongs to this run.
     */
    boolean onEvent(final int rack, final NodeEvent event)
    {
        final Gateway gateway = gateways[rack];
        if ("certificate".equals(event.name()))
        {
            final boolean ours = gateway.acts.contains(event.text("act_id"));
            gateway.certificates += ours ? 1 : 0;
            return ours;
        }
        if (!event.isAbout(source))
        {
            return false;
        }

        switch (event.name())
        {
            case "signal":
                gateway.firstSeenNs = earliest(gateway.firstSeenNs, event.number("first_seen_ns"));
                break;

            case "elevation":
                onElevation(gateway, event);
                break;

            case "actuation":
                gateway.acts.add(event.text("act_id"));
                break;

            case "effective":
                gateway.acts.add(event.text("act_id"));
                gateway.effectiveNs = earliest(gateway.effectiveNs, event.number("effective_ns"));
                gateway.deadlineNs = earliest(gateway.deadlineNs, event.number("deadline_ns"));
                break;

            case "reverted":
                gateway.revertedNs = earliest(gateway.revertedNs, event.number("ended_ns"));
                gateway.packetsDropped = event.number("packets_dropped");
                break;

            case "failed":
            case "refused":
                gateway.refusal = event.name() + ": " + event.text("reason");
                break;

            default:
                break;
        }
        return true;
    }

    private static void onElevation(final Gateway gateway, final NodeEvent event)
    {
        gateway.elevations++;
        if (0 == gateway.elevatedNs)
        {
            gateway.elevatedNs = event.number("elevated_ns");
            gateway.witnesses = event.fields().path("witnesses").size();
            gateway.pattern = event.text("scenario");
        }
    }

    /** The earliest stamp that any node's kernel gave a packet of the source. */
    long firstSeenNs()
    {
        long first = 0;
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            first = earliest(first, gateways[rack].firstSeenNs);
        }
        return first;
    }

    long elevatedNs(final int rack)
    {
        return gateways[rack].elevatedNs;
    }

    long effectiveNs(final int rack)
    {
        return gateways[rack].effectiveNs;
    }

    long deadlineNs(final int rack)
    {
        return gateways[rack].deadlineNs;
    }

    long revertedNs(final int rack)
    {
        return gateways[rack].revertedNs;
    }

    /** Real packets that the gateway's own count says it dropped. */
    long packetsDropped(final int rack)
    {
        return gateways[rack].packetsDropped;
    }

    int witnesses(final int rack)
    {
        return gateways[rack].witnesses;
    }

    int elevations(final int rack)
    {
        return gateways[rack].elevations;
    }

    int certificates(final int rack)
    {
        return gateways[rack].certificates;
    }

    /** What the gateway called it. */
    String pattern(final int rack)
    {
        return gateways[rack].pattern;
    }

    /** Why the gateway did not act; empty when it did. */
    String refusal(final int rack)
    {
        return gateways[rack].refusal;
    }

    private static long earliest(final long aNs, final long bNs)
    {
        if (0 == aNs || 0 == bNs)
        {
            return 0 == aNs ? bNs : aNs;
        }
        return bNs - aNs < 0 ? bNs : aNs;
    }
}
