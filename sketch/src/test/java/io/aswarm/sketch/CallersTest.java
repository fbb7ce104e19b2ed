package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

class CallersTest
{
    private static final long PLACE = 0x0000_ffff_cb00_7109L;
    private static final long WINDOW_NS = 100 * SECOND_NS;

    private final SketchMemory memory = new SketchMemory();
    private final Callers callers = new Callers(
        new Workshop(
            PolicyHarness.config().build(), memory, new KeyedHash(1, 2), null, null, null, null), 8, WINDOW_NS);
    private final TestConversation exchange = new TestConversation();

    @AfterEach
    void close()
    {
        memory.close();
    }

    private void served(final long place, final int host, final long atNs)
    {
        exchange.responderLow = place;
        exchange.initiatorLow = host;
        exchange.timeNs = atNs;
        callers.served(exchange);
    }

    @Test
    void shouldCountEachHostOnce()
    {
        for (int exchanges = 0; exchanges < 300; exchanges++)
        {
            served(PLACE, exchanges % 3, exchanges);
        }
        assertEquals(3, callers.count(0, PLACE, 300));
        assertEquals(0, callers.count(0, PLACE + 1, 300));
    }

    @ParameterizedTest
    // those of the window before still count, with others they are not added up
    @CsvSource({"99,3", "100,3", "199,3", "200,0", "1000,0"})
    void shouldForgetWhoCalledInAWindowBeforeTheLast(final long afterSeconds, final int expected)
    {
        for (int host = 0; host < 3; host++)
        {
            served(PLACE, host, 0);
        }
        assertEquals(expected, callers.count(0, PLACE, afterSeconds * SECOND_NS));
    }

    @Test
    void shouldForgetNobodyWhoGoesOnCalling()
    {
        for (int second = 0; second < 1_000; second += 10)
        {
            for (int host = 0; host < 5; host++)
            {
                served(PLACE, host, second * SECOND_NS);
            }
            assertEquals(5, callers.count(0, PLACE, second * SECOND_NS));
        }
    }

    @Test
    void shouldForgetThePlaceThatServedLongestAgoWhenItIsFull()
    {
        served(PLACE, 1, 0);
        for (int place = 1; place <= 200; place++)
        {
            served(PLACE + place, 1, place);
            served(PLACE + 200, 2, place);
        }
        assertEquals(0, callers.count(0, PLACE, 201));
        assertEquals(2, callers.count(0, PLACE + 200, 201));
    }
}
