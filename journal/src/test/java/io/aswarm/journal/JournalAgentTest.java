package io.aswarm.journal;

import io.aswarm.trust.Roster;
import io.aswarm.trust.Signer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JournalAgentTest
{
    @TempDir
    Path directory;

    private final Function<JournalCounter, AtomicCounter> counters = Samples.counters();
    private final List<String> acknowledged = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final AtomicLong nowNs = new AtomicLong(Samples.NOW_NS);
    private final boolean[] isForceBroken = {false};
    private int forces;
    private Signer signer;
    private Roster roster;

    @BeforeEach
    void makeKeys() throws IOException
    {
        signer = Samples.signer(directory, "gateway-1");
        roster = Samples.roster(signer);
    }

    @Test
    void shouldCertifyADeedWithItsFinding() throws Exception
    {
        final JournalAgent agent = agent(config(64, 8));
        agent.proxy().offer(Samples.finding(7));
        agent.proxy().offer(Samples.effective(99, 7));
        assertEquals(2, agent.doWork());
        agent.onClose();

        final Certificate certificate = certificates().get(0);
        assertEquals(CertificateKind.CONTAINMENT, certificate.kind());
        assertEquals("7", certificate.text("run_id"));
        assertEquals("7", certificate.text("elevation_context", "run_id"));
        assertEquals("99", certificate.text("act_id"));
        assertEquals(3, certificate.predicate().path("elevation_context").path("witness_nodes").size());
        assertEquals("linux_kernel_enforced", certificate.text("tier"));
        assertEquals("17", certificate.text("outcome", "packets_dropped"));
        assertEquals("unknown", certificate.text("time", "bound_ns"));
        assertEquals("78000000", certificate.text("metrics", "mttd_ns"));
        assertEquals("1000000", certificate.text("metrics", "mttr_ns"));
        assertTrue(certificate.text("timestamps", "detect_elevated").endsWith(".121456789Z"),
            certificate.text("timestamps", "detect_elevated"));
        assertEquals(Samples.EPOCH_NS - 2_000_000, certificate.epochNs("detect_elevated"));
        assertEquals(Samples.EPOCH_NS - 1_000_000, certificate.epochNs("actuation_effective"));
        assertEquals(List.of("containment 7 99"), acknowledged);
        assertEquals(0, errors.size(), errors::toString);
    }

    @Test
    void shouldMakeEachKindOfCertificateSoundAndChained() throws Exception
    {
        final JournalAgent agent = agent(config(64, 8));
        final JournalProxy proxy = agent.proxy();
        proxy.offer(Samples.finding(7));
        proxy.offer(Samples.effective(99, 7));
        proxy.offer(Samples.finding(8));
        proxy.offer(Samples.deed("FAILED", 100, 8, 0, Samples.NOW_NS));
        proxy.offer(Samples.deed("REFUSED", 101, 8, 0, Samples.NOW_NS));
        proxy.offer(Samples.order("HALTED", 1));
        proxy.offer(Samples.order("RESUMED", 2));
        proxy.offer(Samples.deed("ADOPTED", 99, 0, Samples.NOW_NS, 0));
        proxy.offer(Samples.reverted(99, 0));
        agent.doWork();
        agent.doWork();
        agent.onClose();

        final List<CertificateReport> reports = Verification.verifyJournal(directory, roster);
        assertEquals(List.of("containment", "failure", "refusal", "halt", "resume", "adoption", "revert"),
            reports.stream().map((report) -> report.kind().label()).toList());
        reports.forEach((report) -> assertEquals(List.of(), report.faults(), report::toString));
        final Certificate revert = certificates().get(6);
        assertEquals("7", revert.text("run_id"));
        assertEquals(certificates().get(0).id(), revert.text("relates_to", "certificate_id"));
        assertEquals(certificates().get(0).sha256(), revert.text("relates_to", "sha256"));
    }

    @Test
    void shouldNameTheContainmentOfAnEarlierRun() throws Exception
    {
        final JournalAgent before = agent(config(64, 8));
        before.proxy().offer(Samples.finding(7));
        before.proxy().offer(Samples.effective(99, 7));
        before.doWork();
        before.onClose();

        final JournalAgent after = agent(config(64, 8));
        after.proxy().offer(Samples.reverted(99, 0));
        after.doWork();
        after.onClose();
        assertEquals(certificates().get(0).id(), certificates().get(1).text("relates_to", "certificate_id"));
        Verification.verifyJournal(directory, roster).forEach(
            (report) -> assertEquals(List.of(), report.faults(), report::toString));
    }

    @Test
    void shouldForceOncePerBatchAndAcknowledgeOnlyThen() throws Exception
    {
        final JournalAgent agent = agent(config(64, 4));
        for (int i = 1; i <= 10; i++)
        {
            agent.proxy().offer(Samples.order("HALTED", i));
        }
        agent.doWork();
        assertEquals(1, forces);
        assertEquals(4, acknowledged.size());
        agent.doWork();
        agent.doWork();
        assertEquals(3, forces);
        assertEquals(10, acknowledged.size());
        agent.onClose();
    }

    @Test
    void shouldNotAcknowledgeWhenTheForceFails() throws Exception
    {
        final JournalAgent agent = agent(config(64, 4));
        isForceBroken[0] = true;
        agent.proxy().offer(Samples.order("HALTED", 1));
        agent.doWork();
        assertEquals(List.of(), acknowledged);
        assertEquals(1, counters.apply(JournalCounter.FORCE_FAILURES).get());
        isForceBroken[0] = false;
        agent.proxy().offer(Samples.order("RESUMED", 2));
        agent.doWork();
        assertEquals(List.of("resume 0 2"), acknowledged);
        agent.onClose();
    }

    @Test
    void shouldCountWhatAFullQueueRefuses() throws Exception
    {
        final JournalAgent agent = agent(config(4, 8));
        for (int i = 0; i < 4; i++)
        {
            assertTrue(agent.proxy().offer(Samples.finding(i + 1)));
        }
        assertFalse(agent.proxy().offer(Samples.effective(1, 1)));
        assertEquals(1, counters.apply(JournalCounter.QUEUE_FULL).get());
        agent.onClose();
    }

    @Test
    void shouldKeepTheDeedAndTryAgainWhenTheDiskIsFull() throws Exception
    {
        final JournalConfig full = new JournalConfig(
            directory.resolve("journal"), "lab", "gateway-1", 1, 64, 8, 8, 1L << 40, Long.MAX_VALUE, 1L << 40);
        final JournalAgent agent = agent(full);
        agent.proxy().offer(Samples.order("HALTED", 1));
        agent.proxy().offer(Samples.order("RESUMED", 2));
        assertEquals(1, agent.doWork());
        assertEquals(0, agent.doWork(), "it waits before it tries again");
        nowNs.addAndGet(Samples.NS_PER_SECOND);
        assertEquals(1, agent.doWork());
        assertEquals(2, counters.apply(JournalCounter.APPEND_RETRIES).get());
        assertTrue(errors.get(0).getMessage().contains("disk_reserve_bytes"), errors::toString);
        agent.onClose();
        assertEquals(1, counters.apply(JournalCounter.CERTIFICATE_FAILURES).get());
    }

    @Test
    void shouldLetADeedWaitForItsFindingAndKeepTheOrderOfDeeds() throws Exception
    {
        final JournalAgent agent = agent(config(64, 8));
        agent.proxy().offer(Samples.effective(99, 7));
        agent.proxy().offer(Samples.effective(100, 8));
        agent.proxy().offer(Samples.finding(8));
        agent.doWork();
        nowNs.addAndGet(499_999_999L);
        agent.doWork();
        assertEquals(List.of(), acknowledged);
        agent.proxy().offer(Samples.finding(7));
        agent.doWork();
        assertEquals(List.of("containment 7 99", "containment 8 100"), acknowledged);
        assertEquals(0, counters.apply(JournalCounter.DEEDS_WITHOUT_FINDING).get());

        agent.proxy().offer(Samples.effective(101, 9));
        agent.doWork();
        nowNs.addAndGet(500_000_000L);
        agent.doWork();
        assertEquals(3, acknowledged.size(), "it does not wait for ever");
        assertEquals(1, counters.apply(JournalCounter.DEEDS_WITHOUT_FINDING).get());
        agent.onClose();
    }

    @Test
    void shouldEvictTheOldestFindingAndSayThatTheDeedHasNone() throws Exception
    {
        final JournalAgent agent = agent(new JournalConfig(
            directory.resolve("journal"), "lab", "gateway-1", 1, 64, 64, 2, 1L << 40, 0, 1L << 40));
        for (int i = 1; i <= 3; i++)
        {
            agent.proxy().offer(Samples.finding(i));
        }
        agent.proxy().offer(Samples.effective(1, 1));
        agent.doWork();
        agent.onClose();
        assertEquals(1, counters.apply(JournalCounter.FINDINGS_EVICTED).get());
        assertEquals(1, counters.apply(JournalCounter.DEEDS_WITHOUT_FINDING).get());
        final CertificateReport report = Verification.verifyJournal(directory, roster).get(0);
        assertTrue(report.faults().stream().anyMatch((fault) -> fault.code() == FaultCode.MISSING_FIELD),
            report::toString);
    }

    @Test
    void shouldExpireFindingsExactlyAtTheirTime() throws Exception
    {
        final JournalAgent agent = agent(new JournalConfig(
            directory.resolve("journal"), "lab", "gateway-1", 1, 64, 64, 8, 1_000, 0, 1L << 40));
        agent.proxy().offer(Samples.finding(1));
        agent.doWork();
        nowNs.addAndGet(999);
        agent.doWork();
        assertEquals(0, counters.apply(JournalCounter.FINDINGS_EXPIRED).get());
        nowNs.addAndGet(1);
        agent.doWork();
        assertEquals(1, counters.apply(JournalCounter.FINDINGS_EXPIRED).get());
        agent.onClose();
    }

    @Test
    void shouldCountADeedOfUnknownKindAndGoOn() throws Exception
    {
        final JournalAgent agent = agent(config(64, 8));
        agent.proxy().offer(Samples.order("EXPLODED", 1));
        agent.proxy().offer(Samples.order("HALTED", 2));
        agent.doWork();
        agent.onClose();
        assertEquals(1, counters.apply(JournalCounter.CERTIFICATE_FAILURES).get());
        assertEquals(List.of("halt 0 2"), acknowledged);
    }

    @Test
    void shouldNameTheStrongestOfManyWitnessesAndFitIntoALogEntry() throws Exception
    {
        final List<WitnessStatement> many = new ArrayList<>();
        for (int i = 1; i <= 500; i++)
        {
            many.add(new WitnessStatement("gateway-" + i, i, i, i, 1, Samples.EPOCH_NS, new byte[240]));
        }
        final Finding one = Samples.finding(7);
        final Finding finding = new Finding(7, one.scenario(), one.subject(), 125_250, 13.8, 2, false, many, 1, 1, 1,
            0, "", one.firstSeenNs(), one.firstSeenEpochNs(), one.elevatedNs(), one.elevatedEpochNs());
        final JournalAgent agent = agent(config(64, 8));
        agent.proxy().offer(finding);
        agent.proxy().offer(Samples.effective(99, 7));
        agent.doWork();
        agent.onClose();
        final Certificate certificate = certificates().get(0);
        assertEquals("452", certificate.text("elevation_context", "witnesses_omitted"));
        assertEquals("gateway-500",
            certificate.predicate().path("elevation_context").path("witness_nodes").path(0).path("name").asText());
    }

    private JournalConfig config(final int queueCapacity, final int batchMax)
    {
        return new JournalConfig(directory.resolve("journal"), "lab", "gateway-1", 1, queueCapacity, batchMax, 64,
            1L << 40, 0, 1L << 40);
    }

    private JournalAgent agent(final JournalConfig config) throws Exception
    {
        final Journal journal = Journal.open(config, () -> Samples.EPOCH_NS, counters, (file, channel) ->
        {
            if (isForceBroken[0])
            {
                throw new IOException("errno=5");
            }
            forces++;
        });
        final JournalAgent agent = new JournalAgent(config, journal, signer,
            new JournalClocks(nowNs::get, () -> Samples.EPOCH_NS, () -> ClockStatement.UNMEASURED),
            (id, kind, elevationId, actId, index, appendedNs) ->
            acknowledged.add(kind.label() + " " + elevationId + " " + actId), counters, errors::add);
        agent.onStart();
        return agent;
    }

    private List<Certificate> certificates() throws Exception
    {
        return Verification.certificates(directory.resolve("journal"));
    }
}
