package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FailureAllowanceTest
{
    private static final long WINDOW_NS = 1_000;
    private final SketchMemory memory = new SketchMemory();
    private final FailureAllowance allowance = new FailureAllowance(memory, new KeyedHash(1, 2), WINDOW_NS);
    private final Contact contact = new Contact();

    @AfterEach
    void close()
    {
        memory.close();
    }

    private int allowed(final int protocol, final int successes)
    {
        contact.protocol = protocol;
        for (int i = 0; i < successes; i++)
        {
            allowance.onSuccess(contact);
        }
        int allowed = 0;
        while (allowance.excuses(contact))
        {
            allowed++;
        }
        return allowed;
    }

    @ParameterizedTest
    @CsvSource({
        "6,0,0", "6,2,0", "6,4,1", "6,5,2", "6,7,2", "6,8,3", "6,1000,400",
        "17,0,0", "17,4,0", "17,5,2", "17,10,2", "17,15,3", "17,1000,200"})
    void shouldAllowAShareOfTheSuccesses(final int protocol, final int successes, final int allowed)
    {
        assertEquals(allowed, allowed(protocol, successes));
    }

    @Test
    void shouldForgetByHalfWithEachWindow()
    {
        allowance.onTick(0);
        contact.protocol = ConversationKind.TCP;
        for (int i = 0; i < 1_000; i++)
        {
            allowance.onSuccess(contact);
        }
        allowance.onTick(WINDOW_NS - 1);
        allowance.onTick(WINDOW_NS);
        assertEquals(200, allowed(ConversationKind.TCP, 0));
    }

    @Test
    void shouldForgetFailuresByHalfTooAndBeginItsWindowsWithTheFirstTick()
    {
        allowance.onTick(10 * WINDOW_NS);
        assertEquals(400, allowed(ConversationKind.TCP, 1_000));
        allowance.onTick(11 * WINDOW_NS - 1);
        assertEquals(0, allowed(ConversationKind.TCP, 0), "nothing is halved yet");
        allowance.onTick(11 * WINDOW_NS);
        // 500 and 201 are left: the first that was not allowed counted too, and so did the one after it
        assertEquals(1_000 * 40 / 100 - 201, allowed(ConversationKind.TCP, 500));
    }

    @ParameterizedTest
    @CsvSource({"6,255", "6,17", "17,6", "255,6"})
    void shouldExcuseNothingForWhatAnsweredInAnotherProtocol(final int answered, final int failed)
    {
        contact.protocol = answered;
        for (int i = 0; i < 1_000; i++)
        {
            allowance.onSuccess(contact);
        }
        assertEquals(0, allowed(failed, 0));
    }

    @Test
    void shouldKeepSourcesApart()
    {
        assertTrue(allowed(ConversationKind.TCP, 1_000) == 400);
        contact.sourceLow = 1;
        assertFalse(allowance.excuses(contact));
    }
}
