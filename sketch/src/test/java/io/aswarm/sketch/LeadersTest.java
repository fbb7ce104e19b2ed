package io.aswarm.sketch;

import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

class LeadersTest
{
    @Test
    void shouldNameWhoFailsMostAndWhoFailsWidest()
    {
        try (PolicyHarness net = new PolicyHarness())
        {
            net.policy.onTick(net.nowNs);
            for (int port = 1; port <= 100; port++)
            {
                net.refused(7, 20, port);
            }
            for (int host = 0; host < 40; host++)
            {
                net.refused(100 + host, 20, 5_432);
            }
            final ExpandableArrayBuffer copy = new ExpandableArrayBuffer(HeavyHitters.memoryLength(Leaders.SOURCES));
            assertEquals(true, net.policy.failingSources().snapshot(copy));
            net.policy.failingSources().read(copy, 0, (high, low, count, error) ->
            {
                assertEquals(net.low(7), low);
                assertEquals(100, count);
            });
            final Map<Long, Integer> named = new HashMap<>();
            net.policy.spreadingSources(20, (high, low, targets) -> named.put(low, targets));
            assertEquals(1, named.size());
            assertEquals(100, named.get(net.low(7)), 12);
            assertEquals(140, net.policy.failuresInAMinute(net.nowNs));
            net.leap(61 * SECOND_NS);
            assertEquals(0, net.policy.failuresInAMinute(net.nowNs));
            assertEquals(50, net.policy.failingSources().count(0, net.low(7)));
        }
    }
}
