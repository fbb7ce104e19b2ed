package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.NetworkInterface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RoutesIT
{
    private static final long SECOND_NS = 1_000_000_000L;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @Test
    void shouldNameInterfaceThatLeadsToAddress() throws Exception
    {
        try (TestRack rack = TestRack.open(); Routes routes = rack.gateway.call(Routes::open))
        {
            final int spine = rack.gateway.call(() -> NetworkInterface.getByName("spine").getIndex());
            final int inside = rack.gateway.call(() -> NetworkInterface.getByName("rack.7").getIndex());
            assertTrue(spine > Routes.LOCAL && inside > Routes.LOCAL);
            assertEquals(spine, to(routes, TestRack.ATTACKER, 0));
            assertEquals(spine, to(routes, TestRack.ATTACKER_V6, 0));
            assertEquals(inside, to(routes, TestRack.SERVER, 0));
            assertEquals(inside, to(routes, TestRack.SERVER_V6, 0));
            assertEquals(Routes.LOCAL, to(routes, "198.18.0.1", 0));
            assertEquals(Routes.LOCAL, to(routes, "2001:2::1", 0));
            assertEquals(Routes.NOWHERE, to(routes, "198.19.0.1", 0));
            assertEquals(Routes.NOWHERE, to(routes, "2001:3::1", 0));

            rack.gateway.ip("route", "add", "198.19.0.0/24", "via", TestRack.ATTACKER);
            assertEquals(Routes.NOWHERE, to(routes, "198.19.0.1", SECOND_NS - 1), "remembered");
            assertEquals(spine, to(routes, "198.19.0.1", SECOND_NS + 1));
        }
    }

    private static int to(final Routes routes, final String text, final long nowNs)
    {
        final IpAddress address = IpAddress.parse(text);
        return routes.interfaceTo(address.high(), address.low(), nowNs);
    }
}
