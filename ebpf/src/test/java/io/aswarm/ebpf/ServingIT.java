package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who listens, and whose input is the network, on loopback. */
@Timeout(60)
class ServingIT
{
    private final ProcessTable table = new ProcessTable(8192);
    private final byte[] bytes = new byte[ProcessFlyweight.FILE_NAME_LENGTH_MAX];

    @Test
    void shouldTellThatThisProcessBeginsToListen() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.processEvents(true));
            ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            assertTrue(server.isBound());
            final int self = (int)ProcessHandle.current().pid();
            await(kernel.sensor(), (p) -> p.kind() == ProcessFlyweight.LISTENS && p.processId() == self &&
                table.serves(table.idOf(p.processId(), p.startTimeNs())));
        }
    }

    @Test
    void shouldTellWhetherTheInputOfAProgramIsTheNetwork() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.processEvents(true));
            ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            final Process shell = new ProcessBuilder("/bin/bash", "-c",
                "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; /bin/true; exec /bin/true <&3").start();
            final int[] flags = new int[2];
            await(kernel.sensor(), (p) ->
            {
                if (p.kind() == ProcessFlyweight.EXECUTED &&
                    "/bin/true".equals(new String(bytes, 0, p.fileName(bytes), US_ASCII)))
                {
                    flags[p.processId() == shell.pid() ? 1 : 0] = p.flags() | 1 << 8;
                }
                return flags[1] != 0;
            });
            assertEquals(1 << 8, flags[0], "a pipe");
            assertEquals(1 << 8 | ProcessFlyweight.FLAG_INPUT_CONNECTED, flags[1]);
            assertEquals(0, shell.waitFor());
        }
    }

    @Test
    void shouldFindWhoListensAlready() throws Exception
    {
        final Path self = Path.of("/proc/self");
        final int namespace = ((Long)Files.getAttribute(self.resolve("ns/net"), "unix:ino")).intValue();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            assertTrue(server.isBound());
            assertTrue(new ListeningSockets().isHeldBy(self, namespace));
        }
        assertFalse(new ListeningSockets().isHeldBy(Path.of("/proc/none"), namespace));
    }

    private void await(final KernelSensor sensor, final Predicate<ProcessFlyweight> wanted)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        final boolean[] isSeen = new boolean[1];
        while (!isSeen[0])
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not seen");
            sensor.await(TimeUnit.MILLISECONDS.toNanos(50));
            sensor.pollProcesses((p) ->
            {
                table.onProcess(p);
                isSeen[0] |= wanted.test(p);
            }, 1024);
        }
    }
}
