package io.aswarm.dataplane;

import io.aswarm.trust.SignedOrder;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two may stop enforcement; it runs while neither does. */
class EnforcementSwitchTest
{
    private static final long DAY_NS = 86_400_000_000_000L;

    private final List<Boolean> halts = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();

    @Test
    void shouldStayOffUntilBothHaveLetGo()
    {
        final EnforcementSwitch enforcement = enforcement(false, false);
        assertNull(enforcement.byHand(true, "carol", 1));
        enforcement.bySite(order(SignedOrder.Action.SUSPEND), true, 2);
        enforcement.bySite(order(SignedOrder.Action.RESUME), false, 3);
        assertEquals(List.of(true, true), halts, "carol still wants it off");
        assertNull(enforcement.byHand(false, "carol", 4));
        assertEquals(List.of(true, true, false), halts);
    }

    @Test
    void shouldNotLetAnybodyAtTheNodeUndoWhatTheOperatorsOrdered()
    {
        final EnforcementSwitch enforcement = enforcement(false, false);
        enforcement.bySite(order(SignedOrder.Action.SUSPEND), true, 1);
        assertNotNull(enforcement.byHand(false, "carol", 2));
        assertEquals(List.of(true), halts);
        enforcement.bySite(null, false, 3);
        assertEquals(List.of(true, false), halts, "at the end of its time");
        assertTrue(reasons.get(0).contains("site order " + "a".repeat(32)), reasons::toString);
        assertTrue(reasons.get(0).contains("(maintenance)"), reasons::toString);
    }

    @Test
    void shouldLeaveAHaltByHandAloneOverARestartAndEndASuspensionWhoseTimeIsOver()
    {
        enforcement(true, false).bySite(null, false, 1);
        assertEquals(List.of(), halts);
        enforcement(true, true).bySite(null, false, 1);
        assertEquals(List.of(false), halts);
    }

    @Test
    void shouldDoNothingForAResumeWhereNothingIsSuspended()
    {
        enforcement(false, false).bySite(order(SignedOrder.Action.RESUME), false, 1);
        assertEquals(List.of(), halts);
    }

    private EnforcementSwitch enforcement(final boolean isHalted, final boolean isSuspended)
    {
        return new EnforcementSwitch((halt, who, orderId) ->
        {
            reasons.add(who);
            return halts.add(halt);
        }, isHalted, isSuspended);
    }

    private static SignedOrder order(final SignedOrder.Action action)
    {
        return SignedOrder.draft("lab", action, "maintenance", "a".repeat(32), DAY_NS, DAY_NS);
    }
}
