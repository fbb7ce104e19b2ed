package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ForwardingTest
{
    private static final int RACK = 2;
    private static final long EFFECTIVE_NS = 1_000;
    private static final long DEADLINE_NS = 5_000;

    private final ProbeLog log = new ProbeLog(-3);

    @Test
    void shouldCallItLeakedWhenSentAtTheProofAndSeen()
    {
        probe(EFFECTIVE_NS, EFFECTIVE_NS + 1);

        assertEquals(new Forwarding(RACK, 1, 0, 0, 1, 0, 0), judge());
    }

    @Test
    void shouldCallItInFlightWhenSentBeforeTheProofAndSeenAfterIt()
    {
        probe(EFFECTIVE_NS - 1, EFFECTIVE_NS + 1);

        assertEquals(new Forwarding(RACK, 1, 0, 1, 0, 0, 0), judge());
    }

    @Test
    void shouldCallItForwardedBeforeWhenSeenAtTheProof()
    {
        probe(EFFECTIVE_NS - 1, EFFECTIVE_NS);

        assertEquals(new Forwarding(RACK, 1, 1, 0, 0, 0, 0), judge());
    }

    @Test
    void shouldCallItBlockedWhenSentDuringContainmentAndNeverSeen()
    {
        probe(DEADLINE_NS - 1, 0);

        assertEquals(new Forwarding(RACK, 1, 0, 0, 0, 1, 0), judge());
    }

    @Test
    void shouldNotCallItLeakedWhenItArrivedAtTheDeadline()
    {
        probe(DEADLINE_NS - 1, DEADLINE_NS);

        assertEquals(new Forwarding(RACK, 1, 0, 0, 0, 0, 0), judge());
    }

    @Test
    void shouldFlowAgainWhenSentAtTheDeadlineAndSeen()
    {
        probe(DEADLINE_NS, DEADLINE_NS + 7);
        probe(DEADLINE_NS + 1, DEADLINE_NS + 9);

        assertEquals(new Forwarding(RACK, 2, 0, 0, 0, 0, DEADLINE_NS + 7), judge());
    }

    @Test
    void shouldJudgeOnlyTheGatewaysOwnFrames()
    {
        log.sending(RACK + 1, EFFECTIVE_NS + 1);
        log.arrived(log.sequence(0), EFFECTIVE_NS + 2);

        assertEquals(new Forwarding(RACK, 0, 0, 0, 0, 0, 0), judge());
    }

    @Test
    void shouldCallNothingLeakedWhenNothingWasEverEffective()
    {
        probe(EFFECTIVE_NS, EFFECTIVE_NS + 1);

        assertEquals(new Forwarding(RACK, 1, 1, 0, 0, 0, 0), Forwarding.of(log, RACK, 0, 0));
    }

    @Test
    void shouldIgnoreFramesThatWereNeverSent()
    {
        probe(EFFECTIVE_NS, 0);
        log.arrived(log.sequence(0) - 1, 1);
        log.arrived(log.sequence(1), 1);

        assertEquals(new Forwarding(RACK, 1, 0, 0, 0, 1, 0), judge());
    }

    @Test
    void shouldForgetAFrameThatTheKernelDidNotTake()
    {
        probe(EFFECTIVE_NS, 0);
        log.sending(RACK, EFFECTIVE_NS + 5);
        log.unsent();

        assertEquals(1, log.count());
        assertEquals(1, judge().sent());
    }

    private void probe(final long sentNs, final long arrivedNs)
    {
        final int number = log.count();
        log.sending(RACK, sentNs);
        if (0 != arrivedNs)
        {
            log.arrived(log.sequence(number), arrivedNs);
        }
    }

    private Forwarding judge()
    {
        return Forwarding.of(log, RACK, EFFECTIVE_NS, DEADLINE_NS);
    }
}
