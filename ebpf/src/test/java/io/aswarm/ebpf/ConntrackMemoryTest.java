package io.aswarm.ebpf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.EnumMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConntrackMemoryTest
{
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SYN_RECEIVED = 2;
    private static final int ESTABLISHED = 3;
    private static final int FIN_WAIT = 4;
    private static final int TIME_WAIT = 7;
    private static final int CLOSE = 8;
    private static final long MS = 1_000_000;

    private final Map<SensorCounter, Long> counts = new EnumMap<>(SensorCounter.class);
    private final ConntrackMemory memory =
        new ConntrackMemory(16, (counter, by) -> counts.merge(counter, by, Long::sum));
    private final ConntrackFlyweight connection = new ConntrackFlyweight();
    private int protocol = TCP;
    private int port = 1;
    private long nowNs;

    @AfterEach
    void close()
    {
        memory.close();
    }

    @Test
    void shouldTellEndOnceWithDurationWhenConnectionWasEstablished()
    {
        event(ConntrackFlyweight.NEW);
        update(SYN_RECEIVED);
        update(ESTABLISHED);
        assertFalse(connection.isEnd());
        nowNs = 250 * MS;
        update(FIN_WAIT);
        assertTrue(connection.isEnd());
        assertEquals(250, connection.durationMs());
        nowNs = 120_000 * MS;
        update(TIME_WAIT);
        assertFalse(connection.isEnd());
        event(ConntrackFlyweight.DESTROY);
        assertFalse(connection.isEnd());
    }

    @Test
    void shouldTellEndWhenEstablishedConnectionIsGoneWithoutFin()
    {
        event(ConntrackFlyweight.NEW);
        nowNs = 7 * MS;
        event(ConntrackFlyweight.DESTROY, ConntrackFlyweight.STATUS_ASSURED, 0);
        assertTrue(connection.isEnd());
        assertEquals(7, connection.durationMs());

        event(ConntrackFlyweight.DESTROY, ConntrackFlyweight.STATUS_ASSURED, 0);
        assertTrue(connection.isEnd(), "of which nothing was known");
        assertEquals(ConntrackFlyweight.DURATION_UNKNOWN, connection.durationMs());
    }

    @Test
    void shouldTellNoEndOfWhatWasRefusedOrHasNoConnections()
    {
        event(ConntrackFlyweight.NEW);
        update(CLOSE);
        assertFalse(connection.isEnd());
        event(ConntrackFlyweight.DESTROY);
        assertFalse(connection.isEnd());

        protocol = UDP;
        event(ConntrackFlyweight.NEW);
        event(ConntrackFlyweight.DESTROY, ConntrackFlyweight.STATUS_ASSURED, 0);
        assertFalse(connection.isEnd());
    }

    @Test
    void shouldTellBytesAsTheyCome()
    {
        memory.beginDump();
        event(ConntrackFlyweight.NEW);
        assertFalse(counted(ConntrackFlyweight.FOUND, 0, 0));
        assertTrue(counted(ConntrackFlyweight.FOUND, 100, 30));
        assertEquals(ConntrackFlyweight.COUNTED, connection.kind());
        assertEquals(100, connection.newBytesOut());
        assertEquals(30, connection.newBytesBack());
        assertFalse(counted(ConntrackFlyweight.FOUND, 100, 30), "told twice");
        assertTrue(counted(ConntrackFlyweight.DESTROY, 101, 30));
        assertEquals(1, connection.newBytesOut());
        assertEquals(0, connection.newBytesBack());
    }

    @Test
    void shouldTakeWhatFirstDumpFindsForOld()
    {
        memory.beginDump();
        assertFalse(counted(ConntrackFlyweight.FOUND, 1 << 20, 0));
        memory.endDump();
        assertEquals(0, count(SensorCounter.CONNTRACK_OPENINGS_MISSED));
        assertTrue(counted(ConntrackFlyweight.DESTROY, (1 << 20) + 5, 0));
        assertEquals(5, connection.newBytesOut());
    }

    @Test
    void shouldTellConnectionOnceWhenDumpOvertakesItsEvent()
    {
        memory.beginDump();
        assertFalse(event(ConntrackFlyweight.FOUND), "old, as far as the first dump knows");
        assertTrue(event(ConntrackFlyweight.NEW), "but its event says that it is new");
        memory.endDump();

        port++;
        memory.beginDump();
        assertTrue(event(ConntrackFlyweight.FOUND));
        assertFalse(event(ConntrackFlyweight.NEW), "told twice");
        assertEquals(1, count(SensorCounter.CONNTRACK_OPENINGS_MISSED));
    }

    @Test
    void shouldCountEndsThatNobodyTold()
    {
        memory.beginDump();
        memory.endDump();
        event(ConntrackFlyweight.NEW);
        port++;
        event(ConntrackFlyweight.NEW);
        memory.beginDump();
        assertFalse(event(ConntrackFlyweight.FOUND));
        port++;
        assertTrue(event(ConntrackFlyweight.NEW), "began while the dump ran");
        memory.endDump();
        assertEquals(1, count(SensorCounter.CONNTRACK_ENDS_MISSED), "the first one");
        assertTrue(event(ConntrackFlyweight.NEW), "the same ends again, so the third one has ended");
        assertEquals(2, count(SensorCounter.CONNTRACK_ENDS_MISSED));
    }

    @Test
    void shouldTellWithoutPastWhenThereIsNoRoom()
    {
        for (int i = 0; i < 16; i++, port++)
        {
            assertTrue(event(ConntrackFlyweight.NEW));
        }
        assertEquals(0, count(SensorCounter.CONNTRACK_UNREMEMBERED));
        assertTrue(event(ConntrackFlyweight.NEW));
        assertEquals(1, count(SensorCounter.CONNTRACK_UNREMEMBERED));
        assertTrue(counted(ConntrackFlyweight.DESTROY, 9, 8));
        assertEquals(9, connection.newBytesOut());
        assertEquals(8, connection.newBytesBack());
    }

    private boolean event(final int kind)
    {
        return event(kind, 0, 0);
    }

    private boolean event(final int kind, final int status, final int tcpState)
    {
        prepare(kind);
        connection.status = status;
        connection.tcpState = tcpState;
        return memory.onEvent(connection, nowNs);
    }

    private void update(final int tcpState)
    {
        assertTrue(event(ConntrackFlyweight.UPDATE, 0, tcpState));
    }

    private boolean counted(final int kind, final long bytesOut, final long bytesBack)
    {
        prepare(kind);
        connection.counted = true;
        connection.bytesOut = bytesOut;
        connection.bytesBack = bytesBack;
        return memory.onEvent(connection, nowNs);
    }

    private void prepare(final int kind)
    {
        connection.clear(kind);
        connection.protocol = protocol;
        connection.initiatorLow = 1;
        connection.responderPort = port;
    }

    private long count(final SensorCounter counter)
    {
        return counts.getOrDefault(counter, 0L);
    }
}
