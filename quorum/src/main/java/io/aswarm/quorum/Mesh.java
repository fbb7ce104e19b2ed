package io.aswarm.quorum;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The embedded Aeron media driver, its client, one publication and one subscription on the site's channel, multicast or
 * to each member, and the CnC file in which this node keeps its counters. Driver and client run in {@link #invoke()},
 * on the caller's thread: opened on one thread, then used by the quorum thread only. The counters may be written by
 * their own threads.
 * <p>
 * Faults inside Aeron go to its distinct error log in the CnC file, which ErrorStat prints, and are counted.
 */
public final class Mesh implements MeshLink, AutoCloseable
{
    /**
     * Driver and client live and die together here, so neither has to suspect the other when the process was stopped
     * for a while: Aeron's default of ten seconds would close the client for good.
     */
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(10);
    /** This node's own stream, nodes that join while it runs, and those that restarted and whose old stream lingers. */
    private static final int SESSIONS_SPARE = 32;
    private static final int TERM_LENGTH = 64 * 1024;
    private static final int MTU_LENGTH = 1408;
    /**
     * How often a receiver repeats to a sender that it is there, for each node of the site: with this the status
     * messages of a quiet node are 2.5 a second in all, however many streams it hears. Consumed windows are told at
     * once as ever.
     */
    private static final long STATUS_SPREAD_NS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final long STATUS_INTERVAL_MIN_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long STATUS_INTERVAL_MAX_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LISTENER_TIMEOUT_MIN_NS = TimeUnit.SECONDS.toNanos(5);
    /** Lost status messages that a sender overlooks before it believes that nobody listens. */
    private static final int STATUS_MISSES = 4;
    /** With which Aeron's driver begins what it tells its client. */
    private static final Pattern EXCEPTION_NAMES = Pattern.compile("[A-Z]+ - |[a-z.]+[.][A-Za-z]+Exception: ");

    private final MediaDriver driver;
    private final MeshIdle idle;
    private final AgentInvoker driverInvoker;
    private final FragmentHandler onFragment = this::onFragment;
    private final FragmentJoiner joiner = new FragmentJoiner();
    private Aeron aeron;
    private AgentInvoker clientInvoker;
    private Subscription subscription;
    private ExclusivePublication publication;
    private Receiver receiver;
    private AtomicCounter errors;
    private int joins;
    private int ownSessionId;

    private Mesh(final MediaDriver.Context context, final MeshIdle idle)
    {
        this.idle = idle;
        driver = MediaDriver.launch(context.errorHandler(this::onError));
        driverInvoker = driver.sharedAgentInvoker();
    }

    /**
     * Open the mesh.
     *
     * @param config of the mesh.
     * @return the open mesh.
     * @throws MeshException when another process uses the directory, or the channel cannot be opened.
     */
    public static Mesh open(final MeshConfig config) throws MeshException
    {
        CncReader.requireUnused(config.directory());
        final MeshIdle idle = openIdle();
        final MediaDriver.Context context = new MediaDriver.Context()
            .aeronDirectoryName(config.directory().toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .warnIfDirectoryExists(false)
            .threadingMode(ThreadingMode.INVOKER)
            .asyncExecutorEnabled(false)
            .termBufferSparseFile(true)
            .performStorageChecks(false)
            .publicationTermBufferLength(TERM_LENGTH)
            .ipcTermBufferLength(TERM_LENGTH)
            .mtuLength(MTU_LENGTH)
            .initialWindowLength(TERM_LENGTH / 2)
            .streamSessionLimit(config.sessionsMax() + SESSIONS_SPARE)
            .statusMessageTimeoutNs(statusIntervalNs(config.sessionsMax()))
            .publicationConnectionTimeoutNs(
                Math.max(LISTENER_TIMEOUT_MIN_NS, STATUS_MISSES * statusIntervalNs(config.sessionsMax())))
            .sendChannelEndpointSupplier((channel, status, its) -> new QuietSendEndpoint(channel, status, its, idle))
            .receiveChannelEndpointSupplier((channel, dispatcher, status, its) ->
                new WatchedReceiveEndpoint(channel, dispatcher, status, its, idle))
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS))
            .clientLivenessTimeoutNs(LIVENESS_TIMEOUT_NS)
            .publicationUnblockTimeoutNs(LIVENESS_TIMEOUT_NS * 2);

        Mesh mesh = null;
        try
        {
            mesh = new Mesh(context, idle);
            mesh.connect(config);
            return mesh;
        }
        catch (final RuntimeException ex)
        {
            if (null == mesh)
            {
                CloseHelper.quietClose(idle::close);
            }
            else
            {
                mesh.close();
            }
            throw new MeshException("mesh cannot be opened: directory=" + config.directory() + " group=" +
                (null == config.group() ? "none" : config.group()) + " interface=" + config.localAddress() + ": " +
                EXCEPTION_NAMES.matcher(String.valueOf(ex.getMessage())).replaceAll("") +
                "; check that the interface has this address and the directory can be written", ex);
        }
    }

    /**
     * Allocate a counter in the CnC file. Before the quorum thread starts, or on it.
     *
     * @param typeId of the counter; Aeron leaves those from 1,000 on to applications.
     * @param label  shown by AeronStat.
     * @return the counter, zero.
     */
    public AtomicCounter newCounter(final int typeId, final String label)
    {
        // of the class that counters have everywhere: what is rehearsed with another is not compiled for this one
        return new AtomicCounter(aeron.countersReader().valuesBuffer(), aeron.addCounter(typeId, label).id());
    }

    /**
     * How the thread of the mesh sleeps when it has no core of its own.
     *
     * @return the one strategy, awake when a datagram comes.
     */
    public MeshIdle idle()
    {
        return idle;
    }

    /**
     * Count faults inside Aeron here too.
     *
     * @param counter for {@link QuorumCounter#ERRORS}.
     */
    public void errorCounter(final AtomicCounter counter)
    {
        errors = counter;
    }

    @Override
    public int invoke()
    {
        return driverInvoker.invoke() + clientInvoker.invoke();
    }

    @Override
    public boolean hasPeers()
    {
        return null != publication;
    }

    @Override
    public boolean isConnected()
    {
        return publication.isConnected();
    }

    @Override
    public int joins()
    {
        return joins;
    }

    @Override
    public boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        return publication.offer(buffer, offset, length) > 0;
    }

    @Override
    public int poll(final Receiver to, final int limit)
    {
        receiver = to;
        return subscription.poll(onFragment, limit);
    }

    /**
     * Leave the mesh and remove its directory.
     */
    @Override
    public void close()
    {
        if (null != aeron)
        {
            aeron.close();
        }
        driver.close();
        CloseHelper.quietClose(idle::close);
    }

    private static MeshIdle openIdle() throws MeshException
    {
        try
        {
            return new MeshIdle();
        }
        catch (final IOException ex)
        {
            throw new MeshException("mesh cannot be opened: epoll: " + ex.getMessage(), ex);
        }
    }

    private void connect(final MeshConfig config)
    {
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(config.directory().toString())
            .clientName("aswarm")
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driverInvoker)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(LIVENESS_TIMEOUT_NS))
            .availableImageHandler(this::onImage)
            .errorHandler(this::recordError)
            .subscriberErrorHandler(this::recordError));
        clientInvoker = aeron.conductorAgentInvoker();

        if (!config.isAlone())
        {
            publish(config);
        }
    }

    private void publish(final MeshConfig config)
    {
        final ChannelUriStringBuilder sending = new ChannelUriStringBuilder().media("udp");
        final ChannelUriStringBuilder receiving = new ChannelUriStringBuilder().media("udp");
        if (null != config.group())
        {
            sending.endpoint(endpoint(config.group(), config.port())).networkInterface(host(config.localAddress()))
                .ttl(config.hopsMax());
            receiving.endpoint(endpoint(config.group(), config.port())).networkInterface(host(config.localAddress()));
        }
        else
        {
            // answers come back to the next port, as with multicast they come to the next address
            sending.controlMode(CommonContext.MDC_CONTROL_MODE_MANUAL)
                .controlEndpoint(endpoint(config.localAddress(), config.port() + 1));
            receiving.endpoint(endpoint(config.localAddress(), config.port()));
        }
        publication = aeron.addExclusivePublication(sending.build(), config.streamId());
        ownSessionId = publication.sessionId();
        config.members().stream().filter((member) -> !member.equals(config.localAddress())).forEach((member) ->
            publication.addDestination(new ChannelUriStringBuilder().media("udp")
                .endpoint(endpoint(member, config.port())).build()));
        subscription = aeron.addSubscription(receiving.build(), config.streamId());
    }

    private static String endpoint(final String address, final int port)
    {
        return host(address) + ":" + port;
    }

    private static String host(final String address)
    {
        return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    }

    private static long statusIntervalNs(final int nodes)
    {
        return Math.max(STATUS_INTERVAL_MIN_NS, Math.min(STATUS_INTERVAL_MAX_NS, nodes * STATUS_SPREAD_NS));
    }

    private void onImage(final Image image)
    {
        if (image.sessionId() != ownSessionId)
        {
            joins++;
        }
    }

    private void onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header)
    {
        final byte flags = header.flags();
        if (FrameDescriptor.UNFRAGMENTED == (flags & FrameDescriptor.UNFRAGMENTED))
        {
            receiver.onMessage(buffer, offset, length, header.sessionId());
            return;
        }
        final int joinedLength = joiner.onFragment(header.sessionId(), flags, buffer, offset, length);
        if (joinedLength > 0)
        {
            receiver.onMessage(joiner.joined(), 0, joinedLength, header.sessionId());
        }
    }

    private void onError(final Throwable throwable)
    {
        final AtomicCounter counter = errors;
        if (null != counter)
        {
            counter.increment();
        }
    }

    /** Into the error log of the CnC file, which ErrorStat prints, and the counter. */
    void recordError(final Throwable throwable)
    {
        // the driver's handler records it in the CnC file's error log and then calls onError
        driver.context().errorHandler().onError(throwable);
    }
}
