package io.aswarm.dataplane;

import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NodeConfigTest
{
    private static final String MINIMAL =
        "node: n1\n" +
        "roster: roster.yaml\n" +
        "key: /keys/n1.key\n" +
        "catalog: {file: catalog.yaml}\n" +
        "interfaces:\n" +
        "  - name: eth0\n" +
        "mesh:\n" +
        "  interface: 198.18.0.1\n";

    @Test
    void shouldParseTheExampleAndItMustNameEveryKey() throws Exception
    {
        final String example = example();
        final ConfigSection root = ConfigSection.parse("node.example.yaml", example);

        final NodeConfig config = NodeConfigReader.read(root, Path.of("/etc/aswarm/node.yaml"));

        assertEquals("gateway-1", config.node());
        for (final String key : root.keysAskedFor())
        {
            assertTrue(isGiven(key, example), "node.example.yaml does not show the key " + key);
        }
    }

    @Test
    void shouldShowTheDefaultsInTheExample() throws Exception
    {
        final NodeConfig example =
            NodeConfigReader.read(ConfigSection.parse("example", example()), Path.of("/etc/aswarm/node.yaml"));
        final NodeConfig minimal = parse(
            MINIMAL.replace("n1\n", "gateway-1\n").replace("  interface: 198.18.0.1\n", "  interface: none\n"));

        assertEquals(minimal.directories(), example.directories());
        assertEquals(minimal.sensors(), example.sensors());
        assertEquals(minimal.mesh(), example.mesh());
        assertEquals(minimal.token(), example.token());
        assertEquals(minimal.threads(), example.threads());
        assertEquals(minimal.limits(), example.limits());
        assertEquals(minimal.controlSocket(), example.controlSocket());
        assertEquals(minimal.baselines(), example.baselines());
        assertEquals(minimal.interfaces().get(0).verification(), example.interfaces().get(0).verification());
        assertEquals(minimal.detection(), withoutExemptions(example.detection()));
        assertEquals(minimal.elevation().rows(1), example.elevation().rows(1));
        assertEquals(minimal.signature().getFileName(), example.signature().getFileName());
        assertNull(example.eventLog());
    }

    @Test
    void shouldTakeRelativePathsFromTheDirectoryOfTheFile() throws ConfigException
    {
        final NodeConfig config = parse(MINIMAL + "event_log: ../log/events.jsonl\n");

        assertEquals(Path.of("/site/etc/roster.yaml"), config.roster());
        assertEquals(Path.of("/keys/n1.key"), config.key());
        assertEquals(Path.of("/site/log/events.jsonl"), config.eventLog());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        limits: {events: 1} | "limits.events" is "1"; allowed: a whole number from 64
        limits: {event: 64} | unknown key "limits.event"; allowed here: certificates, conversations
        token: {library: a.so} | "token.pin_file" is none; allowed: both or neither
        token: {library: a.so, pin_file: b, slot: -1} | "token.slot" is "-1"; allowed: a whole number from 0
        token: {pin: 1234} | unknown key "token.pin"; allowed here: label, library, pin_file, slot
        colour: red | unknown key "colour"; allowed here: baselines, catalog,
        sensors: {ring_bytes: 5000} | "sensors.ring_bytes" is 5000; allowed: a power of two
        sensors: {wait: 5} | "sensors.wait" is "5"; allowed: a duration such as 250us
        sensors: {conntrack: yes} | "sensors.conntrack" is "yes"; allowed: true, false
        sensors: [a] | "sensors" must be a mapping
        detection: {site: [here]} | "detection.site" names "here":
        threads: {profile: fast} | "threads.profile" is "fast"; allowed: auto, appliance, sentinel
        threads: {sensor: {idle: doze}} | "threads.sensor.idle" is "doze"; allowed: auto, spin, yield
        threads: {sensor: {cpu: x}} | "threads.sensor.cpu" is "x"; allowed: a whole number from 0
        detection: {benign_success: 2} | "detection.benign_success" is "2"; allowed: a number from
        detection: {exemptions: [{prefix: 1.2.3/99, why: x}]} | "detection.exemptions[0].prefix" is "1.2.3/99"
        elevation: [{scenario: storm}] | "elevation[0].scenario" is "storm"; allowed: any, scan, flood
        elevation: [{nodes: 4, witnesses: 1, clip_nats: 100}] | begins a row that cannot hold: witnesses=1 of 4 nodes
        node: again | is given twice
        """)
    void shouldRefuseByNameLineAndWhatIsAllowed(final String line, final String expected)
    {
        final ConfigException ex = assertThrows(ConfigException.class, () -> parse(MINIMAL + line + "\n"));

        assertTrue(ex.faults().get(0).contains(expected), ex.getMessage());
        assertTrue(ex.faults().get(0).startsWith("node.yaml:9: "), ex.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        node: n1                              | key "node" is missing
        roster: roster.yaml                   | key "roster" is missing
        key: /keys/n1.key                     | key "key" is missing
        """)
    void shouldMissWhatIsRequired(final String line, final String expected)
    {
        final ConfigException ex =
            assertThrows(ConfigException.class, () -> parse(MINIMAL.replace(line + "\n", "")));

        assertTrue(ex.getMessage().contains(expected), ex.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "interface, 0.0.0.0", "interface, eth0", "group, 239.1.1.2", "group, 10.0.0.1", "port, 0", "unicast, [node-2]",
        "unicast, [239.1.1.1]"})
    void shouldRefuseMeshThatAeronWouldRefuse(final String key, final String value)
    {
        final String text = MINIMAL.replace("  interface: 198.18.0.1\n",
            "interface".equals(key) ? "" : "  interface: 198.18.0.1\n") + "  " + key + ": " + value + "\n";

        final ConfigException ex = assertThrows(ConfigException.class, () -> parse(text));
        assertTrue(ex.getMessage().contains("\"mesh." + key + "\" is "), ex.getMessage());
        assertTrue(ex.getMessage().contains(value.replaceAll("[\\[\\]]", "")), ex.getMessage());
    }

    @Test
    void shouldTakeAKeyFromATokenWithoutAFile() throws ConfigException
    {
        final String token = "token: {library: /usr/lib/hsm.so, pin_file: hsm.pin}\n";
        final NodeConfig config = parse(MINIMAL.replace("key: /keys/n1.key\n", "") + token);
        assertNull(config.key());
        assertEquals(
            new NodeConfig.Token(Path.of("/usr/lib/hsm.so"), 0, "n1", Path.of("/site/etc/hsm.pin")), config.token());
        assertEquals(Path.of("/keys/n1.key"), parse(MINIMAL + token).key());
    }

    @Test
    void shouldTakeAListOfMembersInPlaceOfTheGroup() throws ConfigException
    {
        final NodeConfig config = parse(MINIMAL + "  unicast: [198.18.0.1, 198.18.0.2]\n");
        assertEquals(List.of("198.18.0.1", "198.18.0.2"), config.mesh().members());
        assertNull(config.mesh().toMeshConfig(Path.of("/dev/shm/x"), 2).group());
    }

    @Test
    void shouldFindAllFaultsAndNotOnlyTheFirst()
    {
        final ConfigException ex = assertThrows(ConfigException.class, () -> parse(
            "node: n1\n" +
            "colour: red\n" +
            "flavour: sour\n" +
            "mesh: {interface: 198.18.0.1, port: 99999}\n"));

        final List<String> faults = ex.faults();
        for (final String expected : List.of(
            "\"roster\" is missing", "\"key\" is missing", "catalog.file", "\"interfaces\" lists 0",
            "\"mesh.port\" is", "\"colour\"", "\"flavour\""))
        {
            assertTrue(faults.stream().anyMatch((fault) -> fault.contains(expected)), expected + " not in " + faults);
        }
        assertFalse(faults.stream().anyMatch((fault) -> fault.contains("?")), faults.toString());
    }

    @Test
    void shouldRefuseSocketPathThatTheKernelWouldCut()
    {
        final ConfigException ex = assertThrows(
            ConfigException.class, () -> parse(MINIMAL + "control_socket: /" + "x".repeat(107) + "\n"));

        assertTrue(ex.getMessage().contains("the kernel allows 107"), ex.getMessage());
    }

    private static NodeConfig parse(final String text) throws ConfigException
    {
        try
        {
            return NodeConfigReader.read(ConfigSection.parse("node.yaml", text), Path.of("/site/etc/node.yaml"));
        }
        catch (final DocumentException ex)
        {
            throw new ConfigException(List.of(ex.getMessage()));
        }
    }

    @Test
    void shouldBelieveTheLinkOnlyUnlessAnInterfaceSaysMore() throws ConfigException
    {
        final NodeConfig config = parse(MINIMAL.replace("interfaces:\n", "interfaces:\n" +
            "  - {name: fabric0, mode: native, verification: [exchange, on_link]}\n" +
            "  - {name: outside0, mode: tc, verification: []}\n"));

        assertEquals(new NodeConfig.Interface("fabric0", "native", 3), config.interfaces().get(0));
        assertEquals(new NodeConfig.Interface("outside0", "tc", 0), config.interfaces().get(1));
        assertEquals(2, config.interfaces().get(2).verification());
        final ConfigException ex = assertThrows(ConfigException.class, () -> parse(MINIMAL.replace("interfaces:\n",
            "interfaces:\n  - {name: x0, verification: [hearsay]}\n")));
        assertTrue(ex.getMessage().contains("names \"hearsay\"; allowed: a list of exchange, on_link, challenge"),
            ex.getMessage());
    }

    private static NodeConfig.Detection withoutExemptions(final NodeConfig.Detection of)
    {
        return new NodeConfig.Detection(
            of.signalNats(), of.signalStepNats(), of.evidenceMaxNats(), of.halfLifeNs(), of.benignSuccess(),
            of.scannerSuccess(), of.answerTimeoutNs(), of.benignUnfinishedPerSecond(),
            of.floodUnfinishedPerSecond(), of.sources(), of.contacts(), of.catalog(), of.site(), List.of());
    }

    private static boolean isGiven(final String key, final String example)
    {
        final String last = key.substring(key.lastIndexOf('.') + 1);
        return example.lines().filter((line) -> !line.strip().startsWith("#"))
            .anyMatch((line) -> line.matches("(?:.*[\\s{-])?" + last + ":.*"));
    }

    private static String example() throws IOException
    {
        try (InputStream in = NodeConfig.class.getResourceAsStream("node.example.yaml"))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
