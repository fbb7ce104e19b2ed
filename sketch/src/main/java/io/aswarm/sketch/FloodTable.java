package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Openings that the flood tests follow, by pair of source and service or by victim, in fixed memory. In a full bucket
 * one without evidence gives way, the one unseen for longest first; those with evidence stay. Either way it is counted.
 * <p>
 * Openings ripen in two epochs: those of the current epoch are young, those of the one before are ripening, and what
 * leaves that unfinished is overdue. So one is overdue between one and two epochs after it was seen.
 */
final class FloodTable
{
    static final int NONE = SlotIndex.NONE;
    static final int SOURCE_HIGH = 0;
    static final int SOURCE_LOW = 8;
    static final int VICTIM_HIGH = 16;
    static final int VICTIM_LOW = 24;
    static final int PORT = 32;
    static final int PROTOCOL = 36;
    /** Openings of the current epoch that were not completed. */
    static final int YOUNG = 40;
    /** Openings of the epoch before that were not completed. */
    static final int RIPENING = 48;
    /** Openings of this episode that were overdue, or refused. */
    static final int HELD = 56;
    static final int EPOCH_NS = 64;
    static final int SCORE_NS = 72;
    static final int REFUSED_NS = 80;
    static final int SIGNALLED_NS = 88;
    static final int FIRST_SEEN_NS = 96;
    static final int LAST_SEEN_NS = 104;
    /** Openings of this episode. */
    static final int OPENED = 112;
    /** Of those, how many were verified by the link. */
    static final int ON_LINK = 120;
    /** Of those, how many were verified by an exchange. */
    static final int EXCHANGED = 128;
    static final int SCORE_NATS = 136;
    static final int REFUSED_NATS = 144;
    static final int SIGNALLED_NATS = 152;
    /** Whether the service served the source before. */
    static final int SERVED = 160;
    /** Of {@link #YOUNG}, how many are bare. */
    static final int BARE_YOUNG = 164;
    /** Of {@link #RIPENING}, how many are bare. */
    static final int BARE_RIPENING = 168;
    /** Whether the source never completed an exchange, nor is bound to its link. */
    static final int STRANGER = 172;
    static final int BARE_NS = 176;
    /** Minus infinity where bare openings are not followed. */
    static final int BARE_NATS = 184;
    /** Whether an end is outside the site, so that answers may take long. */
    static final int FAR = 192;
    /** The {@code VERIFIED_} bits that signals of the episode had. */
    private static final int SIGNALLED_VERIFIED = 196;
    private static final int ENTRY_LENGTH = 200;

    private final UnsafeBuffer memory;
    private final SlotIndex index;
    private final SketchCounters counters;

    FloodTable(final UnsafeBuffer memory, final SlotIndex index, final SketchCounters counters)
    {
        this.memory = memory;
        this.index = index;
        this.counters = counters;
    }

    static int memoryLength(final int pairs)
    {
        return pairs * ENTRY_LENGTH;
    }

    int find(final long hash)
    {
        return index.find(hash);
    }

    boolean isTaken(final int slot)
    {
        return index.isTaken(slot);
    }

    void release(final int slot)
    {
        index.release(slot);
    }

    /** A slot for what is not followed yet, all fields 0 but its epoch and scores, or {@link #NONE}. */
    int claim(final long hash, final double scoreNats, final double refusedNats, final long nowNs)
    {
        int slot = index.vacant(hash);
        if (slot == NONE)
        {
            slot = idlest(index.bucket(hash));
            if (slot == NONE)
            {
                counters.increment(SketchCounter.FLOODS_REFUSED);
                return NONE;
            }
            counters.increment(SketchCounter.FLOODS_EVICTED);
        }
        index.take(slot, hash);
        memory.setMemory(slot * ENTRY_LENGTH, ENTRY_LENGTH, (byte)0);
        put(slot, EPOCH_NS, nowNs);
        put(slot, SCORE_NS, nowNs);
        put(slot, REFUSED_NS, nowNs);
        put(slot, BARE_NS, nowNs);
        putNats(slot, SCORE_NATS, scoreNats);
        putNats(slot, REFUSED_NATS, refusedNats);
        putNats(slot, BARE_NATS, Double.NEGATIVE_INFINITY);
        return slot;
    }

    private int idlest(final int first)
    {
        int idlest = NONE;
        for (int slot = first; slot < first + SlotIndex.WAYS; slot++)
        {
            if (evidenceNats(slot) <= 0.0 &&
                (idlest == NONE || get(slot, LAST_SEEN_NS) - get(idlest, LAST_SEEN_NS) < 0))
            {
                idlest = slot;
            }
        }
        return idlest;
    }

    /** Each score is for a way to flood, of which one is seen. */
    double evidenceNats(final int slot)
    {
        return Math.max(nats(slot, BARE_NATS), Math.max(nats(slot, SCORE_NATS), nats(slot, REFUSED_NATS)));
    }

    long get(final int slot, final int field)
    {
        return memory.getLong(slot * ENTRY_LENGTH + field);
    }

    void put(final int slot, final int field, final long value)
    {
        memory.putLong(slot * ENTRY_LENGTH + field, value);
    }

    void add(final int slot, final int field, final long value)
    {
        put(slot, field, get(slot, field) + value);
    }

    int getInt(final int slot, final int field)
    {
        return memory.getInt(slot * ENTRY_LENGTH + field);
    }

    void putInt(final int slot, final int field, final int value)
    {
        memory.putInt(slot * ENTRY_LENGTH + field, value);
    }

    double nats(final int slot, final int field)
    {
        return memory.getDouble(slot * ENTRY_LENGTH + field);
    }

    void putNats(final int slot, final int field, final double value)
    {
        memory.putDouble(slot * ENTRY_LENGTH + field, value);
    }

    /** A new episode: nothing of it was seen yet. */
    void begin(final int slot, final long nowNs)
    {
        put(slot, FIRST_SEEN_NS, nowNs);
        put(slot, HELD, 0);
        put(slot, OPENED, 0);
        put(slot, ON_LINK, 0);
        put(slot, EXCHANGED, 0);
        putInt(slot, SIGNALLED_VERIFIED, 0);
        putNats(slot, SIGNALLED_NATS, 0.0);
    }

    /** One more opening of the episode, with the {@code VERIFIED_} bits of its source. */
    void opened(final int slot, final int verified)
    {
        add(slot, OPENED, 1);
        add(slot, ON_LINK, (verified & Signal.VERIFIED_ON_LINK) != 0 ? 1 : 0);
        add(slot, EXCHANGED, (verified & Signal.VERIFIED_EXCHANGE) != 0 ? 1 : 0);
    }

    /** What at least half of the episode's openings were verified by. */
    int verified(final int slot)
    {
        final long half = (get(slot, OPENED) + 1) / 2;
        return (get(slot, ON_LINK) >= half ? Signal.VERIFIED_ON_LINK : 0) |
            (get(slot, EXCHANGED) >= half ? Signal.VERIFIED_EXCHANGE : 0);
    }

    /** One of the scores, after the time since it was last looked at and then some events. */
    void score(
        final int slot, final Cusum model, final int natsField, final int timeField, final double events,
        final long nowNs)
    {
        putNats(slot, natsField, model.next(nats(slot, natsField), nowNs - get(slot, timeField), events));
        put(slot, timeField, nowNs);
    }

    /** Whether the evidence is worth telling now; if so it counts as told. */
    boolean takeDue(final int slot, final SignalGate gate, final long nowNs)
    {
        final double evidence = evidenceNats(slot);
        final boolean isDue = gate.isDue(evidence, nats(slot, SIGNALLED_NATS), nowNs - get(slot, SIGNALLED_NS));
        if (isDue)
        {
            putNats(slot, SIGNALLED_NATS, evidence);
            put(slot, SIGNALLED_NS, nowNs);
        }
        return isDue;
    }

    /** The same, and when the source turned out to be verified. */
    boolean takeDueOfSource(final int slot, final SignalGate gate, final long nowNs)
    {
        final int told = getInt(slot, SIGNALLED_VERIFIED);
        final int verified = verified(slot);
        final boolean isDue = takeDue(slot, gate, nowNs) || ((verified & ~told) != 0 &&
            gate.isDueIfVerifiedByMore(evidenceNats(slot), nats(slot, SIGNALLED_NATS)));
        if (isDue)
        {
            putInt(slot, SIGNALLED_VERIFIED, told | verified);
        }
        return isDue;
    }

    /** What a signal says of a slot, whoever its subject is. Told of the subject before, which clears the rest. */
    Signal describe(final int slot, final Signal signal, final ContributionLog log)
    {
        return signal
            .evidence(evidenceNats(slot), (int)Math.min(get(slot, HELD), Integer.MAX_VALUE))
            .aim(get(slot, VICTIM_HIGH), get(slot, VICTIM_LOW), getInt(slot, PORT))
            .explained(log, slot)
            .seen(get(slot, FIRST_SEEN_NS), get(slot, LAST_SEEN_NS));
    }

    /** Tell that the source of a pair floods. */
    void tellSource(final int slot, final SignalGate gate, final ContributionLog log)
    {
        describe(slot, gate.signal().subject(Scenario.FLOOD, get(slot, SOURCE_HIGH), get(slot, SOURCE_LOW)), log)
            .spread(1, 1)
            .verified(verified(slot));
        gate.publish();
    }

    boolean isRipe(final int slot)
    {
        return get(slot, YOUNG) == 0 && get(slot, RIPENING) == 0;
    }

    /**
     * Openings were finished, older ones first, and of the same age those that are not bare first. Returns how many of
     * them were not waiting.
     */
    long finish(final int slot, final long openings)
    {
        long left = openings - take(slot, RIPENING, BARE_RIPENING, openings);
        left -= take(slot, YOUNG, BARE_YOUNG, left);
        return left;
    }

    private long take(final int slot, final int field, final int bareField, final long wanted)
    {
        final long held = get(slot, field);
        final long taken = Math.min(held, wanted);
        put(slot, field, held - taken);
        putInt(slot, bareField, (int)Math.min(getInt(slot, bareField), held - taken));
        return taken;
    }

    /** The same, of openings that are known to be bare. */
    long finishBare(final int slot, final long openings)
    {
        final long left = openings - takeBare(slot, RIPENING, BARE_RIPENING, openings);
        return left - takeBare(slot, YOUNG, BARE_YOUNG, left);
    }

    private long takeBare(final int slot, final int field, final int bareField, final long wanted)
    {
        final int held = getInt(slot, bareField);
        final int taken = (int)Math.min(held, wanted);
        putInt(slot, bareField, held - taken);
        add(slot, field, -taken);
        return taken;
    }

    /** Bare openings that wait. */
    int bareWaiting(final int slot)
    {
        return getInt(slot, BARE_YOUNG) + getInt(slot, BARE_RIPENING);
    }

    /** Of the openings that {@link #ripen} will find overdue, how many are bare. */
    int bareOverdue(final int slot, final long graceNs, final long nowNs)
    {
        return nowNs - get(slot, EPOCH_NS) < 2 * graceNs ? getInt(slot, BARE_RIPENING) : bareWaiting(slot);
    }

    /** Whether at least one epoch is over. */
    boolean isEpochOver(final int slot, final long graceNs, final long nowNs)
    {
        return nowNs - get(slot, EPOCH_NS) >= graceNs;
    }

    /** When the oldest opening that {@link #ripen} may find overdue was seen at the earliest. */
    long oldestNs(final int slot, final long graceNs)
    {
        return get(slot, EPOCH_NS) - graceNs;
    }

    /** Move openings on by the epochs that are over. Returns how many became overdue. */
    long ripen(final int slot, final long graceNs, final long nowNs)
    {
        final long elapsedNs = nowNs - get(slot, EPOCH_NS);
        long overdue = get(slot, RIPENING);
        if (elapsedNs < 2 * graceNs)
        {
            put(slot, RIPENING, get(slot, YOUNG));
            putInt(slot, BARE_RIPENING, getInt(slot, BARE_YOUNG));
            put(slot, EPOCH_NS, nowNs - elapsedNs + graceNs);
        }
        else
        {
            overdue += get(slot, YOUNG);
            put(slot, RIPENING, 0);
            putInt(slot, BARE_RIPENING, 0);
            put(slot, EPOCH_NS, nowNs);
        }
        put(slot, YOUNG, 0);
        putInt(slot, BARE_YOUNG, 0);
        return overdue;
    }
}
