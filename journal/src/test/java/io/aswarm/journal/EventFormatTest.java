package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.aswarm.trust.CanonicalJson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventFormatTest
{
    private static final List<Deed> ABOUT_AN_ADDRESS = List.of(Samples.effective(1, 7), Samples.reverted(1, 7),
        Samples.deed("FAILED", 1, 7, 0, 0), Samples.deed("REFUSED", 1, 7, 0, 0), Samples.deed("ADOPTED", 1, 0, 0, 0));

    @TempDir
    Path directory;

    private Sealed sealed;

    @BeforeEach
    void makeKey() throws Exception
    {
        sealed = new Sealed(Samples.signer(directory, "gateway-1"));
    }

    @Test
    void shouldSatisfyTheOcsfSchemas() throws Exception
    {
        final OcsfFormat format = new OcsfFormat();
        final JsonSchema network = schema("network_remediation_activity");
        for (final Deed deed : ABOUT_AN_ADDRESS)
        {
            final JsonNode event = CanonicalJson.parse("event", format.format(certificate(deed)));
            assertEquals(Set.of(), network.validate(event), deed::kind);
            ((com.fasterxml.jackson.databind.node.ObjectNode)event).remove("command_uid");
            assertFalse(network.validate(event).isEmpty(), "the schema is really asked");
        }
        final JsonSchema general = schema("remediation_activity");
        for (final String kind : List.of("HALTED", "RESUMED"))
        {
            final JsonNode event = CanonicalJson.parse("event", format.format(certificate(Samples.order(kind, 5))));
            assertEquals(Set.of(), general.validate(event), kind);
        }
    }

    @Test
    void shouldIsolateAndRestore() throws Exception
    {
        final OcsfFormat format = new OcsfFormat();
        final JsonNode isolate = CanonicalJson.parse("event", format.format(certificate(Samples.effective(1, 7))));
        assertEquals(700401, isolate.path("type_uid").asInt());
        assertEquals(1, isolate.path("status_id").asInt());
        assertEquals(Samples.EPOCH_NS / 1_000_000, isolate.path("time").asLong());
        final JsonNode restore = CanonicalJson.parse("event", format.format(certificate(Samples.reverted(1, 7))));
        assertEquals(700403, restore.path("type_uid").asInt());
        final JsonNode failure = CanonicalJson.parse(
            "event", format.format(certificate(Samples.deed("FAILED", 1, 7, 0, 0))));
        assertEquals(2, failure.path("status_id").asInt());
    }

    @Test
    void shouldWriteCommonEventFormat() throws Exception
    {
        final String line = new CefFormat("0.1.0").format(certificate(Samples.effective(1, 7)));
        assertTrue(line.startsWith("CEF:0|A-SWARM|A-SWARM|0.1.0|containment|containment port-scan|5|rt=1795318412123 "),
            line);
        assertTrue(line.contains(" src=198.18.0.66 "), line);
        assertTrue(line.contains(" cs1Label=tier cs1=linux_kernel_enforced "), line);
        assertTrue(line.endsWith(" cn1Label=sequence cn1=1"), line);
    }

    @Test
    void shouldEscapeWhatCommonEventFormatReserves()
    {
        assertEquals("a\\|b\\\\c =d", CefFormat.header("a|b\\c\n=d"));
        assertEquals("a|b\\\\c\\=d\\ne", CefFormat.extension("a|b\\c=d\ne"));
    }

    @Test
    void shouldFrameSyslogByOctetsAndNumberItForTheReceiver() throws Exception
    {
        final Certificate certificate = certificate(Samples.effective(1, 7));
        final String frame = new String(SyslogFrame.frame(
            new TailEvent(17, certificate.sha256(), certificate, "text")), StandardCharsets.UTF_8);
        final String message = frame.substring(frame.indexOf(' ') + 1);
        assertEquals(message.length(), Integer.parseInt(frame.substring(0, frame.indexOf(' '))));
        assertEquals("<108>1 " + Rfc3339.micros(Samples.EPOCH_NS) + " gateway-1 aswarm - containment " +
            "[meta sequenceId=\"17\"][timeQuality tzKnown=\"1\" isSynced=\"0\"] text", message);
    }

    @Test
    void shouldMarkTextBeyondAsciiAndCountItsBytes() throws Exception
    {
        final Certificate certificate = certificate(Samples.effective(1, 7));
        final byte[] frame = SyslogFrame.frame(new TailEvent(1, certificate.sha256(), certificate, "é"));
        final String text = new String(frame, StandardCharsets.UTF_8);
        assertTrue(text.endsWith("] \ufeffé"), text);
        assertEquals(frame.length - text.indexOf(' ') - 1, Integer.parseInt(text.substring(0, text.indexOf(' '))));
    }

    @Test
    void shouldKeepTheSequenceIdWithinItsRange()
    {
        assertEquals(1, SyslogFrame.sequenceId(1));
        assertEquals(2_147_483_647L, SyslogFrame.sequenceId(2_147_483_647L));
        assertEquals(1, SyslogFrame.sequenceId(2_147_483_648L));
    }

    private static JsonSchema schema(final String name) throws Exception
    {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(
            Files.readString(Samples.vectors("ocsf-1.8.0/" + name + ".1.8.0.schema.json")));
    }

    private Certificate certificate(final Deed deed) throws Exception
    {
        return Certificate.parse("test", sealed.containment(
            1, EntryDescriptor.NO_PREVIOUS, deed, 0 == deed.elevationId() ? null : Samples.finding(7)));
    }
}
