package io.aswarm.quorum;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static io.aswarm.quorum.Site.HALF_LIFE_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DepositTableTest
{
    private final Site site = new Site(4);

    @Test
    void shouldLetAFloodingWitnessPushOutOnlyItsOwn()
    {
        final DepositTable table = new DepositTable(256, 4, HALF_LIFE_NS, 7);
        final int honest = hold(table, site.deposit(2, 1).milliNats(1_001).unsigned());
        for (int i = 1; i <= 1_000; i++)
        {
            hold(table, site.deposit(3, i).subject(i).milliNats(1_000_000 + i).unsigned());
        }
        assertEquals(1_000 - 64, table.evictions());
        assertEquals(2, table.nodeId(honest));
        int held = 0;
        for (int i = 1; i <= 64; i++)
        {
            held += hold(table, site.deposit(4, i).subject(i).unsigned()) >= 0 ? 1 : 0;
        }
        assertEquals(64, held, "the others' shares are untouched");
    }

    @Test
    void shouldPushOutWhatWillHaveEvaporatedFirst()
    {
        final DepositTable table = new DepositTable(64, 1, HALF_LIFE_NS, 7);
        // half as old by one half-life is as strong as twice the evidence
        hold(table, site.deposit(2, 1).subject(1).milliNats(4_000).seen(T0, T0).unsigned());
        hold(table, site.deposit(2, 2).subject(2).milliNats(2_001).seen(T0, T0 + HALF_LIFE_NS).unsigned());
        for (int i = 3; i <= 64; i++)
        {
            hold(table, site.deposit(2, i).subject(i).milliNats(50_000).unsigned());
        }
        assertEquals(0, table.evictions());
        assertTrue(hold(table, site.deposit(2, 65).subject(65).milliNats(50_000).unsigned()) >= 0);
        assertEquals(1, table.evictions());
        assertTrue(hold(table, site.deposit(2, 66).subject(2).milliNats(2_002).unsigned()) >= 0);
        assertEquals(1, table.evictions(), "subject 2 was still held");
        assertEquals(DepositTable.TOO_WEAK, hold(table, site.deposit(2, 67).subject(1).milliNats(1_999).unsigned()));
        assertEquals(2, table.evictions(), "the newcomer itself counts");
    }

    @Test
    void shouldKeepTheStrongestWhenMoreNodesWitnessThanOneSubjectHolds()
    {
        final Site large = new Site(DepositTable.WITNESSES_MAX + 2);
        final DepositTable table = new DepositTable(1024, large.roster.nodes().size(), HALF_LIFE_NS, 7);
        int slot = 0;
        for (int node = 1; node <= DepositTable.WITNESSES_MAX; node++)
        {
            slot = hold(table, large.deposit(node, 1).milliNats(1_000 + node).unsigned());
        }
        assertEquals(DepositTable.TOO_WEAK, hold(table,
            large.deposit(DepositTable.WITNESSES_MAX + 1, 1).milliNats(1_001).unsigned()));
        assertTrue(hold(table, large.deposit(DepositTable.WITNESSES_MAX + 2, 1).milliNats(1_002).unsigned()) >= 0);

        int witnesses = 0;
        for (int on = table.firstOnTopic(slot); on >= 0; on = table.nextOnTopic(on))
        {
            assertTrue(table.nodeId(on) != 1, "node 1 was the weakest");
            witnesses++;
        }
        assertEquals(DepositTable.WITNESSES_MAX, witnesses);
    }

    @Test
    void shouldFindEveryDepositAgainAfterMuchComingAndGoing()
    {
        final DepositTable table = new DepositTable(64, 1, HALF_LIFE_NS, 99);
        for (int i = 1; i <= 10_000; i++)
        {
            final int slot = hold(table, site.deposit(2, i).subject(i % 97).milliNats(1_000 + i).unsigned());
            assertTrue(slot >= 0);
            assertEquals(slot, table.firstOnTopic(slot));
            assertEquals(i % 97, table.subjectLow(slot));
            assertTrue(table.nextOnTopic(slot) < 0, "one witness, one deposit");
        }
    }

    private static int hold(final DepositTable table, final UnsafeBuffer deposit)
    {
        return table.hold(new Topic().ofSubject(deposit, 0), deposit, 0);
    }
}
