package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.KernelSensorConfig;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.KillSwitch;
import io.aswarm.ebpf.Quarantine;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.ebpf.VerdictProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static io.aswarm.actuator.GatewayFixture.BYSTANDER;
import static io.aswarm.actuator.GatewayFixture.SUBJECT;
import static io.aswarm.actuator.GatewayFixture.SUBJECT_V6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class XdpControlIT
{
    private static final int BURST = 50;
    private static final long LIVE_NS = 60_000_000_000L;
    private GatewayFixture gateway;
    private KernelSensor sensor;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @BeforeEach
    void open() throws Exception
    {
        gateway = new GatewayFixture();
    }

    @AfterEach
    void close() throws Exception
    {
        if (null != sensor)
        {
            sensor.close();
        }
        if (null != gateway)
        {
            gateway.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SUBJECT, SUBJECT_V6})
    void shouldProveBlockCountAndGiveBack(final String subject) throws Exception
    {
        sensor = gateway.openSensor();
        final KernelNode node = new KernelNode(sensor, "2s", gateway::inside);
        assertTrue(gateway.passes(subject));

        final Outcome effective = node.contain(subject);
        assertEquals(Outcome.Kind.EFFECTIVE, effective.kind(), effective.reason());
        assertEquals("linux_kernel_enforced", effective.tier());
        assertEquals(List.of("attached", "XDP_DROP", "XDP_PASS"),
            effective.probes().stream().map(Probe::observed).toList());
        assertTrue(effective.effectiveNs() - effective.startedNs() > 0);
        assertEquals(2_000_000_000L, effective.deadlineNs() - effective.startedNs());

        gateway.send(subject, BURST);
        assertFalse(gateway.passes(subject));
        assertTrue(gateway.passes(BYSTANDER));

        final Outcome reverted = node.awaitNext();
        assertEquals(Outcome.Kind.REVERTED, reverted.kind(), reverted.reason());
        assertEquals(BURST + 1, reverted.packetsDropped());
        assertEquals(effective.actId(), reverted.actId());
        assertTrue(reverted.endedNs() - effective.deadlineNs() >= 0);
        assertEquals(List.of("no entry", "XDP_PASS"), reverted.probes().stream().map(Probe::observed).toList());
        assertTrue(gateway.passes(subject));
    }

    @Test
    void shouldDropToTheDeadlineAndNotBeyondIt() throws Exception
    {
        sensor = gateway.openSensor();
        final KernelNode node = new KernelNode(sensor, "300ms", gateway::inside);
        final long deadlineNs = node.contain(SUBJECT).deadlineNs();
        final VerdictProbe probe = sensor.verdictProbe();
        final IpAddress subject = IpAddress.parse(SUBJECT);
        final IpAddress destination = IpAddress.parse(GatewayFixture.GATEWAY);

        // the agent does not work here: the kernel alone flips the verdict
        long lastDropBeganNs = 0;
        long firstPassEndedNs = 0;
        while (0 == firstPassEndedNs)
        {
            final long beganNs = System.nanoTime();
            final int verdict = probe.run(subject.high(), subject.low(), destination.high(), destination.low());
            final long endedNs = System.nanoTime();
            lastDropBeganNs = Control.VERDICT_DROP == verdict ? beganNs : lastDropBeganNs;
            firstPassEndedNs = Control.VERDICT_PASS == verdict ? endedNs : 0;
        }
        assertTrue(lastDropBeganNs != 0 && lastDropBeganNs - deadlineNs < 0);
        assertTrue(firstPassEndedNs - deadlineNs >= 0);
        assertEquals(Outcome.Kind.REVERTED, node.awaitNext().kind());
    }

    @Test
    void shouldLetRealPacketsPassWhileHalted() throws Exception
    {
        sensor = gateway.openSensor();
        final KernelNode node = new KernelNode(sensor, "60s", gateway::inside);
        node.contain(SUBJECT);
        assertFalse(gateway.passes(SUBJECT));

        node.agent.proxy().halt("alice", 5);
        final Outcome halted = node.awaitNext();
        assertEquals(Outcome.Kind.HALTED, halted.kind(), halted.reason());
        assertEquals(List.of("halted", "XDP_PASS"), halted.probes().stream().map(Probe::observed).toList());
        assertTrue(gateway.passes(SUBJECT));
        assertEquals(Outcome.Kind.REFUSED, node.contain(BYSTANDER).kind());

        node.agent.proxy().resume("bob", 6);
        final Outcome resumed = node.awaitNext();
        assertEquals(Outcome.Kind.RESUMED, resumed.kind(), resumed.reason());
        assertEquals(List.of("running", "XDP_DROP"), resumed.probes().stream().map(Probe::observed).toList());
        assertFalse(gateway.passes(SUBJECT));
    }

    @Test
    void shouldCertifyAHaltThatCameThroughThePin() throws Exception
    {
        sensor = gateway.openSensor();
        final KernelNode node = new KernelNode(sensor, "60s", gateway::inside);
        node.contain(SUBJECT);
        try (KillSwitch killSwitch = KillSwitch.open(gateway.pinDirectory()))
        {
            killSwitch.halt();
        }

        final Outcome halted = node.awaitNext();
        assertEquals(Outcome.Kind.HALTED, halted.kind(), halted.reason());
        assertEquals("found set, by no order to this node", halted.reason());
        assertTrue(gateway.passes(SUBJECT));
    }

    @Test
    void shouldFailAndUndoWhenTheProgramIsOnNoInterface() throws Exception
    {
        sensor = KernelSensor.open(
            KernelSensorConfig.builder("actuator-it", gateway.pinDirectory()).ringBytes(1 << 16).build());
        final KernelNode node = new KernelNode(sensor, "60s", gateway::inside);

        final Outcome failed = node.contain(SUBJECT);
        assertEquals(Outcome.Kind.FAILED, failed.kind());
        assertEquals("effect is not proven after 3 attempts: attached expected attached and observed detached",
            failed.reason());
        assertEquals(List.of(), entries());
    }

    @Test
    void shouldLeaveAnotherActsEntryAloneAndSayThatItStillHolds() throws Exception
    {
        sensor = gateway.openSensor();
        final KernelNode node = new KernelNode(sensor, "500ms", gateway::inside);
        final IpAddress subject = IpAddress.parse(SUBJECT);
        final long deadlineNs = System.nanoTime() + LIVE_NS;
        sensor.quarantine().contain(QuarantineRule.source(subject), deadlineNs, 7, Quarantine.MODE_DROP, 0, 0);

        final Outcome effective = node.contain(SUBJECT);
        assertEquals(Outcome.Kind.EFFECTIVE, effective.kind(), effective.reason());
        assertEquals(2, entries().size());

        final Outcome failed = node.awaitNext();
        assertEquals(Outcome.Kind.FAILED, failed.kind());
        assertTrue(failed.reason().contains("subject_passes expected XDP_PASS and observed XDP_DROP"),
            failed.reason());
        assertEquals(List.of(SUBJECT + " 7 " + deadlineNs), entries());
    }

    @Test
    void shouldSayThatTheMapIsFull() throws Exception
    {
        sensor = gateway.openSensor();
        final KernelNode node = new KernelNode(sensor, "60s", gateway::inside);
        for (int i = 0; i < sensor.quarantine().entriesMax(); i++)
        {
            assertEquals(Outcome.Kind.EFFECTIVE, node.contain("198.18.1." + i).kind());
        }
        final List<String> before = entries();

        final Outcome failed = node.contain(SUBJECT);
        assertEquals(Outcome.Kind.FAILED, failed.kind());
        assertEquals("the entry was refused: E2BIG (no room left in the map) after 3 attempts", failed.reason());
        assertEquals(before, entries());
        assertTrue(gateway.passes(SUBJECT));
    }

    @Test
    void shouldHoldThroughKillAndAdoptWithTheTimeThatRemains() throws Exception
    {
        final long actId;
        final long deadlineNs;
        final Process process = startNode("8s");
        try (BufferedReader output = process.inputReader())
        {
            final String line = output.readLine();
            assertNotNull(line, "the node ended without a word");
            final String[] words = line.split(" ");
            assertEquals("EFFECTIVE", words[0], line);
            actId = Long.parseLong(words[1]);
            deadlineNs = Long.parseLong(words[2]);
        }
        finally
        {
            process.destroyForcibly();
            process.waitFor();
        }
        assertFalse(gateway.passes(SUBJECT), "killing the process must not free what it contained");
        assertTrue(gateway.passes(BYSTANDER));

        sensor = gateway.openSensor();
        final KernelNode node = new KernelNode(sensor, "60s", gateway::inside);
        final Outcome adopted = node.outcomes.get(0);
        assertEquals(Outcome.Kind.ADOPTED, adopted.kind());
        assertEquals(actId, adopted.actId());
        assertEquals(deadlineNs, adopted.deadlineNs());
        assertTrue(adopted.ttlNs() > 0 && adopted.ttlNs() < 8_000_000_000L);
        assertTrue(adopted.probes().stream().allMatch(Probe::passed), adopted.probes().toString());
        assertFalse(gateway.passes(SUBJECT));

        final Outcome reverted = node.awaitNext();
        assertEquals(Outcome.Kind.REVERTED, reverted.kind(), reverted.reason());
        assertEquals(actId, reverted.actId());
        assertTrue(reverted.endedNs() - deadlineNs >= 0);
        assertTrue(reverted.packetsDropped() >= 2);
        assertTrue(gateway.passes(SUBJECT));
    }

    private Process startNode(final String ttl) throws Exception
    {
        final List<String> command = new ArrayList<>(List.of(
            "ip", "netns", "exec", gateway.gatewayName(), Path.of(System.getProperty("java.home"), "bin", "java")
            .toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((argument) -> argument.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path"), KernelNode.class.getName(),
            gateway.pinDirectory().toString(), SUBJECT, ttl));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private List<String> entries()
    {
        final List<String> entries = new ArrayList<>();
        sensor.quarantine().forEachAct((rule, deadlineNs, actId, mode, perSecond, burst, drops) ->
            entries.add(rule.prefix().address() + " " + actId + " " + deadlineNs));
        return entries.stream().sorted().toList();
    }
}
