package io.aswarm.sketch;

/**
 * Sequential test on the rate at which one source asks one host by echo, answered or not. Each reply ends what its
 * request opened, and one identifier is one conversation, so such a flood (ping -f, hping3 --icmp) leaves nothing
 * overdue for {@link FloodTest}: it is seen by sampling, as records of volume.
 * <p>
 * <b>Model.</b> Requests come as a Poisson process, {@value #BENIGN_PER_SECOND}/s at most from who pings,
 * {@value #ATTACK_PER_SECOND}/s from a flooder, followed by {@link Cusum}. A record that stands for n requests is one
 * event of a share 1/n: ln 20 = 3.0 nats. {@value #BURST} records in one lump are no evidence. At the sensor's finest
 * quantum, 1,024 bytes, 15 records are at one node's bar: 157 requests of 98 bytes; at any rate below 1,268/s never.
 * Benign are a monitor's probes, and the most that ping of iputils allows a user, 500/s.
 * <p>
 * <b>Fragments.</b> A large request comes in many frames, of which a record does not say whether they are parts. So a
 * frame of {@value SampledPackets#FRAGMENT_MIN_BYTES} bytes or more, no path of IPv6 being narrower (RFC 8200, section
 * 5), is counted as its share of the largest packet, {@value SampledPackets#PACKET_MAX_BYTES} bytes; the last fragment
 * counts as one. A hundred pings of that size in a second are at most 200 requests. The price: a flood of whole frames
 * must be of 43 times the rate, and is left to its volume ({@link ExfiltrationTest}). Fragments of narrower paths of
 * IPv4 count as requests.
 * <p>
 * A gateway that translates for many who ping the same host is one source, and above the balance is to be declared.
 * Only what is asked counts, so neither who answers nor replies that nobody asked for. While there is evidence of a
 * flood, what it sends is not held to be carried out ({@link ExfiltrationTest}).
 */
final class EchoFloodTest
{
    static final double BENIGN_PER_SECOND = 200.0;
    static final double ATTACK_PER_SECOND = 4_000.0;
    static final int BURST = 8;
    private static final int NOT_ASKED = Conversation.FLAG_FROM_RESPONDER | Conversation.FLAG_UNORIENTED;

    private final SampledRates rates;
    private final FloodTable table;
    private final ContributionLog log;
    private final KeyedHash pairHash;
    private final Verification verification;
    private final Exemptions exemptions;
    private final SignalGate gate;

    EchoFloodTest(final Workshop workshop)
    {
        final Cusum model = workshop.cusum(
            DetectorParameter.FLOOD_ECHOES_BENIGN, DetectorParameter.FLOOD_ECHOES_ATTACK,
            DetectorParameter.FLOOD_ECHOES_BURST);
        this.rates = new SampledRates(model, workshop);
        this.table = rates.table();
        this.log = workshop.contributionLog(rates.slots());
        this.pairHash = workshop.key().derive(44);
        this.verification = workshop.verification();
        this.exemptions = workshop.exemptions();
        this.gate = workshop.gate();
    }

    /** Volume of a conversation; of echoes, what is asked. Returns whether it is a flood's, rather than carried out. */
    boolean onVolume(final Conversation c)
    {
        if (!Contact.isEcho(c.protocol()) || (c.flags() & NOT_ASKED) != 0 || c.lengthBytes() == 0 ||
            exemptions.spare(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            return false;
        }
        final long nowNs = c.timeNs();
        final int slot = rates.follow(pairHash.hash(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), c.protocol()), nowNs);
        if (slot == FloodTable.NONE)
        {
            return false;
        }
        final double requests = SampledPackets.ofWhole(c);
        if (rates.rest(slot, Math.min(1.0, 1.0 / requests), nowNs))
        {
            log.clear(slot);
        }
        table.put(slot, FloodTable.SOURCE_HIGH, c.initiatorHigh());
        table.put(slot, FloodTable.SOURCE_LOW, c.initiatorLow());
        table.put(slot, FloodTable.VICTIM_HIGH, c.responderHigh());
        table.put(slot, FloodTable.VICTIM_LOW, c.responderLow());
        table.opened(slot, verification.of(c));
        log.add(slot, Cause.ECHO, rates.seen(slot, Math.min(1.0, requests), nowNs), null, nowNs);
        if (table.takeDueOfSource(slot, gate, nowNs))
        {
            table.tellSource(slot, gate, log);
        }
        return table.nats(slot, FloodTable.SCORE_NATS) > 0.0;
    }

    /** Let time pass: forget who pinged. */
    int onTick(final long nowNs)
    {
        return rates.onTick(nowNs);
    }
}
