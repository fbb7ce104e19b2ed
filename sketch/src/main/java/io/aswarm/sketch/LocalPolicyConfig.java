package io.aswarm.sketch;

import java.util.List;
import java.util.Objects;

/**
 * What a {@link LocalPolicy} is told at start: thresholds, models and how much memory to take. Built with
 * {@link #builder()}; every value is checked, and the message for a wrong one names it and what is allowed.
 *
 * @param keyHigh                   upper half of the secret hash key, drawn at random at start; who knows it can aim
 *                                  collisions.
 * @param keyLow                    lower half of the secret hash key.
 * @param weakNats                  evidence at which a subject is first told.
 * @param stepNats                  growth of evidence at which it is told again.
 * @param evidenceMaxNats           where evidence stops; not below {@code weakNats}.
 * @param halfLifeNs                in which scan evidence, and what was told, halves.
 * @param quietNs                   without a failure, after which a scan episode is over.
 * @param benignSuccess             &theta;0 of {@link SequentialScanTest}: how often a benign first contact succeeds.
 * @param scannerSuccess            &theta;1: how often a scanner's does; below {@code benignSuccess}.
 * @param answerTimeoutNs           after which an answer is overdue where less is not learned. The default covers one
 *                                  lost SYN and its retransmission after a second (RFC 6298, section 2).
 * @param repeatNs                  after which a contact that failed may fail again: not above the shortest time that a
 *                                  source is contained for, so that one who scans on is noticed when he may again.
 * @param contactMemoryNs           how long a contact is remembered at least, unless the memory fills.
 * @param contactsMax               contacts remembered in one of two generations; a power of two.
 * @param networksMax               networks remembered as answering, likewise; a power of two.
 * @param pendingMax                first contacts that wait for an answer at a time; a power of two.
 * @param suspectsMax               sources with evidence at a time; a power of two.
 * @param benignUnfinishedPerSecond &lambda;0 of {@link FloodTest}.
 * @param floodUnfinishedPerSecond  &lambda;1; at least twice {@code benignUnfinishedPerSecond}.
 * @param floodBurst                overdue openings in one lump that are no evidence.
 * @param floodGraceNs              in which an opening may be unfinished.
 * @param floodTrackMin             openings in a window from which a pair is followed.
 * @param floodsMax                 pairs of source and service followed at a time; a power of two.
 * @param openingsDepth             rows of the {@link CountMinSketch} of openings.
 * @param openingsWidth             its counters in a row; a power of two.
 * @param openingsWindowNs          in which its counts halve.
 * @param site                      which addresses are inside.
 * @param catalog                   which scenarios are told, and the rules; without faults.
 * @param verification              what proves that a source sends what carries its address.
 * @param exemptions                sources that nothing is held against, at most {@link Exemption#EXEMPTIONS_MAX}.
 */
public record LocalPolicyConfig(
    long keyHigh,
    long keyLow,
    double weakNats,
    double stepNats,
    double evidenceMaxNats,
    long halfLifeNs,
    long quietNs,
    double benignSuccess,
    double scannerSuccess,
    long answerTimeoutNs,
    long repeatNs,
    long contactMemoryNs,
    int contactsMax,
    int networksMax,
    int pendingMax,
    int suspectsMax,
    double benignUnfinishedPerSecond,
    double floodUnfinishedPerSecond,
    int floodBurst,
    long floodGraceNs,
    int floodTrackMin,
    int floodsMax,
    int openingsDepth,
    int openingsWidth,
    long openingsWindowNs,
    VerificationConfig verification,
    Site site,
    DetectorCatalog catalog,
    List<Exemption> exemptions)
{
    /**
     * @throws IllegalArgumentException when a value is not allowed.
     */
    public LocalPolicyConfig
    {
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(site, "site");
        for (final DetectorCatalog.Finding finding : catalog.lint(weakNats))
        {
            if (finding.isFault())
            {
                throw new IllegalArgumentException("catalog: " + finding.where() + ": " + finding.what());
            }
        }
        exemptions = List.copyOf(exemptions);
        within("weakNats", weakNats, 0.1, 100.0);
        within("stepNats", stepNats, 0.1, 100.0);
        within("evidenceMaxNats", evidenceMaxNats, 1.0, 1_000.0);
        within("halfLifeNs", halfLifeNs, 1_000_000_000L, 86_400_000_000_000L);
        within("quietNs", quietNs, 1_000_000_000L, 86_400_000_000_000L);
        within("benignSuccess", benignSuccess, 0.5, 0.999);
        within("scannerSuccess", scannerSuccess, 0.001, 0.5);
        within("answerTimeoutNs", answerTimeoutNs, 1_000_000L, 60_000_000_000L);
        within("repeatNs", repeatNs, 1_000_000_000L, 86_400_000_000_000L);
        within("contactMemoryNs", contactMemoryNs, 1_000_000_000L, 86_400_000_000_000L);
        powerOfTwo("contactsMax", contactsMax, 64, 67_108_864);
        powerOfTwo("networksMax", networksMax, 64, 1_048_576);
        powerOfTwo("pendingMax", pendingMax, 8, 8_388_608);
        powerOfTwo("suspectsMax", suspectsMax, 8, 1_048_576);
        within("benignUnfinishedPerSecond", benignUnfinishedPerSecond, 0.1, 10_000.0);
        within("floodUnfinishedPerSecond", floodUnfinishedPerSecond, 1.0, 1_000_000.0);
        within("floodBurst", floodBurst, 0, 10_000);
        within("floodGraceNs", floodGraceNs, 100_000L, 10_000_000_000L);
        within("floodTrackMin", floodTrackMin, 1, 1_000);
        powerOfTwo("floodsMax", floodsMax, 8, 1_048_576);
        within("openingsDepth", openingsDepth, 1, 8);
        powerOfTwo("openingsWidth", openingsWidth, 8, 16_777_216);
        within("openingsWindowNs", openingsWindowNs, 1_000_000L, 60_000_000_000L);
        within("exemptions", exemptions.size(), 0, Exemption.EXEMPTIONS_MAX);
        within("evidenceMaxNats", evidenceMaxNats, weakNats, 1_000.0);
        if (scannerSuccess >= benignSuccess)
        {
            throw new IllegalArgumentException(
                "scannerSuccess=" + scannerSuccess + "; allowed: below benignSuccess=" + benignSuccess);
        }
        within("floodUnfinishedPerSecond", floodUnfinishedPerSecond, 2 * benignUnfinishedPerSecond, 1_000_000.0);
        CountMinSketch.memoryLength(openingsDepth, openingsWidth);
    }

    /**
     * Start from the defaults.
     *
     * @return a builder; only the hash key has no default.
     */
    public static Builder builder()
    {
        return new Builder();
    }

    /** Without the hash key, which must not reach a log. */
    @Override
    public String toString()
    {
        return "LocalPolicyConfig[weakNats=" + weakNats + ", stepNats=" + stepNats +
            ", evidenceMaxNats=" + evidenceMaxNats + ", exemptions=" + exemptions.size() + "]";
    }

    private static void within(final String name, final double value, final double least, final double most)
    {
        // Written so that NaN is refused.
        if (!(value >= least && value <= most))
        {
            throw new IllegalArgumentException(name + "=" + value + "; allowed: " + least + " to " + most);
        }
    }

    private static void within(final String name, final long value, final long least, final long most)
    {
        if (value < least || value > most)
        {
            throw new IllegalArgumentException(name + "=" + value + "; allowed: " + least + " to " + most);
        }
    }

    private static void powerOfTwo(final String name, final int value, final int least, final int most)
    {
        within(name, value, least, most);
        if (Integer.bitCount(value) != 1)
        {
            throw new IllegalArgumentException(
                name + "=" + value + "; allowed: powers of two, " + least + " to " + most);
        }
    }

    /**
     * Collects the values; each method is named after the component that it sets, where its meaning stands.
     */
    public static final class Builder
    {
        private Long keyHigh;
        private Long keyLow;
        private double weakNats = 3.0;
        private double stepNats = 1.0;
        private double evidenceMaxNats = 32.0;
        private long halfLifeNs = 600_000_000_000L;
        private long quietNs = 600_000_000_000L;
        private double benignSuccess = 0.92;
        private double scannerSuccess = 0.2;
        private long answerTimeoutNs = 1_500_000_000L;
        private long repeatNs = 15_000_000_000L;
        private long contactMemoryNs = 600_000_000_000L;
        private int contactsMax = 131_072;
        private int networksMax = 4_096;
        private int pendingMax = 16_384;
        private int suspectsMax = 8_192;
        private double benignUnfinishedPerSecond = 50.0;
        private double floodUnfinishedPerSecond = 500.0;
        private int floodBurst = 12;
        private long floodGraceNs = 5_000_000L;
        private int floodTrackMin = 4;
        private int floodsMax = 1_024;
        private int openingsDepth = 4;
        private int openingsWidth = 16_384;
        private long openingsWindowNs = 1_000_000_000L;
        private Site site = Site.PRIVATE;
        private DetectorCatalog catalog = DetectorCatalog.STANDARD;
        private VerificationConfig verification = VerificationConfig.LINK_ONLY;
        private List<Exemption> exemptions = List.of();

        private Builder()
        {
        }

        public Builder hashKey(final long high, final long low)
        {
            keyHigh = high;
            keyLow = low;
            return this;
        }

        public Builder weakNats(final double value)
        {
            weakNats = value;
            return this;
        }

        public Builder stepNats(final double value)
        {
            stepNats = value;
            return this;
        }

        public Builder evidenceMaxNats(final double value)
        {
            evidenceMaxNats = value;
            return this;
        }

        public Builder halfLifeNs(final long value)
        {
            halfLifeNs = value;
            return this;
        }

        public Builder quietNs(final long value)
        {
            quietNs = value;
            return this;
        }

        public Builder benignSuccess(final double value)
        {
            benignSuccess = value;
            return this;
        }

        public Builder scannerSuccess(final double value)
        {
            scannerSuccess = value;
            return this;
        }

        public Builder answerTimeoutNs(final long value)
        {
            answerTimeoutNs = value;
            return this;
        }

        public Builder repeatNs(final long value)
        {
            repeatNs = value;
            return this;
        }

        public Builder contactMemoryNs(final long value)
        {
            contactMemoryNs = value;
            return this;
        }

        public Builder contactsMax(final int value)
        {
            contactsMax = value;
            return this;
        }

        public Builder networksMax(final int value)
        {
            networksMax = value;
            return this;
        }

        public Builder pendingMax(final int value)
        {
            pendingMax = value;
            return this;
        }

        public Builder suspectsMax(final int value)
        {
            suspectsMax = value;
            return this;
        }

        public Builder benignUnfinishedPerSecond(final double value)
        {
            benignUnfinishedPerSecond = value;
            return this;
        }

        public Builder floodUnfinishedPerSecond(final double value)
        {
            floodUnfinishedPerSecond = value;
            return this;
        }

        public Builder floodBurst(final int value)
        {
            floodBurst = value;
            return this;
        }

        public Builder floodGraceNs(final long value)
        {
            floodGraceNs = value;
            return this;
        }

        public Builder floodTrackMin(final int value)
        {
            floodTrackMin = value;
            return this;
        }

        public Builder floodsMax(final int value)
        {
            floodsMax = value;
            return this;
        }

        public Builder openingsDepth(final int value)
        {
            openingsDepth = value;
            return this;
        }

        public Builder openingsWidth(final int value)
        {
            openingsWidth = value;
            return this;
        }

        public Builder openingsWindowNs(final long value)
        {
            openingsWindowNs = value;
            return this;
        }

        public Builder catalog(final DetectorCatalog value)
        {
            catalog = value;
            return this;
        }

        public Builder site(final Site value)
        {
            site = value;
            return this;
        }

        public Builder verification(final VerificationConfig value)
        {
            verification = value;
            return this;
        }

        public Builder exemptions(final List<Exemption> value)
        {
            exemptions = value;
            return this;
        }

        /**
         * Check and freeze.
         *
         * @return the configuration.
         * @throws IllegalArgumentException when a value is not allowed.
         * @throws NullPointerException     when the hash key is missing.
         */
        public LocalPolicyConfig build()
        {
            Objects.requireNonNull(keyHigh, "hashKey is not set: draw it at random at start");
            return new LocalPolicyConfig(
                keyHigh, keyLow, weakNats, stepNats, evidenceMaxNats, halfLifeNs, quietNs, benignSuccess,
                scannerSuccess, answerTimeoutNs, repeatNs, contactMemoryNs, contactsMax, networksMax,
                pendingMax, suspectsMax, benignUnfinishedPerSecond, floodUnfinishedPerSecond, floodBurst,
                floodGraceNs, floodTrackMin,
                floodsMax, openingsDepth, openingsWidth, openingsWindowNs, verification, site, catalog, exemptions);
        }
    }
}
