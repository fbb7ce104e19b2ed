package io.aswarm.quorum;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Many random sites of evidence, put to a fusion each, and a digest of every bit that is decided: {@code SEED ORDER},
 * where the order of arrival must not matter. For {@link FusionBitsIT}, which runs it in JVMs of other modes.
 */
final class FusionDigestMain
{
    private static final int ROUNDS = 2_000;
    private static final int NODES = 8;
    private static final int DEPOSITS_MAX = 24;
    private static final long HALF_LIFE_NS = 10_000_000_000L;

    private FusionDigestMain()
    {
    }

    public static void main(final String[] args) throws NoSuchAlgorithmException
    {
        System.out.println(digest(Long.parseLong(args[0]), Long.parseLong(args[1])));
    }

    static String digest(final long seed, final long order) throws NoSuchAlgorithmException
    {
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        final Site site = new Site(NODES);
        final Random random = new Random(seed);
        final Random arrival = new Random(order);
        int elevated = 0;
        for (int round = 0; round < ROUNDS; round++)
        {
            final List<Site.Draft> drafts = drafts(site, random);
            final long nowEpochNs = Site.T0 + random.nextInt(2_000_000_000);
            Collections.shuffle(drafts, arrival);
            final Fusion fusion =
                new Fusion(site.roster, 1, ElevationTable.standard(), HALF_LIFE_NS, 64, arrival.nextLong());
            int slot = -1;
            for (final Site.Draft draft : drafts)
            {
                slot = Math.max(slot, fusion.hold(draft.unsigned(), 0));
            }
            final Fusion.Decision decision = fusion.decide(slot, nowEpochNs, false);
            digest.update((byte)decision.ordinal());
            if (Fusion.Decision.NONE != decision)
            {
                elevated++;
                add(digest, Site.elevate(fusion, slot, decision, nowEpochNs, 1, 9, nowEpochNs));
            }
        }
        if (elevated < ROUNDS / 10 || elevated > ROUNDS - ROUNDS / 10)
        {
            throw new IllegalStateException("elevated=" + elevated + " of " + ROUNDS + ": too easy to get right");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Ties in evidence and in stamps, values around clip and floor, repetitions, restarts, clocks that are ahead. */
    private static List<Site.Draft> drafts(final Site site, final Random random)
    {
        final long[] special = {999, 1_000, 1_001, 4_599, 4_600, 4_601, 20_714};
        final List<Site.Draft> drafts = new ArrayList<>();
        for (int i = 2 + random.nextInt(DEPOSITS_MAX); i > 0; i--)
        {
            final long lastSeenEpochNs = Site.T0 + (random.nextBoolean() ? 0 : random.nextInt(2_000_000_000));
            drafts.add(site.deposit(1 + random.nextInt(NODES), i)
                .milliNats(random.nextBoolean() ? special[random.nextInt(special.length)] : 1 + random.nextInt(9_000))
                .boot(Site.T0 + random.nextInt(2))
                .seen(Site.T0 - random.nextInt(3), lastSeenEpochNs));
        }
        return drafts;
    }

    private static void add(final MessageDigest digest, final Elevation elevation)
    {
        digest.update(ByteBuffer.allocate(Long.BYTES * 3).putDouble(elevation.evidenceNats())
            .putDouble(elevation.thresholdNats()).putLong(elevation.firstSeenNs()).array());
        for (final Witness witness : elevation.witnesses())
        {
            digest.update((byte)witness.nodeId());
            digest.update(ByteBuffer.allocate(Long.BYTES).putDouble(witness.countedNats()).array());
            digest.update(witness.deposit());
        }
    }
}
