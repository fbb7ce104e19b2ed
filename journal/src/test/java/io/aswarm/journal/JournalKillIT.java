package io.aswarm.journal;

import io.aswarm.trust.Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A node that is killed amid appending continues its chain, and has kept all that it acknowledged. */
class JournalKillIT
{
    private static final long PATIENCE_NS = 60_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void shouldContinueTheChainAfterEachKill() throws Exception
    {
        final Signer signer = Samples.signer(directory, "gateway-1");
        for (int kill = 1; kill <= 4; kill++)
        {
            final Path output = directory.resolve("output-" + kill);
            final Process writer = ChildJvm.start(output, JournalWriterMain.class,
                directory.resolve("journal").toString(), directory.resolve("gateway-1.pem").toString(), "150");
            try
            {
                awaitLines(output, writer, 200);
            }
            finally
            {
                writer.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }

        final List<JournalEntry> entries = Verification.entries(directory.resolve("journal"));
        for (int i = 0; i < entries.size(); i++)
        {
            assertEquals(i + 1, entries.get(i).sequence());
        }
        final VerifierSession session = Verification.verifier(Samples.roster(signer)).session();
        entries.forEach((entry) -> assertEquals(
            List.of(), session.verify("entry " + entry.sequence(), entry.envelope()).faults()));
        final List<String> ids = Verification.certificates(directory.resolve("journal")).stream()
            .map(Certificate::id).toList();
        int acknowledged = 0;
        for (int kill = 1; kill <= 4; kill++)
        {
            for (final String line : wholeLines(directory.resolve("output-" + kill)))
            {
                assertTrue("started".equals(line) || ids.contains(line), "acknowledged and lost: " + line);
                acknowledged++;
            }
        }
        assertTrue(acknowledged >= 800, "acknowledged " + acknowledged);
        assertTrue(JournalSegments.list(directory.resolve("journal")).size() > 4, "the roll was passed");
    }

    private static void awaitLines(final Path output, final Process writer, final int count) throws Exception
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (wholeLines(output).size() < count)
        {
            assertTrue(writer.isAlive(), () -> "the writer ended: " + output);
            assertTrue(deadlineNs - System.nanoTime() > 0, "the writer takes too long");
            LockSupport.parkNanos(2_000_000L);
        }
    }

    private static List<String> wholeLines(final Path output) throws Exception
    {
        final String text = Files.readString(output);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
