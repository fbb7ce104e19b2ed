package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.dataplane.ExitCode;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.Requirement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Attacks of the tools that attackers use, made now, between benign clients: captured, and evaluated as a corpus is.
 * No recording can be learned by heart here. {@code bench/fresh/capture.sh} makes many more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LiveToolsIT
{
    private static final List<String> TOOLS = List.of("nmap", "hping3");
    private static final double NS_PER_SECOND = 1e9;
    private static final int QUIET_MS = 300;
    private static final int PAYLOAD_LENGTH = 400;

    /** An attack, and with how many of its packets, answers not counted, it is to be called. */
    private record Attack(String name, String kind, String attacker, int packetsMax, String... tool)
    {
        @Override
        public String toString()
        {
            return name;
        }
    }

    private final Map<String, JsonNode> results = new HashMap<>();
    private JsonNode report;
    private int benignExchanges;

    private static Attack scan(final String name, final int packetsMax, final String arguments)
    {
        final String attacker = arguments.contains("-6 ") ? LiveLink.ATTACKER_6 : LiveLink.ATTACKER;
        return new Attack(name, "scan", attacker, packetsMax,
            ("nmap -n -Pn -e eth0 -S " + attacker + " --max-retries 0 " + arguments).split(" "));
    }

    private static Attack flood(final String name, final String attacker, final int packetsMax, final String arguments)
    {
        return new Attack(name, "flood", attacker, packetsMax,
            ("hping3 -I eth0 -q " + arguments + ' ' + LiveLink.SERVER).split(" "));
    }

    private static Stream<Attack> attacks()
    {
        final String one = "-a " + LiveLink.ATTACKER;
        return Stream.of(
            scan("syn scan", 25, "-sS -F " + LiveLink.SERVER),
            scan("syn scan, IPv6", 25, "-6 -sS -F " + LiveLink.SERVER_6),
            scan("syn scan, slow", 20, "-sS --scan-delay 60ms --top-ports 40 " + LiveLink.SERVER),
            scan("udp scan", 30, "-sU --top-ports 40 -T4 " + LiveLink.SERVER),
            scan("fin scan", 25, "-sF -F " + LiveLink.SERVER),
            scan("christmas scan", 25, "-sX -F " + LiveLink.SERVER),
            scan("syn scan in fragments", 40, "-sS -F -f " + LiveLink.SERVER),
            scan("scan of protocols", 25, "-sO -T4 " + LiveLink.SERVER),
            scan("sweep of silence", 70, "-sS -p445 198.19.7.0/24"),
            flood("syn flood", LiveLink.ATTACKER, 2_000, one + " -S -p 80 -i u300 -c 4000"),
            flood("syn flood, forged", "*", 2_500, "--rand-source -S -p 80 -i u300 -c 4000"),
            flood("answers to nobody's question", "*", 1_000,
                "--rand-source --udp -s 53 -k -p 5555 -d " + PAYLOAD_LENGTH + " -i u500 -c 2000"));
    }

    @BeforeAll
    void attackAndEvaluate(@TempDir final Path directory) throws IOException
    {
        KernelSupport.require();
        TOOLS.forEach((tool) -> Requirement.tool(tool, tool));
        final StringBuilder manifest = new StringBuilder(
            "path\tkind\tattacker_ips\tvictim_ips\tcapture_start_epoch\tattack_start_offset_s\n");
        try (LiveLink link = LiveLink.open())
        {
            for (final Attack attack : attacks().toList())
            {
                manifest.append(capture(link, attack, directory));
            }
            benignExchanges = link.completed();
        }
        final Path file = directory.resolve("MANIFEST.tsv");
        Files.writeString(file, manifest);

        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        assertEquals(ExitCode.OK, new CommandLine(new EvaluateCommand())
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
            .execute("--json", "--manifest", file.toString()), err.toString());
        report = new ObjectMapper().readTree(out.toString());
        report.path("files").forEach((result) -> results.put(result.path("path").asText(), result));
    }

    /** Capture it, for a line of the manifest. */
    private static String capture(final LiveLink link, final Attack attack, final Path directory) throws IOException
    {
        final LiveCapture capture = LiveCapture.start(link, directory.resolve(file(attack)));
        final long startNs = capture.epochNs();
        final long beginNs;
        try (capture)
        {
            DrillSite.pause(QUIET_MS);
            beginNs = capture.epochNs();
            link.attack(List.of(attack.tool()));
            DrillSite.pause(QUIET_MS);
        }
        assertEquals(0, capture.lost(), attack.name() + ": frames lost");
        final String victims = "scan".equals(attack.kind()) ? "*" : LiveLink.SERVER;
        return String.format(Locale.ROOT, "%s\t%s\t%s\t%s\t%.6f\t%.6f%n", file(attack), attack.kind(),
            attack.attacker(), victims, startNs / NS_PER_SECOND, (beginNs - startNs) / NS_PER_SECOND);
    }

    private static String file(final Attack attack)
    {
        return attack.name().replaceAll("[^a-zA-Z0-9]+", "-") + ".pcap.gz";
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldCallWithinSoManyPackets(final Attack attack)
    {
        final JsonNode result = results.get(file(attack));
        assertTrue(result.path("decidable").asBoolean(), () -> attack + " was not made: " + result);
        assertTrue(result.path("detected").asBoolean(), result::toString);
        assertTrue(result.path("elevation").path("packets").asInt() <= attack.packetsMax(), result::toString);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void shouldAccuseNobodyElse(final Attack attack)
    {
        assertEquals(0, results.get(file(attack)).path("alerts").asInt(), results.get(file(attack))::toString);
    }

    @Test
    void shouldHaveHadBenignClientsAllTheTime()
    {
        assertTrue(benignExchanges >= 300, "exchanges: " + benignExchanges);
        assertTrue(report.path("bystanders").path("windows_10s").asInt() >= 8 * results.size(), report::toString);
    }

    @Test
    void shouldCallScansWithFewerPacketsThanCrowdSecAndZeek()
    {
        for (final String reference : List.of("crowdsec", "zeek"))
        {
            final JsonNode scan = report.path("references").path(reference).path("kinds").path("scan");
            assertTrue(scan.path("detected").asInt() > 0, scan::toString);
            assertEquals(0, scan.path("more_packets").asInt(), scan::toString);
            assertEquals(0, scan.path("only_reference").asInt(), scan::toString);
        }
    }
}
