package io.aswarm.dataplane;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

class SecondlyAgentTest
{
    private long nowNs = Long.MAX_VALUE - SecondlyAgent.INTERVAL_NS / 2;
    private int runs;
    private boolean isBroken;
    private final SecondlyAgent agent = new SecondlyAgent("test", this::run, () -> nowNs, (error) -> fail(error));

    @Test
    void shouldRunAtOnceAndThenOnceASecond()
    {
        assertEquals(1, agent.doWork());
        nowNs += SecondlyAgent.INTERVAL_NS - 1;
        assertEquals(0, agent.doWork());
        nowNs++;
        assertEquals(1, agent.doWork());
        assertEquals(0, agent.doWork());
        assertEquals(2, runs);
    }

    @Test
    void shouldTryAgainAfterASecondWhatFailed()
    {
        isBroken = true;
        assertThrows(IllegalStateException.class, agent::doWork);
        assertEquals(0, agent.doWork());
        isBroken = false;
        nowNs += SecondlyAgent.INTERVAL_NS;
        assertEquals(1, agent.doWork());
        assertEquals(2, runs);
    }

    private void run()
    {
        runs++;
        if (isBroken)
        {
            throw new IllegalStateException("made by a test");
        }
    }
}
