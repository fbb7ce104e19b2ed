package io.aswarm.sketch;

/**
 * Sequential test on the volume that a host sends, against its own baseline, in three ways to carry data out:
 * <pre>
 *                                             benign, at least   attack            unit      lump allowed
 *   to name servers (port 53)                 60 B/s             10 times benign   1 KiB     16 KiB
 *   in ICMP                                   500 B/s            10 times benign   1 KiB     8 KiB
 *   to a rare destination outside             64 KiB/s           10 times benign   64 KiB    32 MiB
 * </pre>
 * <b>Model.</b> Units of volume come as a Poisson process with the benign or the attack's rate, followed by {@link
 * Cusum}, where both error rates are stated. The benign rate is the table's, or twice what the host usually sends that
 * way, as far as that is known ({@link Baselines}), if that is more. While little is known of the host, evidence counts
 * for 0.7 of what it is. Tunnels in names carry at least some hundred bytes in a second (Nadler, Aminov and Shabtai,
 * "Detection of malicious and low throughput data exfiltration over the DNS protocol", Computers and Security 80, 2019,
 * for rates); what stays below the balance of 235 B/s is not found by volume. Questions as short as names (a frame
 * below {@value QuestionLength#ORDINARY_BYTES} bytes) are not counted: who asks for many names, or again and again for
 * one that is not answered, carries nothing by it. A frame of {@value SampledPackets#FRAGMENT_MIN_BYTES} bytes or more
 * in ICMP may be a part of the largest packet, and counts as such a share of its size that the packet is the lump
 * allowed, an eighth: 64 KiB are one ping of somebody who looks what gets through. The price: a tunnel of full frames
 * is called after 113 of them, not after 15.
 * <p>
 * Errors of ICMP are as many as what they quote: a router beyond which somebody scans sends hundreds, and carries
 * nothing by it. They bear no identifier and belong to no conversation, so that is not counted. The price: a tunnel in
 * errors, or in replies of identifier 0 that nobody asks for.
 * <p>
 * Volume is sampled in proportion to bytes, so a record stands for its quantum and the sum is unbiased. Only what the
 * initiator sends counts: who serves sends as much as he is asked for.
 */
final class ExfiltrationTest
{
    static final double IMMATURE_WEIGHT = 0.7;
    private static final int NAMES = Baselines.NAMES;
    private static final int ECHO = Baselines.ECHO;
    private static final int OUTSIDE = Baselines.OUTSIDE;
    static final double NAMES_BYTES_PER_SECOND = 60.0;
    static final int NAMES_BURST_KIB = 16;
    static final double ECHO_BYTES_PER_SECOND = 500.0;
    static final int ECHO_BURST_KIB = 8;
    static final double OUTSIDE_BYTES_PER_SECOND = 65_536.0;
    static final int OUTSIDE_BURST_KIB = 32_768;
    private static final double[] UNIT_BYTES = {0, 1_024.0, 1_024.0, 65_536.0};
    static final double ATTACK_FACTOR = 10.0;
    private static final double KIB = 1_024.0;
    private static final int SWEEP_SLOTS = 16;
    /** Which way a slot of the table is about. */
    private static final int WAY = FloodTable.PORT;

    private final double[] benignBytesPerSecond = new double[4];
    private final Cusum[] models = new Cusum[4];
    private final double immatureWeight;
    private final double largeEchoShare;
    private final FloodTable table;
    private final ContributionLog log;
    private final Baselines baselines;
    private final Popularity popularity;
    private final Verification verification;
    private final Exemptions exemptions;
    private final SignalGate gate;
    private final KeyedHash pairHash;
    private final int slots;
    private int sweepSlot;

    ExfiltrationTest(final Workshop workshop, final Popularity popularity, final Baselines baselines)
    {
        model(NAMES, workshop, DetectorParameter.EXFILTRATION_NAMES, DetectorParameter.EXFILTRATION_NAMES_BURST);
        model(ECHO, workshop, DetectorParameter.EXFILTRATION_ECHO, DetectorParameter.EXFILTRATION_ECHO_BURST);
        model(OUTSIDE, workshop, DetectorParameter.EXFILTRATION_OUTSIDE, DetectorParameter.EXFILTRATION_OUTSIDE_BURST);
        this.largeEchoShare = Math.min(
            1.0, KIB * workshop.parameters().value(DetectorParameter.EXFILTRATION_ECHO_BURST) /
                SampledPackets.PACKET_MAX_BYTES);
        this.immatureWeight = workshop.parameters().value(DetectorParameter.EXFILTRATION_IMMATURE);
        this.slots = workshop.config().floodsMax();
        this.table = workshop.floodTable(slots);
        this.log = workshop.contributionLog(slots);
        this.baselines = baselines;
        this.popularity = popularity;
        this.verification = workshop.verification();
        this.exemptions = workshop.exemptions();
        this.gate = workshop.gate();
        this.pairHash = workshop.key().derive(18);
    }

    private void model(
        final int way, final Workshop workshop, final DetectorParameter benign, final DetectorParameter burstKib)
    {
        final DetectorParameters parameters = workshop.parameters();
        benignBytesPerSecond[way] = parameters.value(benign);
        final double unitsPerSecond = benignBytesPerSecond[way] / UNIT_BYTES[way];
        models[way] = new Cusum(
            unitsPerSecond, parameters.value(DetectorParameter.EXFILTRATION_FACTOR) * unitsPerSecond,
            (int)(parameters.value(burstKib) * KIB / UNIT_BYTES[way]), workshop.config().evidenceMaxNats());
    }

    /** A host sent volume. */
    void onVolume(final Conversation c)
    {
        final int way = (c.flags() & Conversation.FLAG_FROM_RESPONDER) != 0 ? 0 : way(c);
        if (way == 0 || exemptions.spare(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            return;
        }
        final double bytes = way == ECHO && c.lengthBytes() >= SampledPackets.FRAGMENT_MIN_BYTES ?
            largeEchoShare * c.quantity() : c.quantity();
        final int usual = baselines.observe(c.initiatorHigh(), c.initiatorLow(), way, bytes, c.timeNs());
        final Cusum model = models[way];
        final long hash = pairHash.hash(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), way);
        int slot = table.find(hash);
        if (slot == FloodTable.NONE)
        {
            slot = table.claim(hash, model.bottomNats(), model.bottomNats(), c.timeNs());
            if (slot == FloodTable.NONE)
            {
                return;
            }
            table.putInt(slot, WAY, way);
        }
        // A host that usually sends more is judged as if all its volume were so much smaller.
        final double scale = Baselines.scale(baselines.usualPerSecond(usual), benignBytesPerSecond[way]);
        final double before = rested(slot, model, c.timeNs());
        final double after = model.next(before, 0, bytes / UNIT_BYTES[way] / scale);
        if (before <= model.bottomNats())
        {
            log.clear(slot);
            table.begin(slot, c.timeNs());
        }
        table.putNats(slot, FloodTable.SCORE_NATS, after);
        table.put(slot, FloodTable.SCORE_NS, c.timeNs());
        table.put(slot, FloodTable.LAST_SEEN_NS, c.timeNs());
        table.add(slot, FloodTable.HELD, 1);
        if (after > 0.0)
        {
            baselines.freeze(usual);
            final double weight = baselines.weight(usual, immatureWeight);
            held(slot, c, usual, weight, weight * after, after - before);
        }
    }

    private double rested(final int slot, final Cusum model, final long nowNs)
    {
        return model.rest(
            table.nats(slot, FloodTable.SCORE_NATS), nowNs - table.get(slot, FloodTable.SCORE_NS), 1.0);
    }

    /** Let time pass: forget pairs that are at the bottom again, so that they hold no place. */
    int onTick(final long nowNs)
    {
        int forgotten = 0;
        for (int i = 0, limit = Math.min(SWEEP_SLOTS, slots); i < limit; i++)
        {
            final int slot = sweepSlot;
            sweepSlot = (slot + 1) & (slots - 1);
            if (table.isTaken(slot))
            {
                final Cusum model = models[table.getInt(slot, WAY)];
                if (rested(slot, model, nowNs) <= model.bottomNats())
                {
                    table.release(slot);
                    forgotten++;
                }
            }
        }
        return forgotten;
    }

    private void held(
        final int slot, final Conversation c, final int usual, final double weight, final double evidence,
        final double gained)
    {
        log.add(slot, Cause.VOLUME, gained, null, c.timeNs());
        if (gate.isDue(evidence, table.nats(slot, FloodTable.SIGNALLED_NATS),
            c.timeNs() - table.get(slot, FloodTable.SIGNALLED_NS)))
        {
            table.putNats(slot, FloodTable.SIGNALLED_NATS, evidence);
            table.put(slot, FloodTable.SIGNALLED_NS, c.timeNs());
            gate.signal()
                .subject(Scenario.EXFILTRATION, c.initiatorHigh(), c.initiatorLow())
                .evidence(evidence, (int)Math.min(table.get(slot, FloodTable.HELD), Integer.MAX_VALUE))
                .spread(1, 1)
                .aim(c.responderHigh(), c.responderLow(), c.responderPort())
                .verified(verification.of(c))
                .explained(log, slot)
                .against(baselines.windows(usual), weight, baselines.usual(usual) / Baselines.WINDOW_SECONDS)
                .seen(table.get(slot, FloodTable.FIRST_SEEN_NS), c.timeNs());
            gate.publish();
        }
    }

    private static boolean isOrdinaryQuestion(final Conversation c)
    {
        final int lengthBytes = NameTunnelTest.questionBytes(c);
        return c.protocol() == ConversationKind.UDP && lengthBytes > 0 && QuestionLength.isOrdinary(lengthBytes);
    }

    /** ICMP of no conversation that bears no identifier; the field is unused in errors (RFC 792, RFC 4443). */
    private static boolean isError(final Conversation c)
    {
        return (c.flags() & Conversation.FLAG_UNORIENTED) != 0 && c.initiatorPort() == 0 && c.responderPort() == 0;
    }

    private int way(final Conversation c)
    {
        if (Contact.isEcho(c.protocol()))
        {
            return isError(c) ? 0 : ECHO;
        }
        if (c.responderPort() == NamesView.NAMES_PORT)
        {
            return isOrdinaryQuestion(c) ? 0 : NAMES;
        }
        return popularity.isRareOutside(c.responderHigh(), c.responderLow()) ? OUTSIDE : 0;
    }
}
