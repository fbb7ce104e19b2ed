package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IpAddressTest
{
    @Test
    void shouldHoldIpv4AsMapped()
    {
        final IpAddress address = IpAddress.parse("198.18.1.255");
        assertEquals(0, address.high());
        assertEquals(0x0000_ffff_c612_01ffL, address.low());
        assertTrue(address.isV4());
        assertFalse(IpAddress.parse("::c612:1ff").isV4());
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.0.1, 198.18.0.1",
        "255.255.255.255, 255.255.255.255",
        "0.0.0.0, 0.0.0.0",
        "::ffff:198.18.0.1, 198.18.0.1",
        "2001:2::1, 2001:2::1",
        "2001:0002:0:0:0:0:0:0001, 2001:2::1",
        "2001:DB8::A, 2001:db8::a",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "64:ff9b::198.18.0.1, 64:ff9b::c612:1",
    })
    void shouldFormatAsRfc5952Says(final String text, final String canonical)
    {
        final IpAddress address = IpAddress.parse(text);
        assertEquals(canonical, address.toString());
        assertEquals(address, IpAddress.parse(canonical));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", "localhost", ":", ":::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8", "12345::", "g::", "::1.2.3", "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4", "::1%eth0", "2001:2::1/64"})
    void shouldRefuseWhatIsNoAddress(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.0.0/24, 198.18.0.255, 198.18.1.0",
        "198.18.0.0/15, 198.19.255.255, 198.20.0.0",
        "0.0.0.0/0, 255.255.255.255, 2001:2::1",
        "198.18.0.1, 198.18.0.1, 198.18.0.2",
        "198.18.0.1/32, 198.18.0.1, 198.18.0.0",
        "2001:2::/48, 2001:2:0:ffff::1, 2001:2:1::",
        "2001:2::/64, 2001:2::ffff:0:0:1, 2001:2:0:1::",
        "2001:2::/65, 2001:2::7fff:0:0:1, 2001:2::8000:0:0:1",
        "2001:2::1/128, 2001:2::1, 2001:2::",
    })
    void shouldContainUpToItsLimit(final String network, final String inside, final String outside)
    {
        final IpPrefix prefix = IpPrefix.parse(network);
        assertTrue(prefix.contains(IpAddress.parse(inside)));
        assertFalse(prefix.contains(IpAddress.parse(outside)));
        assertEquals(prefix, IpPrefix.parse(prefix.toString()));
    }

    @Test
    void shouldContainEverythingWhenPrefixIsEmpty()
    {
        assertTrue(IpPrefix.parse("::/0").contains(IpAddress.parse("198.18.0.1")));
        assertTrue(IpPrefix.parse("::/0").contains(IpAddress.parse("2001:2::1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "198.18.0.1/24", "198.18.0.0/33", "198.18.0.0/", "198.18.0.0/-1", "198.18.0.0/024", "2001:2::1/64",
        "2001:2::/129", "/24", "198.18.0.0/24/24"})
    void shouldRefuseWhatIsNoNetwork(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text));
    }
}
