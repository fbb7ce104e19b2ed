package io.aswarm.sketch;

/**
 * Victims of what is known by samples of its packets, each with its rate ({@link SampledRates}) and with who sends it:
 * what {@link BackscatterTest}, {@link StrayFloodTest}, {@link FragmentFloodTest} and {@link UnansweredFloodTest} have
 * in common.
 * <p>
 * Where one address brought four of five packets, it is held to flood, which it may deny if forged; else the victim is
 * told.
 */
final class FloodedVictims
{
    /** Of the packets, how many must be one address's for it to be the source. */
    private static final double ONE_SOURCE = 0.8;

    private final SampledRates rates;
    private final FloodTable table;
    private final FanOutSketch sources;
    private final SourceRanking ranking;
    private final ContributionLog log;
    private final KeyedHash victimHash;
    private final Verification verification;
    private final Exemptions exemptions;
    private final SignalGate gate;
    /** Share of the packets that is seen, lately; 0 before the first one. */
    private double seenShare;

    /**
     * Take memory.
     *
     * @param model    of the rate.
     * @param workshop to take memory and keys from.
     * @param purpose  of the keys, together with the number after it.
     */
    FloodedVictims(final Cusum model, final Workshop workshop, final long purpose)
    {
        this.rates = new SampledRates(model, workshop);
        this.table = rates.table();
        final int slots = rates.slots();
        this.sources = workshop.fanOut(slots, purpose);
        this.ranking = new SourceRanking(workshop, slots);
        this.log = workshop.contributionLog(slots);
        this.victimHash = workshop.key().derive(purpose + 1);
        this.verification = workshop.verification();
        this.exemptions = workshop.exemptions();
        this.gate = workshop.gate();
    }

    /**
     * A packet to a victim was sampled.
     *
     * @param packet  its source and the victim, with the cause that it is evidence for.
     * @param packets that the record stands for; of fewer than one it is a part.
     * @return the victim's slot, or {@link FloodTable#NONE} where there is no room.
     */
    int sampled(final Contact packet, final double packets)
    {
        final long nowNs = packet.openedNs;
        final int slot = rates.follow(victimHash.hash(packet.destinationHigh, packet.destinationLow), nowNs);
        if (slot != FloodTable.NONE)
        {
            seenShare = Math.min(1.0, 1.0 / packets);
            if (rates.rest(slot, seenShare, nowNs))
            {
                sources.clear(slot);
                ranking.clear(slot);
                log.clear(slot);
            }
            table.put(slot, FloodTable.VICTIM_HIGH, packet.destinationHigh);
            table.put(slot, FloodTable.VICTIM_LOW, packet.destinationLow);
            table.putInt(slot, FloodTable.PORT, packet.port);
            sources.add(slot, packet.sourceHigh, packet.sourceLow);
            ranking.add(slot, packet.sourceHigh, packet.sourceLow, 1);
            log.addSource(slot, packet.cause, rates.seen(slot, Math.min(1.0, packets), nowNs), packet, nowNs);
        }
        return slot;
    }

    /** Packets to a host, of which some were sampled, turned out to say nothing. */
    void excuse(final long high, final long low, final double packets)
    {
        if (seenShare > 0.0)
        {
            rates.excuse(victimHash.hash(high, low), packets * seenShare);
        }
    }

    /** A host that may be followed was sent something that the model does not count, but asks for. */
    void heard(final long high, final long low)
    {
        final int slot = table.find(victimHash.hash(high, low));
        if (slot != FloodTable.NONE)
        {
            table.add(slot, FloodTable.OPENED, 1);
        }
    }

    /** Whether the victim was {@link #heard} to be sent as much, but for a factor. */
    boolean isHeard(final int slot, final int factor)
    {
        return table.get(slot, FloodTable.OPENED) * factor >= table.get(slot, FloodTable.HELD);
    }

    /** Whether one address brought four of five samples of the episode. */
    boolean isOfOne(final int slot)
    {
        final HeavyHitters ranked = ranking.of(slot);
        return ranked.count(0) >= ONE_SOURCE * ranked.total();
    }

    /** Victims followed at a time. */
    int slots()
    {
        return rates.slots();
    }

    /** Samples of the episode. */
    long samples(final int slot)
    {
        return table.get(slot, FloodTable.HELD);
    }

    /** Tell who floods, or who is flooded, if the evidence is worth it. */
    void tell(final int slot, final Contact packet)
    {
        if (!table.takeDue(slot, gate, packet.openedNs))
        {
            return;
        }
        final HeavyHitters ranked = ranking.of(slot);
        final long high = ranked.high(0);
        final long low = ranked.low(0);
        if (!isOfOne(slot))
        {
            final Signal signal = gate.signal().subject(
                Scenario.SPREAD_FLOOD, packet.destinationHigh, packet.destinationLow);
            table.describe(slot, signal, log).spread(sources.estimate(slot), 1).ranked(ranked);
            gate.publish();
        }
        else if (!exemptions.spare(high, low, packet.openedNs))
        {
            final boolean isOnLink =
                packet.is(PendingContacts.ON_LINK) && packet.sourceHigh == high && packet.sourceLow == low;
            table.describe(slot, gate.signal().subject(Scenario.FLOOD, high, low), log)
                .spread(1, 1)
                .verified(verification.of(high, low, isOnLink, packet.interfaceIndex));
            gate.publish();
        }
    }

    /** Let time pass: forget who was left in peace. */
    int onTick(final long nowNs)
    {
        return rates.onTick(nowNs);
    }
}
