package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CollapsedAnswersTest
{
    private final CollapsedAnswers answers = new CollapsedAnswers(
        new UnsafeBuffer(new byte[CollapsedAnswers.memoryLength()]), new KeyedHash(1, 2));

    @Test
    void shouldKnowOfASourceWhenItsAnswersWereCollapsedLast()
    {
        assertFalse(answers.since(1, 2, -1), "nothing is known of anybody");
        answers.note(1, 2, 100);
        assertTrue(answers.since(1, 2, 100));
        assertFalse(answers.since(1, 2, 101));
        assertFalse(answers.since(1, 3, 100));
        answers.note(1, 2, 90);
        assertTrue(answers.since(1, 2, 100), "an event out of order");
        answers.note(1, 2, 101);
        assertTrue(answers.since(1, 2, 101));
    }

    @Test
    void shouldKeepMostOfAThousandSources()
    {
        int known = 0;
        for (int source = 0; source < 1_000; source++)
        {
            answers.note(0, source, 1_000);
        }
        for (int source = 0; source < 1_000; source++)
        {
            known += answers.since(0, source, 1_000) ? 1 : 0;
        }
        // of 4,096 places 1,000 sources take 887 in the mean, with a standard deviation of 10
        assertTrue(known > 840 && known < 935, "known=" + known);
    }

    @Test
    void shouldGiveAPlaceToWhoComesToItWheneverThatWas()
    {
        for (int source = 0; source < 100_000; source++)
        {
            answers.note(0, source, -source);
            assertTrue(answers.since(0, source, -source));
        }
    }

    @Test
    void shouldRefuseMemoryThatIsTooSmall()
    {
        final UnsafeBuffer small = new UnsafeBuffer(new byte[CollapsedAnswers.memoryLength() - 1]);
        final KeyedHash key = new KeyedHash(1, 2);
        assertThrows(IndexOutOfBoundsException.class, () -> new CollapsedAnswers(small, key));
    }
}
