package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ContactMemoryTest
{
    private static final int CONTACTS_MAX = 16_384;
    private static final long GENERATION_NS = 1_000;

    private final ContactMemory memory = new ContactMemory(
        new UnsafeBuffer(new byte[ContactMemory.memoryLength(CONTACTS_MAX)]), CONTACTS_MAX, GENERATION_NS);

    @Test
    void shouldFindEveryContactWhenBothGenerationsAreFull()
    {
        final Random random = new Random(11);
        final long[] contacts = random.longs(2 * CONTACTS_MAX).toArray();
        for (int i = 0; i < CONTACTS_MAX; i++)
        {
            memory.add(contacts[i]);
        }
        assertTrue(memory.isFull());
        memory.rotate(0);
        for (int i = CONTACTS_MAX; i < contacts.length; i++)
        {
            memory.add(contacts[i]);
        }

        for (final long contact : contacts)
        {
            assertTrue(memory.seen(contact));
        }
    }

    @Test
    void shouldKeepTheFalseSeenRateBelowItsBoundWhenBothGenerationsAreFull()
    {
        final Random random = new Random(12);
        for (int i = 0; i < 2 * CONTACTS_MAX; i++)
        {
            if (i == CONTACTS_MAX)
            {
                memory.rotate(0);
            }
            memory.add(random.nextLong());
        }
        int wrong = 0;
        final int asked = 200_000;
        for (int i = 0; i < asked; i++)
        {
            // A wrong "seen" in the old generation writes to the young one: so few that the rate does not move.
            wrong += memory.seen(random.nextLong()) ? 1 : 0;
        }
        final double percent = 100.0 * wrong / asked;
        assertTrue(percent < ContactMemory.FALSE_SEEN_PERCENT_MAX, "percent=" + percent);
        assertTrue(percent > 0.05, "a filter this full cannot be so exact; percent=" + percent);
    }

    @Test
    void shouldForgetWhenTwoGenerationsHavePassed()
    {
        memory.add(42);
        memory.rotate(1);
        memory.rotate(2);
        assertFalse(memory.seen(42));
    }

    @Test
    void shouldRememberOnWhenAContactIsStillInUse()
    {
        memory.add(42);
        for (int i = 0; i < 10; i++)
        {
            memory.rotate(i);
            assertTrue(memory.seen(42));
        }
    }

    @Test
    void shouldBeFullWhenTheLastContactOfAGenerationCame()
    {
        for (int i = 0; i < CONTACTS_MAX - 1; i++)
        {
            memory.add(KeyedHash.second(i));
        }
        assertFalse(memory.isFull());
        memory.add(1);
        assertTrue(memory.isFull());
        memory.rotate(0);
        assertFalse(memory.isFull());
    }

    @Test
    void shouldBeOverWhenTheGenerationsTimeIsOverToTheNanosecond()
    {
        assertFalse(memory.isOver(-50));
        assertFalse(memory.isOver(-50 + GENERATION_NS - 1));
        assertTrue(memory.isOver(-50 + GENERATION_NS));
        memory.rotate(2_000);
        assertFalse(memory.isOver(2_000 + GENERATION_NS - 1));
        assertTrue(memory.isOver(2_000 + GENERATION_NS));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 32, 63, 65, 1 << 27})
    void shouldRefuseWhenSizeIsNotAllowed(final int contactsMax)
    {
        assertThrows(IllegalArgumentException.class, () -> ContactMemory.memoryLength(contactsMax));
    }

    @Test
    void shouldStateItsMemory()
    {
        assertEquals(4 * CONTACTS_MAX, ContactMemory.memoryLength(CONTACTS_MAX));
    }
}
