package io.aswarm.journal;

import io.aswarm.ebpf.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What was forced must survive the loss of power. The journal lies on a file system in an image file; whatever was
 * not forced is only in the kernel's cache above that image, so a copy of the image made right after a force is the
 * disk as a power cut at that moment would leave it. Group commits across a day's end and across mapped blocks.
 */
class JournalPowerLossIT
{
    private static final long NS_PER_DAY = 86_400L * 1_000_000_000L;
    private static final int IMAGE_MIB = 64;
    private static final int BATCHES = 24;
    private static final int BATCH = 40;

    @TempDir
    Path directory;

    private final Deque<Path> mounted = new ArrayDeque<>();
    private final AtomicLong wallNs = new AtomicLong(Samples.EPOCH_NS);

    @AfterEach
    void unmount() throws Exception
    {
        while (!mounted.isEmpty())
        {
            run("umount", "--lazy", mounted.pop().toString());
        }
    }

    @Test
    void shouldKeepEveryAcknowledgedEntryWhenPowerIsLost() throws Exception
    {
        final Path image = directory.resolve("disk.img");
        final Path disk = Files.createDirectory(directory.resolve("disk"));
        Requirement.met("root".equals(System.getProperty("user.name")), "a loop device needs root");
        Requirement.tool("mkfs.ext4", "e2fsprogs");
        assertEquals(0, run("truncate", "-s", IMAGE_MIB + "M", image.toString()));
        assertEquals(0, run("mkfs.ext4", "-q", "-F", image.toString()));
        Requirement.met(mount(image, disk), "this kernel gives no loop device");

        final List<String> hashes = new ArrayList<>();
        final List<Path> cuts = new ArrayList<>();
        final List<Integer> forced = new ArrayList<>();
        try (Journal journal = open(disk))
        {
            for (int batch = 0; batch < BATCHES; batch++)
            {
                for (int i = 0; i < BATCH; i++)
                {
                    if (0 == batch % 8 && BATCH / 2 == i)
                    {
                        wallNs.addAndGet(NS_PER_DAY);
                    }
                    journal.append(("{\"pad\":\"" + "x".repeat(4000) + journal.nextSequence() + "\"}")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    hashes.add(journal.previousSha256());
                }
                journal.force();
                if (0 == batch % 4)
                {
                    final Path cut = directory.resolve("cut-" + batch + ".img");
                    assertEquals(0, run("cp", "--sparse=always", image.toString(), cut.toString()));
                    cuts.add(cut);
                    forced.add(hashes.size());
                }
            }
        }

        for (int i = 0; i < cuts.size(); i++)
        {
            final Path after = Files.createDirectory(directory.resolve("after-" + i));
            assertTrue(mount(cuts.get(i), after), "the disk does not mount after the cut");
            final List<String> kept = read(after);
            assertTrue(kept.size() >= forced.get(i), "forced " + forced.get(i) + ", kept " + kept.size());
            assertEquals(hashes.subList(0, kept.size()), kept);
            try (Journal journal = open(after))
            {
                assertTrue(journal.nextSequence() > forced.get(i), "sequence " + journal.nextSequence());
                journal.append(new byte[]{'{', '}'});
                journal.force();
            }
            assertEquals(kept.size() + 1, read(after).size());
        }
    }

    private Journal open(final Path disk) throws JournalException
    {
        final JournalConfig config = new JournalConfig(
            disk.resolve("journal"), "lab", "gateway-1", 1, 64, 64, 64, 1L << 40, 0, 1L << 40);
        return Journal.open(config, wallNs::get, Samples.counters());
    }

    private static List<String> read(final Path disk) throws JournalException
    {
        return Verification.entries(disk.resolve("journal")).stream().map(JournalEntry::sha256).toList();
    }

    private boolean mount(final Path image, final Path at) throws Exception
    {
        final boolean isMounted = 0 == run("mount", "-o", "loop", image.toString(), at.toString());
        if (isMounted)
        {
            mounted.push(at);
        }
        return isMounted;
    }

    private int run(final String... command) throws IOException, InterruptedException
    {
        try
        {
            final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("commands").toFile()))
                .start();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), command[0] + " does not end");
            return process.exitValue();
        }
        catch (final IOException ex)
        {
            return -1;
        }
    }
}
