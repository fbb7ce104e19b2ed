package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ReplayWindowTest
{
    private final ReplayWindow window = new ReplayWindow();

    @Test
    void shouldRefuseTheSecondWhenOneComesTwice()
    {
        assertEquals(Verdict.ACCEPTED, window.check(7));
        window.accept(7);
        assertEquals(Verdict.DUPLICATE, window.check(7));
        assertEquals(Verdict.ACCEPTED, window.check(8));
        assertEquals(Verdict.ACCEPTED, window.check(6));
    }

    @Test
    void shouldRememberTheWholeWindowAndNothingBehindIt()
    {
        window.accept(10_000);
        assertEquals(Verdict.ACCEPTED, window.check(10_000 - ReplayWindow.SIZE + 1));
        assertEquals(Verdict.BEHIND_WINDOW, window.check(10_000 - ReplayWindow.SIZE));
    }

    @Test
    void shouldStepOverTheWrapLikeAnyOtherStep()
    {
        window.accept(-2);
        window.accept(1);
        assertEquals(Verdict.DUPLICATE, window.check(-2));
        assertEquals(Verdict.DUPLICATE, window.check(1));
        assertEquals(Verdict.ACCEPTED, window.check(-1));
        assertEquals(Verdict.ACCEPTED, window.check(0));
        assertEquals(Verdict.BEHIND_WINDOW, window.check(1L - ReplayWindow.SIZE));
        assertEquals(Verdict.BEHIND_WINDOW, window.check(1L + Long.MIN_VALUE), "half the circle away");
    }

    @Test
    void shouldForgetAllWhenItLeapsFurtherThanItsSize()
    {
        window.accept(5);
        window.accept(5 + ReplayWindow.SIZE);
        assertEquals(Verdict.BEHIND_WINDOW, window.check(5));
        assertEquals(Verdict.ACCEPTED, window.check(6), "shares no word with a remembered one");
    }

    @Test
    void shouldAgreeWithASetWhenSequencesJumpAboutTheWrap()
    {
        final Random random = new Random(42);
        final Set<Long> seen = new HashSet<>();
        long highest = -5_000;
        window.accept(highest);
        seen.add(highest);
        for (int i = 0; i < 200_000; i++)
        {
            final long sequence = highest + random.nextInt(2 * ReplayWindow.SIZE) - (ReplayWindow.SIZE + 900);
            final Verdict expected = sequence - highest <= -ReplayWindow.SIZE ? Verdict.BEHIND_WINDOW :
                seen.contains(sequence) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
            assertEquals(expected, window.check(sequence), "i=" + i);
            if (Verdict.ACCEPTED == expected)
            {
                window.accept(sequence);
                seen.add(sequence);
                highest = sequence - highest > 0 ? sequence : highest;
            }
        }
        assertEquals(true, highest > 0, "must have passed the wrap");
    }
}
