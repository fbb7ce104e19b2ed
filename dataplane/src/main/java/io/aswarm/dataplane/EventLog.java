package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import java.util.function.IntFunction;

import static java.nio.ByteOrder.nativeOrder;
import static org.agrona.BitUtil.SIZE_OF_DOUBLE;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;

/**
 * What happened, as lines of JSON for people, drills and rigs. Never in the way: an event that finds the queue full is
 * counted and gone, and certificates, not these lines, are the evidence.
 * <p>
 * What comes before an elevation is handed over without allocation, by a ring for each thread; what comes after it is
 * rare and handed over as an object. One thread at a time calls {@link #doWork()}.
 */
public final class EventLog implements Agent
{
    // Layout of evidence in a ring, native order, written and read by this class only:
    //   0      8         16          24         32             40         48       52     56       60
    //   t_ns   first_ns  subject hi  subject lo evidence_nats  signal id  scenario count  witness  role, verification
    private static final int T_OFFSET = 0;
    private static final int FIRST_SEEN_OFFSET = T_OFFSET + SIZE_OF_LONG;
    private static final int HIGH_OFFSET = FIRST_SEEN_OFFSET + SIZE_OF_LONG;
    private static final int LOW_OFFSET = HIGH_OFFSET + SIZE_OF_LONG;
    private static final int EVIDENCE_OFFSET = LOW_OFFSET + SIZE_OF_LONG;
    private static final int SIGNAL_ID_OFFSET = EVIDENCE_OFFSET + SIZE_OF_DOUBLE;
    private static final int SCENARIO_OFFSET = SIGNAL_ID_OFFSET + SIZE_OF_LONG;
    private static final int COUNT_OFFSET = SCENARIO_OFFSET + SIZE_OF_INT;
    private static final int WITNESS_OFFSET = COUNT_OFFSET + SIZE_OF_INT;
    private static final int SUBJECT_OFFSET = WITNESS_OFFSET + SIZE_OF_INT;
    private static final int EVIDENCE_LENGTH = SUBJECT_OFFSET + SIZE_OF_INT;
    private static final int ROLE_BITS = 8;
    private static final int SIGNAL = 1;
    private static final int DEPOSIT_SENT = 2;
    private static final int DEPOSIT_ACCEPTED = 3;
    private static final int RING_LENGTH = 64 * 1024;
    private static final int BATCH_MAX = 64;

    private final String node;
    private final Path file;
    private final ErrorHandler errorHandler;
    private final FileChannel channel;
    private final ManyToOneConcurrentArrayQueue<ObjectNode> queue;
    private final OneToOneRingBuffer fromSensor = newRing();
    private final OneToOneRingBuffer fromQuorum = newRing();
    private final MessageHandler onEvidence = this::onEvidence;
    private final IntFunction<String> nameByNodeId;
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
        this.nameByNodeId = nameByNodeId;
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
        if (null == channel)
        {
            return;
        }
        if (!queue.offer(event))
        {
            dropped.increment();
        }
        thread.wake();
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
        put(fromSensor, SIGNAL, tNs, firstSeenNs, subjectHigh, subjectLow, evidenceNats, signalId, scenario, count, 0,
            verification << ROLE_BITS | subjectRole);
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
        put(fromQuorum, DEPOSIT_SENT, tNs, 0, subjectHigh, subjectLow, evidenceNats, 0, scenario, 0, 0, 0);
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
        put(fromQuorum, DEPOSIT_ACCEPTED, tNs, 0, subjectHigh, subjectLow, evidenceNats, 0, scenario, 0, nodeId, 0);
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
        int count = fromSensor.read(onEvidence, BATCH_MAX);
        count += fromQuorum.read(onEvidence, BATCH_MAX - count);
        for (ObjectNode event; count < BATCH_MAX && null != (event = queue.poll()); count++)
        {
            write(event);
        }
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
            write(begin("stopped", clock.nanoTime()));
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

    @SuppressWarnings("checkstyle:ParameterNumber") // the fields of one record, in its order
    private void put(
        final OneToOneRingBuffer ring,
        final int type,
        final long tNs,
        final long firstSeenNs,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final long signalId,
        final int scenario,
        final int count,
        final int witness,
        final int subject)
    {
        if (null == channel)
        {
            return;
        }
        final int index = ring.tryClaim(type, EVIDENCE_LENGTH);
        if (index < 0)
        {
            dropped.increment();
            return;
        }
        final AtomicBuffer buffer = ring.buffer();
        buffer.putLong(index + T_OFFSET, tNs);
        buffer.putLong(index + FIRST_SEEN_OFFSET, firstSeenNs);
        buffer.putLong(index + HIGH_OFFSET, subjectHigh);
        buffer.putLong(index + LOW_OFFSET, subjectLow);
        buffer.putDouble(index + EVIDENCE_OFFSET, evidenceNats);
        buffer.putLong(index + SIGNAL_ID_OFFSET, signalId);
        buffer.putInt(index + SCENARIO_OFFSET, scenario);
        buffer.putInt(index + COUNT_OFFSET, count);
        buffer.putInt(index + WITNESS_OFFSET, witness);
        buffer.putInt(index + SUBJECT_OFFSET, subject);
        ring.commit(index);
    }

    private void onEvidence(final int type, final DirectBuffer buffer, final int index, final int length)
    {
        final String event = SIGNAL == type ? "signal" : DEPOSIT_SENT == type ? "deposit_sent" : "deposit_accepted";
        final ObjectNode line = begin(event, buffer.getLong(index + T_OFFSET));
        if (DEPOSIT_ACCEPTED == type)
        {
            line.put("witness", nameByNodeId.apply(buffer.getInt(index + WITNESS_OFFSET)));
        }
        line.put("scenario", Names.signal(buffer.getInt(index + SCENARIO_OFFSET)))
            .put("subject", Names.address(buffer.getLong(index + HIGH_OFFSET), buffer.getLong(index + LOW_OFFSET)))
            .put("evidence_nats", buffer.getDouble(index + EVIDENCE_OFFSET));
        if (SIGNAL == type)
        {
            final int subject = buffer.getInt(index + SUBJECT_OFFSET);
            line.put("count", buffer.getInt(index + COUNT_OFFSET))
                .put("first_seen_ns", Long.toString(buffer.getLong(index + FIRST_SEEN_OFFSET)))
                .put("signal_id", Names.signalId(buffer.getLong(index + SIGNAL_ID_OFFSET)))
                .put("role", Names.role(subject & (1 << ROLE_BITS) - 1));
            line.set("verification", Names.verification(subject >>> ROLE_BITS));
        }
        write(line);
    }

    private static OneToOneRingBuffer newRing()
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH).order(nativeOrder())));
    }

    private void write(final ObjectNode event)
    {
        if (null == channel)
        {
            return;
        }
        final ByteBuffer line = ByteBuffer.wrap((event + "\n").getBytes(StandardCharsets.UTF_8));
        try
        {
            while (line.hasRemaining())
            {
                channel.write(line);
            }
            written.increment();
        }
        catch (final IOException ex)
        {
            dropped.increment();
            errorHandler.onError(new IOException(file + ": no event can be written: " + ex.getMessage()));
            takeBack(line.position());
        }
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
