package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ControlServerTest
{
    private static final String ODD_TEXT = "ünï \"quoted\" back\\slash\ttab\u0001";

    @TempDir
    private Path directory;

    private final TestCounters counters = new TestCounters();
    private Path socket;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException
    {
        socket = directory.resolve("run/control.sock");
        server = new ControlServer(socket, ControlServerTest::answer, counters.of());
    }

    @AfterEach
    void stop()
    {
        server.close();
    }

    @Test
    void shouldAnswerOneLineForEachRequest() throws IOException
    {
        final JsonNode answer = ControlClient.ask(socket, "status", "echo", ODD_TEXT);

        assertTrue(answer.path("ok").asBoolean());
        assertEquals(ODD_TEXT, answer.path("echo").asText());
        assertEquals(1, counters.get(DataplaneCounter.CONTROL_REQUESTS).get());
    }

    @Test
    void shouldReadAnswersLongerThanOneBuffer() throws IOException
    {
        assertEquals(100_000, ControlClient.ask(socket, "long").path("text").asText().length());
    }

    @Test
    void shouldBeOpenToItsOwnerOnly() throws IOException
    {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void shouldRefuseWhatIsNoRequestAndGoOn() throws IOException
    {
        assertTrue(raw("no json\n").contains("not well-formed JSON"));
        assertTrue(raw("[1,2]\n").contains("unknown command"));
        assertTrue(raw("{\"command\":\"dance\"}\n").contains("unknown command \\\"dance\\\"; allowed: halt, resume"));
        assertTrue(raw("{\"command\":\"status\",\"command\":\"halt\"}\n").contains("Duplicate"));

        assertEquals(4, counters.get(DataplaneCounter.CONTROL_REFUSED).get());
        assertTrue(ControlClient.ask(socket, "status").path("ok").asBoolean());
    }

    @Test
    void shouldRefuseLineThatIsTooLong() throws IOException
    {
        final String answer = raw("x".repeat(ControlServer.LINE_LENGTH_MAX + 1) + "\n");

        assertTrue(answer.contains("at most 4096 bytes"), answer);
        assertTrue(ControlClient.ask(socket, "status").path("ok").asBoolean());
    }

    @Test
    void shouldReplaceTheSocketOfADeadNode() throws IOException
    {
        final Path stale = directory.resolve("stale.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX))
        {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertTrue(Files.exists(stale));

        try (ControlServer successor = new ControlServer(stale, ControlServerTest::answer, counters.of()))
        {
            assertTrue(ControlClient.ask(stale, "status").path("ok").asBoolean(), successor::toString);
        }
        assertFalse(Files.exists(stale));
    }

    @Test
    void shouldNotTakeTheSocketOfALivingNode()
    {
        final IOException ex = assertThrows(
            IOException.class, () -> new ControlServer(socket, ControlServerTest::answer, counters.of()));

        assertTrue(ex.getMessage().contains("another node answers"), ex.getMessage());
    }

    @Test
    void shouldNameThePathThatCannotBeBound()
    {
        assertTrue(assertThrows(
            IOException.class, () -> new ControlServer(directory, ControlServerTest::answer, counters.of()))
            .getMessage().startsWith(directory + ": is a directory"));

        final Path nowhere = Path.of("/proc/aswarm.sock");
        final IOException ex = assertThrows(
            IOException.class, () -> new ControlServer(nowhere, ControlServerTest::answer, counters.of()));

        assertTrue(ex.getMessage().startsWith(nowhere + ": the control socket cannot be made: "), ex.getMessage());
    }

    private String raw(final String line) throws IOException
    {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket)))
        {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            final ByteBuffer answer = ByteBuffer.allocate(8192);
            do
            {
                if (channel.read(answer) < 0)
                {
                    break;
                }
            }
            while (answer.get(answer.position() - 1) != '\n');
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    private static ObjectNode answer(final String command, final JsonNode request)
    {
        final ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ok", true);
        switch (command)
        {
            case "status":
                return answer.put("echo", request.path("echo").asText());

            case "long":
                return answer.put("text", "y".repeat(100_000));

            default:
                return null;
        }
    }
}
