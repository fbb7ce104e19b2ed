package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.ebpf.IpPrefix;
import io.aswarm.journal.ExplanationStatement;
import io.aswarm.journal.Finding;
import io.aswarm.journal.WitnessStatement;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.ComposedScenario;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.Exemption;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Rule;
import io.aswarm.sketch.Scenario;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExplainerTest
{
    private static final long V4_MARK = 0x0000_ffff_0000_0000L;
    private static final long SUBJECT_LOW = V4_MARK | 0xc612_0042L;
    private static final long AIM_LOW = V4_MARK | 0xc612_0101L;
    private static final String SUBJECT = "198.18.0.66";
    private static final int SCAN = 1;
    private static final int REFUSED_MAX = 50;

    private final TestCounters counters = new TestCounters();
    private final EvidenceMemory memory = new EvidenceMemory();
    private final Explainer explainer = new Explainer(
        memory, List.of(new NodeConfig.Exemption(IpPrefix.parse("198.18.255.0/24"), 9, "monitoring")),
        ElevationTable.standard(), () -> 4, () -> 5_000_000_000L, () -> 1_795_318_412_000_000_000L);

    @Test
    void shouldExplainASignalByWhatWasObserved()
    {
        final int signals = scan(0, SUBJECT_LOW);
        assertTrue(signals > 0);

        final ObjectNode signal = explainer.explain("s" + signals);
        assertEquals("scan", signal.path("scenario").asText());
        assertEquals(SUBJECT, signal.path("subject").asText());
        assertEquals("refused", signal.at("/explanation/causes/0/cause").asText());
        assertEquals(signal.path("count").asInt(), signal.at("/explanation/causes/0/count").asInt());
        assertTrue(signal.at("/explanation/causes/0/nats").asDouble() >= signal.path("evidence_nats").asDouble());
        assertEquals("198.18.1.1", signal.at("/explanation/latest/0/address").asText());
        assertEquals(3, signal.at("/needed/witnesses").asInt());
        assertEquals(signal, explainer.explain(SUBJECT));
        assertNull(explainer.explain("s" + (signals + 1)));

        final String text = String.join("\n", ExplanationText.of(signal));
        assertTrue(text.startsWith("scan by 198.18.0.66 (source, merely shown: it may be forged)"), text);
        assertTrue(text.contains("times: a first contact was refused"), text);
        assertTrue(text.contains("nats here; an act needs"), text);
    }

    @Test
    void shouldForgetTheOldestSignals()
    {
        int signals = 0;
        for (int i = 0; signals <= SignalMemory.SIGNALS_MAX + REFUSED_MAX; i++)
        {
            signals += scan(signals, V4_MARK | 0xc612_2000L + i);
        }
        assertNull(memory.signals().find(signals - SignalMemory.SIGNALS_MAX));
        assertNotNull(memory.signals().find(signals - SignalMemory.SIGNALS_MAX + 1));
        assertNull(memory.signals().latest(SCAN, 0, V4_MARK | 0xc612_2000L));
    }

    @Test
    void shouldExplainAnElevationByItsWitnessesAndOwnEvidence()
    {
        scan(0, SUBJECT_LOW);
        final ExplanationStatement own = memory.signals().latest(SCAN, 0, SUBJECT_LOW).explanation();
        memory.onFinding(new Finding(
            77, "port-scan", SUBJECT, 14.2, 13.8, 2, false,
            List.of(new WitnessStatement("gw1", 1, 8, 7.1, 9, 0, new byte[0])), 18, 1, 18, 0, "198.18.1.1", 1, 1, 1, 1,
            1, 3, false, own));

        final ObjectNode elevation = explainer.explain("77");
        assertEquals(elevation, explainer.explain(SUBJECT));
        final String text = String.join("\n", ExplanationText.of(elevation));
        assertTrue(text.startsWith("port-scan by 198.18.0.66 (source, verified by exchange and on_link)"), text);
        assertTrue(text.contains("14.20 nats of 13.80 needed, from 1 witnesses of 2 needed"), text);
        assertTrue(text.contains("witness gw1: stated 8.00 nats from 9 observations, counted 7.10"), text);
        assertTrue(text.contains("a first contact was refused"), text);
        assertNull(explainer.explain("78"));
    }

    @Test
    void shouldSayWhatIsExempt()
    {
        final ObjectNode nothing = explainer.explain("198.18.255.9");
        assertEquals(List.of(
            "nothing is held against 198.18.255.9, as far as this node remembers",
            "exempt by the configuration: 198.18.255.0/24, monitoring: nothing up to 9 observations per second " +
            "is held against it"),
            ExplanationText.of(nothing));
        assertEquals(0, explainer.explain("198.18.0.9").path("exempt").size());
        assertNull(explainer.explain("tea"));
    }

    @Test
    void shouldSayWhatStandsBesideTheObservations()
    {
        final String text = String.join("\n", ExplanationText.of(JsonNodeFactory.instance.objectNode()
            .put("kind", "signal").put("subject", SUBJECT)
            .set("explanation", new ExplanationStatement("s1", 12, 3, List.of(), List.of(),
                new ExplanationStatement.Beside(
                    new ExplanationStatement.Exempt("198.18.0.0/24", 5, 500, 7),
                    new ExplanationStatement.Baseline(12, 0.864, 340.2),
                    List.of(new ExplanationStatement.Element("scan", 9.25)),
                    List.of(new ExplanationStatement.Source("198.18.0.9", 70, 3)))).toJson(Long::toString))));

        assertTrue(text.contains("composed of scan: 9.25 nats"), text);
        assertTrue(text.contains("source 198.18.0.9: 70 packets or up to 3 less, as far as it is not forged"), text);
        assertTrue(text.contains(
            "baseline: 12 minutes were learned, usually 340 bytes per second; evidence counts for 0.86 of itself"),
            text);
        assertTrue(text.contains("exempt: 198.18.0.0/24 up to 5 observations per second; 500 were spared since the " +
            "start, 7 beyond counted"), text);
    }

    @Test
    void shouldRememberWhatStandsBesideASignal()
    {
        try (LocalPolicy policy = new LocalPolicy(
            LocalPolicyConfig.builder().hashKey(1, 2).contactsMax(64).suspectsMax(8)
                .exemptions(List.of(new Exemption(0, V4_MARK | 0xc612_0000L, 120, 5)))
                .catalog(DetectorCatalog.builder().rule(new Rule(
                "probing", Rule.Composition.ANY_OF, List.of(new Rule.Element(Scenario.SCAN, 4)), 1_000_000_000L, 0.0,
                "site-probing", List.of())).build()).build(),
            (signal) -> memory.signals().onSignal(signal, signal.lastSeenNs()), counters.of()))
        {
            for (int port = 1; port <= 9; port++)
            {
                policy.onConversation(new Contact(ConversationKind.OPENED, port, SUBJECT_LOW, port));
                policy.onConversation(new Contact(ConversationKind.REFUSED, port, SUBJECT_LOW, port));
            }
        }
        final ExplanationStatement.Beside beside = memory.signals().latest(
            ComposedScenario.code("site-probing"), 0, SUBJECT_LOW).explanation().beside();
        assertEquals(new ExplanationStatement.Exempt("198.18.0.0/24", 5, 5, 4), beside.exempt());
        assertNull(beside.baseline());
        assertEquals(1, beside.elements().size());
        assertEquals("scan", beside.elements().get(0).scenario());
        assertTrue(beside.elements().get(0).nats() > 4.0);
    }

    @Test
    void shouldRankTheSourcesOfAFlood()
    {
        try (LocalPolicy policy = policy(DetectorCatalog.STANDARD))
        {
            for (int i = 0; i < 200; i++)
            {
                final long sourceLow = V4_MARK | 0xc612_2000L + (i % 2 == 0 ? 7 : i % 40);
                policy.onConversation(new Contact(ConversationKind.OPENED, i, sourceLow, 1 + i));
                policy.onConversation(new Contact(ConversationKind.REFUSED, i, sourceLow, 1 + i));
            }
        }
        final List<ExplanationStatement.Source> sources = memory.signals().latest(
            Scenario.SPREAD_FLOOD.code(), 0, AIM_LOW).explanation().beside().sources();
        assertEquals(8, sources.size());
        assertEquals("198.18.32.7", sources.get(0).address());
        assertTrue(sources.get(0).packets() > 5 * sources.get(1).packets() / 2, sources.toString());
    }

    @Test
    void shouldShowWhoFailsMost()
    {
        try (LocalPolicy policy = policy(DetectorCatalog.STANDARD))
        {
            for (int i = 0; i < 60; i++)
            {
                final long sourceLow = V4_MARK | 0xc612_2000L + (i < 40 ? 1 : i);
                policy.onConversation(new Contact(ConversationKind.OPENED, i, sourceLow, 1 + i));
                policy.onConversation(new Contact(ConversationKind.REFUSED, i, sourceLow, 1 + i));
            }
            final ObjectNode failing = new LeaderList().of(policy);
            assertEquals("{\"source\":\"198.18.32.1\",\"failures\":40,\"error\":0}", failing.at("/most/0").toString());
            assertEquals(10, failing.path("most").size());
            assertEquals("198.18.32.1", failing.at("/widest/0/source").asText());
            assertEquals(1, failing.path("widest").size());
        }
    }

    private LocalPolicy policy(final DetectorCatalog catalog)
    {
        return new LocalPolicy(
            LocalPolicyConfig.builder().hashKey(1, 2).contactsMax(4096).suspectsMax(64).catalog(catalog).build(),
            (signal) -> memory.signals().onSignal(signal, signal.lastSeenNs()), counters.of());
    }

    @Test
    void shouldTellCertificatesFromWhatTheNodeRemembers()
    {
        assertTrue(ExplainCommand.isOfCertificate("20261122T084500Z-gw1-00000007"));
        assertTrue(ExplainCommand.isOfCertificate("#7"));
        assertTrue(!ExplainCommand.isOfCertificate("s7") && !ExplainCommand.isOfCertificate("1152921504606846977"));
        assertTrue(!ExplainCommand.isOfCertificate(SUBJECT));
    }

    /** Refused first contacts of one source; returns how many signals came of it. */
    private int scan(final long idBefore, final long sourceLow)
    {
        final int[] signals = {0};
        try (LocalPolicy policy = new LocalPolicy(
            LocalPolicyConfig.builder().hashKey(1, 2).contactsMax(64).suspectsMax(8).build(),
            (signal) ->
            {
                signals[0]++;
                assertEquals(idBefore + signals[0], memory.signals().onSignal(signal, signal.lastSeenNs()));
            },
            counters.of()))
        {
            for (int port = 1; port <= REFUSED_MAX; port++)
            {
                policy.onConversation(new Contact(ConversationKind.OPENED, port * 1_000_000L, sourceLow, port));
                policy.onConversation(
                    new Contact(ConversationKind.REFUSED, port * 1_000_000L + 1_000, sourceLow, port));
            }
        }
        return signals[0];
    }

    private record Contact(int kind, long timeNs, long initiatorLow, int responderPort) implements Conversation
    {
        @Override
        public long initiatorHigh()
        {
            return 0;
        }

        @Override
        public long responderHigh()
        {
            return 0;
        }

        @Override
        public long responderLow()
        {
            return AIM_LOW;
        }

        @Override
        public int initiatorPort()
        {
            return 40_000;
        }

        @Override
        public int protocol()
        {
            return 6;
        }

        @Override
        public int weight()
        {
            return 1;
        }

        @Override
        public int flags()
        {
            return 0;
        }
    }
}
