package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static io.aswarm.quorum.Site.HALF_LIFE_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Holds {@link Fusion}'s two statements about liars against every case of small sites, and against every row.
 */
class FusionLiarsTest
{
    /** Nothing, just below and at the floor, around the clip, and all that the wire can say. */
    private static final long[] LIES = {0, 999, 1_000, 6_899, 6_900, 20_714, 0xFFFF_FFFFL};

    /** So many more honest nodes see a subject than a row needs. */
    private static final int SEEING_MORE = 3;

    /** Clips so high that one witness alone could bring all the evidence: here only the count of witnesses refuses. */
    private static final ElevationTable UNCLIPPED = new ElevationTable(List.of(
        new ElevationTable.Row(1, 1, 1e-9, 0.01, 1_000, 1, 1e-9),
        new ElevationTable.Row(2, 2, 1e-6, 0.01, 1_000, 1, 1e-9),
        new ElevationTable.Row(4, 3, 1e-6, 0.01, 1_000, 1, 1e-9),
        new ElevationTable.Row(8, 4, 1e-6, 0.01, 1_000, 1, 1e-9)), Map.of());

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
    void shouldNotElevateWhateverFewerThanKLiarsSay(final int nodes)
    {
        shouldNotElevate(nodes, ElevationTable.standard());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
    void shouldNotElevateByCountAloneWhereNothingIsClipped(final int nodes)
    {
        shouldNotElevate(nodes, UNCLIPPED);
    }

    @Test
    void shouldElevateWhenExactlyKAreSureWhereNothingIsClipped()
    {
        for (int nodes = 2; nodes <= 9; nodes++)
        {
            final Site site = new Site(nodes);
            final Fusion fusion = new Fusion(site.roster, 1, UNCLIPPED, HALF_LIFE_NS, 64, 7);
            final int k = UNCLIPPED.row(Site.SCAN, nodes).witnesses();
            for (int node = 1; node <= k; node++)
            {
                final int slot = fusion.hold(site.deposit(node, 1).milliNats(14_000).unsigned(), 0);
                assertEquals(
                    node == k ? Fusion.Decision.WITNESSES : Fusion.Decision.NONE, fusion.decide(slot, T0, false));
            }
        }
    }

    private static void shouldNotElevate(final int nodes, final ElevationTable table)
    {
        final Site site = new Site(nodes);
        final int k = table.row(Site.SCAN, nodes).witnesses();
        int cases = 0;
        for (int liars = 0; liars < 1 << nodes; liars++)
        {
            // the deciding node is honest: it does not take its own liar's word, so liars are among nodes 2 to n
            if (Integer.bitCount(liars) == k - 1 && 0 == (liars & 1))
            {
                cases += everyLie(site, table, liars);
            }
        }
        assertTrue(cases > 0);
    }

    private static int everyLie(final Site site, final ElevationTable table, final int liars)
    {
        final int count = Integer.bitCount(liars);
        final int cases = (int)Math.pow(LIES.length, count);
        for (int number = 0; number < cases; number++)
        {
            final Fusion fusion = new Fusion(site.roster, 1, table, HALF_LIFE_NS, 64, 7);
            int rest = number;
            for (int node = 2; node <= site.roster.nodes().size(); node++)
            {
                if (0 == (liars & (1 << (node - 1))))
                {
                    continue;
                }
                final long lie = LIES[rest % LIES.length];
                rest /= LIES.length;
                // each lies twice, the second time under a newer boot and from the future
                for (int again = 0; again < 2 && 0 != lie; again++)
                {
                    final int slot = fusion.hold(
                        site.deposit(node, 1).boot(T0 + again).milliNats(lie).seen(T0, T0 + again).unsigned(), 0);
                    assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0, false),
                        "liars=" + liars + " case=" + number);
                }
            }
        }
        return cases;
    }

    /**
     * Every row of the table, in a site as small as its k allows: whatever k - 1 liars say, beside an honest witness
     * that says nothing, less than the floor, the floor, or more. Liars are alike, so each multiset of lies is put
     * once. What must come of it is said here a second time.
     */
    @ParameterizedTest
    @MethodSource("rows")
    void shouldDecideByEveryRowAsItReadsWhateverFewerThanKLiarsSay(final ElevationTable.Row row)
    {
        final long floor = milli(row.floorNats());
        final long clip = milli(row.clipNats());
        final long[] lies = {
            0, floor - 1, floor, clip - 1, clip, clip + 1, milli(row.thresholdNats()) + 1, 0xFFFF_FFFFL};
        final long[] honest = {0, floor - 1, floor, clip, milli(row.localBarNats())};
        final Site site = new Site(Math.max(2, row.witnesses()));
        final ElevationTable table = of(row);
        final int[] chosen = new int[row.witnesses() - 1];
        int elevated = 0;
        do
        {
            for (final long own : honest)
            {
                final Fusion fusion = new Fusion(site.roster, 1, table, HALF_LIFE_NS, 64, 7);
                int slot = -1;
                int witnesses = 0;
                long sum = 0;
                for (int i = 0; i <= chosen.length; i++)
                {
                    final long said = i < chosen.length ? lies[chosen[i]] : own;
                    final int node = i < chosen.length ? i + 2 : 1;
                    slot = 0 == said ? slot : fusion.hold(site.deposit(node, 1).milliNats(said).unsigned(), 0);
                    witnesses += said >= floor ? 1 : 0;
                    sum += said >= floor ? Math.min(said * 1000, Math.round(row.clipNats() * 1e6)) : 0;
                }
                final boolean isEnough =
                    witnesses >= row.witnesses() && sum >= Math.round(row.thresholdNats() * 1e6);
                if (slot >= 0)
                {
                    assertEquals(isEnough, Fusion.Decision.WITNESSES == fusion.decide(slot, T0, false),
                        () -> row + " lies=" + Arrays.toString(chosen) + " own=" + own);
                    elevated += isEnough ? 1 : 0;
                }
            }
        }
        while (next(chosen, lies.length));
        assertTrue(elevated > 0, "one honest witness more is enough");
    }

    private static Stream<ElevationTable.Row> rows()
    {
        final ElevationTable table = ElevationTable.standard();
        return IntStream.concat(
            IntStream.of(ElevationTable.ANY_SCENARIO), table.scenarios().stream().mapToInt(Integer::intValue))
            .mapToObj(table::rows).flatMap(List::stream).filter((row) -> row.witnesses() > 1).distinct();
    }

    /** A table in which this row holds for the smallest site that it can hold for. */
    private static ElevationTable of(final ElevationTable.Row row)
    {
        return new ElevationTable(List.of(
            ElevationTable.standard().row(ElevationTable.ANY_SCENARIO, 1),
            new ElevationTable.Row(row.witnesses(), row.witnesses(), row.alpha(), row.beta(), row.clipNats(),
            row.floorNats(), row.localAlpha(), row.degradedAlpha())), Map.of());
    }

    private static long milli(final double nats)
    {
        return (long)Math.floor(nats * 1000);
    }

    /** The next multiset of choices, in ascending order; false after the last. */
    private static boolean next(final int[] chosen, final int choices)
    {
        for (int i = chosen.length - 1; i >= 0; i--)
        {
            if (chosen[i] < choices - 1)
            {
                Arrays.fill(chosen, i, chosen.length, chosen[i] + 1);
                return true;
            }
        }
        return false;
    }

    /**
     * Honest nodes that see the subject hold chance evidence with the worst law that a likelihood ratio of mean 1
     * allows for one value: ln(1/p) with probability p, else none. They are alike, so each number of them that err is
     * put to the real fusion, with all liars that a row bears saying all that they can, and the probabilities summed.
     */
    @ParameterizedTest
    @MethodSource("rows")
    void shouldStayBelowTheDerivedBoundWhenHonestNodesErrByChanceAndSomeLie(final ElevationTable.Row row)
    {
        final double[] chances = {0.3, 0.1, 1e-2, 1e-3, 1.01e-3, 1e-4, 1e-6};
        final Site site = new Site(row.witnesses() + SEEING_MORE);
        int worstCases = 0;
        for (int liars = 0; liars < row.witnesses(); liars++)
        {
            for (int seeing = row.witnesses() - liars; seeing <= row.witnesses() - liars + SEEING_MORE; seeing++)
            {
                for (final double chance : chances)
                {
                    final double probability = falseElevation(site, row, liars, seeing, chance);
                    final double bound = bound(row, seeing, liars);
                    assertTrue(probability <= bound, row + " seeing=" + seeing + " liars=" + liars + " chance=" +
                        chance + " probability=" + probability + " bound=" + bound);
                    worstCases += probability > 0 ? 1 : 0;
                }
            }
        }
        assertTrue(worstCases > 10, "the bound must have been put to the test");
    }

    private static double falseElevation(
        final Site site, final ElevationTable.Row row, final int liars, final int seeing, final double chance)
    {
        final long milliNats = (long)(-Math.log(chance) * 1000);
        double probability = 0;
        double choose = 1;
        for (int errors = 0; errors <= seeing; errors++)
        {
            final Fusion fusion = new Fusion(site.roster, 0, of(row), HALF_LIFE_NS, 64, 7);
            int slot = -1;
            for (int node = 1; node <= errors + liars; node++)
            {
                final long said = node > errors ? 0xFFFF_FFFFL : milliNats;
                slot = fusion.hold(site.deposit(node, 1).milliNats(said).unsigned(), 0);
            }
            if (slot >= 0 && Fusion.Decision.WITNESSES == fusion.decide(slot, T0, false))
            {
                probability += choose * Math.pow(chance, errors) * Math.pow(1 - chance, seeing - errors);
            }
            choose = choose * (seeing - errors) / (errors + 1);
        }
        return probability;
    }

    private static double bound(final ElevationTable.Row row, final int seeing, final int liars)
    {
        double sets = 0;
        for (int m = Math.max(0, row.witnesses() - liars); m <= seeing; m++)
        {
            double choose = 1;
            for (int i = 0; i < m; i++)
            {
                choose = choose * (seeing - i) / (i + 1);
            }
            sets += choose;
        }
        return sets * Math.exp(-(row.thresholdNats() - liars * row.clipNats()));
    }
}
