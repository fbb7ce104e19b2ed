package io.aswarm.dataplane;

import io.aswarm.actuator.ActRequest;
import io.aswarm.actuator.Aim;
import io.aswarm.actuator.Containment;
import io.aswarm.actuator.Mode;
import io.aswarm.actuator.Outcome;
import io.aswarm.actuator.Probe;
import io.aswarm.actuator.Role;
import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.IpPrefix;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.journal.CertificateKind;
import io.aswarm.journal.Deed;
import io.aswarm.journal.Finding;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.SubjectRole;
import io.aswarm.quorum.Verification;
import io.aswarm.quorum.Witness;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ComposedScenario;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Rule;
import io.aswarm.sketch.Scenario;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

class AdaptersTest
{
    private static final long V4_LOW = 0x0000_ffff_c612_0042L;

    @Test
    void shouldMeanTheSameByKindsAndFlagsOnBothSides() throws IllegalAccessException
    {
        final Map<String, Integer> ofSketch = constants(io.aswarm.sketch.ConversationKind.class);
        final Map<String, Integer> ofKernel = constants(io.aswarm.ebpf.ConversationKind.class);

        assertEquals(ofKernel, ofSketch);
        assertEquals(8, ofKernel.size());
        assertEquals(ConversationFlyweight.FLAG_CONTAINED, Conversation.FLAG_CONTAINED);
        assertEquals(ConversationFlyweight.FLAG_REPEAT, Conversation.FLAG_REPEAT);
        assertEquals(ConversationFlyweight.FLAG_ON_LINK, Conversation.FLAG_ON_LINK);
        assertEquals(ConversationFlyweight.FLAG_FROM_RESPONDER, Conversation.FLAG_FROM_RESPONDER);
        assertEquals(ConversationFlyweight.FLAG_UNORIENTED, Conversation.FLAG_UNORIENTED);
        assertEquals(ConversationFlyweight.FLAG_TUNNEL, Conversation.FLAG_TUNNEL);
        assertEquals(ConversationFlyweight.NEIGHBOUR_DISCOVERY, Conversation.NEIGHBOUR_DISCOVERY);
        assertEquals(ConversationFlyweight.DURATION_UNKNOWN, Conversation.DURATION_UNKNOWN);
    }

    @Test
    void shouldShowEveryFieldOfARecordToThePolicy() throws ReflectiveOperationException
    {
        final byte[] bytes = new byte[ConversationFlyweight.LENGTH_BYTES];
        for (int i = 0; i < bytes.length; i++)
        {
            bytes[i] = (byte)(i + 1);
        }
        final ConversationFlyweight record = new ConversationFlyweight().wrap(new UnsafeBuffer(bytes), 0);
        try (LocalPolicy policy = new LocalPolicy(
            LocalPolicyConfig.builder().hashKey(1, 2).build(), (signal) -> {}, new TestCounters().of()))
        {
            final ConversationAdapter adapter = new ConversationAdapter(policy);
            adapter.onConversation(record);
            for (final Method method : Conversation.class.getMethods())
            {
                if (!"isBareOpening".equals(method.getName()))
                {
                    assertEquals(
                        ConversationFlyweight.class.getMethod(method.getName()).invoke(record), method.invoke(adapter),
                        method.getName());
                }
            }
        }
    }

    @Test
    void shouldListScenariosOfTheConfigurationInTheOrderOfTheirCodes()
    {
        for (final Scenario scenario : Scenario.values())
        {
            assertEquals(scenario.label(), ElevationSection.SCENARIOS.get(scenario.code()));
        }
        assertEquals(Scenario.values().length + 1, ElevationSection.SCENARIOS.size());
    }

    @ParameterizedTest
    @CsvSource({
        "SCAN, 0, 1, port-scan", "SCAN, 0, 9, port-scan", "SCAN, 22, 1, port-scan", "SCAN, 22, 2, sweep",
        "FLOOD, 80, 1, syn-flood", "FLOOD, 0, 5, syn-flood"})
    void shouldNameThePatternByWhatWasAimedAt(
        final Scenario scenario, final int aimPort, final int hosts, final String expected)
    {
        assertEquals(expected, Names.pattern(scenario.code(), aimPort, hosts));
    }

    @Test
    void shouldWriteNoAddressAsNothing()
    {
        assertEquals("", Names.address(0, 0));
        assertEquals("198.18.0.66", Names.address(0, V4_LOW));
        assertEquals("2001:2::1", Names.address(0x2001_0002_0000_0000L, 1));
        assertEquals("scenario-77", Names.signal(77));
    }

    @Test
    void shouldKnowAComposedScenarioOnceItsCatalogIsRead()
    {
        final int code = ComposedScenario.code("site-adapters-test");
        assertEquals("scenario-" + code, Names.signal(code));
        Names.know(DetectorCatalog.builder().rule(new Rule(
            "x", Rule.Composition.ANY_OF, List.of(new Rule.Element(Scenario.SCAN, 4)), 1_000_000_000L, 9,
            "site-adapters-test", List.of())).build());
        assertEquals("site-adapters-test", Names.pattern(code, 22, 2));
    }

    @Test
    void shouldCarryEveryFieldOfAnElevationIntoTheFinding()
    {
        final byte[] deposit = {1, 2, 3};
        final Elevation elevation = new Elevation(
            1, 1, 0, V4_LOW, 2.5, 3.5, 4, true, List.of(new Witness(5, "w", 6.5, 7.5, 8, 9, deposit)), 10, 11, 12,
            13, 0x2001_0002_0000_0000L, 14, 15, 16, 17, 18, 2, 19, true);

        final Finding finding = ElevationToAct.finding(elevation, "sweep", "198.18.0.66", new SignalMemory());

        assertEquals(
            "Finding[elevationId=1, scenario=sweep, subject=198.18.0.66, evidenceNats=2.5, thresholdNats=3.5, " +
            "witnessesRequired=4, local=true, witnesses=" + finding.witnesses() + ", count=10, distinctHosts=11, " +
            "distinctPorts=12, aimPort=13, aim=2001:2::e, firstSeenNs=15, firstSeenEpochNs=16, elevatedNs=17, " +
            "elevatedEpochNs=18, subjectRole=2, verification=19, degraded=true, explanation=null]", finding.toString());
        assertEquals("w", finding.witnesses().get(0).name());
        assertEquals(5, finding.witnesses().get(0).nodeId());
        assertEquals(6.5, finding.witnesses().get(0).evidenceNats());
        assertEquals(7.5, finding.witnesses().get(0).countedNats());
        assertEquals(8, finding.witnesses().get(0).count());
        assertEquals(9, finding.witnesses().get(0).firstSeenEpochNs());
        assertArrayEquals(deposit, finding.witnesses().get(0).deposit());
    }

    @Test
    void shouldAskForAnActWithRoleVerificationAndAim()
    {
        final Elevation one = elevation(13, 0x2001_0002_0000_0000L, 14, SubjectRole.SOURCE, 3);
        assertEquals(
            "ActRequest[elevationId=1, scenario=sweep, subject=198.18.0.66, role=SOURCE, verification=3, " +
            "aim=Aim[address=2001:2::e, protocol=0, port=13], evidenceNats=2.5, elevatedNs=17]",
            ElevationToAct.request(one, "sweep").toString());
        final Elevation many = elevation(0, 0, 0, SubjectRole.AIM, 0);
        assertEquals(Aim.MANY, ElevationToAct.request(many, "spread-flood").aim());
        assertEquals(Role.AIM, ElevationToAct.request(many, "spread-flood").role());
    }

    private static Elevation elevation(
        final int aimPort, final long aimHigh, final long aimLow, final int role, final int verification)
    {
        return new Elevation(
            1, 1, 0, V4_LOW, 2.5, 3.5, 4, true, List.of(), 10, 11, 12, aimPort, aimHigh, aimLow, 15, 16, 17, 18, role,
            verification, false);
    }

    @Test
    void shouldNameTheWaysOfVerificationByTheirBits()
    {
        assertEquals("[\"exchange\"]", Names.verification(Verification.EXCHANGE).toString());
        assertEquals("[\"on_link\"]", Names.verification(Verification.ON_LINK).toString());
        assertEquals("[\"challenge\"]", Names.verification(Verification.CHALLENGE).toString());
        assertEquals("[\"exchange\",\"on_link\",\"challenge\"]", Names.verification(Verification.ALL).toString());
        assertEquals("[]", Names.verification(Verification.NONE).toString());
        assertEquals("[\"unknown\"]", Names.verification(ActRequest.VERIFICATION_UNKNOWN).toString());
    }

    @Test
    void shouldCarryEveryFieldOfAnOutcomeIntoTheDeed()
    {
        final Outcome outcome = new Outcome(
            Outcome.Kind.EFFECTIVE, 1, 2, "policy", "hash", 3, "kind", 0, V4_LOW, Role.AIM, 0,
            new Containment(QuarantineRule.aim(new IpAddress(0, V4_LOW)).service(6, 443), Mode.OPENINGS, 12, 13),
            4, 5, 6, 7, 8,
            List.of(new Probe("p", "e", "o", true, 9, 10)), 11, "tier", "reason");

        final Deed deed = OutcomeToDeed.deed(outcome, "198.18.0.66");

        assertEquals(
            "Deed[kind=EFFECTIVE, actId=1, elevationId=2, policyId=policy, catalogHash=hash, ring=3, actKind=kind, " +
            "subject=198.18.0.66, rule=RuleStatement[packets=to 198.18.0.66 protocol 6 port 443, mode=openings, " +
            "packetsPerSecond=12, burst=13], ttlNs=4, startedNs=5, effectiveNs=6, deadlineNs=7, endedNs=8, " +
            "probes=[ProbeStatement[name=p, expected=e, observed=o, passed=true, atNs=9, durationNs=10]], " +
            "packetsDropped=11, tier=tier, reason=reason]", deed.toString());
    }

    @ParameterizedTest
    @EnumSource(Outcome.Kind.class)
    void shouldHaveACertificateForEveryKindOfOutcome(final Outcome.Kind kind)
    {
        assertNotNull(CertificateKind.of(kind.name()));
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.5.77, 24, 198.18.5.0/24", "198.18.5.77, 32, 198.18.5.77/32", "198.18.5.77, 15, 198.18.0.0/15",
        "2001:2:0:77::9, 64, 2001:2:0:77::/64", "2001:2:0:77::9, 128, 2001:2:0:77::9/128", "2001:2::9, 0, ::/0"})
    void shouldProtectTheNetworkOfTheMesh(final String address, final int length, final String expected)
        throws UnknownHostException
    {
        final IpAddress own = OwnAddresses.address(InetAddress.getByName(address));

        assertEquals(address, own.toString());
        assertEquals(IpPrefix.parse(expected), OwnAddresses.network(own, length));
    }

    private static Map<String, Integer> constants(final Class<?> of) throws IllegalAccessException
    {
        final Map<String, Integer> constants = new TreeMap<>();
        for (final Field field : of.getFields())
        {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class)
            {
                constants.put(field.getName(), field.getInt(null));
            }
        }
        return constants;
    }
}
