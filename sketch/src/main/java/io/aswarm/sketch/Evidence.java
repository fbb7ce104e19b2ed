package io.aswarm.sketch;

/**
 * Evidence of one scenario against its subjects, in fixed memory: what every detector does with its nats. An episode
 * begins with the first nats, decays by the half-life, ends when it is at 0 or was quiet, and is told through the
 * {@link SignalGate}. Keeps what an {@link Explanation} needs.
 * <p>
 * An episode is verified when its verified observations alone make half of its evidence, or {@value #VERIFIED_NATS}
 * nats. So neither can a forger make a host's own few failures count for his many, nor can a host that mixes forged
 * frames into its own shed what is proven.
 */
final class Evidence
{
    static final int NONE = SuspectTable.NONE;
    static final double VERIFIED_NATS = 10.0;
    /** What rounding may leave of evidence that was taken away. */
    private static final double ROUNDING_NATS = 1e-9;

    private final Scenario scenario;
    private final SuspectTable suspects;
    private final ContributionLog log;
    private final Exemptions exemptions;
    private final SignalGate gate;
    private final double evidenceMaxNats;
    private final long quietNs;
    private boolean isNew;

    /** Evidence that halves as that of scans does. */
    Evidence(final Scenario scenario, final int slots, final Workshop workshop)
    {
        this(scenario, slots, workshop, workshop.config().halfLifeNs());
    }

    /** Evidence of what goes more slowly. */
    Evidence(final Scenario scenario, final int slots, final Workshop workshop, final long halfLifeNs)
    {
        final LocalPolicyConfig config = workshop.config();
        this.scenario = scenario;
        this.suspects = new SuspectTable(
            workshop.memory().allocate(SuspectTable.memoryLength(slots)), workshop.index(slots),
            new Decay(halfLifeNs), workshop.counters());
        this.log = workshop.contributionLog(slots);
        this.exemptions = workshop.exemptions();
        this.gate = workshop.gate();
        this.evidenceMaxNats = config.evidenceMaxNats();
        this.quietNs = halfLifeNs == config.halfLifeNs() ?
            config.quietNs() : Math.max(config.quietNs(), halfLifeNs);
    }

    /** Whether nothing may be held against a source. */
    boolean spares(final long high, final long low, final long nowNs)
    {
        return exemptions.spare(high, low, nowNs);
    }

    /** The episode of a subject, or {@link #NONE}. */
    int find(final long hash)
    {
        return suspects.find(hash);
    }

    /**
     * The episode of a subject, a new one if it has none or its last is over.
     *
     * @param hash        of the subject, keyed.
     * @param subjectHigh first half of its address.
     * @param subjectLow  second half of its address.
     * @param nats        that it is about to get.
     * @param nowNs       now.
     * @return the slot, or {@link #NONE} when there is no room for evidence so weak.
     */
    int episode(final long hash, final long subjectHigh, final long subjectLow, final double nats, final long nowNs)
    {
        isNew = false;
        int slot = suspects.find(hash);
        if (slot == NONE)
        {
            slot = suspects.claim(hash, subjectHigh, subjectLow, nats, nowNs);
            isNew = slot != NONE;
        }
        else if (nowNs - suspects.lastSeenNs(slot) >= quietNs)
        {
            isNew = true;
        }
        if (isNew)
        {
            suspects.begin(slot, nowNs);
            log.clear(slot);
        }
        return slot;
    }

    /** Whether the last {@link #episode} began then. */
    boolean isNew()
    {
        return isNew;
    }

    /**
     * Hold an observation against the subject.
     *
     * @param slot     of the episode.
     * @param contact  observed, with its cause.
     * @param nats     that it adds.
     * @param verified {@code Signal.VERIFIED_} bits of this observation.
     * @param weight   packets that it stands for.
     * @param nowNs    now.
     */
    void add(
        final int slot, final Contact contact, final double nats, final int verified, final int weight,
        final long nowNs)
    {
        final double before = suspects.evidenceNats(slot, nowNs);
        final double after = Math.min(evidenceMaxNats, before + nats);
        suspects.evidenceNats(slot, after, verified, nats, nowNs);
        suspects.observe(
            slot, contact.destinationHigh, contact.destinationLow, contact.port, weight, contact.openedNs, nowNs);
        if (scenario.subjectRole() == Signal.ROLE_SOURCE)
        {
            log.add(slot, contact.cause, after - before, contact, nowNs);
        }
        else
        {
            log.addSource(slot, contact.cause, after - before, contact, nowNs);
        }
    }

    /** Take evidence away; at 0 the episode is over and its slot is free. Returns whether it goes on. */
    boolean take(final int slot, final Cause cause, final double nats, final long nowNs)
    {
        final double left = suspects.evidenceNats(slot, nowNs) - nats;
        if (left <= ROUNDING_NATS)
        {
            suspects.release(slot);
            return false;
        }
        suspects.evidenceNats(slot, left, 0, 0.0, nowNs);
        log.add(slot, cause, -nats, null, nowNs);
        return true;
    }

    double nats(final int slot, final long nowNs)
    {
        return suspects.evidenceNats(slot, nowNs);
    }

    /** The most evidence that there ever was against the subject while it had its slot. */
    double peakNats(final int slot)
    {
        return suspects.peakNats(slot);
    }

    /** Tell a signal, if the evidence is worth it. */
    void tell(final int slot, final int hosts, final int ports, final long nowNs)
    {
        final double nats = suspects.evidenceNats(slot, nowNs);
        final int verified = verification(slot, nats, nowNs);
        suspects.signalled(slot, nats, verified, nowNs);
        suspects.describe(slot, gate.signal(), scenario, nats);
        gate.signal()
            .spread(hosts, ports)
            .verified(verified)
            .explained(log, slot);
        gate.publish();
    }

    /** Whether the evidence is worth telling. */
    boolean isDue(final int slot, final long nowNs)
    {
        final double nats = suspects.evidenceNats(slot, nowNs);
        final double signalledNats = suspects.signalledNats(slot);
        return gate.isDue(nats, signalledNats, nowNs - suspects.signalledNs(slot)) ||
            (gate.isDueIfVerifiedByMore(nats, signalledNats) &&
            (verification(slot, nats, nowNs) & ~suspects.signalledVerification(slot)) != 0);
    }

    /** Of an aim nothing can be verified. */
    private int verification(final int slot, final double nats, final long nowNs)
    {
        return scenario.subjectRole() == Signal.ROLE_SOURCE ? suspects.verification(slot, nats, nowNs) : 0;
    }

    /** The episode goes on, though nothing is held against the subject. */
    void seen(final int slot, final long nowNs)
    {
        suspects.seen(slot, nowNs);
    }

    long firstSeenNs(final int slot)
    {
        return suspects.firstSeenNs(slot);
    }

    long lastSeenNs(final int slot)
    {
        return suspects.lastSeenNs(slot);
    }

    /** Observations of the episode. */
    int count(final int slot)
    {
        return suspects.count(slot);
    }
}
