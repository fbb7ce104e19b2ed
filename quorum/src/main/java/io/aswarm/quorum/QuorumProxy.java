package io.aswarm.quorum;

import org.agrona.BufferUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.function.Function;

/**
 * Hands signals from the sensor thread to the quorum thread through a bounded ring.
 * <p>
 * Assumptions: one thread offers, one {@link QuorumAgent} reads. Guarantees: in order, each once; a full ring refuses
 * and counts, the offering thread never waits. Progress: wait-free. Offering allocates nothing.
 */
public final class QuorumProxy
{
    /** Bytes of the ring: room for some 1,300 signals. */
    public static final int RING_BYTES = 128 * 1024;
    /** Least evidence that can be sent. */
    public static final double EVIDENCE_MIN_NATS = 0.001;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final AtomicCounter dropped;

    /**
     * A ring of its own.
     *
     * @param counters asked for {@link QuorumCounter#SIGNALS_DROPPED} only.
     */
    public QuorumProxy(final Function<QuorumCounter, AtomicCounter> counters)
    {
        dropped = counters.apply(QuorumCounter.SIGNALS_DROPPED);
    }

    /**
     * Offer a signal. On the sensor thread only.
     *
     * @param scenario     code, 1 to 65535.
     * @param subjectHigh  first eight bytes of the subject's address in network order.
     * @param subjectLow   last eight.
     * @param evidenceNats of the episode so far.
     * @param count        of events.
     * @param hosts        distinct, aimed at.
     * @param ports        distinct, aimed at.
     * @param aimPort      the one port aimed at, or 0.
     * @param aimHigh      first eight bytes of the one host aimed at, or 0.
     * @param aimLow       last eight.
     * @param firstSeenNs  first event of the episode, monotonic.
     * @param lastSeenNs   last event, monotonic.
     * @param subjectRole  {@link SubjectRole#SOURCE} or {@link SubjectRole#AIM}.
     * @param verification bits of {@link Verification}; none for an aim.
     * @return false if it was dropped and counted: the ring is full, the evidence is not a number from
     * {@link #EVIDENCE_MIN_NATS} on, or role and verification do not go together.
     */
    @SuppressWarnings("checkstyle:ParameterNumber")
    public boolean offerSignal(
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final int count,
        final int hosts,
        final int ports,
        final int aimPort,
        final long aimHigh,
        final long aimLow,
        final long firstSeenNs,
        final long lastSeenNs,
        final int subjectRole,
        final int verification)
    {
        final int index = evidenceNats >= EVIDENCE_MIN_NATS && SubjectRole.isPossible(subjectRole, verification) ?
            ring.tryClaim(SignalDescriptor.TYPE_ID, SignalDescriptor.LENGTH) : -1;
        if (index < 0)
        {
            dropped.incrementRelease();
            return false;
        }

        final UnsafeBuffer buffer = (UnsafeBuffer)ring.buffer();
        buffer.putInt(index + SignalDescriptor.SCENARIO_OFFSET, scenario);
        buffer.putInt(index + SignalDescriptor.COUNT_OFFSET, count);
        buffer.putInt(index + SignalDescriptor.HOSTS_OFFSET, hosts);
        buffer.putInt(index + SignalDescriptor.PORTS_OFFSET, ports);
        buffer.putInt(index + SignalDescriptor.AIM_PORT_OFFSET, aimPort);
        buffer.putShort(index + SignalDescriptor.ROLE_OFFSET, (short)subjectRole);
        buffer.putShort(index + SignalDescriptor.VERIFICATION_OFFSET, (short)verification);
        buffer.putLong(index + SignalDescriptor.SUBJECT_HIGH_OFFSET, subjectHigh);
        buffer.putLong(index + SignalDescriptor.SUBJECT_LOW_OFFSET, subjectLow);
        buffer.putDouble(index + SignalDescriptor.EVIDENCE_OFFSET, evidenceNats);
        buffer.putLong(index + SignalDescriptor.AIM_HIGH_OFFSET, aimHigh);
        buffer.putLong(index + SignalDescriptor.AIM_LOW_OFFSET, aimLow);
        buffer.putLong(index + SignalDescriptor.FIRST_SEEN_OFFSET, firstSeenNs);
        buffer.putLong(index + SignalDescriptor.LAST_SEEN_OFFSET, lastSeenNs);
        ring.commit(index);
        return true;
    }

    int read(final MessageHandler handler, final int limit)
    {
        return ring.read(handler, limit);
    }
}
