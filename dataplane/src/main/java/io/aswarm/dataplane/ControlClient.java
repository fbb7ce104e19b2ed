package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Asks a node over its control socket: one connection, one request, one answer, with a time limit.
 */
final class ControlClient
{
    static final int ANSWER_LENGTH_MAX = 1 << 20;
    private static final long ANSWER_TIMEOUT_MS = 3000;

    private ControlClient()
    {
    }

    /**
     * Ask. The request goes out before anything that reads JSON is loaded, for an order should not wait for classes.
     *
     * @param socket  of the node.
     * @param command what is asked for.
     * @param fields  names and texts in turn.
     * @return the answer.
     * @throws IOException when nobody listens, or no whole answer comes in time.
     */
    static JsonNode ask(final Path socket, final String command, final String... fields) throws IOException
    {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            Selector selector = Selector.open())
        {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request(command, fields).getBytes(StandardCharsets.UTF_8)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return CanonicalJson.parse(socket, readLine(channel, selector));
        }
        catch (final DocumentException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
    }

    /**
     * Does anybody listen on this socket?
     *
     * @param socket path.
     * @return true if a connection was accepted.
     */
    static boolean answers(final Path socket)
    {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX))
        {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    static String request(final String command, final String... fields)
    {
        final StringBuilder line = new StringBuilder("{\"command\":");
        quote(command, line);
        for (int i = 0; i + 1 < fields.length; i += 2)
        {
            line.append(',');
            quote(fields[i], line);
            line.append(':');
            quote(fields[i + 1], line);
        }
        return line.append("}\n").toString();
    }

    /** RFC 8259 section 7. */
    private static void quote(final String text, final StringBuilder target)
    {
        target.append('"');
        for (int i = 0; i < text.length(); i++)
        {
            final char each = text.charAt(i);
            if (each < ' ')
            {
                target.append("\\u00").append(each < 16 ? "0" : "").append(Integer.toHexString(each));
            }
            else
            {
                target.append('"' == each || '\\' == each ? "\\" : "").append(each);
            }
        }
        target.append('"');
    }

    private static String readLine(final SocketChannel channel, final Selector selector) throws IOException
    {
        final long deadlineNs = System.nanoTime() + ANSWER_TIMEOUT_MS * 1_000_000;
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (true)
        {
            final long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0 || 0 == selector.select(Math.max(1, leftNs / 1_000_000)))
            {
                throw new IOException("no answer within " + ANSWER_TIMEOUT_MS + " ms");
            }
            selector.selectedKeys().clear();
            if (channel.read(buffer) < 0)
            {
                throw new IOException("the node closed the connection without an answer");
            }
            if (buffer.position() > 0 && '\n' == buffer.get(buffer.position() - 1))
            {
                return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            }
            if (!buffer.hasRemaining())
            {
                if (buffer.capacity() >= ANSWER_LENGTH_MAX)
                {
                    throw new IOException("answer longer than " + ANSWER_LENGTH_MAX + " bytes");
                }
                buffer = ByteBuffer.allocate(buffer.capacity() * 2).put(buffer.flip());
            }
        }
    }
}
