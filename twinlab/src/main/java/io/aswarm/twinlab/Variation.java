package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A recording as it might have been: other addresses, another pace, packets missing, only one direction, begun late,
 * or inside a background. None of it changes what the attack is, so whoever decides by what attacks are, and not by
 * what these files hold, decides alike (metamorphic testing: Chen, Cheung and Yiu, 1998; a survey in ACM Computing
 * Surveys 51, 2018). Drawn from a seed and the recording's path.
 */
final class Variation
{
    private static final double SLOWEST = 3.0;
    private static final double FASTEST = 0.3;
    private static final double KEPT = 0.9;
    private static final double CUT_MAX = 0.3;
    private static final int SPLICED_WITHIN_S = 300;

    private final SplittableRandom random;
    private final String label;
    private final GroundTruth original;
    private final Renumbering renumbering;
    private final double pace;
    private final double kept;
    private final boolean isOneWay;
    private final int vlan;
    private final double cutShare;
    private final int spliceAtS;
    private final int choice;

    private Variation(final SplittableRandom random, final GroundTruth truth)
    {
        this.random = random;
        this.original = truth;
        final int third = half() ? random.nextInt(256) : 0;
        this.renumbering = new Renumbering(third, third == 0 ? 0 : random.nextInt(256), random.nextInt(3) == 0);
        this.pace = half() ? FASTEST * Math.pow(SLOWEST / FASTEST, random.nextDouble()) : 1;
        this.kept = half() ? KEPT : 1;
        this.isOneWay = random.nextInt(4) == 0;
        this.vlan = half() ? 1 + random.nextInt(4_094) : 0;
        this.cutShare = half() ? CUT_MAX * random.nextDouble() : 0;
        this.spliceAtS = half() ? random.nextInt(SPLICED_WITHIN_S) : -1;
        this.choice = random.nextInt();
        this.label = String.format(
            Locale.ROOT, "%s%s%s%s%s%s%s", third == 0 ? "" : "renumbered, ", renumbering.isIpv6() ? "IPv6, " : "",
            pace == 1 ? "" : String.format(Locale.ROOT, "time x %.2f, ", pace), kept == 1 ? "" : "90 % kept, ",
            isOneWay ? "one direction, " : "", vlan == 0 ? "" : "VLAN, ",
            cutShare == 0 ? "" : String.format(Locale.ROOT, "first %.0f %% cut, ", 100 * cutShare))
            .replaceAll(", $", "");
    }

    private boolean half()
    {
        return random.nextBoolean();
    }

    /**
     * Draw one.
     *
     * @param seed  of all.
     * @param path  of the recording, so that each is varied in another way.
     * @param truth about it.
     * @return for one pass over the recording.
     */
    static Variation of(final long seed, final String path, final GroundTruth truth)
    {
        // Not by the generator's own step, lest neighbouring seeds draw the same numbers one after the other.
        return new Variation(new SplittableRandom(((long)path.hashCode() << Integer.SIZE) + seed), truth);
    }

    /** What is different. */
    String label()
    {
        return label;
    }

    /** Share of the recording's frames that are missing at its start. */
    double cutShare()
    {
        return cutShare;
    }

    /** Where in a background it is laid, in seconds; -1 for nowhere. */
    int spliceAtS()
    {
        return spliceAtS;
    }

    /** Any of these, always the same. */
    <T> T oneOf(final List<T> choices)
    {
        return choices.get(Math.floorMod(choice, choices.size()));
    }

    /** What is true of the recording as it is varied. */
    GroundTruth truth(final GroundTruth truth)
    {
        return new GroundTruth(
            truth.kind(), truth.attackers().renumbered(renumbering), truth.victims().renumbered(renumbering),
            Long.MIN_VALUE == truth.beginNs() ? truth.beginNs() : timeNs(truth.beginNs()));
    }

    /** When a packet comes that was recorded then; the distance from the epoch is scaled by the pace. */
    long timeNs(final long recordedNs)
    {
        return pace == 1 ? recordedNs : (long)(pace * recordedNs);
    }

    /**
     * Change a packet.
     *
     * @param packet decoded.
     * @return false when it is missing.
     */
    boolean change(final CaptureDecoder packet)
    {
        if ((kept < 1 && random.nextDouble() >= kept) || (isOneWay && isBack(packet)))
        {
            return false;
        }
        packet.renumber(renumbering);
        packet.vlan = 0 == vlan ? packet.vlan : vlan;
        return true;
    }

    /** From a victim to an attacker; between others from the higher address to the lower. */
    private boolean isBack(final CaptureDecoder packet)
    {
        final IpAddress source = new IpAddress(packet.sourceHigh(), packet.sourceLow());
        final IpAddress destination = new IpAddress(packet.destinationHigh(), packet.destinationLow());
        if (original.isAttack(source, destination, Long.MAX_VALUE))
        {
            return false;
        }
        if (original.isAttack(destination, source, Long.MAX_VALUE))
        {
            return true;
        }
        final int highs = Long.compareUnsigned(source.high(), destination.high());
        return highs > 0 || (highs == 0 && Long.compareUnsigned(source.low(), destination.low()) > 0);
    }
}
