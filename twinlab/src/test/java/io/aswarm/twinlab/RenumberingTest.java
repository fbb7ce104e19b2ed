package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Site;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RenumberingTest
{
    private static final int THIRD = 0x5a;
    private static final int SECOND = 0x21;

    @ParameterizedTest
    @CsvSource({
        "198.18.0.10,   198.18.90.10,   fd00:2:c6:125a::a",
        "203.0.113.255, 203.0.43.255,   2001:db8:cb:2b::ff",
        "10.1.2.3,      10.32.88.3,     fd00:2:a:2058::3",
        "224.0.0.251,   224.0.0.251,    224.0.0.251",
        "0.0.0.0,       0.0.0.0,        0.0.0.0",
        "2001:2::7,     2001:2::7,      2001:2::7",
    })
    void shouldKeepTheLastByteAndTheNetwork(final String address, final String ipv4, final String ipv6)
    {
        assertEquals(IpAddress.parse(ipv4), new Renumbering(THIRD, SECOND, false).of(IpAddress.parse(address)));
        assertEquals(IpAddress.parse(ipv6), new Renumbering(THIRD, SECOND, true).of(IpAddress.parse(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.18.0.10", "203.0.113.7", "10.1.2.3", "192.168.1.255", "172.31.200.1", "100.64.9.9",
        "239.1.2.3", "2001:2::7", "fe80::1"})
    void shouldBeUndoneAndStayInsideOrOutside(final String text)
    {
        final IpAddress address = IpAddress.parse(text);
        for (final boolean isIpv6 : new boolean[]{false, true})
        {
            final Renumbering renumbering = new Renumbering(THIRD, SECOND, isIpv6);
            final IpAddress other = renumbering.of(address);
            assertEquals(address, renumbering.original(other));
            assertEquals(Site.PRIVATE.contains(address.high(), address.low()),
                Site.PRIVATE.contains(other.high(), other.low()));
        }
        assertEquals(address, Renumbering.NONE.of(address));
    }

    @Test
    void shouldRenumberWhatATruthNames()
    {
        final Renumbering renumbering = new Renumbering(THIRD, SECOND, true);
        final AddressSet set = AddressSet.parse("198.18.0.10, 203.0.113.0/24").renumbered(renumbering);
        assertTrue(set.names(renumbering.of(IpAddress.parse("198.18.0.10"))));
        assertTrue(set.names(renumbering.of(IpAddress.parse("203.0.113.77"))));
        assertFalse(set.names(renumbering.of(IpAddress.parse("203.0.114.77"))));
        assertFalse(set.names(IpAddress.parse("198.18.0.11")));
    }

    @Test
    void shouldCarryWhatAnErrorQuotes()
    {
        final ConversationKey key = new ConversationKey(
            0, DecodedPacket.V4_MAPPED | 0xc6120001L, 0, DecodedPacket.V4_MAPPED | 0xc6120002L, 8, 0,
            CaptureDecoder.ICMP);
        final ConversationKey other = new Renumbering(THIRD, SECOND, true).of(key);
        assertEquals(CaptureDecoder.ICMPV6, other.protocol());
        assertNotEquals(0, other.responderHigh());
        assertEquals(key.withoutPort().initiatorPort(), other.initiatorPort());
    }
}
