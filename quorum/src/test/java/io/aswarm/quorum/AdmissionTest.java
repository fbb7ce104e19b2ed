package io.aswarm.quorum;

import io.aswarm.trust.Roster;
import io.aswarm.trust.Validity;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

import static io.aswarm.quorum.Site.SECOND_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AdmissionTest
{
    private static final long STALE_NS = 30 * SECOND_NS;
    private static final long FUTURE_NS = 2 * SECOND_NS;
    private static final int SESSION = 77;
    private static final int OTHER_SESSION = 78;

    private final Site site = new Site(4);
    private final Admission admission = new Admission(site.roster, 1, T0, STALE_NS, FUTURE_NS, 0);

    @Test
    void shouldAcceptOnceAndCountTheRepetitionAsADuplicate()
    {
        final UnsafeBuffer deposit = site.deposit(2, 1).signed();
        assertEquals(Verdict.ACCEPTED, admit(deposit, 0, T0));
        assertEquals(Verdict.DUPLICATE, admit(deposit, 0, T0));
    }

    @Test
    void shouldAcceptLateOnesWithinTheWindowAndRefuseThoseBehindIt()
    {
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 2_000).signed(), 0, T0));
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 2_000 - ReplayWindow.SIZE + 1).signed(), 0, T0));
        assertEquals(Verdict.BEHIND_WINDOW, admit(site.deposit(2, 2_000 - ReplayWindow.SIZE).signed(), 0, T0));
    }

    @Test
    void shouldKeepHearingASenderWhoseSequenceWraps()
    {
        for (long sequence = -3; sequence < 3; sequence++)
        {
            assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, sequence).signed(), 0, T0), "sequence=" + sequence);
        }
    }

    @Test
    void shouldHearARestartedSenderAtOnceAndItsOldBootNeverAgain()
    {
        final UnsafeBuffer unheard = site.deposit(2, 1_001).boot(T0 - 9).signed();
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 1_000).boot(T0 - 9).signed(), 0, T0));
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 1).boot(T0).signed(), 0, T0));
        assertEquals(Verdict.OLD_BOOT, admit(unheard, 0, T0));
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 2).boot(T0).signed(), 0, T0));
    }

    @Test
    void shouldRefuseStaleOnesFromOneNanosecondPastTheLimitOn()
    {
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 1).signed(), 0, T0 + STALE_NS));
        assertEquals(Verdict.STALE, admit(site.deposit(2, 2).signed(), 0, T0 + STALE_NS + 1));
        assertEquals(Verdict.ACCEPTED,
            admit(site.deposit(2, 3).clockErrorUs(1_000).signed(), 0, T0 + STALE_NS + 1_000_000));
        assertEquals(Verdict.STALE,
            admit(site.deposit(2, 4).clockErrorUs(1_000).signed(), 0, T0 + STALE_NS + 1_000_001));
    }

    @Test
    void shouldRefuseFutureOnesFromOneNanosecondPastTheLimitOn()
    {
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 1).signed(), 0, T0 - FUTURE_NS));
        assertEquals(Verdict.FUTURE, admit(site.deposit(2, 2).signed(), 0, T0 - FUTURE_NS - 1));
    }

    @Test
    void shouldNotLetASenderClaimAnyClockErrorItLikes()
    {
        final Site.Draft draft = site.deposit(2, 1).clockErrorUs(0xFFFF_FFFFL);
        assertEquals(Verdict.STALE,
            admit(draft.signed(), 0, T0 + STALE_NS + Admission.CLOCK_ERROR_MAX_NS + 1));
        assertEquals(Verdict.ACCEPTED, admit(draft.signed(), 0, T0 + STALE_NS + Admission.CLOCK_ERROR_MAX_NS));
    }

    @Test
    void shouldAllowForItsOwnClocksErrorAsWell()
    {
        final Admission vague = admission(site.roster, 3_000_000L);
        final Site.Draft draft = site.deposit(2, 1).clockErrorUs(1_000);
        assertEquals(Verdict.STALE, admit(vague, draft, T0 + STALE_NS + 4_000_001));
        assertEquals(Verdict.FUTURE, admit(vague, draft, T0 - FUTURE_NS - 4_000_001));
        assertEquals(Verdict.ACCEPTED, admit(vague, draft, T0 - FUTURE_NS - 4_000_000));
        assertEquals(Verdict.ACCEPTED,
            admit(vague, site.deposit(2, 2).clockErrorUs(1_000), T0 + STALE_NS + 4_000_000));

        final Admission lost = admission(site.roster, Long.MAX_VALUE);
        assertEquals(Verdict.STALE,
            admit(lost, site.deposit(2, 3), T0 + STALE_NS + Admission.CLOCK_ERROR_MAX_NS + 1));
        assertEquals(Verdict.ACCEPTED,
            admit(lost, site.deposit(2, 3), T0 + STALE_NS + Admission.CLOCK_ERROR_MAX_NS));
    }

    @Test
    void shouldHearANodeFromItsFirstNanosecondToItsLast()
    {
        final Roster.Node node = site.roster.node(2);
        final Roster timed = new Roster("lab", List.of(site.roster.node(1), new Roster.Node(
            2, node.name(), node.identity(), null, new Validity(T0, T0 + SECOND_NS))), List.of());
        final Admission strict = admission(timed, 0);
        assertEquals(Verdict.EXPIRED, admit(strict, site.deposit(2, 1), T0 - 1));
        assertEquals(Verdict.ACCEPTED, admit(strict, site.deposit(2, 1), T0));
        assertEquals(Verdict.ACCEPTED, admit(strict, site.deposit(2, 2), T0 + SECOND_NS - 1));
        assertEquals(Verdict.EXPIRED, admit(strict, site.deposit(2, 3), T0 + SECOND_NS));
        assertEquals(Verdict.EXPIRED, strict.admitProven(
            site.deposit(2, 3).unsigned(), 2, T0, SESSION, 0, T0 + SECOND_NS), "under session keys as well");
        strict.onRoster(site.roster);
        assertEquals(Verdict.ACCEPTED, admit(strict, site.deposit(2, 3), T0 + SECOND_NS), "renewed");

        final byte[] signed = site.deposit(2, 4).sent(T0 + SECOND_NS).signed().byteArray();
        assertEquals(Verdict.EXPIRED, DepositVerifier.verify(signed, timed).verdict());
        assertTrue(DepositVerifier.verify(signed, site.roster).isAuthentic());
    }

    @Test
    void shouldRefuseStrangersAndForgeries()
    {
        final Site strangers = new Site("lab", 5);
        assertEquals(Verdict.UNKNOWN_SENDER, admit(strangers.deposit(5, 1).signed(), 0, T0));
        assertEquals(Verdict.BAD_SIGNATURE, admit(strangers.deposit(2, 1).signed(), 0, T0));
        assertEquals(Verdict.BAD_SIGNATURE, admit(site.deposit(2, 1).signedBy(site.signers.get(2)), 0, T0));
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 1).signed(), 0, T0), "a forgery leaves no trace");
    }

    @Test
    void shouldRefuseASignatureMadeForAnotherSite()
    {
        final Site other = new Site("annex", 1);
        final UnsafeBuffer deposit = other.deposit(2, 1).signedBy(site.signers.get(1));
        assertEquals(Verdict.BAD_SIGNATURE, admit(deposit, 0, T0));
    }

    @Test
    void shouldTellItsOwnEchoFromSomebodyUsingItsNumber()
    {
        assertEquals(Verdict.OWN, admit(site.deposit(1, 1).boot(T0).signed(), 0, T0));
        assertEquals(Verdict.OWN_IDENTITY, admit(site.deposit(1, 1).boot(T0 + 1).signed(), 0, T0));
    }

    @Test
    void shouldRefuseImpossibleContentBeforeLookingAtTheSignature()
    {
        assertEquals(Verdict.MALFORMED, admit(site.deposit(2, 1).scenario(0).signed(), 0, T0));
        assertEquals(Verdict.MALFORMED, admit(site.deposit(2, 1).milliNats(0).signed(), 0, T0));
        assertEquals(Verdict.MALFORMED, admit(site.deposit(2, 1).seen(T0, T0 - 1).sent(T0).signed(), 0, T0));
        assertEquals(Verdict.MALFORMED, admit(site.deposit(2, 1).seen(T0, T0 + 1).sent(T0).signed(), 0, T0));
        assertEquals(Verdict.MALFORMED, admit(site.deposit(2, 1).seen(-1, T0).signed(), 0, T0));
    }

    @Test
    void shouldBoundSignatureChecksAndKeepAProvenSendersApart()
    {
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 1).signed(), 0, T0));
        final UnsafeBuffer forged = site.deposit(2, 2).signedBy(site.signers.get(2));
        int checked = 0;
        for (int i = 0; i < 2 * Admission.CHECKS_PER_SECOND_UNPROVEN; i++)
        {
            final Verdict verdict = admission.admit(forged, 0, DepositDescriptor.LENGTH, OTHER_SESSION, 0, T0);
            checked += Verdict.BAD_SIGNATURE == verdict ? 1 : 0;
        }
        assertEquals(Admission.CHECKS_PER_SECOND_UNPROVEN - 1, checked, "one was spent on the first proof");
        assertEquals(Verdict.ACCEPTED, admit(site.deposit(2, 2).signed(), 0, T0), "the proven session is not starved");
        final long refillNs = SECOND_NS / Admission.CHECKS_PER_SECOND_UNPROVEN;
        final UnsafeBuffer next = site.deposit(2, 3).signedBy(site.signers.get(2));
        assertEquals(Verdict.CHECK_BUDGET,
            admission.admit(next, 0, DepositDescriptor.LENGTH, OTHER_SESSION, refillNs - 1, T0));
        final UnsafeBuffer fresh = site.deposit(3, 1).signed();
        assertEquals(Verdict.ACCEPTED,
            admission.admit(fresh, 0, DepositDescriptor.LENGTH, OTHER_SESSION, refillNs, T0));
    }

    /** Seeded; every outcome but a counter would show as a throw or as an acceptance. */
    @Test
    void shouldRefuseRandomTruncatedAndFlippedBytesWithoutThrowing()
    {
        final Random random = new Random(0xA5AA);
        final UnsafeBuffer good = site.deposit(2, 1).signed();
        final int[] seen = new int[Verdict.values().length];
        for (int i = 0; i < 100_000; i++)
        {
            final byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(300) : DepositDescriptor.LENGTH];
            random.nextBytes(bytes);
            if (0 == i % 2)
            {
                good.getBytes(0, bytes, 0, Math.min(bytes.length, DepositDescriptor.LENGTH));
                if (bytes.length == DepositDescriptor.LENGTH)
                {
                    final int bit = random.nextInt(DepositDescriptor.LENGTH * 8);
                    bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
                }
            }
            final Verdict verdict = admission.admit(
                new UnsafeBuffer(bytes), 0, bytes.length, random.nextInt(), i * 10_000_000L, T0);
            seen[verdict.ordinal()]++;
        }
        assertEquals(0, seen[Verdict.ACCEPTED.ordinal()]);
        assertTrue(seen[Verdict.MALFORMED.ordinal()] > 50_000);
        assertTrue(seen[Verdict.BAD_SIGNATURE.ordinal()] > 5_000);
        assertEquals(Verdict.ACCEPTED, admit(good, Long.MAX_VALUE, T0), "100,000 pieces of rubbish left no trace");
    }

    private Admission admission(final Roster roster, final long clockErrorNs)
    {
        return new Admission(new QuorumConfig(roster, 1, site.signers.get(0), T0).ageLimitsNs(STALE_NS, FUTURE_NS)
            .clockErrorNs(() -> clockErrorNs), new Seal(roster.site()), 0);
    }

    private static Verdict admit(final Admission by, final Site.Draft draft, final long nowEpochNs)
    {
        return by.admit(draft.signed(), 0, DepositDescriptor.LENGTH, SESSION, 0, nowEpochNs);
    }

    private Verdict admit(final UnsafeBuffer deposit, final long nowNs, final long nowEpochNs)
    {
        return admission.admit(deposit, 0, DepositDescriptor.LENGTH, SESSION, nowNs, nowEpochNs);
    }
}
