package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** kill -9 of the process that contains: the containment holds to its deadline, and the next process finds it. */
class ProcessDeathIT
{
    private static final IpAddress ATTACKER = IpAddress.parse(TestRack.ATTACKER);
    private static final int PORT = 9;
    private static final long TTL_MS = 4000;
    private static final long ACT_ID = 0x1122_3344_5566_7788L;

    @Test
    void shouldHoldToDeadlineOverDeathAndRestart() throws Exception
    {
        try (TestRack rack = TestRack.open();
            DatagramSocket sink = rack.server.call(() -> new DatagramSocket(PORT));
            DatagramSocket source = rack.attacker.call(() -> new DatagramSocket(0)))
        {
            final AtomicBoolean running = new AtomicBoolean(true);
            final Thread flood = flood(source, running);
            receive(sink, 5000);

            final long deadlineNs = containAndDie(rack);
            drain(sink);
            assertThrows(SocketTimeoutException.class, () -> receive(sink, 300), "flowed after the death");

            final int linkBefore = linkId(rack);
            try (KernelSensor sensor = rack.openSensor())
            {
                assertEquals(linkBefore, linkId(rack), "the link was replaced, not its program");
                assertTrue(rack.gateway.call(() -> sensor.verdictProbe().attached()));
                assertEquals(List.of(ATTACKER + " " + deadlineNs + " " + ACT_ID + " 1"), entries(sensor));
                final long dropsBefore = sensor.quarantine().drops(QuarantineRule.source(ATTACKER), ACT_ID);
                assertThrows(SocketTimeoutException.class, () -> receive(sink, 300), "flowed over the restart");
                assertTrue(sensor.quarantine().drops(QuarantineRule.source(ATTACKER), ACT_ID) > dropsBefore);

                receive(sink, (int)TTL_MS + 5000);
                assertTrue(System.nanoTime() - deadlineNs >= 0, "flowed before the deadline");
            }
            running.set(false);
            flood.join();
        }
    }

    private static Thread flood(final DatagramSocket source, final AtomicBoolean running) throws Exception
    {
        final DatagramPacket packet = new DatagramPacket(
            new byte[32], 32, InetAddress.getByName(TestRack.SERVER), PORT);
        final Thread thread = new Thread(() ->
        {
            while (running.get())
            {
                try
                {
                    source.send(packet);
                    Thread.sleep(1);
                }
                catch (final Exception ex)
                {
                    return;
                }
            }
        });
        thread.start();
        return thread;
    }

    private static long containAndDie(final TestRack rack) throws Exception
    {
        final Process process = new ProcessBuilder(
            "nsenter", "--net=/run/netns/" + rack.gateway.name(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", System.getProperty("java.class.path"),
            "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
            SensorProcess.class.getName(), rack.pinDirectory().toString(), TestRack.ATTACKER, Long.toString(ACT_ID),
            Long.toString(TTL_MS)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader output = new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)))
        {
            final String line = output.readLine();
            assertNotNull(line, "the child said nothing");
            assertTrue(line.startsWith(SensorProcess.READY), line);
            return Long.parseLong(line.substring(SensorProcess.READY.length()));
        }
        finally
        {
            // SIGKILL; nsenter has become java by exec, so this is the process itself.
            process.destroyForcibly();
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        }
    }

    private static List<String> entries(final KernelSensor sensor)
    {
        final List<String> entries = new ArrayList<>();
        sensor.quarantine().forEachAct((rule, deadlineNs, actId, mode, perSecond, burst, drops) ->
            entries.add(rule.prefix().address() + " " + deadlineNs + " " + actId + " " + mode));
        return entries;
    }

    private static int linkId(final TestRack rack) throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        final int fd = bpf.bpf_obj_get(rack.pinDirectory().resolve("link_spine").toString());
        try (BpfInfo info = new BpfInfo(bpf))
        {
            assertEquals(0, info.read(fd));
            return info.id();
        }
        finally
        {
            LibC.API.close(fd);
        }
    }

    /** What was queued before the containment began. */
    private static void drain(final DatagramSocket sink) throws Exception
    {
        sink.setSoTimeout(1);
        while (true)
        {
            try
            {
                sink.receive(new DatagramPacket(new byte[64], 64));
            }
            catch (final SocketTimeoutException ex)
            {
                return;
            }
        }
    }

    private static void receive(final DatagramSocket sink, final int timeoutMs) throws Exception
    {
        sink.setSoTimeout(timeoutMs);
        sink.receive(new DatagramPacket(new byte[64], 64));
    }
}
