package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;


import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is contained stays so, on real traffic, when there is no room for more and when its interface comes back. */
class ContainmentLimitsIT
{
    private static final IpAddress ATTACKER = IpAddress.parse(TestRack.ATTACKER);
    private static final QuarantineRule RULE = QuarantineRule.source(ATTACKER);
    private static final int PORT = 8080;
    private static final int TIMEOUT_MS = 250;
    private static final int ACTS_MAX = 16;

    @RegisterExtension
    private final TestRack rack = new TestRack();

    @BeforeEach
    void build() throws Exception
    {
        rack.serve(PORT);
    }

    @Test
    void shouldRefuseWhatFindsNoRoomAndHoldTheRest() throws Exception
    {
        try (KernelSensor sensor = rack.gateway.call(
            () -> KernelSensor.open(rack.config().quarantineEntriesMax(ACTS_MAX).build())))
        {
            assertTrue(connects());
            for (int act = 2; act <= ACTS_MAX; act++)
            {
                assertEquals(0, contain(sensor, new IpAddress(ATTACKER.high(), ATTACKER.low() + act), act));
            }
            assertEquals(0, contain(sensor, ATTACKER, 1));
            assertFalse(connects(), "the last one that found room");
            final IpAddress another = IpAddress.parse("198.18.99.1");
            assertEquals(Errno.E2BIG.asResult(), contain(sensor, another, 99));
            assertEquals(Errno.ENOENT.asResult(), sensor.quarantine().drops(QuarantineRule.source(another), 99));
            assertFalse(connects(), "pushed out by one that found no room");

            assertEquals(0, sensor.quarantine().release(
                QuarantineRule.source(new IpAddress(ATTACKER.high(), ATTACKER.low() + 2)), 2));
            assertEquals(0, contain(sensor, another, 99));
            assertFalse(connects());
            assertEquals(0, sensor.quarantine().release(RULE, 1));
            assertTrue(connects());
        }
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, true", "TC, true", "TC, false"})
    void shouldContainOnInterfaceThatWentAndCameBack(final AttachMode mode, final boolean withLinks) throws Exception
    {
        final KernelSensorConfig.Builder config = rack.config().attachMode(mode).egress(true);
        try (KernelSensor sensor = rack.gateway.call(
            () -> KernelSensor.open((withLinks ? config : config.withoutTcLinks()).build())))
        {
            assertTrue(connects());
            assertEquals(0, contain(sensor, ATTACKER, 1));
            assertFalse(connects());
            rack.gateway.ip("link", "delete", "spine");
            assertEquals(1, rack.gateway.call(sensor::pollInterfaces));
            rack.joinAttacker();
            assertEquals(1, rack.gateway.call(sensor::pollInterfaces));
            final long before = sensor.quarantine().drops(RULE, 1);
            assertFalse(connects(), "came back without its program");
            assertTrue(sensor.quarantine().drops(RULE, 1) > before);
            assertEquals(0, sensor.quarantine().release(RULE, 1));
            assertTrue(connects(), "the way back was there all the time");
        }
    }

    private boolean connects() throws Exception
    {
        return rack.connects(TestRack.SERVER, PORT, TIMEOUT_MS);
    }

    private static int contain(final KernelSensor sensor, final IpAddress address, final long actId)
    {
        return sensor.quarantine().contain(
            QuarantineRule.source(address), System.nanoTime() + 3_600_000_000_000L, actId, Quarantine.MODE_DROP, 0, 0);
    }
}
