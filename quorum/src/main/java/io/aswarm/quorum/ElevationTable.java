package io.aswarm.quorum;


import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How many witnesses, and how much evidence, elevate a subject: one row for each scenario and size of site, to be read
 * and not computed. The size is that of the roster, never of the nodes that happen to be reachable, so a partitioned
 * minority cannot act more boldly: nodes that join or leave the roster move the row, nodes that are silent do not. Rows
 * of larger sites never ask for fewer witnesses, and from two nodes on none asks for less than two. Immutable.
 * <pre>
 *  scan, flood, lateral, brute-force, exfiltration, beacon and whatever has no rows of its own:
 *  nodes from   witnesses   alpha   beta   threshold   clip    floor   local bar   degraded bar
 *  1            1           1e-9    0.01   20.71       100     1       20.71       27.62
 *  2            2           1e-6    0.01   13.81       10      1       20.71       27.62
 *  4            3           1e-6    0.01   13.81       6.9     1       20.71       27.62
 *  8            4           1e-6    0.01   13.81       4.6     1       20.71       27.62
 *  16           5           1e-6    0.01   13.81       3.45    1       20.71       27.62
 *  64           6           1e-6    0.01   13.81       2.76    1       20.71       27.62
 *  256          7           1e-6    0.01   13.81       2.3     1       20.71       27.62
 *  1024         9           1e-6    0.01   13.81       1.72    1       20.71       27.62
 *  4096         11          1e-6    0.01   13.81       1.38    1       20.71       27.62
 *
 *  distributed-scan, spread-flood, lineage, call-home:
 *  1            1           1e-9    0.01   20.71       100     1       20.71       27.62
 *  2            2           1e-7    0.01   16.11       10      1       20.71       27.62
 *  4            3           1e-7    0.01   16.11       7       1       20.71       27.62
 *  8            5           1e-7    0.01   16.11       3.5     1       20.71       27.62
 *  16           6           1e-7    0.01   16.11       2.8     1       20.71       27.62
 *  64           7           1e-7    0.01   16.11       2.4     1       20.71       27.62
 *  256          8           1e-7    0.01   16.11       2.1     1       20.71       27.62
 *  1024         10          1e-7    0.01   16.11       1.7     1       20.71       27.62
 *  4096         12          1e-7    0.01   16.11       1.4     1       20.71       27.62
 * </pre>
 * The second block is for what is dearer to get wrong, and easier: an act on an aim touches a service that the site
 * offers or uses, and a new program or a new destination shows at many racks at once when it is only an update, so
 * witnesses are less independent than the sum assumes. The bars are those of alpha = 1e-9 and 1e-12.
 * <p>
 * From two nodes on, the clip of the standard rows is so low that k - 1 witnesses do not reach the threshold whatever
 * they say: the count of witnesses and the sum of evidence refuse k - 1 liars each for itself.
 */
public final class ElevationTable
{
    /** Highest number of witnesses that a row may ask for. */
    public static final int WITNESSES_MAX = 64;

    /** Stands for every scenario that has no rows of its own; no scenario has this code. */
    public static final int ANY_SCENARIO = 0;

    private static final double DEGRADED_ALPHA = 1e-12;

    private static final List<Row> STANDARD = List.of(
        new Row(1, 1, 1e-9, 0.01, 100, 1, 1e-9),
        new Row(2, 2, 1e-6, 0.01, 10, 1, 1e-9),
        new Row(4, 3, 1e-6, 0.01, 6.9, 1, 1e-9),
        new Row(8, 4, 1e-6, 0.01, 4.6, 1, 1e-9),
        new Row(16, 5, 1e-6, 0.01, 3.45, 1, 1e-9),
        new Row(64, 6, 1e-6, 0.01, 2.76, 1, 1e-9),
        new Row(256, 7, 1e-6, 0.01, 2.3, 1, 1e-9),
        new Row(1024, 9, 1e-6, 0.01, 1.72, 1, 1e-9),
        new Row(4096, 11, 1e-6, 0.01, 1.38, 1, 1e-9));

    private static final List<Row> CAREFUL = List.of(
        new Row(1, 1, 1e-9, 0.01, 100, 1, 1e-9),
        new Row(2, 2, 1e-7, 0.01, 10, 1, 1e-9),
        new Row(4, 3, 1e-7, 0.01, 7, 1, 1e-9),
        new Row(8, 5, 1e-7, 0.01, 3.5, 1, 1e-9),
        new Row(16, 6, 1e-7, 0.01, 2.8, 1, 1e-9),
        new Row(64, 7, 1e-7, 0.01, 2.4, 1, 1e-9),
        new Row(256, 8, 1e-7, 0.01, 2.1, 1, 1e-9),
        new Row(1024, 10, 1e-7, 0.01, 1.7, 1, 1e-9),
        new Row(4096, 12, 1e-7, 0.01, 1.4, 1, 1e-9));

    /**
     * What elevates in a site of at least so many nodes.
     *
     * @param nodesMin   nodes in the roster from which on the row holds.
     * @param witnesses  k, distinct nodes that must each bring evidence.
     * @param alpha      false elevation asked for when nobody lies (Wald 1945: the bar is ln((1 - beta) / alpha)).
     * @param beta       miss asked for.
     * @param clipNats   most that one witness counts for.
     * @param floorNats  least evidence, evaporated and clipped, with which a node counts as a witness.
     * @param localAlpha false elevation by this node's own evidence alone; at most alpha.
     * @param degradedAlpha the same while this node hears no majority of the roster; at most localAlpha.
     */
    public record Row(
        int nodesMin,
        int witnesses,
        double alpha,
        double beta,
        double clipNats,
        double floorNats,
        double localAlpha,
        double degradedAlpha)
    {
        /** A row with the usual degraded bar, or the local one where that is stricter. */
        public Row(
            final int nodesMin,
            final int witnesses,
            final double alpha,
            final double beta,
            final double clipNats,
            final double floorNats,
            final double localAlpha)
        {
            this(nodesMin, witnesses, alpha, beta, clipNats, floorNats, localAlpha,
                Math.min(localAlpha, DEGRADED_ALPHA));
        }

        /**
         * A row that can hold.
         *
         * @throws IllegalArgumentException naming the value that cannot.
         */
        public Row
        {
            require(nodesMin >= 1, "nodes=" + nodesMin + "; allowed: at least 1");
            require(witnesses >= 1 && witnesses <= Math.min(nodesMin, WITNESSES_MAX),
                "witnesses=" + witnesses + " of " + nodesMin + " nodes; allowed: 1 to the number of nodes, at most " +
                WITNESSES_MAX);
            require(witnesses >= 2 || 1 == nodesMin, "witnesses=1 of " + nodesMin +
                " nodes; allowed: from two nodes on at least 2, since one other's word never elevates");
            require(alpha > 0 && alpha < 0.5, "alpha=" + alpha + "; allowed: above 0, below 0.5");
            require(beta > 0 && beta < 0.5, "beta=" + beta + "; allowed: above 0, below 0.5");
            require(localAlpha > 0 && localAlpha <= alpha, "local_alpha=" + localAlpha +
                "; allowed: above 0, at most alpha, since one alone must be surer than many");
            require(degradedAlpha > 0 && degradedAlpha <= localAlpha, "degraded_alpha=" + degradedAlpha +
                "; allowed: above 0, at most local_alpha, since who is cut off must be surer");
            require(floorNats > 0 && floorNats <= clipNats,
                "floor_nats=" + floorNats + "; allowed: above 0, at most clip_nats");
            require(witnesses * clipNats >= StrictMath.log((1 - beta) / alpha) && clipNats <= 1000,
                "clip_nats=" + clipNats + "; allowed: 1000 at most, and enough that " + witnesses +
                " witnesses reach " + StrictMath.log((1 - beta) / alpha));
        }

        /**
         * Evidence that the witnesses must bring together.
         *
         * @return ln((1 - beta) / alpha), nats.
         */
        public double thresholdNats()
        {
            return StrictMath.log((1 - beta) / alpha);
        }

        /**
         * Evidence with which this node elevates alone.
         *
         * @return ln((1 - beta) / localAlpha), nats.
         */
        public double localBarNats()
        {
            return StrictMath.log((1 - beta) / localAlpha);
        }

        /**
         * Evidence with which this node elevates while it hears no majority of the roster.
         *
         * @return ln((1 - beta) / degradedAlpha), nats.
         */
        public double degradedBarNats()
        {
            return StrictMath.log((1 - beta) / degradedAlpha);
        }

        private static void require(final boolean isAllowed, final String what)
        {
            if (!isAllowed)
            {
                throw new IllegalArgumentException(what);
            }
        }
    }

    private final List<Row> rows;
    private final Map<Integer, List<Row>> rowsByScenario = new HashMap<>();

    /**
     * A table of one's own.
     *
     * @param rows           for every scenario not named; one of them from one node on.
     * @param rowsByScenario code to rows, for scenarios that need others.
     * @throws IllegalArgumentException when a size of site has no row, or two.
     */
    public ElevationTable(final List<Row> rows, final Map<Integer, List<Row>> rowsByScenario)
    {
        this.rows = ordered(rows);
        rowsByScenario.forEach((code, its) -> this.rowsByScenario.put(code, ordered(its)));
    }

    /**
     * The table printed above.
     *
     * @return the standard table.
     */
    public static ElevationTable standard()
    {
        return new ElevationTable(STANDARD, Map.of(
            ScenarioCode.LINEAGE, CAREFUL, ScenarioCode.DISTRIBUTED_SCAN, CAREFUL,
            ScenarioCode.SPREAD_FLOOD, CAREFUL, ScenarioCode.CALL_HOME, CAREFUL));
    }

    /**
     * This table with other rows in place of its own for the same size of site.
     *
     * @param rowsByScenario code to rows; those of {@link #ANY_SCENARIO} for every scenario without rows of its own.
     * @return the other table.
     * @throws IllegalArgumentException when the rows cannot hold together.
     */
    public ElevationTable with(final Map<Integer, ? extends Collection<Row>> rowsByScenario)
    {
        final List<Row> common = merged(rows, rowsByScenario.get(ANY_SCENARIO));
        final Map<Integer, List<Row>> special = new HashMap<>(this.rowsByScenario);
        rowsByScenario.forEach((code, its) -> special.put(
            code, merged(this.rowsByScenario.getOrDefault(code, common), its)));
        special.remove(ANY_SCENARIO);
        return new ElevationTable(common, special);
    }

    /**
     * The row that holds.
     *
     * @param scenario code.
     * @param nodes    in the roster.
     * @return the row with the highest {@code nodesMin} not above {@code nodes}.
     */
    public Row row(final int scenario, final int nodes)
    {
        final List<Row> its = rowsByScenario.getOrDefault(scenario, rows);
        Row found = its.get(0);
        for (final Row row : its)
        {
            if (row.nodesMin() <= nodes)
            {
                found = row;
            }
        }
        return found;
    }

    /**
     * The rows of a scenario, smallest site first.
     *
     * @param scenario code.
     * @return its own rows or the common ones.
     */
    public List<Row> rows(final int scenario)
    {
        return rowsByScenario.getOrDefault(scenario, rows);
    }

    /** Codes of the scenarios that have rows of their own. */
    Set<Integer> scenarios()
    {
        return rowsByScenario.keySet();
    }

    private static List<Row> merged(final List<Row> below, final Collection<Row> above)
    {
        final Map<Integer, Row> merged = new TreeMap<>();
        below.forEach((row) -> merged.put(row.nodesMin(), row));
        if (null != above)
        {
            above.forEach((row) -> merged.put(row.nodesMin(), row));
        }
        return List.copyOf(merged.values());
    }

    private static List<Row> ordered(final List<Row> unordered)
    {
        final List<Row> ordered = new ArrayList<>(unordered);
        ordered.sort(Comparator.comparingInt(Row::nodesMin));
        if (ordered.isEmpty() || 1 != ordered.get(0).nodesMin())
        {
            throw new IllegalArgumentException("has no row for a site of one node; allowed: the first row from 1 on");
        }
        for (int i = 1; i < ordered.size(); i++)
        {
            if (ordered.get(i).nodesMin() == ordered.get(i - 1).nodesMin())
            {
                throw new IllegalArgumentException("has two rows from " + ordered.get(i).nodesMin() + " nodes on");
            }
            if (ordered.get(i).witnesses() < ordered.get(i - 1).witnesses())
            {
                throw new IllegalArgumentException("asks for fewer witnesses from " + ordered.get(i).nodesMin() +
                    " nodes on than below; allowed: as many or more in a larger site");
            }
        }
        return List.copyOf(ordered);
    }
}
