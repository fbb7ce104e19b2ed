package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BootEpochTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldGrowAlsoWhenTheClockWasSetBack() throws IOException
    {
        final Path file = directory.resolve("boot");
        assertEquals(500, BootEpoch.advance(file, 500));
        assertEquals(501, BootEpoch.advance(file, 500));
        assertEquals(502, BootEpoch.advance(file, 3));
        assertEquals(900, BootEpoch.advance(file, 900));
    }

    @Test
    void shouldTrustTheClockWhenTheFileIsDamaged() throws IOException
    {
        final Path file = directory.resolve("boot");
        Files.writeString(file, "12x");
        assertEquals(700, BootEpoch.advance(file, 700));
        Files.writeString(file, "-5");
        assertEquals(701, BootEpoch.advance(file, 701));
    }

    @Test
    void shouldFailWhenNothingCanBeKept()
    {
        assertThrows(IOException.class, () -> BootEpoch.advance(directory.resolve("none/boot"), 1));
    }
}
