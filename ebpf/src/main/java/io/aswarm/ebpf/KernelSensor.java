package io.aswarm.ebpf;

import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * The node's sense and hand in the kernel: conversation and process events read in place from mapped rings, and the
 * quarantine that the packet program enforces.
 * <p>
 * {@link #poll}, {@link #pollProcesses} and {@link #await} belong to one thread and allocate nothing. What
 * {@link #quarantine()}, {@link #killSwitch()} and {@link #verdictProbe()} give may be used from any thread until
 * {@link #close()}.
 */
public final class KernelSensor implements AutoCloseable
{
    private final NetworkProgram network;
    private final ProcessProgram processes;
    private final Function<SensorCounter, AtomicCounter> counters;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final BpfRing conversationRing;
    private final BpfRing processRing;
    private final Epoll epoll;
    private final AccountReader account;
    private final AccountReader processAccount;
    private final EventAccountReader eventAccounts;
    private final HelperFailureReader helperFailures;
    private final Quarantine quarantine;
    private final KillSwitch killSwitch;
    private final VerdictProbe verdictProbe;

    private final ConversationFlyweight conversation = new ConversationFlyweight();
    private final ProcessFlyweight process = new ProcessFlyweight();
    private final BpfRing.RecordHandler onConversationRecord = this::onConversationRecord;
    private final BpfRing.RecordHandler onProcessRecord = this::onProcessRecord;
    private ConversationHandler conversationHandler;
    private ProcessHandler processHandler;
    private volatile long recordsRefused;
    private boolean closed;

    private KernelSensor(
        final KernelSensorConfig config, final Function<SensorCounter, AtomicCounter> counters) throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        this.counters = counters;
        try
        {
            own(new PinLock(config.pinDirectory()));
            // Processes first: nothing of theirs can fail after the packet program has taken its predecessor's place.
            processes = config.processEvents() ? own(new ProcessProgram(config.ringBytes())) : null;
            epoll = own(new Epoll());
            processRing = processes == null ? null :
                own(openRing(processes.mapFd("process_events"), config.ringBytes()));
            processAccount = processes == null ? null : own(new AccountReader(
                bpf, processes.mapFd("process_accounts"), SensorCounter.OF_PROCESSES));

            network = own(new NetworkProgram(config));
            conversationRing = own(openRing(network.mapFd("events"), config.ringBytes()));
            account = own(new AccountReader(
                bpf, network.mapFd("accounts"), SensorCounter.OF_NETWORK));
            eventAccounts = own(new EventAccountReader(bpf, network.mapFd("event_accounts")));
            helperFailures = own(new HelperFailureReader(bpf, network.mapFd("failures")));
            quarantine = network.quarantine();
            killSwitch = own(new KillSwitch(bpf, network.mapFd(KillSwitch.PIN), false));
            verdictProbe = network.newProbe();
            own(verdictProbe::close);
        }
        catch (final KernelException ex)
        {
            CloseHelper.quietCloseAll(resources);
            throw ex;
        }
    }

    /**
     * Load the programs and attach them. Pinned maps of an earlier process are taken over with all they hold, and its
     * program on an interface is replaced in one step, so that containment has no gap. A process that still uses these
     * pins is not pushed aside.
     *
     * @param config of the sensor.
     * @return the sensor, to be closed by its owner.
     * @throws KernelException when the kernel refuses, naming what, why and what to do.
     */
    public static KernelSensor open(final KernelSensorConfig config) throws KernelException
    {
        return open(config, null);
    }

    /**
     * As {@link #open(KernelSensorConfig)}, with counters that each {@link #account()} brings up to date.
     *
     * @param config   of the sensor.
     * @param counters gives the counter for each of the enum, asked once each time it is written.
     * @return the sensor, to be closed by its owner.
     * @throws KernelException when the kernel refuses.
     */
    public static KernelSensor open(
        final KernelSensorConfig config, final Function<SensorCounter, AtomicCounter> counters) throws KernelException
    {
        return new KernelSensor(config, counters);
    }

    /**
     * Detach the packet program from all interfaces and remove its pins, and with them all containment. For uninstall;
     * it works without the process, in the network namespace of the interfaces.
     *
     * @param pinDirectory of a node; removed too.
     * @throws KernelException when a pin can not be removed.
     */
    public static void detach(final Path pinDirectory) throws KernelException
    {
        if (!Files.isDirectory(pinDirectory))
        {
            return;
        }
        InterfaceLink.removeOthers(pinDirectory, List.of());
        TcFilter.removeOthers(pinDirectory, List.of());
        for (final String each : QuarantineMigration.pins())
        {
            InterfaceLink.delete(pinDirectory.resolve(each));
        }
        InterfaceLink.delete(pinDirectory.resolve(KillSwitch.PIN));
        try
        {
            Files.delete(pinDirectory);
        }
        catch (final IOException ex)
        {
            throw new KernelException("pin directory can not be removed: " + pinDirectory, ex);
        }
    }

    /**
     * Hand on conversation events that wait in the ring.
     *
     * @param handler called on this thread, once for each.
     * @param limit   of events.
     * @return how many were handed on.
     */
    public int poll(final ConversationHandler handler, final int limit)
    {
        conversationHandler = handler;
        return conversationRing.poll(onConversationRecord, limit);
    }

    /**
     * Hand on process events that wait in the ring.
     *
     * @param handler called on this thread, once for each.
     * @param limit   of events.
     * @return how many were handed on; always 0 when process events were not asked for.
     */
    public int pollProcesses(final ProcessHandler handler, final int limit)
    {
        if (processRing == null)
        {
            return 0;
        }
        processHandler = handler;
        return processRing.poll(onProcessRecord, limit);
    }

    /**
     * Block until an event waits in a ring, or in a source added by {@link #watch(ConntrackSensor)}.
     *
     * @param timeoutNs at most this long.
     * @return how many sources have something; 0 when the time passed.
     */
    public int await(final long timeoutNs)
    {
        return epoll.await(timeoutNs);
    }

    /**
     * Let {@link #await(long)} also return when connection tracking has something to say.
     *
     * @param conntrack to be watched until it is closed.
     * @throws KernelException when it can not be.
     */
    public void watch(final ConntrackSensor conntrack) throws KernelException
    {
        epoll.add(conntrack.fd());
    }

    /**
     * Attach to configured interfaces that came, and note those that went. On the polling thread, which must be in the
     * network namespace of the interfaces; one system call when nothing changed, so a few times a second is enough.
     *
     * @return how many interfaces changed; {@link #attachments()} then tells how they stand.
     */
    public int pollInterfaces()
    {
        return network.links().poll();
    }

    /**
     * How things stand with each configured interface. Any thread.
     *
     * @return for each interface what comes in, then what goes out if that is configured.
     */
    public List<Attachment> attachments()
    {
        return network.links().attachments();
    }

    /**
     * The map of contained addresses.
     *
     * @return the same object each time.
     */
    public Quarantine quarantine()
    {
        return quarantine;
    }

    /**
     * The switch that stops all enforcement.
     *
     * @return the same object each time.
     */
    public KillSwitch killSwitch()
    {
        return killSwitch;
    }

    /**
     * The proof of what the program does.
     *
     * @return the same object each time.
     */
    public VerdictProbe verdictProbe()
    {
        return verdictProbe;
    }

    /**
     * Read what the kernel side counted, and bring the counters up to date. A few system calls.
     *
     * @return the counts of this moment.
     * @throws KernelException when they can not be read.
     */
    public synchronized SensorAccount account() throws KernelException
    {
        requireOpen();
        final SensorCounter[] all = SensorCounter.values();
        final long[] counts = new long[all.length];
        account.addTo(counts);
        if (processAccount != null)
        {
            processAccount.addTo(counts);
        }
        counts[SensorCounter.RECORDS_REFUSED.ordinal()] = recordsRefused;
        if (counters != null)
        {
            for (final SensorCounter each : all)
            {
                if (!each.isOfConntrack())
                {
                    counters.apply(each).setRelease(counts[each.ordinal()]);
                }
            }
        }
        return new SensorAccount(counts);
    }

    /**
     * The balance of events by interface, CPU and kind; each entry was read whole.
     *
     * @return entries of those that saw any.
     * @throws KernelException when they can not be read.
     */
    public synchronized List<EventAccount> eventAccounts() throws KernelException
    {
        requireOpen();
        return eventAccounts.read();
    }

    /**
     * What {@link SensorCounter#HELPER_FAILURES} is made of.
     *
     * @return one entry for each line and reason; empty in a healthy node.
     * @throws KernelException when they can not be read.
     */
    public synchronized List<HelperFailure> helperFailures() throws KernelException
    {
        requireOpen();
        return helperFailures.read();
    }

    /**
     * Stop reading. Pinned links and maps stay: what is contained stays contained until its deadline.
     */
    @Override
    public synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            CloseHelper.quietCloseAll(resources);
        }
    }

    private void requireOpen() throws KernelException
    {
        if (closed)
        {
            throw new KernelException("the sensor is closed", 0);
        }
    }

    /** One of the packet programs, for tests of what it does. */
    int programFd(final String name) throws KernelException
    {
        return network.programFd(name);
    }

    /** Runs the packet program on bytes, for tests of what it does with them. */
    ProgramRun newProgramRun() throws KernelException
    {
        return network.newRun(Door.XDP);
    }

    /** Closed last first. */
    private <T extends AutoCloseable> T own(final T resource)
    {
        resources.push(resource);
        return resource;
    }

    private BpfRing openRing(final int fd, final int ringBytes) throws KernelException
    {
        epoll.add(fd);
        return new BpfRing(fd, ringBytes);
    }

    private void onConversationRecord(final UnsafeBuffer buffer, final int offset, final int length)
    {
        if (length == ConversationDescriptor.LENGTH)
        {
            conversationHandler.onConversation(conversation.wrap(buffer, offset));
        }
        else
        {
            refuseRecord();
        }
    }

    private void onProcessRecord(final UnsafeBuffer buffer, final int offset, final int length)
    {
        if (length == ProcessDescriptor.LENGTH)
        {
            processHandler.onProcess(process.wrap(buffer, offset));
        }
        else
        {
            refuseRecord();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer: the polling thread.
    private void refuseRecord()
    {
        recordsRefused++;
    }
}
