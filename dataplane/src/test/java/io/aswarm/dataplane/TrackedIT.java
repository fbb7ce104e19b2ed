package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.dataplane.GatewayNetwork.Attempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

import static io.aswarm.dataplane.GatewayNetwork.CLIENT;
import static io.aswarm.dataplane.GatewayNetwork.SERVICE_PORT;
import static io.aswarm.dataplane.NodeLab.OPEN_TIMEOUT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Connection tracking tells detection what comes by an interface that no program watches, and nothing else.
 */
class TrackedIT
{
    private static final int GUESSED_PORT = 22;
    private static final int GUESSES = 30;

    @RegisterExtension
    private final NodeLab lab = new NodeLab();

    @Test
    void shouldDetectByTrackingWhoGuessesWhereNoProgramSees() throws Exception
    {
        lab.open("30s");
        lab.network().trackInGateway();
        lab.start();
        for (int i = 0; i < GUESSES; i++)
        {
            assertEquals(Attempt.OPEN, lab.connect(CLIENT, SERVICE_PORT, OPEN_TIMEOUT_MS));
        }
        lab.await("ends that programs see", 10, () -> lab.stat("aswarm dataplane tracked seen") >= GUESSES);
        assertEquals(0, lab.stat("aswarm dataplane tracked told"), "both directions are watched");

        try (ServerSocket guessed = lab.network().gateway().call(
            () -> new ServerSocket(GUESSED_PORT, 1, InetAddress.getByName(GatewayNetwork.MESH_GATEWAY))))
        {
            for (int i = 0; i < GUESSES; i++)
            {
                guess(guessed);
            }
            final JsonNode signal = lab.awaitEvent(
                "signal", 10, (event) -> "brute-force".equals(event.path("scenario").asText()));
            assertEquals(GatewayNetwork.MESH_STRANGER, signal.path("subject").asText(), signal::toString);
            assertTrue(lab.stat("aswarm dataplane tracked told") >= GUESSES);
        }
    }

    private void guess(final ServerSocket guessed) throws IOException
    {
        final Socket guesser = lab.network().outside().call(
            () -> new Socket(GatewayNetwork.MESH_GATEWAY, GUESSED_PORT));
        guessed.accept().close();
        guesser.close();
    }
}
