package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VariationTest
{
    private static final GroundTruth SCAN = new GroundTruth(
        "scan", AddressSet.parse("198.18.0.200"), AddressSet.parse("198.18.0.0/24"), Long.MIN_VALUE);
    private static final int DRAWS = 400;

    private final CaptureDecoder packet = new CaptureDecoder();

    private boolean isKept(final Variation variation, final int from, final int to)
    {
        packet.sourceHigh = 0;
        packet.sourceLow = DecodedPacket.V4_MAPPED | 0xc6120000L | from;
        packet.destinationHigh = 0;
        packet.destinationLow = DecodedPacket.V4_MAPPED | 0xc6120000L | to;
        return variation.change(packet);
    }

    @Test
    void shouldDrawTheSameWhenSeedAndPathAreTheSame()
    {
        final Set<String> labels = new HashSet<>();
        for (int seed = 0; seed < DRAWS; seed++)
        {
            final Variation one = Variation.of(seed, "a.pcap", SCAN);
            final Variation other = Variation.of(seed, "a.pcap", SCAN);
            assertEquals(one.label(), other.label());
            assertEquals(one.spliceAtS(), other.spliceAtS());
            assertEquals(one.oneOf(List.of(1, 2, 3)), other.oneOf(List.of(1, 2, 3)));
            for (int i = 0; i < 20; i++)
            {
                assertEquals(isKept(one, i, 250), isKept(other, i, 250));
            }
            labels.add(one.label());
        }
        assertTrue(labels.size() > DRAWS / 4, "different seeds, different variations: " + labels.size());
    }

    /** So that ten seeds in a row are ten draws. */
    @Test
    void shouldShareNoNumberBetweenNeighbouringSeeds()
    {
        final Set<Double> shares = new HashSet<>();
        for (int seed = 0; seed < DRAWS; seed++)
        {
            final double share = Variation.of(seed, "a.pcap", SCAN).cutShare();
            assertTrue(share == 0 || shares.add(share), "seed=" + seed + " share=" + share);
        }
    }

    @Test
    void shouldNeverTakeTheAttacksOwnDirection()
    {
        int oneWay = 0;
        for (int seed = 0; seed < DRAWS; seed++)
        {
            final Variation variation = Variation.of(seed, "a.pcap", SCAN);
            if (variation.label().contains("one direction") && !variation.label().contains("90 %"))
            {
                oneWay++;
                assertTrue(isKept(variation, 200, 7), "attack");
                assertEquals(false, isKept(variation, 7, 200), "its answer");
                assertTrue(isKept(variation, 3, 9) != isKept(variation, 9, 3), "one of two others");
            }
        }
        assertTrue(oneWay > 10, "oneWay=" + oneWay);
    }

    @Test
    void shouldKeepNineOfTenPacketsAndOrderInTime()
    {
        int checked = 0;
        for (int seed = 0; seed < DRAWS; seed++)
        {
            final Variation variation = Variation.of(seed, "b.pcap", SCAN);
            final long stepNs = variation.timeNs(2_000_000_000L) - variation.timeNs(1_000_000_000L);
            assertTrue(stepNs >= 300_000_000L && stepNs <= 3_000_000_000L, variation.label());
            if (variation.label().contains("90 %"))
            {
                int kept = 0;
                for (int i = 0; i < 1_000; i++)
                {
                    kept += isKept(variation, 200, 7) ? 1 : 0;
                }
                assertEquals(900, kept, 60, variation.label());
                checked++;
            }
        }
        assertTrue(checked > 50, "checked=" + checked);
    }
}
