package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.dataplane.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The whole command on captures that the test makes itself. */
class EvaluateCommandTest
{
    private static final String SCANNER = "198.18.0.10";
    private static final String CLIENT = "198.18.0.200";
    private static final String SERVER = "198.19.0.7";
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long BEGIN_NS = 1_790_000_000L * SECOND_NS;
    private static final int SCAN_PORTS = 60;

    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void makeTheCorpus() throws IOException
    {
        try (CaptureWriter scan = new CaptureWriter(directory.resolve("scan.pcap.gz")))
        {
            for (int i = 0; i < 20; i++)
            {
                request(scan, BEGIN_NS + i * 100 * MILLISECOND_NS, i);
            }
            for (int port = 1; port <= SCAN_PORTS; port++)
            {
                final long timeNs = BEGIN_NS + 2 * SECOND_NS + port * MILLISECOND_NS;
                segment(scan, timeNs, SCANNER, SERVER, 50_000, 1_000 + port, TcpFrame.SYN, port, 0);
                segment(scan, timeNs + 100_000, SERVER, SCANNER, 1_000 + port, 50_000, TcpFrame.RST | TcpFrame.ACK,
                    0, port + 1);
            }
        }
        try (CaptureWriter benign = new CaptureWriter(directory.resolve("benign.pcap.gz")))
        {
            for (int i = 0; i < 300; i++)
            {
                request(benign, BEGIN_NS + i * 100 * MILLISECOND_NS, i);
            }
        }
        Files.writeString(directory.resolve("manifest.tsv"),
            "path\tkind\tscenario\tattacker_ips\tvictim_ips\tcapture_start_epoch\tattack_start_offset_s" +
            "\tbenign_host_windows_10s\n" +
            "scan.pcap.gz\tscan\tvertical\t" + SCANNER + "\t" + SERVER + "\t1790000000.000000\t2.000\t2\n" +
            "benign.pcap.gz\tbenign\t\t\t\t1790000000.000000\t\t6\n");
    }

    @Test
    void shouldMeasureRecallAndFalsePositivesAndCompare() throws IOException
    {
        assertEquals(ExitCode.OK, evaluate("--manifest", directory.resolve("manifest.tsv").toString(), "--json"));

        final JsonNode report = new ObjectMapper().readTree(out.toString());
        final JsonNode scan = report.path("kinds").path("scan");
        assertEquals(1, scan.path("captures").asInt());
        assertEquals(1, scan.path("decidable").asInt());
        assertEquals(1, scan.path("detected").asInt());
        assertEquals(1.0, scan.path("recall").asDouble());
        assertTrue(scan.path("packets_to_elevation").path("p50").asDouble() <= 16, scan.toString());
        assertTrue(scan.path("packets_to_signal").path("p50").asDouble() <=
            scan.path("packets_to_elevation").path("p50").asDouble());
        assertTrue(scan.path("ms_to_elevation").path("p95").asDouble() < SCAN_PORTS);
        assertEquals(6, report.path("benign").path("windows_10s").asInt());
        assertEquals(0, report.path("benign").path("alerts").asInt());
        assertEquals(0, report.path("benign").path("ci95").path(0).asDouble());
        assertEquals(0, report.path("bystanders").path("alerts").asInt());
        assertEquals(2, report.path("files").size());
        assertEquals("138.2 nats of targets not served of 20.7", report.path("files").path(0).path("why").asText());

        final JsonNode crowdSec = report.path("references").path("crowdsec").path("kinds").path("scan");
        assertEquals(1, crowdSec.path("detected").asInt());
        assertEquals(16, crowdSec.path("packets_to_alert").path("p50").asInt());
        assertEquals(1, crowdSec.path("fewer_packets").asInt());
    }

    @Test
    void shouldNotCountWhoIsAccusedButDidNotAttack() throws IOException
    {
        assertEquals(ExitCode.OK, evaluate(
            directory.resolve("scan.pcap.gz").toString(), "--kind", "scan", "--attacker", CLIENT, "--json"));

        final JsonNode report = new ObjectMapper().readTree(out.toString());
        assertEquals(0, report.path("kinds").path("scan").path("detected_all").asInt());
        assertEquals(1, report.path("bystanders").path("alerts").asInt());
        assertEquals(SCANNER, report.path("files").path(0).path("wrong").path(0).path("subject").asText());
    }

    @Test
    void shouldFindTheAttackInABackgroundAsFastAsAlone() throws IOException
    {
        assertEquals(ExitCode.OK, evaluate("--manifest", directory.resolve("manifest.tsv").toString(), "--json"));
        final JsonNode alone = new ObjectMapper().readTree(out.toString());
        out.getBuffer().setLength(0);
        assertEquals(ExitCode.OK, evaluate("--manifest", directory.resolve("manifest.tsv").toString(), "--json",
            "--background", directory.resolve("benign.pcap.gz").toString(), "--splice-at", "5"));
        final JsonNode within = new ObjectMapper().readTree(out.toString());

        assertEquals(1, within.path("kinds").path("scan").path("detected").asInt());
        assertEquals(
            alone.path("kinds").path("scan").path("packets_to_elevation"),
            within.path("kinds").path("scan").path("packets_to_elevation"));
        assertTrue(within.path("files").path(0).path("packets").asInt() >
            alone.path("files").path(0).path("packets").asInt() + 500);
    }

    @Test
    void shouldGoOnWithTheOthersWhenAFileIsDamagedAndSayWhich() throws IOException
    {
        Files.writeString(directory.resolve("scan.pcap.gz"), "no capture at all, and yet long enough");

        assertEquals(ExitCode.NEGATIVE, evaluate("--manifest", directory.resolve("manifest.tsv").toString()));
        assertTrue(err.toString().contains("scan.pcap.gz: not a capture"), err.toString());
        assertTrue(out.toString().contains("benign captures"), out.toString());
        assertTrue(out.toString().contains("1 recordings could not be read"), out.toString());
    }

    @Test
    void shouldCountWhatACaptureHeldBeforeItBrokeOff() throws IOException
    {
        final byte[] whole;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(directory.resolve("scan.pcap.gz"))))
        {
            whole = in.readAllBytes();
        }
        Files.write(directory.resolve("scan.pcap.gz"), Arrays.copyOf(whole, whole.length - 5));

        assertEquals(ExitCode.OK, evaluate("--manifest", directory.resolve("manifest.tsv").toString(), "--json"));
        final JsonNode report = new ObjectMapper().readTree(out.toString());
        assertEquals(1, report.path("kinds").path("scan").path("detected").asInt());
        final String brokeOff = report.path("files").path(0).path("broke_off").asText();
        assertTrue(brokeOff.contains("breaks off at byte"), brokeOff);
        assertTrue(err.toString().contains("what came before counts"), err::toString);
    }

    @Test
    void shouldRefuseToGuessWhatIsToBeEvaluated()
    {
        assertEquals(ExitCode.USAGE, evaluate());
        assertEquals(ExitCode.USAGE, evaluate("--manifest", "m", "a.pcap"));
        assertEquals(ExitCode.USAGE, evaluate("a.pcap", "--kind", "scan", "--attacker", "nobody"));
        assertFalse(err.toString().isEmpty());
        assertEquals(ExitCode.USAGE, evaluate("a.pcap", "--kind", "scam", "--attacker", CLIENT));
        assertTrue(err.toString().contains("--kind is \"scam\"; allowed: benign, scan, "), err.toString());
    }

    private int evaluate(final String... args)
    {
        return new CommandLine(new EvaluateCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    }

    /** A whole conversation of a client with the service at port 80. */
    private static void request(final CaptureWriter writer, final long timeNs, final int number) throws IOException
    {
        final int port = 40_000 + number;
        segment(writer, timeNs, CLIENT, SERVER, port, 80, TcpFrame.SYN, 100, 0);
        segment(writer, timeNs + 200_000, SERVER, CLIENT, 80, port, TcpFrame.SYN | TcpFrame.ACK, 900, 101);
        segment(writer, timeNs + 400_000, CLIENT, SERVER, port, 80, TcpFrame.ACK, 101, 901);
        segment(writer, timeNs + 900_000, SERVER, CLIENT, 80, port, TcpFrame.FIN | TcpFrame.ACK, 901, 101);
    }

    private static void segment(
        final CaptureWriter writer,
        final long timeNs,
        final String source,
        final String destination,
        final int sourcePort,
        final int destinationPort,
        final int flags,
        final int... numbers)
        throws IOException
    {
        final TcpFrame frame = new TcpFrame();
        final int length = frame.write(RackPlan.bytes(source), RackPlan.bytes(destination), sourcePort,
            destinationPort, numbers[0], flags);
        final ByteBuffer buffer = frame.buffer();
        buffer.putInt(42, numbers[1]);
        final byte[] bytes = new byte[length];
        buffer.get(0, bytes);
        writer.write(timeNs, bytes, length);
    }
}
