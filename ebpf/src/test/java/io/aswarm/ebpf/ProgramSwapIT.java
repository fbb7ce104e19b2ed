package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.NetworkInterface;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A contained source sends as fast as a pair of veth carries while programs are replaced, with the maps kept and with
 * maps of another size: the server gets not one of its packets.
 */
class ProgramSwapIT
{
    private static final IpAddress ATTACKER = IpAddress.parse(TestRack.ATTACKER);
    private static final int SWAPS = 6;
    private static final long ACT_ID = 7;

    /** How a program is attached before and after a swap. */
    private enum Way
    {
        XDP, TC_LINKS, TC_FILTERS, LINKS_AND_FILTERS_IN_TURNS
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void shouldLetNothingThroughWhileProgramsAreReplaced(final Way way) throws Exception
    {
        try (TestRack rack = TestRack.open(); BpfObject bare = BpfObject.open("ring.bpf.o"))
        {
            int bareLink = -1;
            if (way != Way.XDP)
            {
                bareLink = rack.gateway.call(() -> takeLiveFrames(bare));
            }
            final AtomicBoolean running = new AtomicBoolean(true);
            // So that the flood finds its way at once.
            rack.connects(TestRack.SERVER, 80, 250);
            KernelSensor sensor = open(rack, way, 0);
            final FutureTask<Long> flood = new FutureTask<>(() -> rack.attacker.call(() -> flood(rack, running)));
            new Thread(flood).start();
            try
            {
                awaitMoreSegments(rack);
                assertEquals(0, sensor.quarantine().contain(
                    QuarantineRule.source(ATTACKER), System.nanoTime() + 3_600_000_000_000L, ACT_ID,
                    Quarantine.MODE_DROP, 0, 0));
                awaitDrops(sensor, 1000);
                final long before = restingSegments(rack);

                for (int swap = 1; swap <= SWAPS; swap++)
                {
                    final long drops = drops(sensor);
                    sensor.close();
                    sensor = open(rack, way, swap);
                    assertTrue(rack.gateway.call(sensor.verdictProbe()::attached));
                    awaitDrops(sensor, drops + 1000);
                }
                assertEquals(before, segments(rack), "of " + drops(sensor) + " packets");

                assertEquals(0, sensor.quarantine().release(QuarantineRule.source(ATTACKER), ACT_ID));
                awaitMoreSegments(rack);
            }
            finally
            {
                running.set(false);
                sensor.close();
                LibC.API.close(bareLink);
            }
            assertTrue(flood.get() > 0);
        }
    }

    /** A pair of veth carries live frames only to an end with an XDP program (drivers/net/veth.c, veth_xdp_xmit()). */
    private static int takeLiveFrames(final BpfObject bare) throws KernelException
    {
        bare.only("aswarm_bare").load("aswarm_bare");
        return InterfaceLink.link(LibBpf.api(), Door.XDP, LibC.API.if_nametoindex("spine"), InterfaceLink.IN_DRIVER,
            bare.programFd("aswarm_bare"));
    }

    /** Every second one has maps of another size, and so carries over what is contained. */
    private static KernelSensor open(final TestRack rack, final Way way, final int swap) throws Exception
    {
        final KernelSensorConfig.Builder config = rack.config().quarantineEntriesMax(16 << (swap >> 1))
            .attachMode(way == Way.XDP ? AttachMode.NATIVE : AttachMode.TC);
        if (way == Way.TC_FILTERS || (way == Way.LINKS_AND_FILTERS_IN_TURNS && swap % 2 == 0))
        {
            config.withoutTcLinks();
        }
        return rack.gateway.call(() -> KernelSensor.open(config.build()));
    }

    private static long flood(final TestRack rack, final AtomicBoolean running) throws Exception
    {
        final byte[] frame = frame().ip(TestRack.ATTACKER, TestRack.SERVER).tcp(1, 80, SYN, 1, 0).build();
        final byte[] gateway = rack.gateway.call(() -> NetworkInterface.getByName("spine").getHardwareAddress());
        System.arraycopy(gateway, 0, frame, 0, gateway.length);
        final short checksum = internetChecksum(new UnsafeBuffer(frame, 14, 20));
        new UnsafeBuffer(frame).putShort(24, checksum, ByteOrder.BIG_ENDIAN);
        try (FloodGenerator generator = new FloodGenerator("eth0", frame, (int)ATTACKER.low(), 1, 1))
        {
            return generator.run(running);
        }
    }

    /** RFC 1071: the gateway forwards nothing without it. That of TCP may be wrong, segments are counted before. */
    private static short internetChecksum(final UnsafeBuffer header)
    {
        int sum = 0;
        for (int i = 0; i < header.capacity(); i += Short.BYTES)
        {
            sum += header.getShort(i, ByteOrder.BIG_ENDIAN) & 0xffff;
        }
        return (short)~((sum & 0xffff) + (sum >>> 16));
    }

    private static void awaitMoreSegments(final TestRack rack) throws Exception
    {
        final long before = segments(rack);
        while (segments(rack) <= before + 100)
        {
            Thread.onSpinWait();
        }
    }

    private static void awaitDrops(final KernelSensor sensor, final long atLeast)
    {
        while (drops(sensor) < atLeast)
        {
            Thread.onSpinWait();
        }
    }

    private static long drops(final KernelSensor sensor)
    {
        return sensor.quarantine().drops(QuarantineRule.source(ATTACKER), ACT_ID);
    }

    /** What was on its way when the containment began has arrived when the count rests. */
    private static long restingSegments(final TestRack rack) throws Exception
    {
        long before = -1;
        long now = segments(rack);
        while (now != before)
        {
            Thread.sleep(100);
            before = now;
            now = segments(rack);
        }
        return now;
    }

    /** TCP segments that the server's stack got; nobody but the attacker sends any. */
    private static long segments(final TestRack rack) throws Exception
    {
        final List<String> lines = rack.server.call(() ->
            Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream()
                .filter((line) -> line.startsWith("Tcp:")).toList());
        final int column = List.of(lines.get(0).split(" ")).indexOf("InSegs");
        return Long.parseLong(lines.get(1).split(" ")[column]);
    }
}
