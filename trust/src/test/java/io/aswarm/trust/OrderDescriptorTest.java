package io.aswarm.trust;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OrderDescriptorTest
{
    private static final byte[] STATEMENT = "{}".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, byte[]> SIGNATURES = new TreeMap<>(Map.of("bob", new byte[0], "al", of("010203")));
    private static final byte[] WIRE = of("0002 7b7d" + "02" + "02 616c 0003 010203" + "03 626f62 0000");

    @Test
    void shouldBeTheBytesThatNodesOfOtherReleasesRead()
    {
        assertArrayEquals(WIRE, OrderDescriptor.encode(STATEMENT, SIGNATURES));
    }

    @Test
    void shouldFindThePartsAnywhereInTheBytes()
    {
        final byte[] within = new byte[WIRE.length + 7];
        System.arraycopy(WIRE, 0, within, 3, WIRE.length);
        final OrderDescriptor.Parts parts = OrderDescriptor.decode(within, 3, WIRE.length);
        assertArrayEquals(STATEMENT, parts.statement());
        assertEquals(List.of("al", "bob"), List.copyOf(parts.signatures().keySet()));
        assertArrayEquals(of("010203"), parts.signatures().get("al"));
        assertFalse(parts.isSignedTwice());
    }

    @Test
    void shouldTellThatANameCameTwice()
    {
        final byte[] twice = of("0000" + "02" + "01 61 0001 01" + "01 61 0001 02");
        assertTrue(OrderDescriptor.decode(twice, 0, twice.length).isSignedTwice());
    }

    @Test
    void shouldReadLengthsUnsigned()
    {
        final Map<String, byte[]> signatures = Map.of("n".repeat(255), new byte[40_000]);
        final byte[] wire = OrderDescriptor.encode(new byte[33_000], signatures);
        final OrderDescriptor.Parts parts = OrderDescriptor.decode(wire, 0, wire.length);
        assertEquals(33_000, parts.statement().length);
        assertEquals(40_000, parts.signatures().get("n".repeat(255)).length);
    }

    @Test
    void shouldRefuseBytesThatAreCutOrMore()
    {
        for (int length = 0; length < WIRE.length; length++)
        {
            assertNull(OrderDescriptor.decode(WIRE, 0, length), "cut to " + length);
        }
        assertNull(OrderDescriptor.decode(Arrays.copyOf(WIRE, WIRE.length + 1), 0, WIRE.length + 1));
    }

    private static byte[] of(final String hex)
    {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
