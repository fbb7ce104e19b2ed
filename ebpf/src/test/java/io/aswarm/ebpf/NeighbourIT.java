package io.aswarm.ebpf;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who is told to be on the link, and who only shows the address of one who is. */
class NeighbourIT
{
    private static final int CLOSED_PORT = 8081;
    private static final int TIMEOUT_MS = 250;
    private static final long WAIT_NS = 1_000_000_000;

    @AutoClose
    private static TestRack rack;

    @BeforeAll
    static void build() throws Exception
    {
        rack = TestRack.open();
    }

    @Test
    @Timeout(30)
    void shouldTellNeighbourFromForgerAndFromHostBehindGateway() throws Exception
    {
        // Both are neighbours of the gateway from here on.
        assertFalse(rack.connects(TestRack.SERVER, CLOSED_PORT, TIMEOUT_MS));
        assertFalse(rack.connects(TestRack.SERVER_V6, CLOSED_PORT, TIMEOUT_MS));
        try (KernelSensor sensor = rack.openSensor())
        {
            assertFalse(rack.connects(TestRack.SERVER, CLOSED_PORT, TIMEOUT_MS));
            assertFalse(rack.connects(TestRack.SERVER_V6, CLOSED_PORT, TIMEOUT_MS));
            rack.attacker.call(() ->
            {
                // Its own address from another MAC; an address of the other side; one beyond any gateway.
                send(frame().ip(TestRack.ATTACKER, TestRack.SERVER).tcp(1, 1001, SYN, 1, 0).build());
                send(frame().ip(TestRack.SERVER, TestRack.ATTACKER).tcp(1, 1002, SYN, 1, 0).build());
                send(frame().ip("198.19.0.1", TestRack.SERVER).tcp(1, 1003, SYN, 1, 0).build());
                return null;
            });

            final Map<String, Boolean> onLink = new HashMap<>();
            final long endNs = System.nanoTime() + WAIT_NS;
            while (onLink.size() < 5 && endNs - System.nanoTime() > 0)
            {
                sensor.await(endNs - System.nanoTime());
                sensor.poll(
                    (c) ->
                    {
                        if (c.kind() == ConversationKind.OPENED && c.protocol() == PacketBuilder.TCP)
                        {
                            onLink.put(
                                IpAddress.format(c.initiatorHigh(), c.initiatorLow()) + " " + c.responderPort(),
                                (c.flags() & ConversationFlyweight.FLAG_ON_LINK) != 0);
                        }
                    },
                    Integer.MAX_VALUE);
            }
            assertEquals(
                Map.of(
                    "198.18.0.2 8081", true,
                    "2001:2::2 8081", true,
                    "198.18.0.2 1001", false,
                    "198.18.1.2 1002", false,
                    "198.19.0.1 1003", false),
                onLink);
        }
    }

    /** The frame's source MAC stays 0. */
    private static void send(final byte[] frame) throws Exception
    {
        try (PacketSocket socket = PacketSocket.sender("eth0"))
        {
            assertTrue(socket.send(ByteBuffer.allocateDirect(frame.length).put(0, frame), frame.length));
        }
    }
}
