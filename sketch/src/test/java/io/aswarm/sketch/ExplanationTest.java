package io.aswarm.sketch;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExplanationTest
{
    private static final double FAILURE_NATS = Math.log(4);

    @Test
    void shouldSayWhatAddedHowMuchAndWhatWasNeeded()
    {
        final List<String> views = new ArrayList<>();
        final TestConversation event = new TestConversation();
        try (LocalPolicy policy = new LocalPolicy(
            PolicyHarness.config().build(),
            (signal) ->
            {
                final Explanation why = signal.explanation();
                views.add(why.causes() + " " + why.cause(0) + " " + why.count(0) + " " + why.observations() + " " +
                    why.observationPort(0) + " " + why.observationCause(0) + " " +
                    Long.toHexString(why.observationLow(0)) + " " + why.observationTimeNs(0) + " " +
                    (Math.abs(why.observationNats(0) - FAILURE_NATS) < 1e-6) + " " + why.observationHigh(0));
                assertEquals(why.count(0) * FAILURE_NATS, why.nats(0), 1e-5);
                assertEquals(2.0, why.neededNats());
            },
            PolicyHarness.newCounters()::get))
        {
            for (int port = 1; port <= 12; port++)
            {
                event.timeNs = port;
                event.initiatorLow = 0x0000_ffff_c612_0007L;
                event.responderLow = 0x0000_ffff_c612_0014L;
                event.responderPort = port;
                event.kind = ConversationKind.OPENED;
                policy.onConversation(event);
                event.kind = ConversationKind.REFUSED;
                policy.onConversation(event);
            }
        }
        assertEquals("1 REFUSED 2 2 2 REFUSED ffffc6120014 2 true 0", views.get(0));
        assertEquals("1 REFUSED 12 8 12 REFUSED ffffc6120014 12 true 0", views.get(views.size() - 1));
    }

    @Test
    void shouldSayInWordsWhatSpokeForTheSubjectToo()
    {
        try (PolicyHarness net = new PolicyHarness())
        {
            for (int port = 1; port <= 4; port++)
            {
                net.refused(7, 20, port);
            }
            net.established(7, 20, 80);
            net.refused(7, 20, 5);
            net.refused(7, 20, 6);
            final String why = net.last().why();
            assertTrue(why.startsWith("6.93 nats from 6 observations; told from 2.00 nats on"), why);
            assertTrue(why.contains("+8.32 nats, 6 times: a first contact was refused"), why);
            assertTrue(why.contains("-1.39 nats, 1 times: a first contact succeeded"), why);
        }
    }

    @Test
    void shouldBeginAnewWhenAnotherEpisodeBegins()
    {
        try (PolicyHarness net = new PolicyHarness())
        {
            net.refused(7, 20, 1);
            net.refused(7, 20, 2);
            net.nowNs += 400 * PolicyHarness.SECOND_NS;
            net.refused(7, 20, 3);
            net.refused(7, 20, 4);
            assertTrue(net.last().why().contains("2 times"), net.last().why());
        }
    }

    @Test
    void shouldSayWhatWasExemptAndHowMuchWentBeyond()
    {
        final List<String> views = new ArrayList<>();
        final LocalPolicyConfig config = PolicyHarness.config()
            .exemptions(List.of(new Exemption(0, 0xffff_c612_0000L, 120, 5))).build();
        try (LocalPolicy policy = new LocalPolicy(
            config,
            (signal) ->
            {
                final Circumstances beside = signal.explanation().circumstances();
                views.add(beside.exemption() + " " + beside.spared() + " " + beside.exceeded());
                assertTrue(!beside.hasBaseline() && beside.elements() == 0);
            },
            PolicyHarness.newCounters()::get))
        {
            refuse(policy, 0xffff_c612_0007L, 7);
            refuse(policy, 0xffff_c612_0107L, 3);
        }
        assertEquals(config.exemptions().get(0) + " 5 2", views.get(0));
        assertEquals("null", views.get(1).split(" ")[0]);
    }

    @Test
    void shouldSayHowMuchIsKnownOfTheHostAndWhatEvidenceCountsFor()
    {
        final List<Circumstances> views = new ArrayList<>();
        try (LocalPolicy policy = new LocalPolicy(
            PolicyHarness.config().build(),
            (signal) ->
            {
                final Circumstances beside = signal.explanation().circumstances();
                assertTrue(beside.hasBaseline());
                assertEquals(0, beside.baselineWindows());
                assertEquals(ExfiltrationTest.IMMATURE_WEIGHT, beside.baselineWeight());
                assertEquals(0.0, beside.usualBytesPerSecond());
                views.add(beside);
            },
            PolicyHarness.newCounters()::get))
        {
            final TestConversation event = new TestConversation();
            event.kind = ConversationKind.VOLUME;
            event.protocol = PolicyHarness.ICMP;
            event.quantity = 1_024;
            for (int i = 0; i < 14; i++)
            {
                event.timeNs = i;
                policy.onConversation(event);
            }
        }
        assertTrue(!views.isEmpty());
    }

    @Test
    void shouldSayWhatARuleWasComposedOf()
    {
        final Rule rule = new Rule(
            "probing", Rule.Composition.ANY_OF,
            List.of(new Rule.Element(Scenario.BRUTE_FORCE, 4), new Rule.Element(Scenario.SCAN, 4)), 1_000_000_000L, 0,
            "site-probing", List.of());
        final List<String> views = new ArrayList<>();
        try (LocalPolicy policy = new LocalPolicy(
            PolicyHarness.config().catalog(DetectorCatalog.builder().rule(rule).build()).build(),
            (signal) ->
            {
                final Circumstances beside = signal.explanation().circumstances();
                for (int i = 0; i < beside.elements(); i++)
                {
                    views.add(beside.elementScenario(i) + " " + Math.round(100 * beside.elementNats(i)));
                }
            },
            PolicyHarness.newCounters()::get))
        {
            refuse(policy, 0xffff_c612_0007L, 3);
        }
        assertEquals(List.of("BRUTE_FORCE 0", "SCAN " + Math.round(300 * FAILURE_NATS)), views);
    }

    private static void refuse(final LocalPolicy policy, final long sourceLow, final int ports)
    {
        final TestConversation event = new TestConversation();
        for (int port = 1; port <= ports; port++)
        {
            event.timeNs = port;
            event.initiatorLow = sourceLow;
            event.responderLow = 0x0000_ffff_c612_0014L;
            event.responderPort = port;
            event.kind = ConversationKind.OPENED;
            policy.onConversation(event);
            event.kind = ConversationKind.REFUSED;
            policy.onConversation(event);
        }
    }

    @Test
    void shouldHaveAnOrderlySentenceForEachCause()
    {
        for (final Cause cause : Cause.values())
        {
            assertTrue(cause.label().matches("[a-z]+(-[a-z]+)*"), cause.label());
            assertTrue(cause.sentence().length() > 10, cause.sentence());
            assertEquals(cause, Cause.of(cause.ordinal()));
        }
    }
}
