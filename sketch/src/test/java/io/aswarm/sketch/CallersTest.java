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
    // those of the window before still count, with others they are not added up; the clock may begin anywhere
    @CsvSource({"0,99,3", "0,100,3", "0,199,3", "0,200,0", "0,1000,0", "-10000,199,3", "-10000,200,0"})
    void shouldForgetWhoCalledInAWindowBeforeTheLast(
        final long beganSeconds, final long afterSeconds, final int expected)
    {
        final long beganNs = beganSeconds * SECOND_NS;
        for (int host = 0; host < 4; host++)
        {
            served(PLACE - 1, host, beganNs);
        }
        for (int host = 0; host < 3; host++)
        {
            served(PLACE, host, beganNs);
        }
        assertEquals(expected, callers.count(0, PLACE, beganNs + afterSeconds * SECOND_NS));
        assertEquals(4, callers.count(0, PLACE - 1, beganNs), "places do not age each other");
    }

    @Test
    void shouldTakeTheWindowThatHadMoreAndForgetEachInItsTurn()
    {
        for (int host = 0; host < 5; host++)
        {
            served(PLACE, host, (host < 3 ? 0 : 1) * WINDOW_NS);
        }
        assertEquals(3, callers.count(0, PLACE, WINDOW_NS));
        assertEquals(2, callers.count(0, PLACE, 2 * WINDOW_NS));
        assertEquals(0, callers.count(0, PLACE, 3 * WINDOW_NS));
    }

    @ParameterizedTest
    // two and three windows after that of three hosts, with nobody asking meanwhile
    @CsvSource({"2", "3"})
    void shouldForgetThemWhenThePlaceServesAnotherLater(final int windows)
    {
        for (int host = 0; host < 3; host++)
        {
            served(PLACE, host, 0);
        }
        served(PLACE, 9, windows * WINDOW_NS);
        assertEquals(1, callers.count(0, PLACE, windows * WINDOW_NS));
    }

    @Test
    void shouldKeepThePlaceThatServedLastAndKnowNothingOfANewOne()
    {
        for (int place = 0; place < SlotIndex.WAYS; place++)
        {
            for (int host = 0; host < 5; host++)
            {
                served(PLACE + place, host, place);
                served(PLACE + place, host, WINDOW_NS + place);
            }
        }
        served(PLACE, 0, WINDOW_NS + 100);
        served(PLACE + 100, 1, WINDOW_NS + 101);
        assertEquals(5, callers.count(0, PLACE, WINDOW_NS + 101));
        assertEquals(0, callers.count(0, PLACE + 1, WINDOW_NS + 101));
        assertEquals(1, callers.count(0, PLACE + 100, WINDOW_NS + 101));
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
