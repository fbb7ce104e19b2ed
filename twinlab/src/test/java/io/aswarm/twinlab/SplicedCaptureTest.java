package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SplicedCaptureTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldMergeByTimeWithTheAttackMovedToItsPlace() throws IOException, DocumentException
    {
        final SplicedCapture spliced =
            new SplicedCapture(capture("b", 1_000, 1_010, 1_020), capture("a", 5, 9, 40), 10);

        assertEquals(1_005, spliced.shiftNs());
        assertEquals(List.of("1000 b", "1010 b", "1010 a", "1014 a", "1020 b", "1045 a"), read(spliced));
    }

    @Test
    void shouldGiveWhatThereIsWhenOneOfThemIsEmpty() throws IOException, DocumentException
    {
        assertEquals(List.of("7 a"), read(new SplicedCapture(capture("b"), capture("a", 7), 10)));
        assertEquals(List.of("7 b"), read(new SplicedCapture(capture("b", 7), capture("a"), 10)));
    }

    private static List<String> read(final FrameSource source) throws DocumentException
    {
        final List<String> frames = new ArrayList<>();
        while (source.next())
        {
            frames.add(source.timeNs() + " " + (char)source.frame().get(0));
        }
        return frames;
    }

    private CaptureReader capture(final String name, final long... timesNs) throws IOException, DocumentException
    {
        final Path file = directory.resolve(name);
        try (CaptureWriter writer = new CaptureWriter(file))
        {
            for (final long timeNs : timesNs)
            {
                writer.write(timeNs, new byte[]{(byte)name.charAt(0)}, 60);
            }
        }
        return CaptureReader.open(file);
    }
}
