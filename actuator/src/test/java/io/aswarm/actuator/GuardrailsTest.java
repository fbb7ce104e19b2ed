package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GuardrailsTest
{
    private static final long MINUTE_NS = 60_000_000_000L;
    private final Guardrails guardrails = new Guardrails(
        NeverContain.all(
            List.of(NeverContain.of("198.18.255.0/24", "management"), NeverContain.of("2001:2::53", "resolver")),
            List.of(NeverContain.of("198.18.0.1", "this node"))),
        2, 3);

    @Test
    void shouldAllowWhatNothingForbids()
    {
        assertNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 0, null, 0));
        assertNull(guardrails.refusal(proposed("2001:2::7", 1), null, 1, null, 0));
    }

    @Test
    void shouldRefuseUnknownScenariosAndRingsThatDoNotStartThemselves()
    {
        final ActRequest request = new ActRequest(
            1, "lineage", IpAddress.parse("198.18.0.7"), Role.SOURCE, Bench.VERIFIED, Aim.MANY, 9, 0);
        assertEquals("no act of the catalog answers scenario \"lineage\" by a verified source",
            guardrails.refusal(ActAutomaton.proposed(1, request, null, 0, 0), null, 0, null, 0));
        assertEquals("ring 2 needs a signed approval",
            guardrails.refusal(proposed("198.18.0.7", 2), null, 0, null, 0));
        assertEquals("ring 0 only observes", guardrails.refusal(proposed("198.18.0.7", 0), null, 0, null, 0));
    }

    @ParameterizedTest
    @CsvSource({"198.18.255.0", "198.18.255.255", "2001:2::53", "198.18.0.1", "127.0.0.1", "::1", "::", "0.0.0.0",
        "fe80::1", "169.254.3.4", "224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1"})
    void shouldNeverContainWhatIsProtected(final String address)
    {
        final String refusal = guardrails.refusal(proposed(address, 1), null, 0, null, 0);
        assertNotNull(refusal);
        assertTrue(refusal.startsWith(address + " is never contained: "), refusal);
    }

    @ParameterizedTest
    @CsvSource({"198.18.254.255", "198.19.0.0", "2001:2::52", "2001:2::54", "198.18.0.0", "198.18.0.2", "::2",
        "128.0.0.0", "223.255.255.255"})
    void shouldNotProtectTheirNeighbours(final String address)
    {
        assertNull(guardrails.refusal(proposed(address, 1), null, 0, null, 0));
    }

    @Test
    void shouldKeepTheBudgetOfActsThatHold()
    {
        assertNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 1, null, 0));
        assertEquals("budget: 2 acts hold already; allowed: 2",
            guardrails.refusal(proposed("198.18.0.7", 1), null, 2, null, 0));
    }

    @Test
    void shouldKeepTheBudgetOfStartsInAnyMinuteToTheNanosecond()
    {
        final long t0Ns = 77;
        guardrails.onStarted(t0Ns);
        guardrails.onStarted(t0Ns + 10);
        assertNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 0, null, t0Ns + 20));
        guardrails.onStarted(t0Ns + 20);

        assertNotNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 0, null, t0Ns + 21));
        assertNotNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 0, null, t0Ns + MINUTE_NS - 1));
        assertNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 0, null, t0Ns + MINUTE_NS));
        guardrails.onStarted(t0Ns + MINUTE_NS);
        assertNotNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 0, null, t0Ns + MINUTE_NS + 9));
        assertNull(guardrails.refusal(proposed("198.18.0.7", 1), null, 0, null, t0Ns + MINUTE_NS + 10));
    }

    @Test
    void shouldRefuseWhileTheSwitchIsSetAndASecondActOnOneSubject()
    {
        assertEquals("the kill switch is set",
            guardrails.refusal(proposed("198.18.0.7", 1), null, 0, "the kill switch is set", 0));
        assertEquals("act 1 already contains this subject, with 29999 ms left",
            guardrails.refusal(proposed("198.18.0.7", 1), proposed("198.18.0.7", 1), 1, null, 1_000_000));
    }

    @Test
    void shouldDropNoSourceThatWasMerelyShownUnlessThatIsAccepted()
    {
        final ActRequest forgeable = request("198.18.0.7", Role.SOURCE, 0, Aim.MANY);
        assertEquals("the source was merely shown and may be forged",
            refusal(proposed(ActKind.DROP_SOURCE, 1, false, forgeable)));
        assertNull(refusal(proposed(ActKind.DROP_SOURCE, 1, true, forgeable)));
        assertNull(refusal(proposed(ActKind.GUARD_SOURCE, 1, false, forgeable)));
        assertEquals("the source was merely shown and may be forged", refusal(proposed(ActKind.DROP_SOURCE, 1, false,
            request("198.18.0.7", Role.SOURCE, ActRequest.VERIFICATION_UNKNOWN, Aim.MANY))));
    }

    @Test
    void shouldLimitNoAimThatIsProtectedNorActForOneThatIs()
    {
        final Aim free = new Aim(IpAddress.parse("198.18.0.9"), 6, 443);
        final Aim resolver = new Aim(IpAddress.parse("2001:2::53"), 17, 53);
        assertNull(refusal(proposed(ActKind.LIMIT_AIM, 1, false, request("198.18.0.7", Role.SOURCE, 0, free))));
        assertNull(refusal(proposed(ActKind.LIMIT_AIM, 1, false, request("198.18.0.9", Role.AIM, 0, free))));
        assertEquals("2001:2::53 is never contained: 2001:2::53/128, resolver",
            refusal(proposed(ActKind.LIMIT_AIM, 1, false, request("2001:2::7", Role.SOURCE, 0, resolver))));
        assertEquals("2001:2::53 is never contained: 2001:2::53/128, resolver",
            refusal(proposed(ActKind.LIMIT_AIM, 1, false, request("2001:2::53", Role.AIM, 0, Aim.MANY))));
        assertEquals("198.18.255.7 is never contained: 198.18.255.0/24, management",
            refusal(proposed(ActKind.LIMIT_AIM, 1, false, request("198.18.255.7", Role.SOURCE, 1, free))));
        assertEquals("there is no single aim that could be limited",
            refusal(proposed(ActKind.LIMIT_AIM, 1, false, request("198.18.0.7", Role.SOURCE, 0, Aim.MANY))));
    }

    @Test
    void shouldNumberActsWithoutReuseAcrossRestarts()
    {
        final ActIds first = new ActIds(1_000);
        final ActIds second = new ActIds(1_001);
        long last = 0;
        for (int i = 0; i < 1_000; i++)
        {
            final long next = first.next();
            assertTrue(next > last);
            last = next;
        }
        assertTrue(second.next() > last);

        final ActIds clockWasSetBack = new ActIds(10);
        clockWasSetBack.onSeen(last);
        assertEquals(last + 1, clockWasSetBack.next());
    }

    private String refusal(final ActAutomaton automaton)
    {
        return guardrails.refusal(automaton, null, 0, null, 0);
    }

    private static ActRequest request(
        final String subject, final Role role, final int verification, final Aim aim)
    {
        return new ActRequest(1, "sweep", IpAddress.parse(subject), role, verification, aim, 9, 0);
    }

    private static ActAutomaton proposed(final String address, final int ring)
    {
        return proposed(ActKind.DROP_SOURCE, ring, false, new ActRequest(
            1, "sweep", IpAddress.parse(address), Role.SOURCE, Bench.VERIFIED, Aim.MANY, 9, 0));
    }

    private static ActAutomaton proposed(
        final ActKind kind, final int ring, final boolean acceptForged, final ActRequest request)
    {
        final Mode mode = kind.modes().get(0);
        final int limit = mode.isLimit() ? 10 : 0;
        final CompiledAct act = new CompiledAct(
            "a", ring, new When(List.of("sweep"), request.role(), null), kind, mode, limit, limit,
            List.of(30_000_000_000L), 0, "release", kind.probes(mode), acceptForged);
        return ActAutomaton.proposed(1, request, act, 0, 0);
    }
}
