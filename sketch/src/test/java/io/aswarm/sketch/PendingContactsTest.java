package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PendingContactsTest
{
    private static final int CAPACITY = 32;
    private static final long TIMEOUT_NS = 1_500_000_000L;

    private final PendingContacts pending =
        new PendingContacts(new UnsafeBuffer(new byte[PendingContacts.memoryLength(CAPACITY)]), CAPACITY, TIMEOUT_NS);
    private final Contact contact = new Contact();

    private int add(final long hash, final long openedNs, final long timeoutNs)
    {
        contact.hash = hash;
        contact.openedNs = openedNs;
        return pending.add(contact, timeoutNs);
    }

    private double heldNats(final int entry)
    {
        pending.read(entry, contact);
        return contact.heldNats;
    }

    private long hash(final int entry)
    {
        pending.read(entry, contact);
        return contact.hash;
    }

    @Test
    void shouldAgreeWithAPlainMapWhenContactsComeAndGo()
    {
        final Random random = new Random(31);
        final Map<Long, Long> model = new LinkedHashMap<>();
        for (int step = 0; step < 20_000; step++)
        {
            // Few different upper halves, so that chains are long, and each in another byte of those that are taken.
            final long hash = (9L * random.nextInt(4)) << 32 | random.nextInt(40);
            final int entry = pending.find(hash);
            assertEquals(model.containsKey(hash), entry != PendingContacts.NONE, "step=" + step);
            if (entry != PendingContacts.NONE)
            {
                assertEquals(model.get(hash), pending.openedNs(entry));
                if (random.nextBoolean())
                {
                    pending.remove(entry);
                    model.remove(hash);
                }
            }
            else if (!pending.isFull())
            {
                add(hash, step, TIMEOUT_NS);
                model.put(hash, (long)step);
            }
            assertEquals(model.size(), pending.size());
            assertEquals(model.size() == CAPACITY, pending.isFull());
            if (!model.isEmpty())
            {
                assertEquals(model.keySet().iterator().next(), hash(pending.dispensable()), "step=" + step);
            }
        }
        for (final long hash : model.keySet())
        {
            final int entry = pending.due(TIMEOUT_NS + 20_000);
            assertEquals(hash, hash(entry));
            pending.remove(entry);
        }
        assertEquals(PendingContacts.NONE, pending.due(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({"1,4", "4,4", "5,16", "16,16", "17,64", "64,64", "65,256", "257,1024", "1025,1500", "9999,1500"})
    void shouldBeDueWhenThePatienceOfTheQueueIsOverToTheNanosecond(final int timeoutMs, final int patienceMs)
    {
        final int entry = add(7, 1_000, timeoutMs * 1_000_000L);
        assertEquals(PendingContacts.NONE, pending.due(1_000 + patienceMs * 1_000_000L - 1));
        assertEquals(entry, pending.due(1_000 + patienceMs * 1_000_000L));
        assertFalse(pending.isJudged(entry));
    }

    @Test
    void shouldWaitAsLongAsTheTimeoutInTheSlowestQueueHoweverLongThatIs()
    {
        final long minuteNs = 60_000_000_000L;
        final PendingContacts patient = new PendingContacts(
            new UnsafeBuffer(new byte[PendingContacts.memoryLength(CAPACITY)]), CAPACITY, minuteNs);
        contact.hash = 7;
        final int entry = patient.add(contact, minuteNs);
        assertEquals(PendingContacts.NONE, patient.due(minuteNs - 1));
        assertEquals(entry, patient.due(minuteNs));
    }

    @Test
    void shouldNotHoldUpThoseBehindItWhenItWaitsLongerOrIsJudged()
    {
        final int first = add(1, 0, 1);
        final int second = add(2, 1, 1);
        final int third = add(3, 2, 1);
        final long nowNs = PendingContacts.QUICKEST_NS;
        pending.waitLonger(first, nowNs);
        assertEquals(second, pending.due(nowNs + 1));
        pending.judged(second, 0.0, nowNs + 1);
        assertEquals(third, pending.due(nowNs + 2));
    }

    @Test
    void shouldWaitFourTimesAsLongWhenItWaitsAgainAndNoLongerThanTheTimeout()
    {
        final int entry = add(7, 0, 1);
        assertFalse(pending.isOutOfPatience(entry, TIMEOUT_NS - 1));
        assertTrue(pending.isOutOfPatience(entry, TIMEOUT_NS));
        long nowNs = 0;
        for (final long patienceNs : new long[]{4_000_000, 16_000_000, 64_000_000, 256_000_000, 1_024_000_000})
        {
            nowNs += patienceNs;
            assertEquals(entry, pending.due(nowNs));
            assertFalse(pending.isOutOfPatience(entry, 0));
            pending.waitLonger(entry, nowNs);
            assertEquals(PendingContacts.NONE, pending.due(nowNs));
        }
        assertTrue(pending.isOutOfPatience(entry, 0));
        assertEquals(entry, pending.due(nowNs + TIMEOUT_NS));
        pending.waitLonger(entry, nowNs + TIMEOUT_NS);
        assertFalse(pending.isJudged(entry), "however often it is told to wait");
    }

    @ParameterizedTest
    @CsvSource({"-1,false", "0,true"})
    void shouldBeOutOfPatienceATimeoutAfterItsOpeningToTheNanosecond(final long beyondNs, final boolean isOut)
    {
        final int entry = add(7, 1_000, 1);
        assertEquals(isOut, pending.isOutOfPatience(entry, 1_000 + TIMEOUT_NS + beyondNs));
    }

    @Test
    void shouldGiveUpJudgedContactsFirstThenThoseOpenedFirst()
    {
        final int oldest = add(1, 10, TIMEOUT_NS);
        final int quick = add(2, 20, 1);
        final int judged = add(3, 30, 1);
        pending.judged(judged, 1.5, 40);
        assertTrue(pending.isJudged(judged));
        assertEquals(1.5, heldNats(judged));
        assertEquals(judged, pending.dispensable());
        assertEquals(PendingContacts.NONE, pending.due(40));
        pending.remove(judged);
        assertEquals(oldest, pending.dispensable());
        pending.remove(oldest);
        assertEquals(quick, pending.dispensable());
    }

    @Test
    void shouldKeepEveryFieldWhenAtItsLimits()
    {
        contact.sourceHigh = 1;
        contact.sourceLow = 2;
        contact.destinationHigh = 3;
        contact.destinationLow = 4;
        contact.port = 65_535;
        contact.sourcePort = 65_534;
        contact.protocol = 255;
        contact.interfaceIndex = Integer.MAX_VALUE;
        contact.state = PendingContacts.ON_LINK;
        contact.heldNats = 2.5;
        final int entry = add(77, Long.MIN_VALUE, 1);
        assertFalse(pending.is(entry, PendingContacts.ACCEPTED));
        pending.mark(entry, PendingContacts.ACCEPTED);
        assertTrue(pending.is(entry, PendingContacts.ACCEPTED));

        final Contact read = new Contact();
        pending.read(pending.find(77), read);
        assertEquals(77, read.hash);
        assertEquals(1, read.sourceHigh);
        assertEquals(2, read.sourceLow);
        assertEquals(3, read.destinationHigh);
        assertEquals(4, read.destinationLow);
        assertEquals(65_535, read.port);
        assertEquals(65_534, read.sourcePort);
        assertEquals(255, read.protocol);
        assertEquals(Integer.MAX_VALUE, read.interfaceIndex);
        assertEquals(Long.MIN_VALUE, read.openedNs);
        assertEquals(PendingContacts.ON_LINK | PendingContacts.ACCEPTED, read.state);
        assertEquals(2.5, read.heldNats);
        pending.unmark(entry, PendingContacts.ON_LINK);
        pending.release(entry);
        pending.read(entry, read);
        assertEquals(PendingContacts.ACCEPTED, read.state);
        assertEquals(0.0, read.heldNats);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 1 << 23})
    void shouldAllowTheLimitsOfItsCapacity(final int capacity)
    {
        assertTrue(PendingContacts.memoryLength(capacity) > 128 * capacity);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 7, 9, 1 << 24})
    void shouldRefuseWhenCapacityIsNotAllowed(final int capacity)
    {
        assertThrows(IllegalArgumentException.class, () -> PendingContacts.memoryLength(capacity));
    }
}
