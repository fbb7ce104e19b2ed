package io.aswarm.twinlab;

import io.aswarm.ebpf.KernelDecoder;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.Requirement;
import io.aswarm.trust.DocumentException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The kernel's decoder against tshark's fields, on the frames of every n-th recording of the open corpus
 * ({@code -Daswarm.tshark.every=1} for all). Where the two differ for a reason, the reason stands in the list of the
 * test resources, and how many frames it explains is printed.
 */
class TsharkParityIT
{
    private static final int EVERY = Integer.getInteger("aswarm.tshark.every", 8);
    private static final int DIFFERENCES_MAX = 20;
    private static final String REASONS = "tshark-differences.txt";

    @TempDir
    Path directory;

    @BeforeAll
    static void require()
    {
        KernelSupport.require();
    }

    @Test
    void shouldAgreeWithIndependentDecoderOrKnowWhyNot() throws Exception
    {
        final Path corpus = OpenCorpus.directory();
        Requirement.tool("tshark", "tshark");

        final Path capture = directory.resolve("frames.pcap.gz");
        final List<String> ofKernel = new ArrayList<>();
        collect(corpus, capture, ofKernel);
        final Map<String, Integer> explained = new TreeMap<>();
        final List<String> differences = compare(capture, ofKernel, explained);
        System.out.println("compared with tshark: " + ofKernel.size() + " frames, differences explained " + explained);
        assertTrue(ofKernel.size() > 0);
        assertEquals(List.of(), differences);
    }

    private static void collect(final Path corpus, final Path capture, final List<String> ofKernel) throws Exception
    {
        final List<Path> files;
        try (Stream<Path> walk = Files.walk(corpus))
        {
            files = walk.filter((file) -> file.toString().matches(".*\\.(pcap|pcapng|cap)(\\.gz)?")).sorted()
                .collect(Collectors.toList());
        }
        try (KernelDecoder kernel = new KernelDecoder(); CaptureWriter writer = new CaptureWriter(capture))
        {
            for (int i = 0; i < files.size(); i += EVERY)
            {
                collect(files.get(i), kernel, writer, ofKernel);
            }
        }
    }

    private static void collect(
        final Path file, final KernelDecoder kernel, final CaptureWriter writer, final List<String> ofKernel)
        throws IOException
    {
        try
        {
            final CaptureReader reader = CaptureReader.open(file);
            while (reader.next())
            {
                final ByteBuffer frame = reader.frame();
                final byte[] bytes = new byte[frame.remaining()];
                frame.get(bytes);
                if (LinkType.ETHERNET == reader.linkType() && bytes.length >= KernelDecoder.FRAME_LENGTH_MIN &&
                    bytes.length <= KernelDecoder.FRAME_LENGTH_MAX)
                {
                    kernel.decode(new UnsafeBuffer(bytes), 0, bytes.length);
                    ofKernel.add(TsharkLine.ofKernel(kernel));
                    writer.write(ofKernel.size(), bytes, bytes.length);
                }
            }
        }
        catch (final DocumentException ignored)
        {
            // A recording that breaks off: what came before counts.
        }
    }

    private static List<String> compare(
        final Path capture, final List<String> ofKernel, final Map<String, Integer> explained) throws Exception
    {
        final Map<String, String> reasons = reasons();
        final List<String> differences = new ArrayList<>();
        final Process tshark = new ProcessBuilder(TsharkLine.command(capture))
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines = tshark.inputReader(StandardCharsets.UTF_8))
        {
            int frame = 0;
            for (String line = lines.readLine(); null != line; line = lines.readLine())
            {
                final TsharkLine theirs = new TsharkLine(line);
                final String ours = ofKernel.get(frame++);
                if (!theirs.agreesWith(ours))
                {
                    final String reason = theirs.reason(ours, reasons);
                    if (null != reason)
                    {
                        explained.merge(reason, 1, Integer::sum);
                    }
                    else if (differences.size() < DIFFERENCES_MAX)
                    {
                        differences.add("frame " + frame + ": kernel " + ours + ", tshark " + theirs);
                    }
                }
            }
            assertEquals(ofKernel.size(), frame);
        }
        assertEquals(0, tshark.waitFor());
        return differences;
    }

    /** Word in tshark's list of protocols, or {@code fault=n} of ours, to the reason. */
    private static Map<String, String> reasons() throws IOException
    {
        final Map<String, String> reasons = new TreeMap<>();
        try (InputStream in = TsharkParityIT.class.getResourceAsStream(REASONS))
        {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter((line) -> !line.isBlank() && !line.startsWith("#"))
                .forEach((line) -> reasons.put(line.split("\\s+", 2)[0], line.split("\\s+", 2)[1]));
        }
        return reasons;
    }
}
