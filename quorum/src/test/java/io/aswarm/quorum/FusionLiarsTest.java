package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

import static io.aswarm.quorum.Site.HALF_LIFE_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Holds {@link Fusion}'s two statements about liars against every case of small sites.
 */
class FusionLiarsTest
{
    /** Nothing, just below and at the floor, around the clip, and all that the wire can say. */
    private static final long[] LIES = {0, 999, 1_000, 6_899, 6_900, 20_714, 0xFFFF_FFFFL};

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
                assertEquals(node == k ? Fusion.Decision.WITNESSES : Fusion.Decision.NONE, fusion.decide(slot, T0));
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
                    assertEquals(Fusion.Decision.NONE, fusion.decide(slot, T0), "liars=" + liars + " case=" + number);
                }
            }
        }
        return cases;
    }

    /**
     * Honest nodes hold chance evidence with the worst law that a likelihood ratio of mean 1 allows for one value:
     * ln(1/p) with probability p, else none. All 2^h outcomes are put to the real fusion and their probabilities
     * summed.
     */
    @Test
    void shouldStayBelowTheDerivedBoundWhenHonestNodesErrByChanceAndSomeLie()
    {
        final double[] chances = {0.3, 0.1, 1e-2, 1e-3, 1.01e-3, 1e-4, 1e-6};
        int worstCases = 0;
        for (int nodes = 3; nodes <= 7; nodes++)
        {
            final Site site = new Site(nodes);
            final ElevationTable.Row row = ElevationTable.standard().row(Site.SCAN, nodes);
            for (int liars = 0; liars < row.witnesses(); liars++)
            {
                for (final double chance : chances)
                {
                    final double probability = falseElevation(site, liars, chance);
                    final double bound = bound(row, nodes - liars, liars);
                    assertTrue(probability <= bound, "nodes=" + nodes + " liars=" + liars + " chance=" + chance +
                        " probability=" + probability + " bound=" + bound);
                    worstCases += probability > 0 ? 1 : 0;
                }
            }
        }
        assertTrue(worstCases > 10, "the bound must have been put to the test");
    }

    private static double falseElevation(final Site site, final int liars, final double chance)
    {
        final int honest = site.roster.nodes().size() - liars;
        final long milliNats = (long)(-Math.log(chance) * 1000);
        double probability = 0;
        for (int outcome = 0; outcome < 1 << honest; outcome++)
        {
            final Fusion fusion = new Fusion(site.roster, 1, ElevationTable.standard(), HALF_LIFE_NS, 64, 7);
            int slot = -1;
            for (int node = 1; node <= site.roster.nodes().size(); node++)
            {
                final boolean isLiar = node > honest;
                if (isLiar || 0 != (outcome & (1 << (node - 1))))
                {
                    slot = fusion.hold(
                        site.deposit(node, 1).milliNats(isLiar ? 0xFFFF_FFFFL : milliNats).unsigned(), 0);
                }
            }
            if (slot >= 0 && Fusion.Decision.WITNESSES == fusion.decide(slot, T0))
            {
                final int errors = Integer.bitCount(outcome);
                probability += Math.pow(chance, errors) * Math.pow(1 - chance, honest - errors);
            }
        }
        return probability;
    }

    private static double bound(final ElevationTable.Row row, final int honest, final int liars)
    {
        double sets = 0;
        for (int m = Math.max(0, row.witnesses() - liars); m <= honest; m++)
        {
            double choose = 1;
            for (int i = 0; i < m; i++)
            {
                choose = choose * (honest - i) / (i + 1);
            }
            sets += choose;
        }
        return sets * Math.exp(-(row.thresholdNats() - liars * row.clipNats()));
    }
}
