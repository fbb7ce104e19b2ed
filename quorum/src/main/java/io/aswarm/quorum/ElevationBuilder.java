package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.trust.Roster;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntArrayList;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * States an elevation that was decided: its subjects, its witnesses, and what they say together. Allocates: it is rare.
 * Loops, where streams would read better: it stands between decision and act, and little code is soon warm. Pure.
 */
final class ElevationBuilder
{
    private final DepositTable table;
    private final Weighing weighing;
    private final int ownNodeId;
    private final DepositDecoder decoder = new DepositDecoder();
    private Roster roster;

    ElevationBuilder(final DepositTable table, final Weighing weighing, final int ownNodeId)
    {
        this.table = table;
        this.weighing = weighing;
        this.ownNodeId = ownNodeId;
    }

    void onRoster(final Roster next)
    {
        roster = next;
    }

    /** One slot for each distinct subject of a topic, by ascending node id; alone, this node's own. */
    int[] subjects(final int onSlot, final Fusion.Decision decision)
    {
        final List<Integer> slots = new ArrayList<>();
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            if (Fusion.Decision.LOCAL != decision || table.nodeId(slot) == ownNodeId)
            {
                slots.add(slot);
            }
        }
        slots.sort(Comparator.comparingInt(table::nodeId));
        final IntArrayList distinct = new IntArrayList();
        for (final int slot : slots)
        {
            if (!holdsSubjectOf(slot, distinct))
            {
                distinct.addInt(slot);
            }
        }
        return distinct.toIntArray();
    }

    private boolean holdsSubjectOf(final int slot, final IntArrayList slots)
    {
        for (int i = 0; i < slots.size(); i++)
        {
            final int other = slots.getInt(i);
            if (table.subjectHigh(other) == table.subjectHigh(slot) &&
                table.subjectLow(other) == table.subjectLow(slot))
            {
                return true;
            }
        }
        return false;
    }

    Elevation build(
        final int onSlot,
        final Fusion.Decision decision,
        final boolean isDegraded,
        final long decidedEpochNs,
        final long id,
        final long elevatedNs,
        final long elevatedEpochNs)
    {
        final ElevationTable.Row row = weighing.row(onSlot);
        final boolean isLocal = Fusion.Decision.LOCAL == decision;
        final List<Witness> witnesses = new ArrayList<>();
        final Summary summary = new Summary();
        int ownVerification = Verification.NONE;
        for (int slot = table.firstOnTopic(onSlot); slot >= 0; slot = table.nextOnTopic(slot))
        {
            final long counted = weighing.counted(slot, row, decision, decidedEpochNs);
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
            Weighing.nats(summary.microNats), isLocal ? localBar : row.thresholdNats(),
            isLocal ? 1 : row.witnesses(), isLocal, List.copyOf(witnesses),
            saturated(summary.count), saturated(summary.hosts), 0 != summary.aimPort ? 1 : saturated(summary.ports),
            summary.aimPort, summary.aimHigh, summary.aimLow,
            elevatedNs - (elevatedEpochNs - summary.firstSeenEpochNs), summary.firstSeenEpochNs,
            elevatedNs, elevatedEpochNs, table.role(onSlot),
            SubjectRole.AIM == table.role(onSlot) ? Verification.NONE :
            ownVerification | statedByEnough(witnesses, row.witnesses()), isDegraded);
    }

    private static int statedByEnough(final List<Witness> witnesses, final int enough)
    {
        int verification = Verification.NONE;
        for (int bit = 1; bit <= Verification.ALL; bit <<= 1)
        {
            int stating = 0;
            for (final Witness witness : witnesses)
            {
                stating += 0 == (witness.verification() & bit) ? 0 : 1;
            }
            verification |= stating >= enough ? bit : Verification.NONE;
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
            Weighing.nats(counted), saturated(decoder.count()), decoder.firstSeenEpochNs(), bytes,
            decoder.subjectRole(), decoder.verification());
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
