package io.aswarm.dataplane;

import com.fasterxml.jackson.core.JsonGenerator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

import static java.nio.ByteOrder.nativeOrder;
import static org.agrona.BitUtil.SIZE_OF_DOUBLE;
import static org.agrona.BitUtil.SIZE_OF_INT;
import static org.agrona.BitUtil.SIZE_OF_LONG;

/**
 * Evidence on its way from one thread to the event log, and what its lines say. Offering it allocates nothing.
 * <p>
 * Assumptions: one thread offers, one reads. Guarantees: in order, each once; a full ring refuses. Progress: wait-free.
 */
final class EvidenceRing
{
    static final int SIGNAL = 1;
    static final int DEPOSIT_SENT = 2;
    static final int DEPOSIT_ACCEPTED = 3;
    // Layout in the ring, native order, written and read by this class only:
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
    private static final int RING_LENGTH = 64 * 1024;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH).order(nativeOrder())));
    private final MessageHandler onEvidence = this::onEvidence;
    private final IntFunction<String> nameByNodeId;
    private EventLines lines;

    /**
     * An empty ring.
     *
     * @param nameByNodeId names of the witnesses.
     */
    EvidenceRing(final IntFunction<String> nameByNodeId)
    {
        this.nameByNodeId = nameByNodeId;
    }

    /** False if the ring is full. */
    @SuppressWarnings("checkstyle:ParameterNumber") // the fields of one record, in its order
    boolean offer(
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
        final int role,
        final int verification)
    {
        final int index = ring.tryClaim(type, EVIDENCE_LENGTH);
        if (index < 0)
        {
            return false;
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
        buffer.putInt(index + SUBJECT_OFFSET, verification << ROLE_BITS | role);
        ring.commit(index);
        return true;
    }

    /** How many lines were made, at most the limit. */
    int read(final EventLines to, final int limit)
    {
        lines = to;
        return ring.read(onEvidence, limit);
    }

    private void onEvidence(final int type, final DirectBuffer buffer, final int index, final int length)
    {
        lines.add(
            SIGNAL == type ? "signal" : DEPOSIT_SENT == type ? "deposit_sent" : "deposit_accepted",
            buffer.getLong(index + T_OFFSET), (to) -> write(to, type, buffer, index));
    }

    private void write(final JsonGenerator to, final int type, final DirectBuffer buffer, final int index)
        throws IOException
    {
        if (DEPOSIT_ACCEPTED == type)
        {
            to.writeStringField("witness", nameByNodeId.apply(buffer.getInt(index + WITNESS_OFFSET)));
        }
        to.writeStringField("scenario", Names.signal(buffer.getInt(index + SCENARIO_OFFSET)));
        to.writeStringField(
            "subject", Names.address(buffer.getLong(index + HIGH_OFFSET), buffer.getLong(index + LOW_OFFSET)));
        to.writeNumberField("evidence_nats", buffer.getDouble(index + EVIDENCE_OFFSET));
        if (SIGNAL == type)
        {
            final int subject = buffer.getInt(index + SUBJECT_OFFSET);
            to.writeNumberField("count", buffer.getInt(index + COUNT_OFFSET));
            to.writeStringField("first_seen_ns", Long.toString(buffer.getLong(index + FIRST_SEEN_OFFSET)));
            to.writeStringField("signal_id", Names.signalId(buffer.getLong(index + SIGNAL_ID_OFFSET)));
            to.writeStringField("role", Names.role(subject & (1 << ROLE_BITS) - 1));
            Names.write(to, "verification", Names.verificationWords(subject >>> ROLE_BITS));
        }
    }
}
