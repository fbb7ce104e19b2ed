package io.aswarm.journal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Chronicle's analytics post to a host and write to the home directory, unless they are not there. */
class NoPhoneHomeIT
{
    private static final int INODE_COLUMN = 9;

    @TempDir
    Path directory;

    @Test
    void shouldHaveNoAnalyticsOnTheClassPath()
    {
        assertThrows(ClassNotFoundException.class,
            () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
        assertFalse(System.getProperty("java.class.path").contains("chronicle-analytics"));
    }

    @Test
    void shouldWriteNothingToTheHomeDirectoryAndOpenNoConnection() throws Exception
    {
        final Path home = Files.createDirectory(directory.resolve("home"));
        Samples.signer(directory, "gateway-1");
        final Path output = directory.resolve("output");
        final Process writer = ChildJvm.start(output, List.of("-Duser.home=" + home), JournalWriterMain.class,
            directory.resolve("journal").toString(), directory.resolve("gateway-1.pem").toString(), "1000");
        try
        {
            final long deadlineNs = System.nanoTime() + 30_000_000_000L;
            while (Files.readString(output).lines().count() < 50)
            {
                assertTrue(deadlineNs - System.nanoTime() > 0, "the writer takes too long");
                LockSupport.parkNanos(2_000_000L);
            }
            assertEquals(0, sockets(writer.pid()), "a writer of files talks to nobody");
        }
        finally
        {
            writer.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        try (Stream<Path> files = Files.list(home))
        {
            assertEquals(List.of(), files.toList());
        }
    }

    /** Sockets of the internet; Java's own file channels keep one end of a local pair. */
    private static long sockets(final long processId) throws Exception
    {
        final Set<String> internet = new HashSet<>();
        for (final String table : List.of("tcp", "tcp6", "udp", "udp6"))
        {
            Files.readAllLines(Path.of("/proc/" + processId + "/net/" + table)).stream().skip(1)
                .forEach((line) -> internet.add("socket:[" + line.strip().split("\\s+")[INODE_COLUMN] + "]"));
        }
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + processId + "/fd")))
        {
            return descriptors.map(NoPhoneHomeIT::target).filter(internet::contains).count();
        }
    }

    /** One may have been closed since it was listed. */
    private static String target(final Path descriptor)
    {
        try
        {
            return Files.readSymbolicLink(descriptor).toString();
        }
        catch (final IOException ex)
        {
            return "";
        }
    }
}
