package io.aswarm.sketch;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What hosts usually do, learned online: for each host and service a quantity in windows of a minute, as an
 * exponentially weighted mean and a mean absolute deviation of the windows, both robust: a window counts for no more
 * than four times what was known. Bounded memory; in a full bucket the one that has seen least gives way.
 * <p>
 * Says how much it has seen: {@link #maturity}, n / (n + 10) after n windows, is the credibility of their mean beside
 * what holds of all hosts (B&uuml;hlmann, "Experience rating and credibility", ASTIN Bulletin 4, 1967). So habit counts
 * as far as it is known ({@link #usualPerSecond}): one window in which nobody was suspected yet is none. Is frozen by
 * whoever holds something against the host ({@link #freeze}): windows in which it was under suspicion are not learned,
 * so nobody teaches it an attack by starting slowly once he is suspected. Who stays below suspicion and does a little
 * more each time could teach it anything (Barreno, Nelson, Sears, Joseph and Tygar, "Can machine learning be secure?",
 * ASIACCS 2006: causative attacks); what bounds him is that habit raises a benign rate to {@value #TAUGHT_MAX} times
 * the table's at most ({@link #scale}). A host that really does more is declared exempt.
 * <p>
 * {@link #save} and {@link #load} carry it over a restart by address, not by hash, since the hash key is another one
 * then.
 * <pre>
 *  saved:  magic 8 | version 4 | entries 4 | entry ...
 *  entry:  high 8 | low 8 | service 4 | windows 4 | mean 8 | deviation 8        little-endian
 * </pre>
 */
final class Baselines
{
    static final int NONE = SlotIndex.NONE;
    /** Bytes that a host sends in questions to name servers. */
    static final int NAMES = 1;
    /** Bytes that a host sends in ICMP. */
    static final int ECHO = 2;
    /** Bytes that a host sends to rare places outside. */
    static final int OUTSIDE = 3;
    /** Calls of a host to rare places outside. */
    static final int CALLS = 4;
    /** Short conversations of a host with services that ask who it is, each port by itself: {@link #shortOf}. */
    private static final int SHORT = 1 << 16;
    static final long LEARNED_NS = 60_000_000_000L;
    static final double WINDOW_SECONDS = 60.0;
    static final int SAVED_HEADER_LENGTH = 16;
    static final int SAVED_ENTRY_LENGTH = 40;
    /** How many times the table's benign rate the habit of a host may stand for. */
    static final double TAUGHT_MAX = 16.0;
    private static final long MAGIC = 0x4c42_5741_5253_4157L;
    private static final int VERSION = 1;
    /** Windows after which half of what can be known is known. */
    private static final double WINDOWS_HALF = 10.0;
    private static final double GAIN = 0.1;
    private static final int ENTRY_LENGTH = 64;
    private static final int HIGH = 0;
    private static final int LOW = 8;
    private static final int SERVICE = 16;
    private static final int WINDOWS = 20;
    private static final int MEAN = 24;
    private static final int DEVIATION = 32;
    private static final int WINDOW_NS = 40;
    private static final int SUM = 48;
    private static final int FROZEN = 56;

    private final MutableDirectBuffer memory;
    private final SlotIndex index;
    private final KeyedHash keyedHash;
    private final int slots;
    private final long windowNs;

    Baselines(
        final MutableDirectBuffer memory, final SlotIndex index, final KeyedHash keyedHash, final int slots,
        final long windowNs)
    {
        this.memory = memory;
        this.index = index;
        this.keyedHash = keyedHash;
        this.slots = slots;
        this.windowNs = windowNs;
    }

    /** What all detectors share. */
    static Baselines of(final Workshop workshop)
    {
        final int slots = 2 * workshop.config().floodsMax();
        return new Baselines(
            workshop.memory().allocate(memoryLength(slots)), workshop.index(slots), workshop.key().derive(17), slots,
            LEARNED_NS);
    }

    static int shortOf(final int port)
    {
        return SHORT | port;
    }

    static int memoryLength(final int slots)
    {
        return slots * ENTRY_LENGTH;
    }

    /** Bytes that {@link #save} may need. */
    int savedLengthMax()
    {
        return SAVED_HEADER_LENGTH + slots * SAVED_ENTRY_LENGTH;
    }

    int find(final long high, final long low, final int service)
    {
        return index.find(hash(high, low, service));
    }

    private long hash(final long high, final long low, final int service)
    {
        return keyedHash.hash(high, low, service, 0, 0);
    }

    /** Let a host's quantity of the current window grow. Returns its slot. */
    int observe(final long high, final long low, final int service, final double amount, final long nowNs)
    {
        final long hash = hash(high, low, service);
        int slot = index.find(hash);
        if (slot == NONE)
        {
            slot = claim(hash, high, low, service);
            memory.putLong(slot * ENTRY_LENGTH + WINDOW_NS, nowNs);
        }
        roll(slot, nowNs);
        final int offset = slot * ENTRY_LENGTH;
        memory.putDouble(offset + SUM, memory.getDouble(offset + SUM) + amount);
        return slot;
    }

    private int claim(final long hash, final long high, final long low, final int service)
    {
        int slot = index.vacant(hash);
        if (slot == NONE)
        {
            slot = index.bucket(hash);
            for (int other = slot + 1, end = slot + SlotIndex.WAYS; other < end; other++)
            {
                slot = windows(other) < windows(slot) ? other : slot;
            }
        }
        index.take(slot, hash);
        final int offset = slot * ENTRY_LENGTH;
        memory.setMemory(offset, ENTRY_LENGTH, (byte)0);
        memory.putLong(offset + HIGH, high);
        memory.putLong(offset + LOW, low);
        memory.putInt(offset + SERVICE, service);
        return slot;
    }

    private void roll(final int slot, final long nowNs)
    {
        final int offset = slot * ENTRY_LENGTH;
        final long elapsedNs = nowNs - memory.getLong(offset + WINDOW_NS);
        if (elapsedNs >= windowNs)
        {
            if (memory.getInt(offset + FROZEN) == 0)
            {
                learn(offset, memory.getDouble(offset + SUM));
                // Windows without anything are windows too; a long silence need not be learned to the end.
                for (long empty = Math.min(8, elapsedNs / windowNs - 1); empty > 0; empty--)
                {
                    learn(offset, 0.0);
                }
            }
            memory.putDouble(offset + SUM, 0.0);
            memory.putInt(offset + FROZEN, 0);
            memory.putLong(offset + WINDOW_NS, nowNs - elapsedNs % windowNs);
        }
    }

    private void learn(final int offset, final double amount)
    {
        final int windows = memory.getInt(offset + WINDOWS);
        final double mean = memory.getDouble(offset + MEAN);
        final double deviation = memory.getDouble(offset + DEVIATION);
        // The first windows are averaged plainly.
        final double gain = Math.max(GAIN, 1.0 / (windows + 1));
        final double counted = windows < WINDOWS_HALF ? amount : Math.min(amount, 4 * (mean + deviation) + 1.0);
        memory.putDouble(offset + MEAN, mean + gain * (counted - mean));
        memory.putDouble(offset + DEVIATION, deviation + gain * (Math.abs(counted - mean) - deviation));
        memory.putInt(offset + WINDOWS, Math.min(windows + 1, Integer.MAX_VALUE - 1));
    }

    /** Do not learn the current window: something is held against the host. */
    void freeze(final int slot)
    {
        memory.putInt(slot * ENTRY_LENGTH + FROZEN, 1);
    }

    /** What a window of the host usually has, its deviation included. */
    double usual(final int slot)
    {
        return memory.getDouble(slot * ENTRY_LENGTH + MEAN) + 2 * memory.getDouble(slot * ENTRY_LENGTH + DEVIATION);
    }

    /** Windows that were learned. */
    int windows(final int slot)
    {
        return memory.getInt(slot * ENTRY_LENGTH + WINDOWS);
    }

    /** How much was seen: 0 when nothing, 0.5 after ten windows, towards 1. */
    double maturity(final int slot)
    {
        return windows(slot) / (windows(slot) + WINDOWS_HALF);
    }

    /** What evidence counts for that is so much while nothing is known of the host, and 1 when all is. */
    double weight(final int slot, final double immatureWeight)
    {
        return immatureWeight + (1 - immatureWeight) * maturity(slot);
    }

    /** How many times the benign rate of the table a host is judged at: twice what it usually does, within bounds. */
    static double scale(final double usualPerSecond, final double benignPerSecond)
    {
        return Math.max(1.0, Math.min(TAUGHT_MAX, 2 * usualPerSecond / benignPerSecond));
    }

    /** What a host usually does, in a second, as far as it is known: nothing when nothing is. */
    double usualPerSecond(final int slot)
    {
        return maturity(slot) * usual(slot) / WINDOW_SECONDS;
    }

    /**
     * Write what was learned.
     *
     * @param destination of at least {@link #savedLengthMax()} bytes from the offset on.
     * @param offset      where to begin.
     * @return bytes written.
     */
    int save(final MutableDirectBuffer destination, final int offset)
    {
        int at = offset + SAVED_HEADER_LENGTH;
        int entries = 0;
        for (int slot = 0; slot < slots; slot++)
        {
            if (index.isTaken(slot) && windows(slot) > 0)
            {
                final int from = slot * ENTRY_LENGTH;
                destination.putLong(at, memory.getLong(from + HIGH));
                destination.putLong(at + 8, memory.getLong(from + LOW));
                destination.putInt(at + 16, memory.getInt(from + SERVICE));
                destination.putInt(at + 20, memory.getInt(from + WINDOWS));
                destination.putDouble(at + 24, memory.getDouble(from + MEAN));
                destination.putDouble(at + 32, memory.getDouble(from + DEVIATION));
                at += SAVED_ENTRY_LENGTH;
                entries++;
            }
        }
        destination.putLong(offset, MAGIC);
        destination.putInt(offset + 8, VERSION);
        destination.putInt(offset + 12, entries);
        return at - offset;
    }

    /**
     * Read what was saved. What cannot be is left out: a baseline is a help, not a duty.
     *
     * @param source bytes, trusted by whoever read them from his own file.
     * @param offset where they begin.
     * @param length how many.
     * @param nowNs  now.
     * @return entries read; -1 when it is not a saved baseline of this version.
     */
    int load(final DirectBuffer source, final int offset, final int length, final long nowNs)
    {
        if (length < SAVED_HEADER_LENGTH || source.getLong(offset) != MAGIC || source.getInt(offset + 8) != VERSION)
        {
            return -1;
        }
        final int whole = (length - SAVED_HEADER_LENGTH) / SAVED_ENTRY_LENGTH;
        final int entries = Math.max(0, Math.min(source.getInt(offset + 12), whole));
        int loaded = 0;
        for (int i = 0; i < entries; i++)
        {
            loaded += loadEntry(source, offset + SAVED_HEADER_LENGTH + i * SAVED_ENTRY_LENGTH, nowNs) ? 1 : 0;
        }
        return loaded;
    }

    private boolean loadEntry(final DirectBuffer source, final int at, final long nowNs)
    {
        final int windows = source.getInt(at + 20);
        final double mean = source.getDouble(at + 24);
        final double deviation = source.getDouble(at + 32);
        // Written so that NaN is refused.
        if (windows <= 0 || !(mean >= 0.0 && mean < 1e18) || !(deviation >= 0.0 && deviation < 1e18))
        {
            return false;
        }
        final long high = source.getLong(at);
        final long low = source.getLong(at + 8);
        final int service = source.getInt(at + 16);
        final int offset = claim(hash(high, low, service), high, low, service) * ENTRY_LENGTH;
        memory.putInt(offset + WINDOWS, windows);
        memory.putDouble(offset + MEAN, mean);
        memory.putDouble(offset + DEVIATION, deviation);
        memory.putLong(offset + WINDOW_NS, nowNs);
        return true;
    }
}
