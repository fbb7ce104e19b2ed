package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PendingContactsTest
{
    private static final int CAPACITY = 32;

    private final PendingContacts pending =
        new PendingContacts(new UnsafeBuffer(new byte[PendingContacts.memoryLength(CAPACITY)]), CAPACITY);
    private final TestConversation event = new TestConversation();

    @Test
    void shouldAgreeWithAPlainMapWhenContactsComeAndGo()
    {
        final Random random = new Random(31);
        final Map<Long, Long> model = new LinkedHashMap<>();
        for (int step = 0; step < 20_000; step++)
        {
            // Few different upper halves, so that chains are long.
            final long hash = (long)random.nextInt(4) << 32 | random.nextInt(40);
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
                event.timeNs = step;
                pending.add(hash, event);
                model.put(hash, (long)step);
            }
            assertEquals(model.size(), pending.size());
            assertEquals(model.size() == CAPACITY, pending.isFull());
            if (!model.isEmpty())
            {
                assertEquals(model.keySet().iterator().next(), pending.hash(pending.oldest()), "step=" + step);
            }
        }

        final List<Long> order = new ArrayList<>();
        while (pending.oldest() != PendingContacts.NONE)
        {
            order.add(pending.hash(pending.oldest()));
            pending.remove(pending.oldest());
        }
        assertEquals(new ArrayList<>(model.keySet()), order);
    }

    @Test
    void shouldKeepEveryFieldWhenAtItsLimits()
    {
        event.initiatorHigh = 1;
        event.initiatorLow = 2;
        event.responderHigh = 3;
        event.responderLow = 4;
        event.responderPort = 65_535;
        event.protocol = 255;
        event.timeNs = Long.MIN_VALUE;
        pending.add(77, event);

        final int entry = pending.find(77);
        assertFalse(pending.isAccepted(entry));
        pending.accept(entry);
        assertTrue(pending.isAccepted(entry));
        assertEquals(1, pending.sourceHigh(entry));
        assertEquals(2, pending.sourceLow(entry));
        assertEquals(3, pending.destinationHigh(entry));
        assertEquals(4, pending.destinationLow(entry));
        assertEquals(65_535, pending.port(entry));
        assertEquals(255, pending.protocol(entry));
        assertEquals(Long.MIN_VALUE, pending.openedNs(entry));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 7, 9, 1 << 25})
    void shouldRefuseWhenCapacityIsNotAllowed(final int capacity)
    {
        assertThrows(IllegalArgumentException.class, () -> PendingContacts.memoryLength(capacity));
    }
}
