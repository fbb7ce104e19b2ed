package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.trust.Roster;
import org.agrona.DirectBuffer;

/**
 * Fuses the deposits of distinct nodes to elevations. Pure: no clock, no thread, no IO. A decision is a function of the
 * deposits held and the wall clock's now; sums are of whole micro-nats and {@link Evaporation} is exact to the bit, so
 * that the same inputs give the same bits on every machine and in any order of arrival.
 * <p>
 * A deposit that states E nats last fed at time t counts at time now for {@code min(clip, E * 2^-((now - t) /
 * halfLife))}. A subject is elevated when at least k distinct nodes count for the floor or more, and together for at
 * least ln((1 - beta) / alpha). This node's own evidence, evaporated but not clipped, elevates alone at a stricter bar;
 * another's never does.
 * <p>
 * <b>What f lying nodes can do, f &lt; k.</b> A deposit counts only under a signature of the roster's key for its node,
 * and each node has at most one deposit on a subject, so f nodes are at most f witnesses, whatever they state, repeat
 * or reorder: without evidence by at least k - f honest nodes nothing is elevated. Where honest nodes hold evidence by
 * chance: each honest node's likelihood ratio is a non-negative supermartingale of mean at most 1 under "benign", hence
 * so is the product over any fixed set H of independent honest nodes, and by Ville's inequality (Ville 1939; Wald 1945
 * for one sequence) P(sum over H of E_i ever reaches x) &lt;= e^-x. The liars add at most f * clip. With h honest
 * nodes that see the subject, summing over the sets that could be the honest witnesses:
 * <pre>
 *   P(false elevation) &lt;= sum over m = max(0, k - f) .. h of C(h, m) * e^-(threshold - f * clip)
 * </pre>
 * For four nodes (k = 3, clip 6.9, one liar) that is 4 * e^-6.9 = 0.4 %, and with no liar 5 * e^-13.8 = 5e-6. What
 * counts in a large site is how many see one benign subject, not how many there are: with k = 11 and no liar the bound
 * is 1e-6 for eleven that see it, 0.2 % for fifteen, and says nothing beyond twenty. The same inequality gives a
 * node's own bar: e^-20.7 = 1e-9.
 * <p>
 * <b>Faces.</b> Racks see different sides of one culprit, so a deposit is held by its {@link Topic}: programs by their
 * hash, and a scan, flood or beacon with one aim under that aim too. There a witness counts once, with the strongest of
 * its deposits. A node that watches M benign sources of one aim errs with the strongest of them at most M times as
 * often as with one (union bound), which is ln M nats; so a face counts for {@link Weighing#FACE_TOLL_NATS} = ln 16
 * less than it states, and the bounds above hold under an aim for up to 16 benign sources at each node. Faces elevate
 * an aim only if they are of two sources at least, for one source's evidence is that source's; and never alone.
 * <p>
 * <b>Verification.</b> A bit holds for the elevation when this node's own deposit states it, or k counted witnesses do:
 * of k at least k - f are honest. It is the one field of an elevation that depends on who decides.
 * <p>
 * <b>Degraded.</b> A node that hears no majority of the roster elevates by its own evidence only, against the row's
 * degraded bar: while the cut lasts, nobody on the other side can contradict what a minority agrees on, or suspend it.
 * <p>
 * <b>Spent.</b> An elevation spends all evidence on its topic that was last seen until then, also what arrives later
 * than that, and what a node that starts again finds in its certificates: who is contained is not elevated again for
 * what it did before. Only what witnesses add to it, or see later, is fresh; and all of an episode whose source turns
 * out to be verified after it was spent, since other acts answer that. The clock error that another witness states, up
 * to {@link Admission#CLOCK_ERROR_MAX_NS}, is held against it.
 */
final class Fusion
{
    /** What the evidence against a subject suffices for. */
    enum Decision
    {
        /** Not enough. */
        NONE,
        /** Enough witnesses and evidence. */
        WITNESSES,
        /** Own evidence above the local bar. */
        LOCAL
    }

    /** No deposit is held: it has no second face. */
    static final int NO_FACE = -3;

    private final int ownNodeId;
    private final DepositTable table;
    private final Weighing weighing;
    private final ElevationBuilder builder;
    private final PastElevations past = new PastElevations();
    private final DepositDecoder decoder = new DepositDecoder();
    private final Topic topic = new Topic();
    private int nodes;

    /**
     * @param roster         of the site; its size chooses the rows.
     * @param ownNodeId      whose evidence the local bar is for.
     * @param elevationTable with the rows.
     * @param halfLifeNs     of evidence.
     * @param depositsMax    held at once.
     * @param seed           of the hash; any, no result depends on it.
     */
    Fusion(
        final Roster roster,
        final int ownNodeId,
        final ElevationTable elevationTable,
        final long halfLifeNs,
        final int depositsMax,
        final long seed)
    {
        this.ownNodeId = ownNodeId;
        table = new DepositTable(depositsMax, roster.nodes().size(), halfLifeNs, seed);
        weighing = new Weighing(elevationTable, table, ownNodeId, halfLifeNs);
        builder = new ElevationBuilder(table, weighing, ownNodeId);
        onRoster(roster);
    }

    /**
     * Go by another roster: its size chooses the rows, and deposits of nodes that left count no more.
     *
     * @param next roster of the site.
     */
    void onRoster(final Roster next)
    {
        nodes = next.nodes().size();
        weighing.onRoster(next);
        builder.onRoster(next);
        table.onRoster(next);
    }

    /**
     * Hold a deposit that was believed, under its subject.
     *
     * @param buffer with the deposit.
     * @param offset of its first byte.
     * @return its slot, {@link DepositTable#OVERTAKEN} or {@link DepositTable#TOO_WEAK}.
     */
    int hold(final DirectBuffer buffer, final int offset)
    {
        return holdOn(topic.ofSubject(buffer, offset), buffer, offset);
    }

    /**
     * Hold the same deposit under what it aims at too, where that can make subjects of several racks meet.
     *
     * @param buffer with the deposit.
     * @param offset of its first byte.
     * @return its slot there, {@link DepositTable#OVERTAKEN}, {@link DepositTable#TOO_WEAK} or {@link #NO_FACE}.
     */
    int holdFace(final DirectBuffer buffer, final int offset)
    {
        return nodes > 1 && null != topic.ofAim(buffer, offset) ? holdOn(topic, buffer, offset) : NO_FACE;
    }

    private int holdOn(final Topic on, final DirectBuffer buffer, final int offset)
    {
        final int slot = table.hold(on, buffer, offset);
        if (slot >= 0)
        {
            decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
                DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
            // what this node saw and when it elevated are read from one clock
            final long errorNs = decoder.nodeId() == ownNodeId ? 0 :
                Math.min(Admission.CLOCK_ERROR_MAX_NS, decoder.clockErrorUs() * 1000L);
            if (decoder.lastSeenEpochNs() - errorNs <= past.last(on))
            {
                table.spend(slot);
            }
        }
        return slot;
    }

    /**
     * Take a deposit for spent that led to an elevation before this process began.
     *
     * @param buffer          with the deposit.
     * @param offset          of its first byte.
     * @param isFace          whether the elevation was of its aim.
     * @param elevatedEpochNs wall clock of the elevation.
     */
    void recall(final DirectBuffer buffer, final int offset, final boolean isFace, final long elevatedEpochNs)
    {
        final Topic on = isFace ? topic.ofAim(buffer, offset) : topic.ofSubject(buffer, offset);
        if (null != on)
        {
            past.put(on.code(), on.high(), on.low(), elevatedEpochNs);
            final int slot = table.hold(on, buffer, offset);
            if (slot >= 0)
            {
                table.spend(slot);
            }
        }
    }

    /**
     * Does the evidence on a slot's topic suffice? Changes nothing.
     *
     * @param onSlot     of any deposit on the topic.
     * @param nowEpochNs wall clock.
     * @param isDegraded whether this node hears no majority of the roster.
     * @return the decision.
     */
    Decision decide(final int onSlot, final long nowEpochNs, final boolean isDegraded)
    {
        final ElevationTable.Row row = weighing.row(onSlot);
        int witnesses = 0;
        long sum = 0;
        long own = 0;
        int face = NO_FACE;
        boolean isOneSource = true;
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            final boolean isFace = table.isFace(slot);
            if (table.nodeId(slot) == ownNodeId && !isFace)
            {
                own = weighing.live(slot, nowEpochNs);
            }
            final long counted = weighing.counted(slot, row, nowEpochNs);
            if (counted > 0)
            {
                witnesses++;
                sum += counted;
                isOneSource &= isFace && (NO_FACE == face || table.isSameDeposited(face, slot));
                face = slot;
            }
        }

        if (!isDegraded && nodes > 1 && witnesses >= row.witnesses() &&
            sum >= Weighing.micro(row.thresholdNats()) && !isOneSource)
        {
            return Decision.WITNESSES;
        }
        return own >= Weighing.micro(isDegraded ? row.degradedBarNats() : row.localBarNats()) ?
            Decision.LOCAL : Decision.NONE;
    }

    /** A slot on the next topic, from a slot on; each topic comes once. Negative when there is none. */
    int topicFrom(final int slot)
    {
        return table.topicFrom(slot);
    }

    /** Is exactly this deposit of another node held, without a signature? */
    boolean isHeldUnsigned(final DirectBuffer buffer, final int offset)
    {
        final int slot = table.find(topic.ofSubject(buffer, offset), buffer, offset);
        return slot >= 0 && table.nodeId(slot) != ownNodeId &&
            !DepositDescriptor.isSealed(table.wire(), table.wireOffset(slot));
    }

    /** Give a deposit that is held its signature, which was checked. */
    void sign(final DirectBuffer buffer, final int offset)
    {
        table.sign(table.find(topic.ofSubject(buffer, offset), buffer, offset), buffer, offset);
        if (null != topic.ofAim(buffer, offset))
        {
            table.sign(table.find(topic, buffer, offset), buffer, offset);
        }
    }

    long evictions()
    {
        return table.evictions();
    }

    /**
     * One slot for each distinct subject that is elevated: one program may run on several hosts, which then all are.
     * Allocates: it is rare.
     *
     * @param onSlot   of any deposit on the topic.
     * @param decision as decided.
     * @return slots, by ascending node id.
     */
    int[] subjects(final int onSlot, final Decision decision)
    {
        return builder.subjects(onSlot, decision);
    }

    /**
     * State an elevation that was decided. Allocates: it is rare.
     *
     * @param onSlot          of a deposit on the subject.
     * @param decision        as decided.
     * @param isDegraded      as decided.
     * @param decidedEpochNs  the now for which it was decided.
     * @param id              of the elevation.
     * @param elevatedNs      monotonic.
     * @param elevatedEpochNs wall clock at the same instant.
     * @return the elevation.
     */
    Elevation state(
        final int onSlot,
        final Decision decision,
        final boolean isDegraded,
        final long decidedEpochNs,
        final long id,
        final long elevatedNs,
        final long elevatedEpochNs)
    {
        return builder.build(onSlot, decision, isDegraded, decidedEpochNs, id, elevatedNs, elevatedEpochNs);
    }

    /** What was seen until an elevation shall not lead to the next. */
    void spend(final int onSlot, final long decidedEpochNs)
    {
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            table.spend(slot);
        }
        past.put(table.topicCode(onSlot), table.topicHigh(onSlot), table.topicLow(onSlot), decidedEpochNs);
    }
}
