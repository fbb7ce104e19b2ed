package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class QuarantineRuleTest
{
    private static final IpPrefix NET = IpPrefix.parse("198.18.0.0/24");

    @Test
    void shouldSayWhatItIsAbout()
    {
        assertEquals("from 198.18.0.1", QuarantineRule.source(IpAddress.parse("198.18.0.1")).toString());
        assertEquals("to 2001:2::1", QuarantineRule.aim(IpAddress.parse("2001:2::1")).toString());
        assertEquals(
            "from 198.18.0.0/24 protocol 6 port 22 vlan 5", QuarantineRule.source(NET).service(6, 22).on(5).toString());
        assertEquals(
            "from 198.18.0.0/24 vni 16777215", QuarantineRule.source(NET).on(QuarantineRule.vni(0xff_ffff)).toString());
    }

    @Test
    void shouldRefuseWhatIsOutOfRange()
    {
        new QuarantineRule(NET, QuarantineRule.AIM, 255, 65535, 4094);
        refused("role", NET, 0, 0, 0, 0);
        refused("role", NET, 3, 0, 0, 0);
        refused("protocol", NET, 1, 256, 0, 0);
        refused("protocol", NET, 1, -1, 0, 0);
        refused("port", NET, 1, 0, 65536, 0);
        refused("vlan", NET, 1, 0, 0, 4095);
        refused("vlan", NET, 1, 0, 0, 0x8100_0000);
        assertThrows(IllegalArgumentException.class, () -> QuarantineRule.vni(0x100_0000));
    }

    @Test
    void shouldRefusePrefixOfBothFamilies()
    {
        refused("prefix", IpPrefix.parse("::/0"), 1, 0, 0, 0);
        refused("prefix", IpPrefix.parse("::/80"), 1, 0, 0, 0);
        QuarantineRule.source(IpPrefix.parse("0.0.0.0/0"));
        QuarantineRule.source(IpPrefix.parse("2000::/3"));
    }

    private static void refused(
        final String what, final IpPrefix prefix, final int role, final int protocol, final int port, final int vlan)
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> new QuarantineRule(prefix, role, protocol, port, vlan));
        assertTrue(ex.getMessage().startsWith(what + "="), ex.getMessage());
    }
}
