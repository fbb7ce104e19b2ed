package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Test
    void shouldTellAnyThreadWhoWasHeardAndHowLongAgo()
    {
        final Membership membership = new Membership(new Site(3).roster, 1, TIMEOUT_NS);
        membership.onHeard(2, 100);
        assertEquals(
            List.of(new Member(1, "gateway-1", true, 0), new Member(2, "gateway-2", true, TIMEOUT_NS),
            new Member(3, "gateway-3", false, Member.NEVER_HEARD)), membership.members(100 + TIMEOUT_NS));
        assertFalse(membership.members(101 + TIMEOUT_NS).get(1).live());
    }

    @Test
    void shouldBeAMajorityOnlyWithMoreThanHalf()
    {
        final Membership membership = new Membership(new Site(4).roster, 1, TIMEOUT_NS);
        assertTrue(membership.onHeard(2, 0));
        assertFalse(membership.onHeard(2, 0));
        assertFalse(membership.isMajority());
        membership.onHeard(3, 0);
        assertTrue(membership.isMajority());
    }

    @Test
    void shouldKeepWhoStaysAndForgetWhoLeavesWithTheRoster()
    {
        final Site site = new Site(5);
        final Membership membership = new Membership(site.rosterOf(1, 2, 3), 1, TIMEOUT_NS);
        membership.onHeard(2, 100);
        membership.onHeard(3, 100);
        membership.onRoster(site.rosterOf(5, 3, 1, 4));
        assertEquals(2, membership.live());
        assertFalse(membership.isMajority());
        assertEquals(List.of("gateway-5", "gateway-3", "gateway-1", "gateway-4"),
            membership.members(100).stream().map(Member::name).toList());
        assertTrue(membership.onHeard(4, 100));
        assertTrue(membership.isMajority());
    }
}
