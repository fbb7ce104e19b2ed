package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Bytes in, samples out that stand for as many. */
class VolumeIT
{
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final int QUANTUM_MIN = 1024;

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture((config) -> config.ringBytes(1 << 20));

    @Test
    void shouldStandForAllBytesButTheLastQuantum() throws Exception
    {
        final long bytes = onOneCpu(() ->
        {
            long sum = 0;
            for (int i = 0; i < 100; i++)
            {
                final byte[] datagram = frame().ip(A, B).udp(5000, 53, 1 + 13 * i).build();
                kernel.send(datagram);
                sum += datagram.length;
            }
            return sum;
        });
        final Map<String, Long> sums = sums();
        assertEquals(List.of("VOLUME 17 198.18.0.1 5000 > 198.18.1.2 53"), List.copyOf(sums.keySet()));
        final long sum = sums.values().iterator().next();
        assertTrue(sum <= bytes && bytes - sum < QUANTUM_MIN, sum + " of " + bytes);
    }

    @Test
    void shouldShareInProportionWhenConversationsDiffer() throws Exception
    {
        onOneCpu(() ->
        {
            for (int i = 0; i < 400; i++)
            {
                kernel.send(frame().ip(A, B).udp(1, 53, 858).build());
                kernel.send(frame().ip("198.18.0.9", B).udp(1, 53, 258).build());
            }
            return 0L;
        });
        final Map<String, Long> sums = sums();
        assertEquals(400 * 900, sums.get("VOLUME 17 198.18.0.1 1 > 198.18.1.2 53"), 400 * 900 / 10);
        assertEquals(400 * 300, sums.get("VOLUME 17 198.18.0.9 1 > 198.18.1.2 53"), 400 * 300 / 5);
    }

    @Test
    void shouldOrientSampleByEstablishedConversation() throws Exception
    {
        onOneCpu(() ->
        {
            kernel.send(frame().ip(A, B).tcp(40000, 80, SYN, 10, 0).build());
            kernel.send(frame().ip(B, A).tcp(80, 40000, SYN | ACK, 20, 11).build());
            kernel.send(frame().ip(A, B).tcp(40000, 80, ACK, 11, 21).build());
            kernel.send(frame().ip(B, A).tcp(80, 40000, ACK, 21, 11).hex("00".repeat(1500)).build());
            kernel.send(frame().ip(B, A).tcp(81, 40000, ACK, 21, 11).hex("00".repeat(1500)).build());
            return 0L;
        });
        assertEquals(
            List.of("VOLUME 6 198.18.0.1 40000 > 198.18.1.2 80 from responder",
                "VOLUME 6 198.18.1.2 81 > 198.18.0.1 40000 unoriented"),
            kernel.samples());
    }

    @Test
    void shouldLeaveAnswerUnorientedOnlyWhenNobodyAsked() throws Exception
    {
        final String octets = "00".repeat(QUANTUM_MIN);
        onOneCpu(() ->
        {
            kernel.send(frame().ip(A, B).tcp(40000, 80, SYN, 10, 0).build());
            kernel.send(frame().ip(B, A).tcp(80, 40000, SYN | ACK, 20, 11).hex(octets).build());
            kernel.send(frame().ip(B, A).tcp(443, 40000, SYN | ACK, 20, 11).hex(octets).build());
            return 0L;
        });
        final List<String> samples = new ArrayList<>();
        kernel.sensor().poll(
            (c) ->
            {
                if (c.kind() == ConversationKind.VOLUME)
                {
                    samples.add(KernelFixture.describe(c) + " flags " + c.tcpFlags());
                }
            },
            Integer.MAX_VALUE);
        assertEquals(
            List.of("VOLUME 6 198.18.0.1 40000 > 198.18.1.2 80 from responder flags 18",
                "VOLUME 6 198.18.1.2 443 > 198.18.0.1 40000 unoriented flags 18"),
            samples);
    }

    @Test
    void shouldTellFragmentsByTheirFirstAndWithoutPortsWhereThatIsMissing() throws Exception
    {
        final String octets = "00".repeat(QUANTUM_MIN);
        onOneCpu(() ->
        {
            kernel.send(frame().ip(A, B).fragment(0x2000).udp(5000, 53, QUANTUM_MIN).build());
            kernel.send(frame().ip(A, B).fragment(0x2081).protocol(17).hex(octets).build());
            kernel.send(frame().ip(A, "198.18.1.3").fragment(0x0081).protocol(17).hex(octets).build());
            kernel.send(frame().ip(A, "198.18.1.3").fragment(0x2040).protocol(6).hex(octets).build());
            return 0L;
        });
        assertEquals(
            List.of(
                "VOLUME 17 198.18.0.1 5000 > 198.18.1.2 53", "VOLUME 17 198.18.0.1 5000 > 198.18.1.2 53",
                "VOLUME 17 198.18.0.1 0 > 198.18.1.3 0 unoriented", "VOLUME 6 198.18.0.1 0 > 198.18.1.3 0 unoriented"),
            kernel.samples());
    }

    @Test
    void shouldOrientBytesOfAProtocolWithoutPorts() throws Exception
    {
        final String octets = "00".repeat(QUANTUM_MIN);
        onOneCpu(() ->
        {
            kernel.send(frame().ip(A, B).protocol(50).hex(octets).build());
            kernel.send(frame().ip(B, A).protocol(50).hex(octets).build());
            kernel.send(frame().ip(B, A).fragment(0x0081).protocol(50).hex(octets).build());
            return 0L;
        });
        assertEquals(
            List.of(
                "VOLUME 50 198.18.0.1 0 > 198.18.1.2 0", "VOLUME 50 198.18.0.1 0 > 198.18.1.2 0 from responder",
                "VOLUME 50 198.18.0.1 0 > 198.18.1.2 0 from responder"),
            kernel.samples());
    }

    @Test
    void shouldDoubleQuantumWhenSamplesComeFast() throws Exception
    {
        final byte[] datagram = frame().ip(A, B).udp(5000, 53, 1400).build();
        final int packets = 20_000;
        onOneCpu(() ->
        {
            for (int i = 0; i < packets; i++)
            {
                kernel.send(datagram);
            }
            return 0L;
        });
        final long[] quanta = new long[2];
        kernel.sensor().poll(
            (c) ->
            {
                quanta[0] += c.kind() == ConversationKind.VOLUME ? 1 : 0;
                quanta[1] += c.quantity();
            },
            Integer.MAX_VALUE);
        assertTrue(quanta[0] < packets / 4, () -> quanta[0] + " samples of " + packets);
        final long bytes = (long)packets * datagram.length;
        assertEquals(bytes, quanta[1], bytes / 50.0);
    }

    private Map<String, Long> sums()
    {
        final Map<String, Long> sums = new HashMap<>();
        kernel.sensor().poll(
            (c) ->
            {
                if (c.kind() == ConversationKind.VOLUME)
                {
                    sums.merge(KernelFixture.describe(c), c.quantity(), Long::sum);
                }
            },
            Integer.MAX_VALUE);
        return sums;
    }

    /** Bytes are counted by CPU. */
    private static long onOneCpu(final Callable<Long> work) throws Exception
    {
        final FutureTask<Long> task = new FutureTask<>(() ->
        {
            CpuAffinity.pinCurrentThread(CpuAffinity.available()[0]);
            return work.call();
        });
        new Thread(task).start();
        return task.get();
    }
}
