package io.aswarm.quorum;

import io.aeron.CncFileDescriptor;
import io.aeron.driver.reports.LossReportReader;
import io.aeron.driver.reports.LossReportUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What Aeron's tools read works on the directory of a running mesh, by the library calls that those tools consist of:
 * AeronStat reads counters, ErrorStat the distinct error log, LossStat the loss report. The tools themselves are in
 * aeron-samples, which is no part of the product.
 */
class MeshToolsIT
{
    private static final int TYPE_ID = 5_000;

    @TempDir
    private Path directory;
    private Path aeron;
    private Mesh mesh;

    @BeforeEach
    void open() throws MeshException
    {
        aeron = directory.resolve("aeron");
        mesh = Mesh.open(new MeshConfig(
            aeron, "239.198.18.1", 20_000 + (int)(ProcessHandle.current().pid() % 20_000), "127.0.0.1", 1, 4117, 4));
    }

    @AfterEach
    void close()
    {
        mesh.close();
    }

    @Test
    void shouldShowOurCountersBesideItsOwnToAeronStat()
    {
        final AtomicCounter counter = mesh.newCounter(TYPE_ID, "aswarm quorum test");
        assertEquals(AtomicCounter.class, counter.getClass(), "as all counters elsewhere");
        counter.set(42);
        final MappedByteBuffer cnc = IoUtil.mapExistingFile(aeron.resolve(CncFileDescriptor.CNC_FILE).toFile(), "cnc");
        try
        {
            final UnsafeBuffer metaData = CncFileDescriptor.createMetaDataBuffer(cnc);
            CncFileDescriptor.checkVersion(metaData.getIntVolatile(CncFileDescriptor.cncVersionOffset(0)));
            final CountersReader counters = new CountersReader(
                CncFileDescriptor.createCountersMetaDataBuffer(cnc, metaData),
                CncFileDescriptor.createCountersValuesBuffer(cnc, metaData));
            final List<String> seen = new ArrayList<>();
            counters.forEach((value, id, label) -> seen.add(label + "=" + value));
            assertTrue(seen.contains("aswarm quorum test=42"), seen::toString);
            assertTrue(seen.stream().anyMatch((label) -> label.startsWith("Heartbeats sent")), seen::toString);
            assertTrue(seen.stream().anyMatch((label) -> label.startsWith("NAK")), seen::toString);
        }
        finally
        {
            IoUtil.unmap(cnc);
        }
    }

    @Test
    void shouldShowItsErrorsToErrorStat()
    {
        mesh.recordError(new IllegalStateException("made by a test"));
        final MappedByteBuffer cnc = IoUtil.mapExistingFile(aeron.resolve(CncFileDescriptor.CNC_FILE).toFile(), "cnc");
        try
        {
            final List<String> errors = new ArrayList<>();
            final int distinct = ErrorLogReader.read(
                CncFileDescriptor.createErrorLogBuffer(cnc, CncFileDescriptor.createMetaDataBuffer(cnc)),
                (count, first, last, error) -> errors.add(error));
            assertEquals(1, distinct);
            assertTrue(errors.get(0).contains("made by a test"), errors::toString);
        }
        finally
        {
            IoUtil.unmap(cnc);
        }
    }

    @Test
    void shouldShowItsLossReportToLossStat()
    {
        final MappedByteBuffer report = LossReportUtil.mapLossReportReadOnly(aeron.toString());
        try
        {
            final int entries = LossReportReader.read(new UnsafeBuffer(report),
                (count, lost, first, last, session, stream, channel, source) -> assertTrue(count > 0));
            assertEquals(0, entries, "nothing was lost yet");
        }
        finally
        {
            IoUtil.unmap(report);
        }
    }
}
