package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class ProcessIdentityTest
{
    private static final String AFTER_STATE = " 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 9 0 4711 0 0\n";

    @TempDir
    private Path proc;

    @Test
    void shouldReadStartTimeWhateverTheNameHolds() throws IOException
    {
        write("7 (a ) Z (b) S" + AFTER_STATE, "7");

        assertEquals(new ProcessIdentity(7, 4711), ProcessIdentity.of(proc, 7));
        assertNull(ProcessIdentity.of(proc, 8));
    }

    @Test
    void shouldTakeAProcessForDeadOnlyWhenItsLastThreadHasEnded() throws IOException
    {
        write("7 (java) Z" + AFTER_STATE, "7", "9");
        assertEquals(new ProcessIdentity(7, 4711), ProcessIdentity.of(proc, 7), "thread 9 still ends");

        Files.delete(proc.resolve("7/task/9"));
        assertNull(ProcessIdentity.of(proc, 7));
    }

    private void write(final String stat, final String... threads) throws IOException
    {
        for (final String thread : threads)
        {
            Files.createDirectories(proc.resolve("7/task").resolve(thread));
        }
        Files.writeString(proc.resolve("7/stat"), stat);
    }
}
