package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.dataplane.NodeLab.Attempt;
import io.aswarm.ebpf.KernelSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

import static io.aswarm.dataplane.NodeLab.CLIENT;
import static io.aswarm.dataplane.NodeLab.SERVICE_PORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Connection tracking tells detection what comes by an interface that no program watches, and nothing else.
 */
class TrackedIT
{
    private static final int GUESSED_PORT = 22;
    private static final int GUESSES = 30;
    private static final int TIMEOUT_MS = 3000;

    @TempDir
    private Path directory;

    private NodeLab lab;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @AfterEach
    void closeLab() throws Exception
    {
        if (null != lab)
        {
            lab.close();
        }
    }

    @Test
    void shouldDetectByTrackingWhoGuessesWhereNoProgramSees() throws Exception
    {
        lab = NodeLab.open(directory, "30s", null);
        lab.trackInGateway();
        lab.start();
        for (int i = 0; i < GUESSES; i++)
        {
            assertEquals(Attempt.OPEN, lab.connect(CLIENT, SERVICE_PORT, TIMEOUT_MS));
        }
        lab.await("ends that programs see", 10, () -> lab.stat("aswarm dataplane tracked seen") >= GUESSES);
        assertEquals(0, lab.stat("aswarm dataplane tracked told"), "both directions are watched");

        try (ServerSocket guessed = lab.gateway().call(
            () -> new ServerSocket(GUESSED_PORT, 1, InetAddress.getByName(NodeLab.MESH_GATEWAY))))
        {
            for (int i = 0; i < GUESSES; i++)
            {
                guess(guessed);
            }
            final JsonNode signal = lab.awaitEvent(
                "signal", 10, (event) -> "brute-force".equals(event.path("scenario").asText()));
            assertEquals(NodeLab.MESH_STRANGER, signal.path("subject").asText(), signal::toString);
            assertTrue(lab.stat("aswarm dataplane tracked told") >= GUESSES);
        }
    }

    private void guess(final ServerSocket guessed) throws IOException
    {
        final Socket guesser = lab.outside().call(() -> new Socket(NodeLab.MESH_GATEWAY, GUESSED_PORT));
        guessed.accept().close();
        guesser.close();
    }
}
