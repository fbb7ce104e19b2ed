package io.aswarm.sketch;

/**
 * Sequential test on fragments without a first one that a host is sent: each keeps a place in its memory for reassembly
 * until a timer ends it (RFC 791, section 3.2; what that costs: RFC 8900, section 3.7), and none tells ports or flags
 * that another test could ask for.
 * <p>
 * <b>Model.</b> A host gets such fragments as a Poisson process, {@value #BENIGN_PER_SECOND}/s where a first one is
 * lost at times, {@value #ATTACK_PER_SECOND}/s in a flood, followed by {@link Cusum}. They are seen by sampling, as
 * records of volume without ports that nobody was seen to begin: a record that stands for n fragments is one event of a
 * share 1/n, ln 20 = 3.0 nats. {@value #BURST} records in one lump are no evidence: at the sensor's finest quantum,
 * 1,024 bytes, all that the largest packet leaves behind when its first fragment is lost. 71 are at one node's bar; at
 * any rate below 1,268/s never.
 * <p>
 * No path of IPv6 cuts pieces of less than {@value SampledPackets#FRAGMENT_MIN_BYTES} bytes (RFC 8200, section 5) but
 * the last, and hardly any of IPv4 does, so shorter ones alone are counted: of datagrams whose first fragments take
 * another way, one of each. More than 1,268 such datagrams a second, NFS over UDP by unequal routes, are the price. A
 * flood of whole frames is not seen. Who is told: {@link FloodedVictims}.
 */
final class FragmentFloodTest
{
    static final double BENIGN_PER_SECOND = 200.0;
    static final double ATTACK_PER_SECOND = 4_000.0;
    static final int BURST = 64;

    private final FloodedVictims victims;
    private final Contact fragment = new Contact();

    FragmentFloodTest(final Workshop workshop)
    {
        final Cusum model = workshop.cusum(
            DetectorParameter.SPREAD_FRAGMENTS_BENIGN, DetectorParameter.SPREAD_FRAGMENTS_ATTACK,
            DetectorParameter.SPREAD_FRAGMENTS_BURST);
        this.victims = new FloodedVictims(model, workshop, 52);
    }

    /** Volume of no conversation. */
    void onVolume(final Conversation c)
    {
        if (isFragment(c))
        {
            fragment.set(0, c).cause = Cause.STRAY_FRAGMENT;
            final int slot = victims.sampled(fragment, SampledPackets.of(c));
            if (slot != FloodTable.NONE)
            {
                victims.tell(slot, fragment);
            }
        }
    }

    /** Let time pass: forget who was left in peace. */
    int onTick(final long nowNs)
    {
        return victims.onTick(nowNs);
    }

    /** Whether it is a short piece of what has ports, but nobody knows them: none in use has port 0 on both sides. */
    private static boolean isFragment(final Conversation c)
    {
        return c.initiatorPort() == 0 && c.responderPort() == 0 &&
            (c.protocol() == ConversationKind.UDP || c.protocol() == ConversationKind.TCP) &&
            (c.flags() & Conversation.FLAG_UNORIENTED) != 0 &&
            c.lengthBytes() > 0 && c.lengthBytes() < SampledPackets.FRAGMENT_MIN_BYTES;
    }
}
