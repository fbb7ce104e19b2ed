package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ElevationTableTest
{
    private static final int[][] NODES_TO_WITNESSES = {
        {1, 1}, {2, 2}, {3, 2}, {4, 3}, {7, 3}, {8, 4}, {15, 4}, {16, 5}, {63, 5}, {64, 6}, {255, 6}, {256, 7},
        {1023, 7}, {1024, 9}, {4095, 9}, {4096, 11}, {10_000, 11}};

    @Test
    void shouldReadAsPrinted()
    {
        for (final int[] expected : NODES_TO_WITNESSES)
        {
            assertEquals(expected[1], ElevationTable.standard().row(Site.SCAN, expected[0]).witnesses(),
                "nodes=" + expected[0]);
        }
    }

    @Test
    void shouldRefuseFewerThanKByEvidenceAloneInEveryStandardRow()
    {
        for (final ElevationTable.Row row : ElevationTable.standard().rows(Site.SCAN))
        {
            if (row.nodesMin() > 1)
            {
                assertTrue((row.witnesses() - 1) * row.clipNats() < row.thresholdNats(), row.toString());
                assertTrue(row.thresholdNats() < row.localBarNats(), row.toString());
            }
            assertTrue(row.witnesses() * row.clipNats() >= row.thresholdNats(), row.toString());
            assertTrue(row.localBarNats() >= 20.7, row.toString());
        }
    }

    @Test
    void shouldComputeTheBarsFromTheErrorRatesAsked()
    {
        final ElevationTable.Row row = new ElevationTable.Row(4, 3, 1e-6, 0.01, 6.9, 1, 1e-9);
        assertEquals(13.805460, row.thresholdNats(), 1e-6);
        assertEquals(20.713216, row.localBarNats(), 1e-6);
    }

    @Test
    void shouldRefuseRowsThatCouldLetOneNodeElevateAnother()
    {
        assertThrows(IllegalArgumentException.class, () -> new ElevationTable.Row(2, 1, 1e-6, 0.01, 20, 1, 1e-9));
        assertThrows(IllegalArgumentException.class, () -> new ElevationTable.Row(2, 3, 1e-6, 0.01, 20, 1, 1e-9));
        assertThrows(IllegalArgumentException.class, () -> new ElevationTable.Row(4, 3, 1e-6, 0.01, 4.6, 1, 1e-9));
        assertThrows(IllegalArgumentException.class, () -> new ElevationTable.Row(4, 3, 1e-6, 0.01, 6.9, 0, 1e-9));
        assertThrows(IllegalArgumentException.class, () -> new ElevationTable.Row(4, 3, 1e-6, 0.01, 6.9, 1, 1e-5));
        assertThrows(IllegalArgumentException.class,
            () -> new ElevationTable.Row(4, 3, 1e-6, 0.01, Double.NaN, 1, 1e-9));
        assertThrows(IllegalArgumentException.class,
            () -> new ElevationTable(List.of(new ElevationTable.Row(2, 2, 1e-6, 0.01, 10, 1, 1e-9)), Map.of()));
    }

    @Test
    void shouldKeepRowsOfAScenarioOfItsOwnBesideTheCommonOnes()
    {
        final ElevationTable table = new ElevationTable(
            List.of(
                new ElevationTable.Row(1, 1, 1e-9, 0.01, 100, 1, 1e-9),
                new ElevationTable.Row(2, 2, 1e-6, 0.01, 13, 1, 1e-9)),
            Map.of(2, List.of(
                new ElevationTable.Row(1, 1, 1e-9, 0.01, 100, 1, 1e-9),
                new ElevationTable.Row(3, 3, 1e-6, 0.01, 6, 1, 1e-12))));
        assertEquals(2, table.row(1, 4).witnesses());
        assertEquals(3, table.row(2, 4).witnesses());
        assertEquals(27.62, table.row(2, 4).localBarNats(), 0.01);
    }
}
