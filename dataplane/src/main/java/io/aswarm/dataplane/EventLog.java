package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What happened, as lines of JSON for people, drills and rigs. Never in the way: an event that finds the queue full is
 * counted and gone, and certificates, not these lines, are the evidence.
 * <p>
 * What comes before an elevation is handed over without allocation, by a ring for each thread; what comes after it is
 * rare and handed over as an object, whose line is made by the thread that writes it. An object is written with all the
 * evidence before it, by one system call, so that who follows the file is woken once; and before the next is made, so
 * that an elevation does not wait for the lines of its act. One thread at a time calls {@link #doWork()}.
 */
public final class EventLog implements Agent
{
    private static final int BATCH_MAX = 64;

    private final EventLines lines;
    private final ManyToOneConcurrentArrayQueue<Consumer<EventLines>> queue;
    private final EvidenceRing fromSensor;
    private final EvidenceRing fromQuorum;
    private final NanoClock clock;
    private final Wakeup thread = new Wakeup();
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
        this.clock = clock;
        this.queue = new ManyToOneConcurrentArrayQueue<>(capacity);
        this.fromSensor = new EvidenceRing(nameByNodeId);
        this.fromQuorum = new EvidenceRing(nameByNodeId);
        this.dropped = counters.apply(DataplaneCounter.EVENTS_DROPPED);
        final AtomicCounter written = counters.apply(DataplaneCounter.EVENTS_WRITTEN);
        this.lines = null == file ? null : new EventLines(file, node, written, dropped, errorHandler);
    }

    /**
     * What an event is to say beside its name, node and time.
     *
     * @return an object to be filled and given to {@link #offer(String, long, ObjectNode)}.
     */
    public static ObjectNode members()
    {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Hand an event over; any thread.
     *
     * @param event   name.
     * @param tNs     when, monotonic.
     * @param members of its line, after name, node and time.
     */
    public void offer(final String event, final long tNs, final ObjectNode members)
    {
        offer(event, tNs, (to) ->
        {
            for (final Map.Entry<String, JsonNode> member : members.properties())
            {
                to.writeFieldName(member.getKey());
                to.writeTree(member.getValue());
            }
        });
        thread.wake();
    }

    /**
     * Hand an event over whose line is made when it is written; any thread, which wakes {@link #thread()} when nothing
     * is more urgent.
     *
     * @param event   name.
     * @param tNs     when, monotonic.
     * @param members of its line, after name, node and time.
     */
    void offer(final String event, final long tNs, final EventLine members)
    {
        offer((to) -> to.add(event, tNs, members));
    }

    private void offer(final Consumer<EventLines> event)
    {
        count(null == lines || queue.offer(event));
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
        count(null == lines || fromSensor.offer(
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
        count(null == lines || fromQuorum.offer(
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
        count(null == lines || fromQuorum.offer(
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
        if (null == lines)
        {
            return 0;
        }
        int count = fromSensor.read(lines, BATCH_MAX);
        count += fromQuorum.read(lines, BATCH_MAX - count);
        final Consumer<EventLines> event = queue.poll();
        if (null != event)
        {
            event.accept(lines);
            count++;
        }
        lines.flush();
        return count;
    }

    @Override
    public void onClose()
    {
        while (doWork() > 0)
        {
            Thread.onSpinWait();
        }
        if (null != lines)
        {
            lines.add("stopped", clock.nanoTime(), (to) -> {});
            lines.close();
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
}
