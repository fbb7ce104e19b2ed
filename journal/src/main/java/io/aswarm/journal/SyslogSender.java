package io.aswarm.journal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * Sends events to a syslog receiver over TCP: RFC 5424 messages, octet counting (RFC 6587).
 * <p>
 * Syslog over TCP has no acknowledgement, and bytes that were written, even bytes that the other kernel confirmed, may
 * never be read. What TCP does tell is how the other side closes: when a process dies, or closes its socket, with bytes
 * still unread, its kernel answers with a reset (tcp_close in net/ipv4/tcp.c); the end of its stream comes when all was
 * read. So each batch is a connection of its own: sent, ended with our FIN, and taken as arrived when the receiver's
 * end of stream follows. A reset, an error or silence means that the batch is sent again.
 * <p>
 * What remains, for it cannot be seen from here: a receiver that reads and dies before it keeps what it read; one that
 * ends its own stream before it has read all, as Java's sockets do in an orderly close; a relay, whose end of stream
 * says nothing of the receiver behind it. {@link JournalTail} repeats the last certificates when it notices that the
 * receiver was away; one that comes back between two batches is not noticed.
 */
public final class SyslogSender implements EventSink
{
    private static final long NS_PER_MS = 1_000_000L;
    private static final int DISCARD_LENGTH = 512;

    private final String host;
    private final int port;
    private final long timeoutNs;
    private final ByteBuffer discard = ByteBuffer.allocate(DISCARD_LENGTH);
    private String lastFailure = "";

    /**
     * A sender.
     *
     * @param host      of the receiver; looked up for each batch.
     * @param port      of the receiver.
     * @param timeoutNs for each of connecting, sending, and the receiver's end of stream.
     */
    public SyslogSender(final String host, final int port, final long timeoutNs)
    {
        this.host = host;
        this.port = port;
        this.timeoutNs = timeoutNs;
    }

    @Override
    public boolean deliver(final List<TailEvent> events)
    {
        try (Selector selector = Selector.open(); SocketChannel channel = SocketChannel.open())
        {
            channel.configureBlocking(false);
            final SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            connect(channel, key);
            key.interestOps(SelectionKey.OP_WRITE);
            for (final TailEvent event : events)
            {
                write(channel, key, ByteBuffer.wrap(SyslogFrame.frame(event)));
            }
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
            awaitEndOfStream(channel, key);
            lastFailure = "";
            return true;
        }
        catch (final IOException ex)
        {
            lastFailure = host + ":" + port + ": " + ex.getMessage();
            return false;
        }
    }

    /**
     * Why the last batch did not arrive.
     *
     * @return the reason; empty when it did.
     */
    public String lastFailure()
    {
        return lastFailure;
    }

    private void connect(final SocketChannel channel, final SelectionKey key) throws IOException
    {
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved())
        {
            throw new IOException("this name is not known");
        }
        if (!channel.connect(address))
        {
            final long deadlineNs = System.nanoTime() + timeoutNs;
            while (!channel.finishConnect())
            {
                await(key, deadlineNs, "it does not accept the connection");
            }
        }
    }

    private void write(final SocketChannel channel, final SelectionKey key, final ByteBuffer frame) throws IOException
    {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        while (channel.write(frame) >= 0 && frame.hasRemaining())
        {
            await(key, deadlineNs, "it does not read");
        }
    }

    private void awaitEndOfStream(final SocketChannel channel, final SelectionKey key) throws IOException
    {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        while (channel.read(discard.clear()) >= 0)
        {
            await(key, deadlineNs, "it does not close its side after ours, so nothing says that it has read");
        }
    }

    private static void await(final SelectionKey key, final long deadlineNs, final String what) throws IOException
    {
        final long remainingMs = (deadlineNs - System.nanoTime()) / NS_PER_MS;
        if (remainingMs <= 0)
        {
            throw new SocketTimeoutException("timed out: " + what);
        }
        key.selector().select(remainingMs);
        key.selector().selectedKeys().clear();
    }
}
