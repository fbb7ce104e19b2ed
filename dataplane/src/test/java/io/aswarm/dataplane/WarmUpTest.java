package io.aswarm.dataplane;

import io.aswarm.actuator.Catalog;
import io.aswarm.sketch.LocalPolicyConfig;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WarmUpTest
{
    @Test
    void shouldRunTheWholeWayAndLeaveNothingInTheLog() throws Exception
    {
        final TestCounters counters = new TestCounters();
        final EventLog eventLog = new EventLog(null, "n1", 64, String::valueOf, () -> 0, counters.of());
        final Catalog catalog = Catalog.parse("default-catalog.yaml", catalog());

        final int count = WarmUp.run(LocalPolicyConfig.builder().hashKey(1, 2).build(), catalog, eventLog);

        // 200 acts, each proven by three probes and its end by two; and scanners among the sources.
        assertTrue(count > 1000, "only " + count);
        assertEquals(0, eventLog.doWork());
    }

    private static String catalog() throws IOException
    {
        try (InputStream in = Catalog.class.getResourceAsStream("default-catalog.yaml"))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
