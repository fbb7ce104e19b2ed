package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.net.ServerSocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Openings of a contained address pass where the link says that they are its own, and only there. */
class QuarantineGuardIT
{
    private static final int PORT = 8080;
    private static final int TIMEOUT_MS = 250;

    @Test
    void shouldPassOnlySenderThatIsBoundToItsLink() throws Exception
    {
        try (TestRack rack = TestRack.open();
            ServerSocket listener = rack.server.call(() -> new ServerSocket(PORT));
            KernelSensor sensor = rack.openSensor())
        {
            for (final String[] each : new String[][]{
                {TestRack.ATTACKER, TestRack.SERVER}, {TestRack.ATTACKER_V6, TestRack.SERVER_V6}})
            {
                final QuarantineRule rule = QuarantineRule.source(IpAddress.parse(each[0]));
                assertTrue(rack.connects(each[1], listener.getLocalPort(), TIMEOUT_MS));
                contain(sensor, rule, Quarantine.MODE_OPENINGS);
                assertFalse(rack.connects(each[1], PORT, TIMEOUT_MS), "openings only");
                contain(sensor, rule, Quarantine.MODE_GUARD);
                assertTrue(rack.connects(each[1], PORT, TIMEOUT_MS), "the neighbour itself");
                // To the gateway, the attacker's frames now come from somebody who is not this neighbour.
                rack.gateway.ip("neighbour", "replace", each[0], "lladdr", "02:00:00:00:00:99", "dev", "spine",
                    "nud", "permanent");
                final long dropsBefore = sensor.quarantine().drops(rule, 1);
                assertFalse(rack.connects(each[1], PORT, TIMEOUT_MS), "another MAC");
                assertTrue(sensor.quarantine().drops(rule, 1) > dropsBefore);
                rack.gateway.ip("neighbour", "delete", each[0], "dev", "spine");
            }
        }
    }

    @Test
    void shouldNotTakeRouterForSender() throws Exception
    {
        try (TestRack rack = TestRack.open();
            ServerSocket listener = rack.server.call(() -> new ServerSocket(PORT)))
        {
            // An address behind the attacker: the gateway reaches it by a next hop, whose MAC the frames carry.
            rack.attacker.ip("address", "add", "198.18.9.9/32", "dev", "lo");
            rack.attacker.ip("route", "replace", "default", "via", "198.18.0.1", "src", "198.18.9.9");
            rack.gateway.ip("route", "add", "198.18.9.0/24", "via", TestRack.ATTACKER);
            try (KernelSensor sensor = rack.openSensor())
            {
                assertTrue(rack.connects(TestRack.SERVER, listener.getLocalPort(), TIMEOUT_MS));
                contain(sensor, QuarantineRule.source(IpAddress.parse("198.18.9.9")), Quarantine.MODE_GUARD);
                assertFalse(rack.connects(TestRack.SERVER, PORT, TIMEOUT_MS));
            }
        }
    }

    private static void contain(final KernelSensor sensor, final QuarantineRule rule, final int mode)
    {
        assertEquals(0, sensor.quarantine().contain(rule, System.nanoTime() + 60_000_000_000L, 1, mode, 0, 0));
    }
}
