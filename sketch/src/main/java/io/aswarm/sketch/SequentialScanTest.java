package io.aswarm.sketch;

/**
 * Threshold random walk (Jung, Paxson, Berger and Balakrishnan, "Fast portscan detection using sequential hypothesis
 * testing", IEEE S&amp;P 2004). Each first contact of a source is a Bernoulli trial: under "benign" it succeeds with
 * probability &theta;0, under "scanner" with &theta;1 &lt; &theta;0. Evidence is the log of the paper's likelihood
 * ratio &Lambda; (its equation 3):
 * <ul>
 * <li>a failure adds ln((1 - &theta;1) / (1 - &theta;0)), 1.386 nats by default;</li>
 * <li>a success adds ln(&theta;1 / &theta;0), -1.386 nats by default.</li>
 * </ul>
 * Differences from the paper, each for a reason:
 * <ul>
 * <li>Evidence does not go below 0: there the episode ends and the next failure starts another one. The paper stops
 * at a lower threshold &eta;0 and starts anew; a floor at 0 is that with &eta;0 = 1, Page's CUSUM (Biometrika 41,
 * 1954). A source cannot save up good conduct, and one without failures needs no memory.</li>
 * <li>Evidence halves with {@code halfLifeNs}, so that rare failures of a long-lived host do not add up for ever, and
 * an episode without a failure for {@code quietNs} is over.</li>
 * <li>A contact is (source, destination, port), not (source, destination), so that one host's ports count too. The
 * same contact counts once in an episode, even after the first-contact memory forgot it.</li>
 * <li>Evidence stops at {@code evidenceMaxNats}, which bounds the number of signals.</li>
 * </ul>
 * By Wald's bound evidence of ln((1 - &beta;) / &alpha;) calls a benign source a scanner with probability at most about
 * &alpha; for each episode. A scanner who mixes in as many successful first contacts as failures is not called by
 * this test; the paper has that limit too.
 */
final class SequentialScanTest
{
    /** What rounding may leave of evidence that successes have taken away. */
    private static final double ROUNDING_NATS = 1e-9;

    private final double failureNats;
    private final double successNats;
    private final double evidenceMaxNats;
    private final long quietNs;
    private final SuspectTable suspects;
    private final FanOutSketch contacts;
    private final FanOutSketch hosts;
    private final FanOutSketch ports;
    private final Exemptions exemptions;
    private final SignalGate gate;

    SequentialScanTest(
        final LocalPolicyConfig config,
        final SketchMemory memory,
        final KeyedHash keyedHash,
        final Exemptions exemptions,
        final SignalGate gate,
        final SketchCounters counters)
    {
        final double benign = config.benignSuccess();
        final double scanner = config.scannerSuccess();
        this.failureNats = StrictMath.log((1 - scanner) / (1 - benign));
        this.successNats = StrictMath.log(scanner / benign);
        this.evidenceMaxNats = config.evidenceMaxNats();
        this.quietNs = config.quietNs();
        this.exemptions = exemptions;
        this.gate = gate;

        final int slots = config.suspectsMax();
        this.suspects = new SuspectTable(
            memory.allocate(SuspectTable.memoryLength(slots)),
            new SlotIndex(memory.allocate(SlotIndex.memoryLength(slots)), slots),
            keyedHash.derive(1),
            new Decay(config.halfLifeNs()),
            counters);
        this.contacts = fanOut(memory, slots, keyedHash.derive(2));
        this.hosts = fanOut(memory, slots, keyedHash.derive(3));
        this.ports = fanOut(memory, slots, keyedHash.derive(4));
    }

    private static FanOutSketch fanOut(final SketchMemory memory, final int slots, final KeyedHash key)
    {
        return new FanOutSketch(memory.allocate(FanOutSketch.memoryLength(slots)), slots, key.keyHigh(), key.keyLow());
    }

    /** A first contact succeeded. */
    void onSuccess(final long sourceHigh, final long sourceLow, final long nowNs)
    {
        final int slot = suspects.find(sourceHigh, sourceLow);
        if (slot != SuspectTable.NONE)
        {
            final double nats = suspects.evidenceNats(slot, nowNs) + successNats;
            if (nats <= ROUNDING_NATS)
            {
                suspects.release(slot);
            }
            else
            {
                suspects.evidenceNats(slot, nats, nowNs);
            }
        }
    }

    /**
     * A first contact failed.
     *
     * @param contact who, whom, and when it was opened.
     * @param weight  packets that the observation stands for.
     * @param nowNs   when the failure was noticed.
     */
    void onFailure(final Contact contact, final int weight, final long nowNs)
    {
        if (exemptions.spare(contact.sourceHigh, contact.sourceLow))
        {
            return;
        }
        final int slot = episode(contact, nowNs);
        if (slot == SuspectTable.NONE || !isNewInEpisode(slot, contact.hash))
        {
            return;
        }

        final double nats = Math.min(evidenceMaxNats, suspects.evidenceNats(slot, nowNs) + failureNats);
        suspects.evidenceNats(slot, nats, nowNs);
        suspects.observe(
            slot, contact.destinationHigh, contact.destinationLow, contact.port, weight, contact.openedNs, nowNs);
        hosts.add(slot, contact.destinationHigh, contact.destinationLow);
        ports.add(slot, contact.protocol, contact.port);

        if (gate.isDue(nats, suspects.signalledNats(slot), nowNs - suspects.signalledNs(slot)))
        {
            suspects.signalled(slot, nats, nowNs);
            suspects.describe(slot, gate.signal(), Scenario.SCAN, nats);
            gate.signal().spread(hosts.estimate(slot), ports.estimate(slot));
            gate.publish();
        }
    }

    private int episode(final Contact contact, final long nowNs)
    {
        int slot = suspects.find(contact.sourceHigh, contact.sourceLow);
        if (slot == SuspectTable.NONE)
        {
            slot = suspects.claim(contact.sourceHigh, contact.sourceLow, failureNats, nowNs);
        }
        else if (nowNs - suspects.lastSeenNs(slot) < quietNs)
        {
            return slot;
        }
        if (slot != SuspectTable.NONE)
        {
            suspects.begin(slot, contact.openedNs);
            contacts.clear(slot);
            hosts.clear(slot);
            ports.clear(slot);
        }
        return slot;
    }

    private boolean isNewInEpisode(final int slot, final long contactHash)
    {
        // Past half full it would swallow too many contacts that are new.
        if (contacts.zeros(slot) < FanOutSketch.BITS / 2)
        {
            contacts.clear(slot);
        }
        return contacts.add(slot, contactHash, 0);
    }
}
