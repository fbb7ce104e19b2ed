package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConntrackDecoderTest
{
    private static final int NESTED = 0x8000;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final ConntrackFlyweight connection = new ConntrackFlyweight();
    private final ConntrackDecoder decoder = new ConntrackDecoder(connection);
    private int length;

    @Test
    void shouldReadTupleStatusAndCounters()
    {
        writeTcp();
        assertTrue(decoder.decode(ConntrackFlyweight.DESTROY, buffer, 0, length));
        assertEquals(ConntrackFlyweight.DESTROY, connection.kind());
        assertEquals("198.18.0.1", IpAddress.format(connection.initiatorHigh(), connection.initiatorLow()));
        assertEquals("198.18.1.200", IpAddress.format(connection.responderHigh(), connection.responderLow()));
        assertEquals(6, connection.protocol());
        assertEquals(40000, connection.initiatorPort());
        assertEquals(443, connection.responderPort());
        assertEquals(0x20e, connection.status());
        assertEquals(7, connection.tcpState);
        assertTrue(connection.isCounted());
        assertEquals(5, connection.packetsOut());
        assertEquals(500, connection.bytesOut());
        assertEquals(7, connection.packetsBack());
        assertEquals(7000, connection.bytesBack());
    }

    @Test
    void shouldForgetLastConnectionWhenFilledAgain()
    {
        writeTcp();
        assertTrue(decoder.decode(ConntrackFlyweight.NEW, buffer, 0, length));
        assertFalse(decoder.decode(ConntrackFlyweight.NEW, buffer, 0, 0));
        assertFalse(connection.isCounted());
        assertEquals(0, connection.initiatorPort());
        assertEquals(0, connection.tcpState);
    }

    @Test
    void shouldRefuseEveryCutAndNeverReadBeyond()
    {
        writeTcp();
        final int whole = length;
        final byte[] bytes = new byte[whole];
        buffer.getBytes(0, bytes);
        for (int cut = 1; cut < whole; cut++)
        {
            final UnsafeBuffer exact = new UnsafeBuffer(bytes, 0, cut);
            // A cut between two attributes leaves a message that is whole in itself.
            decoder.decode(ConntrackFlyweight.NEW, exact, 0, cut);
        }
        assertFalse(decoder.decode(ConntrackFlyweight.NEW, new UnsafeBuffer(bytes, 0, 30), 0, 30));
        assertFalse(decoder.decode(ConntrackFlyweight.NEW, new UnsafeBuffer(bytes, 0, 3), 0, 3));
    }

    @Test
    void shouldSurviveRandomBytes()
    {
        final Random random = new Random(42);
        final byte[] bytes = new byte[96];
        writeTcp();
        for (int i = 0; i < 20_000; i++)
        {
            buffer.getBytes(0, bytes);
            for (int flips = 1 + i % 4; flips > 0; flips--)
            {
                bytes[random.nextInt(bytes.length)] = (byte)random.nextInt();
            }
            decoder.decode(ConntrackFlyweight.NEW, new UnsafeBuffer(bytes), 0, bytes.length);
        }
    }

    private void writeTcp()
    {
        length = 0;
        final int tuple = open(1);
        final int ip = open(1);
        int32(1, 0xc6120001);
        int32(2, 0xc61201c8);
        close(ip);
        final int protocol = open(2);
        int8(1, 6);
        int16(2, 40000);
        int16(3, 443);
        close(protocol);
        close(tuple);
        int32(3, 0x20e);
        final int state = open(4);
        final int tcp = open(1);
        int8(1, 7);
        int8(2, 0);
        close(tcp);
        close(state);
        counters(9, 5, 500);
        counters(10, 7, 7000);
        int32(12, 99);
    }

    private void counters(final int type, final long packets, final long bytes)
    {
        final int nest = open(type);
        int64(1, packets);
        int64(2, bytes);
        close(nest);
    }

    private int open(final int type)
    {
        buffer.putShort(length + 2, (short)(type | NESTED));
        length += 4;
        return length - 4;
    }

    private void close(final int start)
    {
        buffer.putShort(start, (short)(length - start));
    }

    private void int8(final int type, final int value)
    {
        buffer.putByte(length + 4, (byte)value);
        finish(type, 1);
    }

    private void int16(final int type, final int value)
    {
        buffer.putShort(length + 4, (short)value, ByteOrder.BIG_ENDIAN);
        finish(type, 2);
    }

    private void int32(final int type, final int value)
    {
        buffer.putInt(length + 4, value, ByteOrder.BIG_ENDIAN);
        finish(type, 4);
    }

    private void int64(final int type, final long value)
    {
        buffer.putLong(length + 4, value, ByteOrder.BIG_ENDIAN);
        finish(type, 8);
    }

    private void finish(final int type, final int bodyLength)
    {
        buffer.putShort(length, (short)(bodyLength + 4));
        buffer.putShort(length + 2, (short)type);
        length += Netlink.align(bodyLength + 4);
    }
}
