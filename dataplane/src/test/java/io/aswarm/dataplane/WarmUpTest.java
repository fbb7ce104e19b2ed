package io.aswarm.dataplane;

import io.aswarm.sketch.LocalPolicyConfig;
import org.junit.jupiter.api.Test;

import java.io.IOException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WarmUpTest
{
    @Test
    void shouldGoTheWholeWayAndLeaveNothingInTheLog() throws IOException
    {
        final EventLog eventLog = new EventLog(
            null, "n1", 64, String::valueOf, () -> 0, new TestCounters().of(), Throwable::printStackTrace);

        final int count = WarmUp.run(LocalPolicyConfig.builder().hashKey(1, 2).build(), eventLog);

        // 200 findings, deeds and lines, and scanners among the sources.
        assertTrue(count > 600, "only " + count);
        assertEquals(0, eventLog.doWork());
    }
}
