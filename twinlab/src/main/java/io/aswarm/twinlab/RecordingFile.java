package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A recording as a file, whose format is told by its first bytes: a capture, a list of flows, or a trace of processes.
 * Read and unpacked once; each {@link #open} begins anew.
 */
final class RecordingFile
{
    /** Longest recording accepted, unpacked, in bytes. */
    static final int LENGTH_MAX = 256 << 20;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final int HEAD_LENGTH = 512;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Path file;
    private final byte[] content;

    private RecordingFile(final Path file, final byte[] content)
    {
        this.file = file;
        this.content = content;
    }

    /**
     * Read a file.
     *
     * @param file gzipped or not.
     * @return the file, unpacked.
     * @throws DocumentException when it cannot be read.
     */
    static RecordingFile read(final Path file) throws DocumentException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            byte[] content = bounded(file, in);
            if (content.length > 2 && 0x1F == content[0] && (byte)0x8B == content[1])
            {
                content = bounded(file, new GZIPInputStream(new ByteArrayInputStream(content)));
            }
            return new RecordingFile(file, content);
        }
        catch (final IOException ex)
        {
            throw DocumentException.unreadable(file, ex);
        }
    }

    /**
     * Begin to read it.
     *
     * @param truth about it.
     * @return before its first entry.
     * @throws DocumentException when it is in no format known here.
     */
    Recording open(final GroundTruth truth) throws DocumentException
    {
        final String head = new String(
            content, 0, Math.min(content.length, HEAD_LENGTH), StandardCharsets.UTF_8).stripLeading();
        if (AvroFile.isAvro(content))
        {
            return new ProcessRecording(SysFlowReader.read(AvroFile.read(file, content)), truth);
        }
        if (content.length > ZIP.length && Arrays.equals(ZIP, Arrays.copyOf(content, ZIP.length)))
        {
            return new ProcessRecording(audited(), truth);
        }
        if (head.startsWith("{\"process_exec\""))
        {
            return new ProcessRecording(ProcessReader.tetragon(file, text()), truth);
        }
        if (head.startsWith("{") || head.startsWith("#separator") || head.matches("(?s)\uFEFF?[0-9.]+,[0-9]+,.*"))
        {
            return FlowRecording.of(FlowReader.read(file, text()), truth);
        }
        return new CaptureRecording(capture(), truth);
    }

    /**
     * Begin to read it, laid into another capture. What is no capture is opened alone.
     *
     * @param truth      about it.
     * @param background a benign capture.
     * @param offsetNs   from the background's first frame to this one's.
     * @return before its first entry.
     * @throws DocumentException when either is in no format known here.
     */
    Recording openWithin(final GroundTruth truth, final RecordingFile background, final long offsetNs)
        throws DocumentException
    {
        if (!(open(truth) instanceof CaptureRecording))
        {
            return open(truth);
        }
        final SplicedCapture spliced = new SplicedCapture(background.capture(), capture(), offsetNs);
        return new CaptureRecording(spliced, truth.shifted(spliced.shiftNs()));
    }

    /**
     * Begin to read it as it might have been. What is no capture is opened as it is.
     *
     * @param truth      about it.
     * @param variation  new, for this pass.
     * @param background a benign capture to lay it into, or null.
     * @return before its first entry.
     * @throws DocumentException when it is in no format known here.
     */
    Recording openVaried(final GroundTruth truth, final Variation variation, final RecordingFile background)
        throws DocumentException
    {
        final Recording plain = open(truth);
        if (!(plain instanceof CaptureRecording))
        {
            return plain;
        }
        long frames = 0;
        while (plain.next())
        {
            frames++;
        }
        final CaptureReader reader = capture();
        for (long cut = (long)(variation.cutShare() * frames); cut > 0; cut--)
        {
            reader.next();
        }
        if (null == background || !(background.open(truth) instanceof CaptureRecording))
        {
            return new CaptureRecording(reader, truth, variation);
        }
        final SplicedCapture spliced =
            new SplicedCapture(background.capture(), reader, variation.spliceAtS() * NS_PER_SECOND);
        return new CaptureRecording(spliced, truth.shifted(spliced.shiftNs()), variation);
    }

    private CaptureReader capture() throws DocumentException
    {
        return CaptureReader.read(file, new ByteArrayInputStream(content));
    }

    private String text()
    {
        return new String(content, StandardCharsets.UTF_8);
    }

    private List<ProcessRecord> audited() throws DocumentException
    {
        final List<ProcessRecord> records = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content)))
        {
            for (ZipEntry entry = zip.getNextEntry(); null != entry; entry = zip.getNextEntry())
            {
                if (entry.getName().endsWith(".log"))
                {
                    records.addAll(ProcessReader.audit(
                        new String(bounded(file, zip), StandardCharsets.UTF_8)));
                }
            }
        }
        catch (final IOException ex)
        {
            throw new DocumentException(file, 0, "cannot be unpacked: " + ex.getMessage());
        }
        return records;
    }

    private static byte[] bounded(final Path file, final InputStream in) throws IOException, DocumentException
    {
        final byte[] content = in.readNBytes(LENGTH_MAX + 1);
        if (content.length > LENGTH_MAX)
        {
            throw new DocumentException(file, 0, "larger than " + LENGTH_MAX + " bytes");
        }
        return content;
    }
}
