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
        final ActRequest request = new ActRequest(1, "lineage", 0, 1, 9, 0);
        assertEquals("no act of the catalog answers scenario \"lineage\"",
            guardrails.refusal(ActAutomaton.proposed(1, request, null, 0), null, 0, null, 0));
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

    private static ActAutomaton proposed(final String address, final int ring)
    {
        final IpAddress subject = IpAddress.parse(address);
        final CompiledAct act = new CompiledAct("a", ring, List.of("sweep"), ActKind.XDP_QUARANTINE, "drop",
            30_000_000_000L, "release", List.of(ProbeKind.SUBJECT_BLOCKED));
        return ActAutomaton.proposed(1, new ActRequest(1, "sweep", subject.high(), subject.low(), 9, 0), act, 0);
    }
}
