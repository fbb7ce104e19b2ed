package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OutboxTest
{
    private final Site site = new Site(1);
    private final Outbox outbox = new Outbox();

    @Test
    void shouldSendNewSubjectsBeforeMoreOfKnownOnes()
    {
        final int known = put(1, 1);
        outbox.onSent(known);
        assertEquals(known, put(1, 2));
        final int fresh = put(2, 3);
        final int fresher = put(3, 4);

        assertEquals(fresh, outbox.next());
        outbox.onSent(fresh);
        assertEquals(fresher, outbox.next());
        outbox.onSent(fresher);
        assertEquals(known, outbox.next());
        outbox.onSent(known);
        assertEquals(Outbox.NIL, outbox.next());
        assertEquals(0, outbox.suppressed());
    }

    @Test
    void shouldReplaceWhatWaitsByTheNewestAndCountIt()
    {
        final int slot = put(1, 1);
        assertEquals(slot, put(1, 2));
        assertEquals(1, outbox.suppressed());
        assertEquals(2, Deposit.of(outbox.wire(), outbox.wireOffset(slot)).sequence());
        outbox.onSent(slot);
        assertEquals(Outbox.NIL, outbox.next());
    }

    @Test
    void shouldNotTakeAScenarioForAnother()
    {
        assertTrue(put(1, 1) != outbox.put(site.deposit(1, 2).subject(1).scenario(2).unsigned(), 0));
    }

    @Test
    void shouldGiveUpWhatIsNeededLeastWhenFull()
    {
        for (int i = 0; i < Outbox.SLOTS; i++)
        {
            put(i, i + 1);
        }
        final int third = outbox.next() + 2;
        outbox.onSent(third);
        put(third, 500);
        assertEquals(0, outbox.suppressed());
        assertEquals(third, put(1_000, 501), "a repetition gives way to news");
        assertEquals(1, outbox.suppressed());
        final int oldest = outbox.next();
        assertEquals(oldest, put(1_001, 502), "then the oldest news");
        assertEquals(2, outbox.suppressed());
    }

    @Test
    void shouldSayAllAgainUnsealedWhenSomebodyJoined()
    {
        final int sent = put(1, 1);
        outbox.onSealed(sent, 1_000);
        assertTrue(outbox.isSealedWithin(sent, 10, 1_010));
        assertFalse(outbox.isSealedWithin(sent, 10, 1_011));
        outbox.onSent(sent);
        outbox.sayAgain();
        assertEquals(sent, outbox.next());
        assertFalse(outbox.isSealedWithin(sent, 10, 1_000));
        outbox.suppress(sent);
        assertEquals(Outbox.NIL, outbox.next());
        assertEquals(1, outbox.suppressed());
    }

    private int put(final long subject, final long sequence)
    {
        return outbox.put(site.deposit(1, sequence).subject(subject).unsigned(), 0);
    }
}
