package io.aswarm.dataplane;

import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.Exemption;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.Site;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.List;

/**
 * What is ordinary and whole attacks, written as the kernel writes its records and read as those are read, in virtual
 * time. So the virtual machine compiles detection for the types and the branches that the first real attack will take;
 * for any other it would have to think again in the midst of it.
 */
final class RehearsedTraffic
{
    private static final long MICROSECOND_NS = 1_000L;
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long V4_MARK = 0x0000_ffff_0000_0000L;
    /** 240.0.0.0/4, RFC 1112 section 4, and 2001:db8::/32, RFC 3849: never a host. */
    private static final long V4_NETWORK = V4_MARK | 0xf000_0000L;
    private static final long V6_NETWORK = 0x2001_0db8_0000_0000L;
    private static final int V4_NETWORK_BITS = 100;
    /** Its rounds of IPv4 stay inside, those of IPv6 outside. */
    static final Site SITE = new Site(List.of(new Exemption(0, V4_NETWORK, V4_NETWORK_BITS)));
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int EPHEMERAL_PORT = 40_000;
    private static final int SERVERS = 8;
    private static final int CLIENTS = 48;
    private static final int CLIENT = 32;
    private static final int ATTACKER = 1_024;
    private static final int STRANGER = 32_768;
    private static final int STRANGERS = 256;
    private static final int FLOOD = 64;
    private static final int SCANNED = 32;
    /** Bytes of the TCP header with which Linux opens, and of one that a scanner wrote itself. */
    private static final int STACK_HEADER = 40;
    private static final int WRITTEN_HEADER = 24;

    private final LocalPolicy policy;
    private final Runnable afterEach;
    private final ConversationAdapter adapter;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ConversationFlyweight.LENGTH_BYTES]);
    private final ConversationFlyweight record = new ConversationFlyweight();
    private boolean ipv6;
    private boolean isOnLink;
    private int headerBytes = STACK_HEADER;
    private long nowNs;

    /** From a time on, which then passes faster than that of the clock; the rest of the line follows each episode. */
    RehearsedTraffic(final LocalPolicy policy, final long nowNs, final Runnable afterEach)
    {
        this.policy = policy;
        this.afterEach = afterEach;
        this.nowNs = nowNs;
        this.adapter = new ConversationAdapter(policy);
    }

    /** Each detector's episode once, by attackers of this round's own. */
    void play(final int round)
    {
        ipv6 = (round & 1) != 0;
        isOnLink = (round & 2) != 0;
        final int attacker = ATTACKER + round % 1_024 * 16;
        headerBytes = STACK_HEADER;
        ordinary();
        headerBytes = WRITTEN_HEADER;
        portScan(attacker);
        afterEach.run();
        sweep(attacker + 1);
        afterEach.run();
        refusedFlood(attacker + 2);
        afterEach.run();
        silentFlood(attacker + 3);
        afterEach.run();
        spreadFlood();
        afterEach.run();
        distributedScan(attacker + 4);
        pass(2_000 * MILLISECOND_NS, 50 * MILLISECOND_NS);
        afterEach.run();
    }

    private void ordinary()
    {
        for (int i = 0; i < CLIENTS; i++)
        {
            final int client = CLIENT + i;
            final int server = i % SERVERS;
            tell(ConversationKind.OPENED, client, server, 443, TCP);
            tell(ConversationKind.ACCEPTED, client, server, 443, TCP);
            tell(ConversationKind.ESTABLISHED, client, server, 443, TCP);
            tell(ConversationKind.VOLUME, client, server, 443, TCP);
            tell(i % 4 == 3 ? ConversationKind.ABORTED : ConversationKind.ENDED, client, server, 443, TCP);
            tell(ConversationKind.OPENED, client, server, 53, UDP);
            tell(ConversationKind.ACCEPTED, client, server, 53, UDP);
            tell(ConversationKind.OPENED, client, server, 0, ICMP);
            tell(ConversationKind.ACCEPTED, client, server, 0, ICMP);
        }
    }

    private void portScan(final int attacker)
    {
        for (int port = 1; port <= SCANNED; port++)
        {
            tell(ConversationKind.OPENED, attacker, 1, port, TCP);
            if (port % 4 != 0)
            {
                tell(ConversationKind.REFUSED, attacker, 1, port, TCP);
            }
            pass(MILLISECOND_NS, MILLISECOND_NS);
        }
    }

    private void sweep(final int attacker)
    {
        for (int host = SERVERS; host < SERVERS + SCANNED; host++)
        {
            tell(ConversationKind.OPENED, attacker, host, 445, TCP);
            if (host % 4 == 0)
            {
                tell(ConversationKind.UNREACHABLE, attacker, host, 445, TCP);
            }
            pass(2 * MILLISECOND_NS, MILLISECOND_NS);
        }
    }

    private void refusedFlood(final int attacker)
    {
        for (int i = 0; i < FLOOD; i++)
        {
            tell(ConversationKind.OPENED, attacker, 2, 4_444, TCP);
            tell(ConversationKind.REFUSED, attacker, 2, 4_444, TCP);
        }
    }

    private void silentFlood(final int attacker)
    {
        for (int i = 0; i < 2 * FLOOD; i++)
        {
            tell(ConversationKind.OPENED, attacker, 3, 4_444, i < FLOOD ? TCP : UDP);
        }
        pass(20 * MILLISECOND_NS, MILLISECOND_NS);
    }

    private void spreadFlood()
    {
        for (int i = 0; i < STRANGERS; i++)
        {
            tell(ConversationKind.OPENED, STRANGER + (int)(nowNs / MICROSECOND_NS & 0x7fff), 4, 4_444, TCP);
            tell(ConversationKind.REFUSED, STRANGER + (int)(nowNs / MICROSECOND_NS & 0x7fff) - 10, 4, 4_444, TCP);
        }
    }

    private void distributedScan(final int attacker)
    {
        for (int i = 0; i < 3 * SCANNED; i++)
        {
            tell(ConversationKind.OPENED, attacker + i % 8, 5, 1 + i, TCP);
            tell(ConversationKind.REFUSED, attacker + i % 8, 5, 1 + i, TCP);
            pass(MILLISECOND_NS, MILLISECOND_NS);
        }
    }

    private void pass(final long spanNs, final long stepNs)
    {
        for (long endNs = nowNs + spanNs; nowNs < endNs; nowNs += stepNs)
        {
            policy.onTick(nowNs);
        }
    }

    private void tell(final int kind, final int from, final int to, final int port, final int protocol)
    {
        nowNs += 10 * MICROSECOND_NS;
        adapter.onConversation(write(kind, nowNs, from, to, port, protocol));
        policy.onTick(nowNs);
    }

    /** Layout as in aswarm_events.h; a test reads it back. */
    ConversationFlyweight write(
        final int kind, final long timeNs, final int from, final int to, final int port, final int protocol)
    {
        buffer.putLong(0, timeNs);
        putAddress(8, from);
        putAddress(24, to);
        buffer.putInt(40, 1);
        buffer.putInt(44, 1);
        buffer.putShort(48, (short)EPHEMERAL_PORT);
        buffer.putShort(50, (short)port);
        buffer.putByte(56, (byte)kind);
        buffer.putByte(57, (byte)protocol);
        final boolean isTcpOpening = kind == ConversationKind.OPENED && protocol == TCP;
        buffer.putByte(58, (byte)(isTcpOpening ? Conversation.TCP_SYN : 0));
        buffer.putByte(59, (byte)(isOnLink ? ConversationFlyweight.FLAG_ON_LINK : 0));
        final boolean isMeasured = kind == ConversationKind.VOLUME || kind == ConversationKind.ENDED;
        buffer.putInt(60, isMeasured ? 1_024 : isTcpOpening ? headerBytes : 0);
        return record.wrap(buffer, 0);
    }

    private void putAddress(final int at, final int host)
    {
        buffer.putLong(at, ipv6 ? V6_NETWORK : 0, ByteOrder.BIG_ENDIAN);
        buffer.putLong(at + Long.BYTES, ipv6 ? host : V4_NETWORK + host, ByteOrder.BIG_ENDIAN);
    }
}
