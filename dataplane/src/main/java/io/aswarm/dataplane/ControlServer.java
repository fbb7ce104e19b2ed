package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The node's control socket: one JSON object a line in, one a line out. Only the node's own user and root are
 * answered, by file permissions (0600) and by the kernel's word on who connected (SO_PEERCRED).
 * <p>
 * Runs on one netty thread of its own, in blocking epoll. The handler is called there and must not wait.
 */
final class ControlServer implements AutoCloseable
{
    static final int LINE_LENGTH_MAX = 4096;
    static final int CONNECTIONS_MAX = 16;
    static final int READ_TIMEOUT_S = 10;

    /** Answers requests; on the control thread. */
    interface ControlHandler
    {
        /**
         * A well-formed request.
         *
         * @param command what is asked for.
         * @param request whole.
         * @return the answer, or null for an unknown command.
         */
        ObjectNode onRequest(String command, JsonNode request);
    }

    private final Path socket;
    private final ControlHandler handler;
    private final AtomicCounter requests;
    private final AtomicCounter refused;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("aswarm-control", true), EpollIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final int ownUid;
    private final Channel channel;

    /**
     * Bind and serve.
     *
     * @param socket   path, created with permissions 0600; a stale file of a dead node is replaced.
     * @param handler  that answers.
     * @param counters of the appliance.
     * @throws IOException when another node answers on this path, or the path cannot be bound.
     */
    ControlServer(
        final Path socket, final ControlHandler handler, final Function<DataplaneCounter, AtomicCounter> counters)
        throws IOException
    {
        this.socket = socket;
        this.handler = handler;
        this.requests = counters.apply(DataplaneCounter.CONTROL_REQUESTS);
        this.refused = counters.apply(DataplaneCounter.CONTROL_REFUSED);
        this.ownUid = (int)Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        try
        {
            this.channel = bind();
        }
        catch (final IOException ex)
        {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw ex;
        }
    }

    @Override
    public void close()
    {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        try
        {
            Files.deleteIfExists(socket);
        }
        catch (final IOException ignore)
        {
            // a stale socket is replaced at the next start
        }
    }

    private Channel bind() throws IOException
    {
        Files.createDirectories(socket.getParent());
        if (Files.isDirectory(socket))
        {
            throw new IOException(socket + ": is a directory; allowed as control_socket: a path where a socket can be");
        }
        if (Files.exists(socket))
        {
            if (ControlClient.answers(socket))
            {
                throw new IOException(socket + ": another node answers on this control socket; stop it first, or " +
                    "give this node a control_socket of its own");
            }
            Files.delete(socket);
        }

        final ServerBootstrap bootstrap = new ServerBootstrap()
            .group(group)
            .channel(EpollServerDomainSocketChannel.class)
            .childHandler(new ChannelInitializer<DomainSocketChannel>()
            {
                @Override
                protected void initChannel(final DomainSocketChannel child)
                {
                    onConnection((EpollDomainSocketChannel)child);
                }
            });
        final ChannelFuture binding = bootstrap.bind(new DomainSocketAddress(socket.toFile())).awaitUninterruptibly();
        if (!binding.isSuccess())
        {
            throw new IOException(socket + ": the control socket cannot be made: " + binding.cause().getMessage(),
                binding.cause());
        }
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return binding.channel();
    }

    private void onConnection(final EpollDomainSocketChannel child)
    {
        if (connections.incrementAndGet() > CONNECTIONS_MAX || !isAllowed(child))
        {
            refused.increment();
            child.closeFuture().addListener((future) -> connections.decrementAndGet());
            child.close();
            return;
        }
        child.closeFuture().addListener((future) -> connections.decrementAndGet());
        child.pipeline().addLast(
            new ReadTimeoutHandler(READ_TIMEOUT_S),
            new LineBasedFrameDecoder(LINE_LENGTH_MAX, true, true),
            new StringDecoder(StandardCharsets.UTF_8),
            new StringEncoder(StandardCharsets.UTF_8),
            new LineHandler());
    }

    private boolean isAllowed(final EpollDomainSocketChannel child)
    {
        try
        {
            final int uid = child.peerCredentials().uid();
            return 0 == uid || ownUid == uid;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private ObjectNode answer(final String line)
    {
        requests.increment();
        try
        {
            final JsonNode request = CanonicalJson.parse("request", line);
            final String command = request.path("command").asText();
            final ObjectNode response = handler.onRequest(command, request);
            return null == response ? refusal("unknown command \"" + command +
                "\"; allowed: halt, resume, status, explain, roster, roster_reload") : response;
        }
        catch (final DocumentException ex)
        {
            return refusal(ex.getMessage());
        }
    }

    private ObjectNode refusal(final String why)
    {
        refused.increment();
        return JsonNodeFactory.instance.objectNode().put("ok", false).put("error", why);
    }

    /** One connection. */
    private final class LineHandler extends SimpleChannelInboundHandler<String>
    {
        @Override
        protected void channelRead0(final ChannelHandlerContext context, final String line)
        {
            context.writeAndFlush(answer(line) + "\n");
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
        {
            if (cause instanceof TooLongFrameException)
            {
                context.writeAndFlush(refusal("a request has at most " + LINE_LENGTH_MAX + " bytes") + "\n");
            }
            context.close();
        }
    }
}
