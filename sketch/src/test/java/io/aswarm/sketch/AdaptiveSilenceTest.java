package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Silence that is judged by what was learned of a network's answers. */
class AdaptiveSilenceTest
{
    private static final int ATTACKER = 7;
    private static final double SILENCE_NATS = Math.log((1 - 0.2 * 0.98) / (1 - 0.8 * 0.98));
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    /** Three answers, half a millisecond each: enough to learn from. */
    @BeforeEach
    void shouldLearn()
    {
        for (int host = 0; host < 3; host++)
        {
            net.established(1, 200 + host, 80);
        }
    }

    @AfterEach
    void close()
    {
        net.close();
    }

    @ParameterizedTest
    @CsvSource({"3999999,0", "4000000,1"})
    void shouldJudgeWithinMillisecondsWhenTheAnswerIsOverdueAndWasOvertaken(final long waitedNs, final int overdue)
    {
        final long openedNs = net.nowNs;
        net.open(ATTACKER, 20, 1);
        net.nowNs += 1_000;
        net.refused(ATTACKER, 20, 2);
        net.policy.onTick(openedNs + waitedNs);
        assertEquals(overdue, net.count(SketchCounter.CONTACTS_OVERDUE));
        if (overdue == 1)
        {
            assertEquals(Math.log(4) + SILENCE_NATS, net.last().nats(), 1e-3);
        }
    }

    @Test
    void shouldWaitLongerWhenNothingWasOvertaken()
    {
        net.open(ATTACKER, 20, 1);
        net.open(ATTACKER, 20, 2);
        net.pass(AnswerTimes.TOGETHER_MIN_NS);
        assertEquals(0, net.count(SketchCounter.CONTACTS_OVERDUE));
        net.pass(100 * MILLISECOND_NS);
        assertEquals(2, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 20, 60})
    void shouldWaitTwentyTimesWhatAnswersNeed(final int answerMs)
    {
        // Three equal answers: the variation is 1/2, 3/8, 9/32 of the time, so that the timeout is 2.125 times that.
        for (int port = 1; port <= 3; port++)
        {
            net.open(1, 700, port);
            net.nowNs += answerMs * MILLISECOND_NS;
            net.send(ConversationKind.REFUSED, 1, 700, port);
        }
        net.open(ATTACKER, 701, 1);
        final long leastMs = Math.min(1_500, Math.max(250, (long)(20 * 2.125 * answerMs)));
        net.pass((leastMs - 1) * MILLISECOND_NS);
        assertEquals(0, net.count(SketchCounter.CONTACTS_OVERDUE));
        net.pass(2 * SECOND_NS);
        assertEquals(1, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @Test
    void shouldStayQuietWhenAllAnswersOfACollectiveAreLateTogether()
    {
        for (int host = 0; host < 200; host++)
        {
            net.open(ATTACKER, 20 + host % 100, 40_000 + host);
        }
        net.pass(240 * MILLISECOND_NS);
        for (int host = 0; host < 200; host++)
        {
            net.send(ConversationKind.ACCEPTED, ATTACKER, 20 + host % 100, 40_000 + host);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, 20 + host % 100, 40_000 + host);
        }
        net.pass(2 * SECOND_NS);
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldWaitWhenTooLittleWasLearned()
    {
        // 198.18.1.0/24 answered twice only.
        net.refused(1, 300, 1);
        net.open(ATTACKER, 301, 1);
        net.nowNs += 1_000;
        net.refused(1, 300, 2);
        net.pass(SECOND_NS);
        assertEquals(0, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @Test
    void shouldTakeTheEvidenceBackWhenTheAnswerComesAfterAll()
    {
        for (int port = 1; port <= 5; port++)
        {
            net.open(ATTACKER, 20, port);
        }
        net.nowNs += 1_000;
        net.established(1, 20, 22);
        net.pass(10 * MILLISECOND_NS);
        assertEquals(5, net.count(SketchCounter.CONTACTS_OVERDUE));
        assertTrue(net.last().nats() > 4 * SILENCE_NATS);
        final int told = net.signals.size();
        for (int port = 1; port <= 5; port++)
        {
            net.send(ConversationKind.ACCEPTED, ATTACKER, 20, port);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, 20, port);
        }
        assertEquals(5, net.count(SketchCounter.FAILURES_RETRACTED));
        net.refused(ATTACKER, 21, 1);
        net.refused(ATTACKER, 21, 2);
        assertEquals(told + 1, net.signals.size());
        assertEquals(2 * Math.log(4), net.last().nats(), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldCallAFastScanWithinTenContactsWhenSomeAreSilent(final int silentOf)
    {
        try (PolicyHarness standard = new PolicyHarness(
            PolicyHarness.config().weakNats(3.0).benignSuccess(0.92).build()))
        {
            for (int host = 0; host < 3; host++)
            {
                standard.established(1, 200 + host, 80);
            }
            final long firstNs = standard.nowNs;
            int contacts = 0;
            while (contacts < 100 && standard.scans().stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS))
            {
                contacts++;
                if (contacts % (silentOf + 1) == 0)
                {
                    standard.open(ATTACKER, 20, contacts);
                }
                else
                {
                    standard.refused(ATTACKER, 20, contacts);
                }
                standard.pass(MILLISECOND_NS);
            }
            assertTrue(contacts <= 14, "contacts=" + contacts);
            assertTrue(standard.nowNs - firstNs <= 14 * MILLISECOND_NS);
        }
    }

    @Test
    void shouldCallAScanWithTheNinthContactWhenAllAreRefused()
    {
        try (PolicyHarness standard = new PolicyHarness(
            PolicyHarness.config().weakNats(3.0).benignSuccess(0.92).build()))
        {
            for (int contact = 1; contact <= 9; contact++)
            {
                assertTrue(standard.scans().stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS));
                standard.refused(ATTACKER, 20, contact);
            }
            assertTrue(standard.last().nats() >= NODE_BAR_NATS, "nats=" + standard.last().nats());
        }
    }

    @Test
    void shouldCallASlowScanWithinTenSeconds()
    {
        try (PolicyHarness standard = new PolicyHarness(
            PolicyHarness.config().weakNats(3.0).benignSuccess(0.92).build()))
        {
            final long firstNs = standard.nowNs;
            int contact = 0;
            while (standard.scans().stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS))
            {
                standard.nowNs = firstNs + contact++ * SECOND_NS;
                standard.refused(ATTACKER, 20, contact);
            }
            assertTrue(standard.nowNs - firstNs < 10 * SECOND_NS, "contacts=" + contact);
        }
    }

    @Test
    void shouldExcuseTheFewThatAreLostWhenThousandsSucceed()
    {
        for (int peer = 0; peer < 1_000; peer++)
        {
            net.open(8, 1_000 + peer, 29_500);
        }
        net.nowNs += MILLISECOND_NS / 2;
        for (int peer = 0; peer < 1_000; peer++)
        {
            if (peer % 50 != 0)
            {
                net.send(ConversationKind.ACCEPTED, 8, 1_000 + peer, 29_500);
                net.send(ConversationKind.ESTABLISHED, 8, 1_000 + peer, 29_500);
            }
        }
        net.pass(3 * SECOND_NS);
        assertEquals(List.of(), net.signals);
        assertEquals(20, net.count(SketchCounter.FAILURES_ALLOWED));
    }
}
