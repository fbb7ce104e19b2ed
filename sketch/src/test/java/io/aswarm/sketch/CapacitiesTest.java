package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How much the shipped sizes hold ({@link LocalPolicyConfig}): to the last one where nothing collides, more than half
 * of the slots where buckets fill unevenly.
 */
class CapacitiesTest
{
    private static final int HOST = 20;

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    @Test
    void shouldLetSixteenThousandContactsWait()
    {
        for (int contact = 0; contact < 16_384; contact++)
        {
            net.open(1_000 + contact, HOST, 2_000);
        }
        assertEquals(0, net.count(SketchCounter.PENDING_FULL));
        net.open(1, HOST, 2_000);
        assertEquals(1, net.count(SketchCounter.PENDING_FULL));
    }

    @Test
    void shouldRememberAHundredThousandContactsOfAGeneration()
    {
        net.event.protocol = PolicyHarness.UDP;
        for (int contact = 0; contact < 131_072; contact++)
        {
            net.send(ConversationKind.ACCEPTED, 1_000 + contact / 1_000, HOST + contact % 1_000, 2_000);
        }
        assertEquals(0, net.count(SketchCounter.MEMORY_CUT_SHORT));
        // a few of them were taken for known, by the bound of the memory
        for (int contact = 0; contact < 1_000; contact++)
        {
            net.send(ConversationKind.ACCEPTED, 1, HOST + contact, 2_000);
        }
        assertEquals(1, net.count(SketchCounter.MEMORY_CUT_SHORT));
    }

    @Test
    void shouldKeepEvidenceAgainstMoreThanFourThousandSources()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int source = 0; source < 6_000; source++)
            {
                net.refused(1_000 + source, HOST, 2_000 + round);
            }
        }
        final long kept = net.scans().stream().filter((s) -> s.nats() > 4.0).count();
        assertTrue(kept > 4_096 && kept <= 6_000, "kept=" + kept);
    }

    @Test
    void shouldKnowOfMoreThanTwoThousandNetworksThatTheyAnswer()
    {
        for (int network = 1; network <= 3_000; network++)
        {
            net.refused(1, network << 8, 2_000);
        }
        for (int network = 1; network <= 3_000; network++)
        {
            net.open(2, (network << 8) + 1, 2_000);
        }
        for (int tick = 0; tick < 20; tick++)
        {
            net.leap(SECOND_NS);
        }
        final long overdue = net.count(SketchCounter.CONTACTS_OVERDUE);
        assertTrue(overdue > 2_048 && overdue <= 3_000, "overdue=" + overdue);
    }

    @Test
    void shouldTellThirtyThousandPairsOfAWindowApart()
    {
        // of 16,384 counters in a row they take 84 %, and nine tenths are too many
        net.policy.onTick(net.nowNs);
        for (int pair = 0; pair < 30_000; pair++)
        {
            net.open(1_000 + pair, HOST, 2_000);
        }
        net.leap(SECOND_NS);
        assertEquals(0, net.count(SketchCounter.OPENINGS_SATURATED));
    }
}
