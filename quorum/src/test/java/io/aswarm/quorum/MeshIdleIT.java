package io.aswarm.quorum;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/**
 * Each sleep here lasts for longer than the test may, unless something ends it.
 */
@Timeout(10)
class MeshIdleIT
{
    private static final long FOR_EVER_MS = 60_000;

    private MeshIdle idle;
    private DatagramChannel receiver;
    private DatagramChannel sender;

    @BeforeEach
    void open() throws IOException
    {
        idle = new MeshIdle(FOR_EVER_MS, FOR_EVER_MS);
        receiver = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        receiver.configureBlocking(false);
        sender = DatagramChannel.open();
    }

    @AfterEach
    void close() throws IOException
    {
        sender.close();
        receiver.close();
        idle.close();
    }

    @Test
    void shouldAwakeByADatagramAndNotSleepWhileOneIsUnread() throws IOException
    {
        idle.watch(receiver);
        sender.send(ByteBuffer.allocate(1), receiver.getLocalAddress());
        idle.idle(0);
        idle.idle(0);
        assertNotNull(receiver.receive(ByteBuffer.allocate(2)));
    }

    @Test
    void shouldAwakeWhenWokenBeforeOrWhileItSleeps() throws InterruptedException
    {
        idle.wake();
        idle.idle(0);
        final Thread other = new Thread(idle::wake);
        other.start();
        idle.idle(0);
        other.join();
    }

    @Test
    void shouldNotSleepAfterWork()
    {
        idle.idle(1);
        idle.wake();
        idle.idle(0);
        assertEquals("mesh-epoll", idle.alias());
    }

    @Test
    void shouldSleepNoLongerThanToldWhenNothingHappens() throws IOException
    {
        final MeshIdle brief = new MeshIdle(MeshIdle.WAIT_MIN_MS, MeshIdle.WAIT_MAX_MS);
        try
        {
            for (int i = 0; i < 10; i++)
            {
                brief.idle(0);
            }
        }
        finally
        {
            brief.close();
        }
    }
}
