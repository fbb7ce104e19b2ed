package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.ServerSocket;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the gateway itself answers is seen, and what it only forwards is told once. */
class EgressIT
{
    private static final String GATEWAY = "198.18.0.1";
    private static final int CLOSED_PORT = 8081;
    private static final int OPEN_PORT = 8080;
    private static final int TIMEOUT_MS = 250;

    @ParameterizedTest
    @EnumSource(value = AttachMode.class, names = {"NATIVE", "TC"})
    void shouldSeeRefusalOfGatewayItself(final AttachMode mode) throws Exception
    {
        try (TestRack rack = TestRack.open();
            KernelSensor sensor = rack.gateway.call(
                () -> KernelSensor.open(rack.config().attachMode(mode).egress(true).build())))
        {
            rack.connects(GATEWAY, CLOSED_PORT, TIMEOUT_MS);
            assertEquals(
                List.of("OPENED 198.18.0.2 > 198.18.0.1 8081", "REFUSED 198.18.0.2 > 198.18.0.1 8081"),
                TestRack.tcpEvents(sensor, 2));
            assertTrue(sensor.account().get(SensorCounter.SENT_PACKETS) > 0);
        }
    }

    @Test
    void shouldTellForwardedConversationOnce() throws Exception
    {
        try (TestRack rack = TestRack.open();
            ServerSocket listener = rack.server.call(() -> new ServerSocket(OPEN_PORT));
            KernelSensor sensor = rack.gateway.call(
                () -> KernelSensor.open(rack.config().egress(true).build())))
        {
            assertTrue(rack.connects(TestRack.SERVER, listener.getLocalPort(), TIMEOUT_MS));
            assertEquals(
                List.of(
                    "OPENED 198.18.0.2 > 198.18.1.2 8080",
                    "ACCEPTED 198.18.0.2 > 198.18.1.2 8080",
                    "ESTABLISHED 198.18.0.2 > 198.18.1.2 8080",
                    "ENDED 198.18.0.2 > 198.18.1.2 8080"),
                TestRack.tcpEvents(sensor, 4));
            assertTrue(sensor.account().get(SensorCounter.FORWARDED_PACKETS) >= 4);
            assertTrue(sensor.account().isBalanced());
        }
    }
}
