package io.aswarm.ebpf;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The three doors, ingress by XDP and by tc, and egress, on the same conversations. */
class DirectionIT
{
    private static final String A = "198.18.0.1";
    private static final String HOST = "198.18.1.1";
    private static final String CONVERSATION = " 6 198.18.0.1 40000 > 198.18.1.1 22";
    private static final int TC_ACT_UNSPEC = -1;
    private static final int TC_ACT_SHOT = 2;
    private static final int LOOPBACK = 1;

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture();
    @AutoClose
    private SocketBufferRun ingress;
    @AutoClose
    private SocketBufferRun egress;

    @BeforeEach
    void open() throws KernelException
    {
        ingress = new SocketBufferRun(kernel.sensor().programFd("aswarm_ingress"));
        egress = new SocketBufferRun(kernel.sensor().programFd("aswarm_egress"));
    }

    @Test
    void shouldSeeWhatHostItselfAnswers() throws KernelException
    {
        kernel.send(frame().ip(A, HOST).tcp(40000, 22, SYN, 1, 0).build());
        final byte[] answer = frame().ip(HOST, A).tcp(22, 40000, SYN | ACK, 5, 2).build();
        assertEquals(TC_ACT_UNSPEC, egress.run(answer, 0));
        kernel.send(frame().ip(A, HOST).tcp(40000, 22, ACK, 2, 6).build());
        assertEquals(
            List.of("OPENED" + CONVERSATION, "ACCEPTED" + CONVERSATION, "ESTABLISHED" + CONVERSATION), kernel.events());
        assertEquals(1, kernel.count(SensorCounter.SENT_PACKETS));
        assertEquals(answer.length, kernel.count(SensorCounter.SENT_BYTES));
        assertEquals(2, kernel.count(SensorCounter.PACKETS));
    }

    @Test
    void shouldTellForwardedPacketWhereItCameInOnly() throws KernelException
    {
        final byte[] syn = frame().ip(A, "198.18.1.2").tcp(40000, 80, SYN, 1, 0).build();
        kernel.send(syn);
        assertEquals(TC_ACT_UNSPEC, egress.run(syn, LOOPBACK));
        assertEquals(List.of("OPENED 6 198.18.0.1 40000 > 198.18.1.2 80"), kernel.events());
        assertEquals(1, kernel.count(SensorCounter.FORWARDED_PACKETS));
        assertEquals(0, kernel.count(SensorCounter.SENT_PACKETS));
    }

    @Test
    void shouldSeeAndDropAlikeWhereInterfaceTakesNoXdp()
    {
        final byte[] syn = frame().vlan(7).ip(A, HOST).tcp(40000, 22, SYN, 1, 0).build();
        assertEquals(TC_ACT_UNSPEC, ingress.run(syn, LOOPBACK));
        assertEquals(List.of("OPENED" + CONVERSATION + " vlan 7"), kernel.events());
        final IpAddress source = IpAddress.parse(A);
        kernel.sensor().quarantine().contain(
            QuarantineRule.source(source), System.nanoTime() + 60_000_000_000L, 1, Quarantine.MODE_DROP, 0, 0);
        assertEquals(TC_ACT_SHOT, ingress.run(syn, LOOPBACK));
        assertEquals(TC_ACT_UNSPEC, egress.run(syn, 0));
    }
}
