package io.aswarm.twinlab;

import io.aswarm.ebpf.FrameSamples;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelDecoder;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.KernelVerdicts;
import io.aswarm.trust.DocumentException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The kernel's decoder and the replay's read the same bytes alike: every frame of the open corpus, and as many damaged
 * and random ones as {@code -Daswarm.fuzz.packets} says, from the seed {@code -Daswarm.fuzz.seed}. And no damage makes
 * the program pass a contained source, or drop another.
 */
class DecoderParityIT
{
    private static final long PACKETS = Long.getLong("aswarm.fuzz.packets", 200_000);
    private static final long SEED = Long.getLong("aswarm.fuzz.seed", 20_261_122);
    private static final int DIFFERENCES_MAX = 20;
    private static final int FRAME_MAX = 2048;
    private static final int RANDOM_SHARE = 10;
    private static final int DRAIN_EVERY = 256;
    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;
    private static final IpAddress CONTAINED = IpAddress.parse(FrameSamples.SOURCE);
    private static final IpAddress CONTAINED_V6 = IpAddress.parse(FrameSamples.SOURCE_V6);

    private static KernelDecoder kernel;

    @BeforeAll
    static void load() throws Exception
    {
        KernelSupport.require();
        kernel = new KernelDecoder();
    }

    @AfterAll
    static void unload()
    {
        if (null != kernel)
        {
            kernel.close();
        }
    }

    @Test
    void shouldAgreeOnEveryFrameOfTheCorpus() throws Exception
    {
        final Path corpus = OpenCorpus.directory();
        final List<Path> files;
        try (Stream<Path> walk = Files.walk(corpus))
        {
            files = walk.filter((file) -> file.toString().matches(".*\\.(pcap|pcapng|cap)(\\.gz)?")).sorted()
                .collect(Collectors.toList());
        }

        final List<String> differences = new ArrayList<>();
        long frames = 0;
        for (final Path file : files)
        {
            frames += compare(file, differences);
        }
        System.out.println("decoders compared on " + frames + " frames of " + files.size() + " recordings");
        assertTrue(frames > 0);
        assertEquals(List.of(), differences);
    }

    @Test
    void shouldAgreeAndJudgeRightlyWhenFramesAreDamaged() throws Exception
    {
        final DecoderParity parity = new DecoderParity(kernel);
        final SplittableRandom random = new SplittableRandom(SEED);
        final List<byte[]> samples = FrameSamples.all();
        final byte[] bytes = new byte[FRAME_MAX];
        final ByteBuffer frame = ByteBuffer.wrap(bytes);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        long dropped = 0;
        try (KernelVerdicts verdicts = new KernelVerdicts(CONTAINED, CONTAINED_V6))
        {
            for (long i = 0; i < PACKETS; i++)
            {
                final int length = fill(bytes, samples, random);
                final String difference = parity.difference(frame, length);
                final String which = "packet " + i + " of seed " + SEED + ": " + hex(bytes, length);
                assertEquals(null, difference, which);
                final int expected = isContained(parity.replay()) ? XDP_DROP : XDP_PASS;
                assertEquals(expected, verdicts.verdict(buffer, 0, length), which);
                dropped += XDP_DROP == expected ? 1 : 0;
                if (0 == i % DRAIN_EVERY)
                {
                    assertTrue(verdicts.drain(), which);
                }
            }
        }
        final long drops = dropped;
        assertTrue(drops > PACKETS / 4 && drops < PACKETS, () -> drops + " dropped of " + PACKETS);
    }

    private static long compare(final Path file, final List<String> differences)
    {
        // Ports of later fragments come from their first; that memory is of one recording.
        final DecoderParity parity = new DecoderParity(kernel);
        long frames = 0;
        try
        {
            final CaptureReader reader = CaptureReader.open(file);
            while (differences.size() < DIFFERENCES_MAX && reader.next())
            {
                final ByteBuffer frame = reader.frame();
                final int length = frame.remaining();
                if (LinkType.ETHERNET == reader.linkType() && length >= KernelDecoder.FRAME_LENGTH_MIN &&
                    length <= KernelDecoder.FRAME_LENGTH_MAX)
                {
                    frames++;
                    final String difference = parity.difference(frame, length);
                    if (null != difference)
                    {
                        differences.add(file.getFileName() + " frame " + frames + ": " + difference);
                    }
                }
            }
        }
        catch (final DocumentException ex)
        {
            // A recording that breaks off: what came before counts.
            return frames;
        }
        return frames;
    }

    /** A sample with some bytes changed and perhaps its end cut off or noise behind it; or noise alone. */
    private static int fill(final byte[] bytes, final List<byte[]> samples, final SplittableRandom random)
    {
        if (0 == random.nextInt(RANDOM_SHARE))
        {
            final int length = KernelDecoder.FRAME_LENGTH_MIN + random.nextInt(200);
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)random.nextInt();
            }
            return length;
        }
        final byte[] sample = samples.get(random.nextInt(samples.size()));
        System.arraycopy(sample, 0, bytes, 0, sample.length);
        for (int changes = random.nextInt(4); changes > 0; changes--)
        {
            final int at = 12 + random.nextInt(sample.length - 12);
            bytes[at] = (byte)(random.nextBoolean() ? random.nextInt() : bytes[at] ^ (1 << random.nextInt(8)));
        }
        switch (random.nextInt(8))
        {
            case 0:
                return KernelDecoder.FRAME_LENGTH_MIN + random.nextInt(sample.length - 13);

            case 1:
                final int more = random.nextInt(64);
                for (int i = 0; i < more; i++)
                {
                    bytes[sample.length + i] = (byte)random.nextInt();
                }
                return sample.length + more;

            default:
                return sample.length;
        }
    }

    private static boolean isContained(final CaptureDecoder packet)
    {
        return packet.isAddressed && (isContained(packet.sourceHigh, packet.sourceLow) ||
            isContained(packet.outerSourceHigh, packet.outerSourceLow));
    }

    private static boolean isContained(final long high, final long low)
    {
        return (high == CONTAINED.high() && low == CONTAINED.low()) ||
            (high == CONTAINED_V6.high() && low == CONTAINED_V6.low());
    }

    private static String hex(final byte[] bytes, final int length)
    {
        return HexFormat.of().formatHex(bytes, 0, length);
    }
}
