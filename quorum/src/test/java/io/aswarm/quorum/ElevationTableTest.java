package io.aswarm.quorum;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
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
    void shouldReadRowsFromConfigurationAndKeepAScenariosOwn() throws DocumentException
    {
        final ElevationTable table = ElevationTable.read(Yaml.parse("node.yaml", """
            rows:
              - {nodes: 1, witnesses: 1, alpha: 1e-9, clip_nats: 100}
              - {nodes: 2, witnesses: 2, clip_nats: 13}
              - {scenario: 2, nodes: 1, witnesses: 1, alpha: 1e-9, clip_nats: 100}
              - {scenario: 2, nodes: 3, witnesses: 3, clip_nats: 6, local_alpha: 1e-12}
            """));
        assertEquals(2, table.row(1, 4).witnesses());
        assertEquals(3, table.row(2, 4).witnesses());
        assertEquals(27.62, table.row(2, 4).localBarNats(), 0.01);
        assertEquals(3, ElevationTable.read(Yaml.parse("node.yaml", "{}")).row(1, 4).witnesses());
    }

    @Test
    void shouldNameLineAndValueWhenAConfiguredRowCannotHold()
    {
        final DocumentException wrong = assertThrows(DocumentException.class, () -> ElevationTable.read(
            Yaml.parse("node.yaml", "rows:\n  - {nodes: 1, witnesses: 1, clip_nats: 100}\n" +
            "  - {nodes: 4, witnesses: 1, clip_nats: 100}\n")));
        assertTrue(wrong.getMessage().startsWith("node.yaml:3: "), wrong.getMessage());
        assertTrue(wrong.getMessage().contains("one other's word never elevates"), wrong.getMessage());
    }
}
