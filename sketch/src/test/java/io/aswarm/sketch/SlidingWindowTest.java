package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SlidingWindowTest
{
    private static final int PANES = 4;
    private static final long PANE_NS = 100;
    private final SlidingWindow window =
        new SlidingWindow(new UnsafeBuffer(new byte[SlidingWindow.memoryLength(PANES)]), PANES, PANE_NS);

    @ParameterizedTest
    @CsvSource({"399,1", "400,0", "99,1", "1000000,0"})
    void shouldForgetAnEventWithItsPaneToTheNanosecond(final long nowNs, final long sum)
    {
        window.add(99, 1);
        assertEquals(sum, window.sum(nowNs));
    }

    @Test
    void shouldTakeLateEventsWhileTheirPaneIsInTheWindow()
    {
        window.add(450, 1);
        assertTrue(window.add(100, 1), "its pane is the oldest that is still held");
        assertFalse(window.add(99, 1));
        assertEquals(2, window.sum(450));
        assertEquals(1, window.sum(500));
    }

    @Test
    void shouldAgreeWithAListWhenEventsComeInAnyOrder()
    {
        final Random random = new Random(2);
        final List<long[]> events = new ArrayList<>();
        long nowNs = -5_000;
        for (int step = 0; step < 20_000; step++)
        {
            nowNs += random.nextInt(60);
            final long atNs = nowNs - random.nextInt(500);
            final long first = (Math.floorDiv(nowNs, PANE_NS) - PANES + 1) * PANE_NS;
            window.sum(nowNs);
            assertEquals(atNs >= first, window.add(atNs, step));
            events.add(new long[]{atNs, step});
            events.removeIf((event) -> event[0] < first);
            assertEquals(events.stream().mapToLong((event) -> event[1]).sum(), window.sum(nowNs), "step=" + step);
        }
    }
}
