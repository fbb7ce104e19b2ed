package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MembershipTest
{
    private static final long TIMEOUT_NS = 15_000_000_000L;

    @Test
    void shouldCountItselfAlwaysAndOthersUntilTheTimeout()
    {
        final Membership membership = new Membership(new Site(4).roster, 1, TIMEOUT_NS);
        assertEquals(1, membership.live());
        membership.onHeard(2, 100);
        membership.onHeard(2, 200);
        membership.onHeard(3, 100);
        assertEquals(3, membership.live());
        membership.onTick(100 + TIMEOUT_NS);
        assertEquals(3, membership.live());
        membership.onTick(101 + TIMEOUT_NS);
        assertEquals(2, membership.live());
        membership.onTick(201 + TIMEOUT_NS);
        assertEquals(1, membership.live());
        membership.onHeard(4, 5);
        assertEquals(2, membership.live());
    }
}
