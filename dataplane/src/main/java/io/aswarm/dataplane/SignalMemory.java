package io.aswarm.dataplane;

import io.aswarm.journal.ExplanationStatement;
import io.aswarm.sketch.Cause;
import io.aswarm.sketch.Explanation;
import io.aswarm.sketch.Signal;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The latest signals with what explains them, so that somebody can ask why. A ring in fixed memory.
 * <p>
 * <b>Assumptions:</b> one thread writes; any may read. <b>Guarantees:</b> what is read is one signal whole, or nothing:
 * each place carries a stamp, negative while it is written, that a reader compares before and after copying (a seqlock,
 * as in linux/seqlock.h). <b>Progress:</b> the writer never waits and allocates nothing; a reader that is overtaken
 * finds nothing.
 * <pre>
 *   0       8      16         24         32           40      48    ...
 *   stamp   t_ns   subject hi subject lo evidence     told    first, last, aim hi, aim lo,
 *   then ints: scenario, role, verification, count, hosts, ports, aim port, causes, observations
 *   then 8 causes of (ordinal 4, count 4, nats 8), 8 observations of (hi 8, lo 8, t_ns 8, nats 8, cause 4, port 4),
 *   and what stands beside them, see {@link CircumstancesLayout}
 * </pre>
 */
final class SignalMemory
{
    static final int SIGNALS_MAX = 1024;
    private static final int CAUSES_MAX = 8;
    private static final int OBSERVATIONS_MAX = 8;
    private static final int STAMP = 0;
    private static final int T_NS = STAMP + Long.BYTES;
    private static final int SUBJECT = T_NS + Long.BYTES;
    private static final int EVIDENCE = SUBJECT + 2 * Long.BYTES;
    private static final int TOLD_FROM = EVIDENCE + Double.BYTES;
    private static final int FIRST_SEEN = TOLD_FROM + Double.BYTES;
    private static final int LAST_SEEN = FIRST_SEEN + Long.BYTES;
    private static final int AIM = LAST_SEEN + Long.BYTES;
    private static final int SCENARIO = AIM + 2 * Long.BYTES;
    private static final int ROLE = SCENARIO + Integer.BYTES;
    private static final int VERIFICATION = ROLE + Integer.BYTES;
    private static final int COUNT = VERIFICATION + Integer.BYTES;
    private static final int HOSTS = COUNT + Integer.BYTES;
    private static final int PORTS = HOSTS + Integer.BYTES;
    private static final int AIM_PORT = PORTS + Integer.BYTES;
    private static final int CAUSES = AIM_PORT + Integer.BYTES;
    private static final int OBSERVATIONS = CAUSES + Integer.BYTES;
    private static final int CAUSE_LIST = OBSERVATIONS + 2 * Integer.BYTES;
    private static final int CAUSE_LENGTH = 2 * Integer.BYTES + Double.BYTES;
    private static final int OBSERVATION_LIST = CAUSE_LIST + CAUSES_MAX * CAUSE_LENGTH;
    private static final int OBSERVATION_LENGTH = 4 * Long.BYTES + 2 * Integer.BYTES;
    private static final int BESIDE = OBSERVATION_LIST + OBSERVATIONS_MAX * OBSERVATION_LENGTH;
    private static final int LENGTH = BESIDE + CircumstancesLayout.LENGTH;
    private static final Cause[] CAUSE_BY_ORDINAL = Cause.values();

    /** Which signal was the latest about a scenario and subject; a later pair of the same hash takes the place. */
    private final AtomicLongArray idByHash = new AtomicLongArray(2 * SIGNALS_MAX);
    private final UnsafeBuffer memory = new UnsafeBuffer(
        ByteBuffer.allocateDirect(SIGNALS_MAX * LENGTH).order(ByteOrder.nativeOrder()));
    private long lastId;

    /** Remember a signal; the writer's thread only. Returns its id, from 1. */
    long onSignal(final Signal signal, final long tNs)
    {
        final long id = ++lastId;
        final int at = at(id);
        memory.putLongVolatile(at + STAMP, -id);
        VarHandle.storeStoreFence();
        memory.putLong(at + T_NS, tNs);
        memory.putLong(at + SUBJECT, signal.subjectHigh());
        memory.putLong(at + SUBJECT + Long.BYTES, signal.subjectLow());
        memory.putDouble(at + EVIDENCE, signal.evidenceNats());
        memory.putLong(at + FIRST_SEEN, signal.firstSeenNs());
        memory.putLong(at + LAST_SEEN, signal.lastSeenNs());
        memory.putLong(at + AIM, signal.aimHigh());
        memory.putLong(at + AIM + Long.BYTES, signal.aimLow());
        memory.putInt(at + SCENARIO, signal.scenario());
        memory.putInt(at + ROLE, signal.subjectRole());
        memory.putInt(at + VERIFICATION, signal.verification());
        memory.putInt(at + COUNT, signal.count());
        memory.putInt(at + HOSTS, signal.distinctHosts());
        memory.putInt(at + PORTS, signal.distinctPorts());
        memory.putInt(at + AIM_PORT, signal.aimPort());
        putExplanation(at, signal.explanation());
        CircumstancesLayout.put(memory, at + BESIDE, signal.explanation().circumstances());
        memory.putLongRelease(at + STAMP, id);
        idByHash.setRelease(hash(signal.scenario(), signal.subjectHigh(), signal.subjectLow()), id);
        return id;
    }

    /** A signal by its id, or null when it was never given or is forgotten. */
    SignalNote find(final long id)
    {
        return id > 0 ? read(at(id), id) : null;
    }

    /** The latest signal about a subject in a scenario, or null: where it was not given, or is hard to find again. */
    SignalNote latest(final int scenario, final long high, final long low)
    {
        final SignalNote note = find(idByHash.getAcquire(hash(scenario, high, low)));
        return null != note && note.scenario() == scenario && note.subjectHigh() == high && note.subjectLow() == low ?
            note : null;
    }

    /** The latest signal about a subject in any scenario, or null. Looks at all places: for people who ask. */
    SignalNote latest(final long high, final long low)
    {
        SignalNote latest = null;
        for (int at = 0; at < SIGNALS_MAX * LENGTH; at += LENGTH)
        {
            if (memory.getLong(at + SUBJECT + Long.BYTES) == low && memory.getLong(at + SUBJECT) == high)
            {
                final SignalNote note = read(at, memory.getLongVolatile(at + STAMP));
                if (null != note && (null == latest || note.tNs() - latest.tNs() >= 0))
                {
                    latest = note;
                }
            }
        }
        return latest;
    }

    private void putExplanation(final int at, final Explanation explanation)
    {
        final int causes = Math.min(CAUSES_MAX, explanation.causes());
        final int observations = Math.min(OBSERVATIONS_MAX, explanation.observations());
        memory.putDouble(at + TOLD_FROM, explanation.neededNats());
        memory.putInt(at + CAUSES, causes);
        memory.putInt(at + OBSERVATIONS, observations);
        for (int i = 0; i < causes; i++)
        {
            final int cause = at + CAUSE_LIST + i * CAUSE_LENGTH;
            memory.putInt(cause, explanation.cause(i).ordinal());
            memory.putInt(cause + 4, explanation.count(i));
            memory.putDouble(cause + 8, explanation.nats(i));
        }
        for (int i = 0; i < observations; i++)
        {
            final int observation = at + OBSERVATION_LIST + i * OBSERVATION_LENGTH;
            memory.putLong(observation, explanation.observationHigh(i));
            memory.putLong(observation + 8, explanation.observationLow(i));
            memory.putLong(observation + 16, explanation.observationTimeNs(i));
            memory.putDouble(observation + 24, explanation.observationNats(i));
            memory.putInt(observation + 32, explanation.observationCause(i).ordinal());
            memory.putInt(observation + 36, explanation.observationPort(i));
        }
    }

    private SignalNote read(final int at, final long stamp)
    {
        if (stamp <= 0 || memory.getLongVolatile(at + STAMP) != stamp)
        {
            return null;
        }
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[LENGTH]);
        copy.putBytes(0, memory, at, LENGTH);
        VarHandle.loadLoadFence();
        return memory.getLongVolatile(at + STAMP) == stamp ? note(copy, stamp) : null;
    }

    private static SignalNote note(final UnsafeBuffer copy, final long id)
    {
        final List<ExplanationStatement.Cause> causes = new ArrayList<>();
        for (int i = 0; i < copy.getInt(CAUSES); i++)
        {
            final int at = CAUSE_LIST + i * CAUSE_LENGTH;
            final Cause cause = CAUSE_BY_ORDINAL[copy.getInt(at)];
            causes.add(new ExplanationStatement.Cause(
                cause.label(), cause.sentence(), copy.getInt(at + 4), rounded(copy.getDouble(at + 8))));
        }
        final List<ExplanationStatement.Observation> observations = new ArrayList<>();
        for (int i = 0; i < copy.getInt(OBSERVATIONS); i++)
        {
            final int at = OBSERVATION_LIST + i * OBSERVATION_LENGTH;
            observations.add(new ExplanationStatement.Observation(
                CAUSE_BY_ORDINAL[copy.getInt(at + 32)].label(), copy.getLong(at + 16), rounded(copy.getDouble(at + 24)),
                Names.address(copy.getLong(at), copy.getLong(at + 8)), copy.getInt(at + 36)));
        }
        return new SignalNote(
            copy.getLong(T_NS), copy.getInt(SCENARIO), copy.getInt(ROLE), copy.getInt(VERIFICATION),
            copy.getLong(SUBJECT), copy.getLong(SUBJECT + Long.BYTES), copy.getInt(COUNT), copy.getInt(HOSTS),
            copy.getInt(PORTS), copy.getInt(AIM_PORT), copy.getLong(AIM), copy.getLong(AIM + Long.BYTES),
            copy.getLong(FIRST_SEEN), copy.getLong(LAST_SEEN),
            new ExplanationStatement(Names.signalId(id), rounded(copy.getDouble(EVIDENCE)),
                rounded(copy.getDouble(TOLD_FROM)), causes, observations,
                CircumstancesLayout.read(copy, BESIDE)));
    }

    private static int hash(final int scenario, final long high, final long low)
    {
        final long mixed = (high * 31 + low + scenario) * 0x9e37_79b9_7f4a_7c15L;
        return (int)(mixed >>> 32) & 2 * SIGNALS_MAX - 1;
    }

    private static int at(final long id)
    {
        return (int)(id & SIGNALS_MAX - 1) * LENGTH;
    }

    /** Thousandths of a nat, as deposits carry them. */
    private static double rounded(final double nats)
    {
        return Math.round(nats * 1000) / 1000.0;
    }
}
