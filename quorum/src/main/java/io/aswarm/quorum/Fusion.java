package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.trust.Roster;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
 * nodes, summing over the sets that could be the honest witnesses:
 * <pre>
 *   P(false elevation) &lt;= sum over m = max(0, k - f) .. h of C(h, m) * e^-(threshold - f * clip)
 * </pre>
 * For four nodes (k = 3, clip 6.9, one liar) that is 4 * e^-6.9 = 0.4 %, and with no liar 5 * e^-13.8 = 5e-6. The same
 * inequality gives a node's own bar: e^-20.7 = 1e-9.
 * <p>
 * <b>Faces.</b> Racks see different sides of one culprit, so a deposit is held by its {@link Topic}: programs by their
 * hash, and a scan, flood or beacon with one aim under that aim too. There a witness counts once, with the strongest of
 * its deposits. A node that watches M benign sources of one aim errs with the strongest of them at most M times as
 * often as with one (union bound), which is ln M nats; so a face counts for {@link #FACE_TOLL_NATS} = ln 16 less than
 * it states, and the bounds above hold under an aim for up to 16 benign sources at each node. Faces elevate an aim only
 * if they are of two sources at least, for one source's evidence is that source's; and never alone.
 * <p>
 * <b>Verification.</b> A bit holds for the elevation when this node's own deposit states it, or k counted witnesses do:
 * of k at least k - f are honest. It is the one field of an elevation that depends on who decides.
 * <p>
 * <b>Degraded.</b> A node that hears no majority of the roster elevates by its own evidence only, against the row's
 * degraded bar: while the cut lasts, nobody on the other side can contradict what a minority agrees on, or suspend it.
 * <p>
 * After an elevation the evidence that led to it is spent: only what the witnesses add, or another episode, is fresh.
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
    /** By how much a deposit against a source counts for less under its aim. */
    static final double FACE_TOLL_NATS = StrictMath.log(16);

    private static final long MICRO = 1_000_000L;
    private static final long FACE_TOLL_MICRO_NATS = micro(FACE_TOLL_NATS);

    private final int ownNodeId;
    private final long halfLifeNs;
    private final ElevationTable elevationTable;
    private final DepositTable table;
    private final Int2ObjectHashMap<ElevationTable.Row> rowByScenario = new Int2ObjectHashMap<>();
    private final DepositDecoder decoder = new DepositDecoder();
    private final Topic topic = new Topic();
    private Roster roster;
    private int nodes;
    private ElevationTable.Row commonRow;

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
        this.elevationTable = elevationTable;
        this.ownNodeId = ownNodeId;
        this.halfLifeNs = halfLifeNs;
        this.table = new DepositTable(depositsMax, roster.nodes().size(), halfLifeNs, seed);
        choose(roster);
    }

    /**
     * Go by another roster: its size chooses the rows, and deposits of nodes that left count no more.
     *
     * @param next roster of the site.
     */
    void onRoster(final Roster next)
    {
        choose(next);
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
        return table.hold(topic.ofSubject(buffer, offset), buffer, offset);
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
        return nodes > 1 && null != topic.ofAim(buffer, offset) ? table.hold(topic, buffer, offset) : NO_FACE;
    }

    /**
     * Does the evidence on a slot's topic suffice, at a node that hears the others? Changes nothing.
     *
     * @param onSlot     of any deposit on the topic.
     * @param nowEpochNs wall clock.
     * @return the decision.
     */
    Decision decide(final int onSlot, final long nowEpochNs)
    {
        return decide(onSlot, nowEpochNs, false);
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
        final ElevationTable.Row row = row(table.scenario(onSlot));
        final long clip = micro(row.clipNats());
        final long floor = micro(row.floorNats());
        int witnesses = 0;
        long sum = 0;
        long own = 0;
        int face = NO_FACE;
        boolean isOneSource = true;
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            final long live = live(slot, nowEpochNs);
            final boolean isFace = table.isFace(slot);
            if (table.nodeId(slot) == ownNodeId && !isFace)
            {
                own = live;
            }
            if (Math.min(clip, live) >= floor)
            {
                witnesses++;
                sum += Math.min(clip, live);
                isOneSource &= isFace && (NO_FACE == face || table.isSameDeposited(face, slot));
                face = slot;
            }
        }

        if (!isDegraded && nodes > 1 && witnesses >= row.witnesses() && sum >= micro(row.thresholdNats()) &&
            !isOneSource)
        {
            return Decision.WITNESSES;
        }
        return own >= micro(isDegraded ? row.degradedBarNats() : row.localBarNats()) ? Decision.LOCAL : Decision.NONE;
    }

    /**
     * This node's own deposit on a slot's topic.
     *
     * @param onSlot of any deposit on the topic.
     * @return its slot, or a negative number.
     */
    private int ownSlot(final int onSlot)
    {
        int slot = table.firstOnTopic(onSlot);
        while (slot >= 0 && table.nodeId(slot) != ownNodeId)
        {
            slot = table.nextOnTopic(slot);
        }
        return slot;
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
        if (Decision.LOCAL == decision)
        {
            return new int[] {ownSlot(onSlot)};
        }
        final List<Integer> slots = new ArrayList<>();
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            slots.add(slot);
        }
        slots.sort(Comparator.comparingInt(table::nodeId));
        final List<Integer> distinct = new ArrayList<>();
        for (final int slot : slots)
        {
            if (distinct.stream().noneMatch((other) -> table.subjectHigh(other) == table.subjectHigh(slot) &&
                table.subjectLow(other) == table.subjectLow(slot)))
            {
                distinct.add(slot);
            }
        }
        return distinct.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * State an elevation that was decided by a node that hears the others, and spend the evidence that led to it.
     *
     * @param onSlot          of a deposit on the subject.
     * @param decision        as decided.
     * @param decidedEpochNs  the now for which it was decided.
     * @param id              of the elevation.
     * @param elevatedNs      monotonic.
     * @param elevatedEpochNs wall clock at the same instant.
     * @return the elevation.
     */
    Elevation elevate(
        final int onSlot,
        final Decision decision,
        final long decidedEpochNs,
        final long id,
        final long elevatedNs,
        final long elevatedEpochNs)
    {
        final Elevation elevation = state(onSlot, decision, false, decidedEpochNs, id, elevatedNs, elevatedEpochNs);
        spend(onSlot, decision, decidedEpochNs);
        return elevation;
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
        final ElevationTable.Row row = row(table.scenario(onSlot));
        final boolean isLocal = Decision.LOCAL == decision;
        final List<Witness> witnesses = new ArrayList<>();
        final Summary summary = new Summary();
        int ownVerification = Verification.NONE;
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            final long counted = counted(slot, row, isLocal, decidedEpochNs);
            if (counted > 0)
            {
                final Witness witness = witness(slot, counted);
                witnesses.add(witness);
                summary.add(decoder, table.wire(), table.wireOffset(slot), counted);
                ownVerification |= witness.nodeId() == ownNodeId ? witness.verification() : Verification.NONE;
            }
        }
        witnesses.sort(Comparator.comparingInt(Witness::nodeId));

        final double localBar = isDegraded ? row.degradedBarNats() : row.localBarNats();
        return new Elevation(
            id, table.scenario(onSlot), table.subjectHigh(onSlot), table.subjectLow(onSlot),
            summary.microNats / (double)MICRO, isLocal ? localBar : row.thresholdNats(),
            isLocal ? 1 : row.witnesses(), isLocal, List.copyOf(witnesses),
            saturated(summary.count), saturated(summary.hosts), 0 != summary.aimPort ? 1 : saturated(summary.ports),
            summary.aimPort, summary.aimHigh, summary.aimLow,
            elevatedNs - (elevatedEpochNs - summary.firstSeenEpochNs), summary.firstSeenEpochNs,
            elevatedNs, elevatedEpochNs, table.role(onSlot),
            SubjectRole.AIM == table.role(onSlot) ? Verification.NONE :
            ownVerification | statedByEnough(witnesses, row.witnesses()), isDegraded);
    }

    /** What led to an elevation shall not lead to the next. */
    void spend(final int onSlot, final Decision decision, final long decidedEpochNs)
    {
        final ElevationTable.Row row = row(table.scenario(onSlot));
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            if (counted(slot, row, Decision.LOCAL == decision, decidedEpochNs) > 0)
            {
                table.spend(slot);
            }
        }
    }

    /** Micro-nats for which a slot counts, or 0 when its node is no witness. */
    private long counted(
        final int slot, final ElevationTable.Row row, final boolean isLocal, final long decidedEpochNs)
    {
        if (isLocal)
        {
            return table.nodeId(slot) == ownNodeId ? live(slot, decidedEpochNs) : 0;
        }
        final long counted = Math.min(micro(row.clipNats()), live(slot, decidedEpochNs));
        return counted >= micro(row.floorNats()) ? counted : 0;
    }

    private static int statedByEnough(final List<Witness> witnesses, final int enough)
    {
        int verification = Verification.NONE;
        for (int bit = 1; bit <= Verification.ALL; bit <<= 1)
        {
            final int stated = bit;
            if (witnesses.stream().filter((witness) -> 0 != (witness.verification() & stated)).count() >= enough)
            {
                verification |= bit;
            }
        }
        return verification;
    }

    private Witness witness(final int slot, final long counted)
    {
        final byte[] bytes = new byte[DepositDescriptor.LENGTH];
        table.wire().getBytes(table.wireOffset(slot), bytes);
        decoder.wrap(table.wire(), table.wireOffset(slot) + MessageHeaderDecoder.ENCODED_LENGTH,
            DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
        final Roster.Node node = roster.node(table.nodeId(slot));
        return new Witness(table.nodeId(slot), null == node ? "" : node.name(), decoder.evidenceMilliNats() / 1000.0,
            counted / (double)MICRO, saturated(decoder.count()), decoder.firstSeenEpochNs(), bytes,
            decoder.subjectRole(), decoder.verification());
    }

    /**
     * Micro-nats of a slot that are neither spent nor evaporated, less the toll of a face. A clock behind the witness's
     * makes no evidence.
     */
    private long live(final int slot, final long nowEpochNs)
    {
        final long fresh = table.freshMilliNats(slot) * 1000L;
        final long ageNs = nowEpochNs - table.lastSeenEpochNs(slot);
        final long live = (long)(fresh * Evaporation.left(ageNs, halfLifeNs));
        return table.isFace(slot) ? Math.max(0, live - FACE_TOLL_MICRO_NATS) : live;
    }

    private void choose(final Roster next)
    {
        roster = next;
        nodes = next.nodes().size();
        commonRow = elevationTable.row(ElevationTable.ANY_SCENARIO, nodes);
        elevationTable.scenarios().forEach((code) -> rowByScenario.put((int)code, elevationTable.row(code, nodes)));
    }

    private ElevationTable.Row row(final int scenario)
    {
        final ElevationTable.Row special = rowByScenario.get(scenario);
        return null == special ? commonRow : special;
    }

    private static long micro(final double nats)
    {
        return StrictMath.round(nats * MICRO);
    }

    private static int saturated(final long value)
    {
        return (int)Math.min(Integer.MAX_VALUE, value);
    }

    /** What the witnesses of one elevation say together. */
    private static final class Summary
    {
        private boolean isFirst = true;
        private long microNats;
        private long count;
        private long hosts;
        private long ports;
        private int aimPort;
        private long aimHigh;
        private long aimLow;
        private long firstSeenEpochNs;

        private void add(final DepositDecoder deposit, final DirectBuffer wire, final int offset, final long counted)
        {
            final long high = DepositDescriptor.high(wire, offset + DepositDescriptor.AIM_OFFSET);
            final long low = DepositDescriptor.low(wire, offset + DepositDescriptor.AIM_OFFSET);
            microNats += counted;
            count += deposit.count();
            hosts += deposit.distinctHosts();
            ports += deposit.distinctPorts();
            aimPort = isFirst || aimPort == deposit.aimPort() ? deposit.aimPort() : 0;
            final boolean isSameAim = isFirst || (aimHigh == high && aimLow == low);
            aimHigh = isSameAim ? high : 0;
            aimLow = isSameAim ? low : 0;
            firstSeenEpochNs = isFirst ? deposit.firstSeenEpochNs() :
                Math.min(firstSeenEpochNs, deposit.firstSeenEpochNs());
            isFirst = false;
        }
    }
}
