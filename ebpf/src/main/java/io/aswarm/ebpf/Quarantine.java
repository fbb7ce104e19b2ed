package io.aswarm.ebpf;

/**
 * What is contained, in the kernel: acts on rules, each with its own deadline and mode, enforced whether or not this
 * process lives. Several acts may hold one rule, and rules may overlap: a packet passes only if every live act that its
 * rule describes lets it pass, so the end of one never loosens another. The act that drops a packet counts it.
 * <p>
 * Any thread; a call is at most three system calls and allocates nothing, except {@link #forEachAct}.
 */
public final class Quarantine
{
    /** The packets are dropped and counted. */
    public static final int MODE_DROP = 1;
    /** The packets are counted and pass: what a drop would do. */
    public static final int MODE_OBSERVE = 2;
    /** Packets beyond a token bucket are dropped. */
    public static final int MODE_RATE_LIMIT = 3;
    /**
     * Openings beyond a token bucket are dropped; packets of established conversations pass. For TCP an opening is what
     * carries neither ACK nor RST; a UDP packet or an echo request opens unless its exchange was answered before; other
     * ICMP opens nothing; of any other protocol each packet does.
     */
    public static final int MODE_OPENINGS = 4;
    /** As {@link #MODE_OPENINGS}, but frames pass whose sender is bound to its address by the link it is on. */
    public static final int MODE_GUARD = 5;
    /** Acts that may hold rules of one prefix and role at once. */
    public static final int ACTS_PER_PREFIX_MAX = QuarantineIndex.ACTS_MAX;
    /** Tokens that a bucket may gain in a second. */
    public static final int PACKETS_PER_SECOND_MAX = 1_000_000_000;

    private final QuarantineActs acts;
    private final QuarantineIndex index;
    private boolean closed;

    /* The rule that a call is about. */
    private long high;
    private long low;
    private int lengthBits;
    private int role;
    private int protocol;
    private int port;
    private int vlan;

    Quarantine(final QuarantineActs acts, final QuarantineIndex index)
    {
        this.acts = acts;
        this.index = index;
    }

    /** Let the new program find what the array held before it. */
    synchronized void adopt() throws KernelException
    {
        for (int place = 0; place < acts.capacity(); place++)
        {
            if (acts.isTaken(place))
            {
                adopt(place);
            }
        }
    }

    /**
     * Takes acts, one call each.
     */
    @FunctionalInterface
    public interface ActHandler
    {
        /**
         * An act on a rule, in force or past its deadline.
         *
         * @param rule             what its packets look like.
         * @param deadlineNs       CLOCK_MONOTONIC instant from which on the kernel ignores the act.
         * @param actId            of the act.
         * @param mode             one of the {@code MODE_} constants.
         * @param packetsPerSecond tokens that the bucket gains in a second.
         * @param burst            tokens that the bucket holds.
         * @param drops            packets that it has dropped (or observed) so far.
         */
        void onAct(
            QuarantineRule rule, long deadlineNs, long actId, int mode, int packetsPerSecond, int burst, long drops);
    }

    /**
     * Put an act on a rule, from the next packet on, until a deadline. What the same act said of the same rule before
     * is replaced, and its counts go on; other acts on the rule stay as they are. When there is no room, acts past
     * their deadline make it.
     *
     * @param rule             what the packets look like.
     * @param deadlineNs       CLOCK_MONOTONIC instant, not 0.
     * @param actId            of the act.
     * @param mode             one of the {@code MODE_} constants.
     * @param packetsPerSecond for a mode with a bucket: tokens that it gains in a second, at most
     *                         {@link #PACKETS_PER_SECOND_MAX}; 0 for a bucket that is always empty.
     * @param burst            for a mode with a bucket that gains tokens: how many it holds, at least 1.
     * @return 0, or a negative errno: -7 (E2BIG) when there is room for no further act, or for none on rules of this
     *     prefix, -22 (EINVAL) for a mode, deadline or bucket that can not be.
     */
    public synchronized int contain(
        final QuarantineRule rule,
        final long deadlineNs,
        final long actId,
        final int mode,
        final int packetsPerSecond,
        final int burst)
    {
        final boolean hasBucket = mode >= MODE_RATE_LIMIT && mode <= MODE_GUARD;
        if (closed || mode < MODE_DROP || mode > MODE_GUARD ||
            (hasBucket && (packetsPerSecond < 0 || packetsPerSecond > PACKETS_PER_SECOND_MAX ||
            (packetsPerSecond > 0 && burst < 1))))
        {
            return Errno.EINVAL.asResult();
        }
        choose(rule);
        return contain(deadlineNs, actId, mode, hasBucket ? packetsPerSecond : 0, hasBucket ? burst : 0);
    }

    /**
     * End an act on a rule before its deadline. Other acts on it stay.
     *
     * @param rule  that was given to contain.
     * @param actId of the act that is undone.
     * @return 0, or a negative errno: -2 (ENOENT) when no act is on this rule, -116 (ESTALE) when only others are.
     */
    public synchronized int release(final QuarantineRule rule, final long actId)
    {
        if (closed)
        {
            return Errno.EINVAL.asResult();
        }
        choose(rule);
        return release(actId);
    }

    /**
     * Real packets that an act on a rule has dropped, or observed.
     *
     * @param rule  that was given to contain.
     * @param actId of the act.
     * @return packets since the act began, or a negative errno when it does not hold this rule.
     */
    public synchronized long drops(final QuarantineRule rule, final long actId)
    {
        if (closed)
        {
            return Errno.EINVAL.asResult();
        }
        choose(rule);
        final int place = find(actId);
        return place == QuarantineActs.NO_PLACE ? Errno.ENOENT.asResult() : acts.packets(place);
    }

    /**
     * Visit all acts, those past their deadline too. The handler may contain and release.
     *
     * @param handler of acts.
     */
    public synchronized void forEachAct(final ActHandler handler)
    {
        for (int place = 0; !closed && place < acts.capacity(); place++)
        {
            if (acts.isTaken(place))
            {
                handler.onAct(
                    acts.rule(place),
                    acts.deadlineNs(place),
                    acts.actId(place),
                    acts.mode(place),
                    acts.packetsPerSecond(place),
                    acts.burst(place),
                    acts.packets(place));
            }
        }
    }

    /**
     * Room for acts.
     *
     * @return acts that can be in force at once.
     */
    public int entriesMax()
    {
        return acts.capacity();
    }

    synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            index.close();
            acts.close();
        }
    }

    private void choose(final QuarantineRule rule)
    {
        final IpPrefix prefix = rule.prefix();
        high = prefix.address().high();
        low = prefix.address().low();
        lengthBits = prefix.lengthBits();
        role = rule.role();
        protocol = rule.protocol();
        port = rule.port();
        vlan = rule.vlan();
    }

    private int contain(
        final long deadlineNs, final long actId, final int mode, final int packetsPerSecond, final int burst)
    {
        if (deadlineNs == 0)
        {
            return Errno.EINVAL.asResult();
        }
        int result = put(deadlineNs, actId, mode, packetsPerSecond, burst);
        if (result == Errno.E2BIG.asResult() && removeExpired(System.nanoTime()) > 0)
        {
            result = put(deadlineNs, actId, mode, packetsPerSecond, burst);
        }
        return result;
    }

    private int put(
        final long deadlineNs, final long actId, final int mode, final int packetsPerSecond, final int burst)
    {
        final int known = find(actId);
        final int place = known == QuarantineActs.NO_PLACE ? acts.take() : known;
        if (place == QuarantineActs.NO_PLACE)
        {
            return Errno.E2BIG.asResult();
        }

        index.countGuards((mode == MODE_GUARD ? 1 : 0) - guards(place));
        acts.writeRule(place, high, low, lengthBits, role);
        acts.writeService(place, protocol, port, vlan);
        acts.writeAct(place, actId, mode, packetsPerSecond, burst);
        final int result = index.put(place);
        if (result == 0)
        {
            acts.writeDeadline(place, deadlineNs);
        }
        else if (known == QuarantineActs.NO_PLACE)
        {
            index.countGuards(-guards(place));
            acts.giveBack(place);
        }
        return result;
    }

    private int release(final long actId)
    {
        final int place = find(actId);
        if (place != QuarantineActs.NO_PLACE)
        {
            return end(place);
        }
        for (int i = 0; index.place(i) != QuarantineActs.NO_PLACE; i++)
        {
            if (acts.isService(index.place(i), protocol, port, vlan))
            {
                return Errno.ESTALE.asResult();
            }
        }
        return Errno.ENOENT.asResult();
    }

    /** Where an act stands on the chosen rule; the index is left at the rule's prefix. */
    private int find(final long actId)
    {
        final int count = index.subject(high, low, lengthBits, role);
        for (int i = 0; i < count; i++)
        {
            final int place = index.place(i);
            if (acts.actId(place) == actId && acts.isService(place, protocol, port, vlan))
            {
                return place;
            }
        }
        return QuarantineActs.NO_PLACE;
    }

    /** Out of force at once, then out of the index, which is left at its prefix. */
    private int end(final int place)
    {
        acts.writeDeadline(place, QuarantineActs.FREE);
        final int result = index.remove(place);
        if (result == 0)
        {
            index.countGuards(-guards(place));
            acts.giveBack(place);
        }
        return result;
    }

    private int removeExpired(final long nowNs)
    {
        int removed = 0;
        for (int place = 0; place < acts.capacity(); place++)
        {
            if (acts.isTaken(place) && !acts.isLive(place, nowNs))
            {
                index.subject(
                    acts.addressHigh(place), acts.addressLow(place), acts.lengthBits(place), acts.role(place));
                removed += end(place) == 0 ? 1 : 0;
            }
        }
        return removed;
    }

    private void adopt(final int place) throws KernelException
    {
        index.subject(acts.addressHigh(place), acts.addressLow(place), acts.lengthBits(place), acts.role(place));
        final int result = index.put(place);
        if (result < 0)
        {
            throw new KernelException("act " + acts.actId(place) + " can not be put in force again", -result);
        }
        index.countGuards(guards(place));
    }

    private int guards(final int place)
    {
        return acts.mode(place) == MODE_GUARD ? 1 : 0;
    }
}
