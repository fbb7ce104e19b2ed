package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.dataplane.GatewayNetwork.Attempt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

import static io.aswarm.dataplane.GatewayNetwork.ATTACKER;
import static io.aswarm.dataplane.GatewayNetwork.CLIENT;
import static io.aswarm.dataplane.GatewayNetwork.GATEWAY;
import static io.aswarm.dataplane.GatewayNetwork.SERVICE_PORT;
import static io.aswarm.dataplane.NodeLab.BLOCKED_TIMEOUT_MS;
import static io.aswarm.dataplane.NodeLab.CLOSED_PORTS;
import static io.aswarm.dataplane.NodeLab.PORTS_MAX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Conversations of the gateway itself: an attack on it is detected by the refusals that it sends, where those are seen,
 * and what it asks itself is no evidence.
 */
class HostScanIT
{
    private static final int PORTS = 100;
    private static final String EGRESS_OFF = NodeLab.SENSORS.replace("}", ", egress: off}");

    @RegisterExtension
    private final NodeLab lab = new NodeLab();

    @BeforeEach
    void openLab() throws Exception
    {
        lab.open("30s");
    }

    @Test
    void shouldContainWhoScansTheGatewayItself() throws Exception
    {
        lab.start();
        int answered = 0;
        while (answered < PORTS_MAX && Attempt.REFUSED == scan(answered))
        {
            answered++;
        }
        assertTrue(answered < PORTS_MAX, "nobody stopped the scan");
        final JsonNode elevation = lab.awaitEvent("elevation", 5, (event) -> true);
        assertEquals("port-scan", elevation.path("scenario").asText());
        assertEquals(ATTACKER, elevation.path("subject").asText());
        lab.awaitEvent("effective", 5, (event) -> ATTACKER.equals(event.path("subject").asText()));
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        assertEquals(Attempt.REFUSED, lab.network().connect(CLIENT, GATEWAY, CLOSED_PORTS, BLOCKED_TIMEOUT_MS));
        assertEquals(0, lab.stat("aswarm dataplane host conversations"));
    }

    @Test
    void shouldKeepBackWhatTheGatewayAnswersUnseen() throws Exception
    {
        lab.configure(NodeLab.SENSORS, EGRESS_OFF);
        lab.start();
        for (int i = 0; i < PORTS; i++)
        {
            assertEquals(Attempt.REFUSED, scan(i));
        }
        // The sensor's order: once a later elevation is told, nothing of the above can come any more.
        lab.scanUntilSilent();
        lab.awaitEvent("elevation", 5, (event) -> true);
        final long keptBack = lab.stat("aswarm dataplane host conversations");
        assertTrue(keptBack >= PORTS, () -> "kept back " + keptBack);
        assertTrue(lab.events("signal").get(0).path("count").asLong() < PORTS, "what was kept back counted");
    }

    @Test
    void shouldNotJudgeWhatTheGatewayAsksItself() throws Exception
    {
        // processes are seen of the whole machine, whatever else it does
        lab.configure(NodeLab.SENSORS, NodeLab.SENSORS.replace("processes: true", "processes: false"));
        lab.start();
        lab.network().gateway().call(() ->
        {
            for (int i = 0; i < PORTS; i++)
            {
                refused(CLOSED_PORTS + i);
            }
            return null;
        });
        lab.await("own conversations", 5, () -> lab.stat("aswarm dataplane own conversations") >= 2 * PORTS);
        lab.scanUntilSilent();
        lab.awaitEvent("elevation", 5, (event) -> true);
        for (final JsonNode signal : lab.events("signal"))
        {
            assertEquals(ATTACKER, signal.path("subject").asText(), signal::toString);
        }
        assertEquals(0, lab.events("refused").size());
    }

    private Attempt scan(final int port) throws IOException
    {
        return lab.network().connect(ATTACKER, GATEWAY, CLOSED_PORTS + port, BLOCKED_TIMEOUT_MS);
    }

    private static void refused(final int port)
    {
        try (Socket socket = new Socket())
        {
            socket.connect(new InetSocketAddress(GatewayNetwork.SERVER, port), BLOCKED_TIMEOUT_MS);
            throw new AssertionError("port " + port + " is open");
        }
        catch (final IOException expected)
        {
            // refused by the server's kernel
        }
    }
}
