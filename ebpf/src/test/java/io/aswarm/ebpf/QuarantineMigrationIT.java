package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static io.aswarm.ebpf.VerdictProbe.VERDICT_DROP;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_PASS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Containment that an earlier process pinned, found by one of another size or of a later release. */
class QuarantineMigrationIT
{
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final IpAddress A = IpAddress.parse("198.18.0.1");
    private static final IpAddress B = IpAddress.parse("198.18.1.2");
    private static final QuarantineRule NET = QuarantineRule.source(IpPrefix.parse("198.18.7.0/24"));

    private final long deadlineNs = System.nanoTime() + HOUR_NS;
    private Path mountPoint;
    private Path pins;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @BeforeEach
    void mount() throws KernelException, IOException
    {
        mountPoint = KernelSupport.mountBpfFs();
        pins = mountPoint.resolve("node");
    }

    @AfterEach
    void unmount() throws IOException
    {
        KernelSupport.unmount(mountPoint);
    }

    @Test
    void shouldFindEverythingAgainWhenSizeIsTheSame() throws KernelException
    {
        final List<String> before;
        try (KernelSensor sensor = open(8))
        {
            fill(sensor.quarantine());
            before = acts(sensor);
        }
        try (KernelSensor sensor = open(8))
        {
            assertEquals(before, acts(sensor));
            assertContained(sensor);
        }
    }

    @Test
    void shouldCarryLiveActsIntoAnotherSize() throws KernelException
    {
        final List<String> before;
        try (KernelSensor sensor = open(8))
        {
            fill(sensor.quarantine());
            before = acts(sensor);
            sensor.quarantine().contain(QuarantineRule.source(B), System.nanoTime() - 1, 9, Quarantine.MODE_DROP, 0, 0);
        }
        for (final int size : new int[]{100, 3})
        {
            try (KernelSensor sensor = open(size))
            {
                assertEquals(size, sensor.quarantine().entriesMax());
                assertEquals(before, acts(sensor), "without what had expired");
                assertContained(sensor);
            }
        }
        assertFalse(Files.exists(pins.resolve("quarantine_acts_next")));
    }

    @Test
    void shouldRefuseSizeThatLiveActsDoNotFit() throws KernelException
    {
        try (KernelSensor sensor = open(8))
        {
            fill(sensor.quarantine());
        }
        final KernelException ex = assertThrows(KernelException.class, () -> open(2));
        assertTrue(ex.getMessage().contains("quarantineEntriesMax=2"), ex.getMessage());
        try (KernelSensor sensor = open(8))
        {
            assertContained(sensor);
        }
    }

    @Test
    void shouldCarryAddressesOfFirstReleases() throws KernelException
    {
        pinFirstRelease();
        try (KernelSensor sensor = open(8))
        {
            assertEquals(List.of("from 198.18.0.1 " + deadlineNs + " 7 1 5"), acts(sensor));
            assertEquals(VERDICT_DROP, run(sensor, A));
            assertFalse(Files.exists(pins.resolve("quarantine")));
        }
        try (KernelSensor sensor = open(8))
        {
            assertEquals(VERDICT_DROP, run(sensor, A));
        }
    }

    @Test
    void shouldRefuseShapeThatIsNotKnown() throws KernelException
    {
        BpfFs.createDirectory(pins);
        final LibBpf.Api bpf = LibBpf.api();
        final int fd = bpf.bpf_map_create(PinnedMap.TYPE_ARRAY, "other", Integer.BYTES, 64, 8, 0);
        try
        {
            assertEquals(0, bpf.bpf_obj_pin(fd, pins.resolve(QuarantineActs.PIN).toString()));
        }
        finally
        {
            LibC.API.close(fd);
        }
        final KernelException ex = assertThrows(KernelException.class, () -> open(8));
        assertTrue(ex.getMessage().contains("valueBytes=64") && ex.getMessage().contains("valueBytes=128"),
            ex.getMessage());
    }

    private void fill(final Quarantine quarantine)
    {
        assertEquals(0, quarantine.contain(QuarantineRule.source(A), deadlineNs, 7, Quarantine.MODE_DROP, 0, 0));
        assertEquals(0, quarantine.contain(NET, deadlineNs, 8, Quarantine.MODE_DROP, 0, 0));
        assertEquals(0, quarantine.contain(
            QuarantineRule.source(A).service(6, 22), deadlineNs, 7, Quarantine.MODE_GUARD, 0, 0));
    }

    private void assertContained(final KernelSensor sensor)
    {
        assertEquals(VERDICT_DROP, run(sensor, A));
        assertEquals(VERDICT_DROP, run(sensor, IpAddress.parse("198.18.7.7")));
        assertEquals(VERDICT_PASS, run(sensor, B));
        assertEquals(0, sensor.quarantine().release(QuarantineRule.source(A), 7));
        assertEquals(VERDICT_PASS, run(sensor, A));
        assertEquals(VERDICT_DROP, sensor.verdictProbe().run(
            ProbePacket.of(QuarantineRule.source(A).service(6, 22), B), VerdictProbe.ASSUME_BUCKETS_EMPTY));
        assertEquals(0,
            sensor.quarantine().contain(QuarantineRule.source(A), deadlineNs, 7, Quarantine.MODE_DROP, 0, 0));
    }

    private KernelSensor open(final int entriesMax) throws KernelException
    {
        return KernelSensor.open(KernelSensorConfig.builder("node", pins)
            .ringBytes(1 << 16).quarantineEntriesMax(entriesMax).build());
    }

    private static int run(final KernelSensor sensor, final IpAddress source)
    {
        return sensor.verdictProbe().run(source.high(), source.low(), B.high(), B.low() ^ 0xff);
    }

    private static List<String> acts(final KernelSensor sensor)
    {
        final List<String> acts = new ArrayList<>();
        sensor.quarantine().forEachAct((rule, deadlineNs, actId, mode, perSecond, burst, drops) ->
            acts.add(rule + " " + deadlineNs + " " + actId + " " + mode + " " + drops));
        acts.sort(null);
        return acts;
    }

    /** The map "quarantine" as the first releases made it, with a live and an expired entry. */
    private void pinFirstRelease() throws KernelException
    {
        BpfFs.createDirectory(pins);
        final LibBpf.Api bpf = LibBpf.api();
        final int fd = bpf.bpf_map_create(PinnedMap.TYPE_HASH, "quarantine", 16, 40, 16, 0);
        try (NativeBlock block = new NativeBlock(16 + 40))
        {
            final UnsafeBuffer buffer = block.buffer();
            for (final IpAddress each : List.of(A, B))
            {
                buffer.putLong(0, each.high(), ByteOrder.BIG_ENDIAN);
                buffer.putLong(8, each.low(), ByteOrder.BIG_ENDIAN);
                buffer.putLong(16, each.equals(A) ? deadlineNs : 1);
                buffer.putLong(24, 7);
                buffer.putLong(32, 5);
                buffer.putLong(40, 300);
                buffer.putInt(48, Quarantine.MODE_DROP);
                assertEquals(0, bpf.bpf_map_update_elem(fd, block.address(), block.address(16), 0));
            }
            assertEquals(0, bpf.bpf_obj_pin(fd, pins.resolve("quarantine").toString()));
        }
        finally
        {
            LibC.API.close(fd);
        }
    }
}
