package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What happened, as lines of JSON for people, drills and rigs. Never in the way: an event that finds the queue full is
 * counted and gone, and certificates, not these lines, are the evidence.
 * <p>
 * What comes before an elevation is handed over without allocation, by a ring for each thread; what comes after it is
 * rare and handed over as an object, whose line is made by the thread that writes it. That thread writes all that waits
 * with one system call: who follows the file is woken once, and by the line that matters as early as by those before
 * it. One thread at a time calls {@link #doWork()}.
 */
public final class EventLog implements Agent
{
    private static final int BATCH_MAX = 64;
    private static final int LINES_LENGTH = 64 * 1024;

    private final String node;
    private final Path file;
    private final ErrorHandler errorHandler;
    private final FileChannel channel;
    private final ManyToOneConcurrentArrayQueue<Supplier<ObjectNode>> queue;
    private final LineBatch lines = new LineBatch(LINES_LENGTH);
    private final EvidenceRing fromSensor;
    private final EvidenceRing fromQuorum;
    private final NanoClock clock;
    private final Wakeup thread = new Wakeup();
    private final AtomicCounter written;
    private final AtomicCounter dropped;

    /**
     * Open a log.
     *
     * @param file         appended to; null makes a log that swallows everything.
     * @param node         name in every line.
     * @param capacity     of the queue.
     * @param nameByNodeId names of the witnesses.
     * @param clock        monotonic.
     * @param counters     of the appliance.
     * @param errorHandler told why a line could not be written.
     * @throws IOException when the file cannot be opened.
     */
    public EventLog(
        final Path file,
        final String node,
        final int capacity,
        final IntFunction<String> nameByNodeId,
        final NanoClock clock,
        final Function<DataplaneCounter, AtomicCounter> counters,
        final ErrorHandler errorHandler)
        throws IOException
    {
        this.file = file;
        this.errorHandler = errorHandler;
        this.node = node;
        this.fromSensor = new EvidenceRing(node, nameByNodeId, this::append);
        this.fromQuorum = new EvidenceRing(node, nameByNodeId, this::append);
        this.clock = clock;
        this.queue = new ManyToOneConcurrentArrayQueue<>(capacity);
        this.written = counters.apply(DataplaneCounter.EVENTS_WRITTEN);
        this.dropped = counters.apply(DataplaneCounter.EVENTS_DROPPED);
        if (null != file && null != file.getParent())
        {
            Files.createDirectories(file.getParent());
        }
        this.channel = null == file ? null : FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * Begin an event.
     *
     * @param event name.
     * @param tNs   when, monotonic.
     * @return an object to be filled and given to {@link #offer(ObjectNode)}.
     */
    public ObjectNode begin(final String event, final long tNs)
    {
        return JsonNodeFactory.instance.objectNode().put("event", event).put("node", node)
            .put("t_ns", Long.toString(tNs));
    }

    /**
     * Hand an event over; any thread.
     *
     * @param event from {@link #begin(String, long)}.
     */
    public void offer(final ObjectNode event)
    {
        offer(() -> event);
        thread.wake();
    }

    /**
     * Hand an event over whose line is made when it is written; any thread, which wakes {@link #thread()} when nothing
     * is more urgent.
     *
     * @param event made of what does not change any more.
     */
    void offer(final Supplier<ObjectNode> event)
    {
        count(null == channel || queue.offer(event));
    }

    /**
     * Hand a weak signal over; sensor thread only, allocates nothing.
     *
     * @param tNs          when, monotonic.
     * @param signalId     by which it can be asked for.
     * @param scenario     code of the detector.
     * @param subjectHigh  first eight bytes of the address.
     * @param subjectLow   last eight bytes of the address.
     * @param subjectRole  code.
     * @param verification bits.
     * @param evidenceNats so far.
     * @param count        of observations.
     * @param firstSeenNs  monotonic.
     */
    @SuppressWarnings("checkstyle:ParameterNumber") // the fields of one record
    public void signal(
        final long tNs,
        final long signalId,
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final int subjectRole,
        final int verification,
        final double evidenceNats,
        final int count,
        final long firstSeenNs)
    {
        count(null == channel || fromSensor.offer(
            EvidenceRing.SIGNAL, tNs, firstSeenNs, subjectHigh, subjectLow, evidenceNats, signalId, scenario, count, 0,
            subjectRole, verification));
    }

    /**
     * Note an own deposit; quorum thread only, allocates nothing.
     *
     * @param tNs          when, monotonic.
     * @param scenario     code of the detector.
     * @param subjectHigh  first eight bytes of the address.
     * @param subjectLow   last eight bytes of the address.
     * @param evidenceNats stated.
     */
    public void depositSent(
        final long tNs, final int scenario, final long subjectHigh, final long subjectLow, final double evidenceNats)
    {
        count(null == channel || fromQuorum.offer(
            EvidenceRing.DEPOSIT_SENT, tNs, 0, subjectHigh, subjectLow, evidenceNats, 0, scenario, 0, 0, 0, 0));
    }

    /**
     * Note another node's deposit; quorum thread only, allocates nothing.
     *
     * @param tNs          when, monotonic.
     * @param nodeId       of the witness.
     * @param scenario     code of the detector.
     * @param subjectHigh  first eight bytes of the address.
     * @param subjectLow   last eight bytes of the address.
     * @param evidenceNats stated.
     */
    public void depositAccepted(
        final long tNs,
        final int nodeId,
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats)
    {
        count(null == channel || fromQuorum.offer(
            EvidenceRing.DEPOSIT_ACCEPTED, tNs, 0, subjectHigh, subjectLow, evidenceNats, 0, scenario, 0, nodeId, 0,
            0));
    }

    /**
     * The thread that runs this agent, woken by what is handed over as an object. Evidence waits for its turn.
     *
     * @return to be told of the thread.
     */
    Wakeup thread()
    {
        return thread;
    }

    @Override
    public int doWork()
    {
        int count = fromSensor.read(BATCH_MAX);
        count += fromQuorum.read(BATCH_MAX - count);
        for (Supplier<ObjectNode> event; count < BATCH_MAX && null != (event = queue.poll()); count++)
        {
            append(event.get().toString());
        }
        flush();
        return count;
    }

    @Override
    public void onClose()
    {
        while (doWork() > 0)
        {
            Thread.onSpinWait();
        }
        if (null != channel)
        {
            append(begin("stopped", clock.nanoTime()).toString());
            flush();
            try
            {
                channel.close();
            }
            catch (final IOException ex)
            {
                dropped.increment();
            }
        }
    }

    @Override
    public String roleName()
    {
        return "event-log";
    }

    private void count(final boolean isTaken)
    {
        if (!isTaken)
        {
            dropped.increment();
        }
    }

    private void append(final String line)
    {
        if (!lines.add(line))
        {
            flush();
            count(lines.add(line));
        }
    }

    private void flush()
    {
        final int count = lines.lines();
        if (0 == count)
        {
            return;
        }
        try
        {
            lines.writeTo(channel);
        }
        catch (final IOException ex)
        {
            errorHandler.onError(new IOException(file + ": no event can be written: " + ex.getMessage()));
            takeBack(lines.cutBytes());
        }
        written.getAndAdd(count - lines.lost());
        dropped.getAndAdd(lines.lost());
    }

    /** A full disk takes the beginning of a line; the next one must not go on behind it. */
    private void takeBack(final int lengthBytes)
    {
        try
        {
            if (lengthBytes > 0)
            {
                channel.truncate(channel.size() - lengthBytes);
            }
        }
        catch (final IOException ex)
        {
            errorHandler.onError(ex);
        }
    }
}
