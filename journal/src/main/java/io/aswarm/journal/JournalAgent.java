package io.aswarm.journal;

import io.aswarm.journal.CertificateBuilder.Anchor;
import io.aswarm.journal.CertificateBuilder.Draft;
import io.aswarm.journal.CertificateBuilder.Link;
import io.aswarm.journal.CertificateBuilder.Relation;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Signer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Joins each deed with its finding, makes the certificate, signs it, appends it, forces the batch to the disk once and
 * only then tells of it. A deed that cannot be appended now is kept and tried again; meanwhile the queue fills and
 * counts what it refuses. Owned by one thread.
 */
public final class JournalAgent implements Agent
{
    private static final long RETRY_NS = 250_000_000L;
    /** How long a deed waits for its finding: longer than witnesses have time to sign. */
    private static final long FINDING_WAIT_NS = 500_000_000L;

    /** What is appended but not yet on the disk. */
    private record Pending(String certificateId, CertificateKind kind, Deed deed, long index)
    {
    }

    /** A deed whose finding has not come yet, or one behind it. */
    private record Waiting(Deed deed, long untilNs)
    {
    }

    private final JournalConfig config;
    private final Journal journal;
    private final Signer signer;
    private final JournalClocks clocks;
    private final CertificateHandler handler;
    private final Function<JournalCounter, AtomicCounter> counters;
    private final ErrorHandler errorHandler;
    private final CertificateBuilder builder;
    private final ManyToOneConcurrentArrayQueue<Record> queue;
    private final FindingMap findings;
    private final Map<Long, Relation> containmentByAct = new LinkedHashMap<>();
    private final List<Pending> batch = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean isClosing;
    private Deed delayed;
    private long retryAtNs;

    /**
     * An agent for one journal.
     *
     * @param config       of the node.
     * @param journal      which this agent closes at its end.
     * @param signer       with the node's key.
     * @param clocks       of the node.
     * @param handler      told of each certificate that is on the disk.
     * @param counters     of the appliance.
     * @param errorHandler for what an operator must see.
     */
    public JournalAgent(
        final JournalConfig config,
        final Journal journal,
        final Signer signer,
        final JournalClocks clocks,
        final CertificateHandler handler,
        final Function<JournalCounter, AtomicCounter> counters,
        final ErrorHandler errorHandler)
    {
        this.config = config;
        this.journal = journal;
        this.signer = signer;
        this.clocks = clocks;
        this.handler = handler;
        this.counters = counters;
        this.errorHandler = errorHandler;
        this.builder = new CertificateBuilder(config.site(), config.node(), config.nodeId(), signer.publicKey());
        this.queue = new ManyToOneConcurrentArrayQueue<>(config.queueCapacity());
        this.findings = new FindingMap(config.findingsMax(), config.findingKeepNs(),
            counters.apply(JournalCounter.FINDINGS_EVICTED), counters.apply(JournalCounter.FINDINGS_EXPIRED));
    }

    /**
     * The way in for other threads.
     *
     * @return a proxy that any thread may use.
     */
    public JournalProxy proxy()
    {
        return new JournalProxy(queue, counters.apply(JournalCounter.QUEUE_FULL));
    }

    @Override
    public String roleName()
    {
        return "journal";
    }

    @Override
    public void onStart()
    {
        journal.damagesFound().forEach(errorHandler::onError);
        warmUp();
        recallContainments();
    }

    @Override
    public int doWork()
    {
        final long startNs = clocks.monotonic().nanoTime();
        int workCount = findings.expire(startNs);
        if (null == delayed || startNs - retryAtNs >= 0)
        {
            workCount += retryDelayed(startNs) + drain(startNs);
        }
        commit();

        if (workCount > 0)
        {
            final long cycleNs = clocks.monotonic().nanoTime() - startNs;
            counters.apply(JournalCounter.CYCLE_MAX_NS).proposeMax(cycleNs);
            if (cycleNs > config.stallNs())
            {
                counters.apply(JournalCounter.STALLS).increment();
            }
        }
        return workCount;
    }

    @Override
    public void onClose()
    {
        retryAtNs = clocks.monotonic().nanoTime();
        isClosing = true;
        while (doWork() > 0 && null == delayed)
        {
            Thread.onSpinWait();
        }
        if (null != delayed)
        {
            waiting.addFirst(new Waiting(delayed, 0));
            waiting.forEach((each) -> fail(
                each.deed, new IllegalStateException("the node stops while the disk refuses certificates")));
        }
        journal.close();
    }

    private int retryDelayed(final long nowNs)
    {
        if (null == delayed)
        {
            return 0;
        }
        final Deed deed = delayed;
        delayed = null;
        certify(deed, nowNs);
        return 1;
    }

    private int drain(final long nowNs)
    {
        int count = 0;
        while (count < config.batchMax() && null == delayed)
        {
            final Record message = queue.poll();
            if (null == message)
            {
                break;
            }
            count++;
            if (message instanceof Finding)
            {
                findings.put((Finding)message, nowNs);
                counters.apply(JournalCounter.FINDINGS).increment();
            }
            else
            {
                counters.apply(JournalCounter.DEEDS).increment();
                onDeed((Deed)message, nowNs);
            }
        }
        return count + certifyWaiting(nowNs);
    }

    private void onDeed(final Deed deed, final long nowNs)
    {
        if (waiting.isEmpty() && !isFindingDue(deed))
        {
            certify(deed, nowNs);
        }
        else
        {
            waiting.add(new Waiting(deed, nowNs + FINDING_WAIT_NS));
        }
    }

    /** In their order, so that a deed never comes before one that it follows from. */
    private int certifyWaiting(final long nowNs)
    {
        int count = 0;
        while (null == delayed && !waiting.isEmpty() && (waiting.peek().untilNs - nowNs <= 0 || isClosing ||
            waiting.size() > config.findingsMax() || !isFindingDue(waiting.peek().deed)))
        {
            certify(waiting.remove().deed, nowNs);
            count++;
        }
        return count;
    }

    /** An elevation is acted on at once, and is a finding when its witnesses have signed. */
    private boolean isFindingDue(final Deed deed)
    {
        return 0 != deed.elevationId() && null == findings.get(deed.elevationId()) &&
            !containmentByAct.containsKey(deed.actId());
    }

    private void certify(final Deed deed, final long nowNs)
    {
        final CertificateKind kind = CertificateKind.of(deed.kind());
        if (null == kind)
        {
            fail(deed, new IllegalArgumentException("kind=" + deed.kind() + " is not known"));
            return;
        }

        try
        {
            final Draft draft = draft(kind, deed, nowNs);
            final byte[] envelope = Envelope.seal(CanonicalJson.bytes(builder.statement(draft)), signer);
            final long index = journal.append(envelope);
            counters.apply(JournalCounter.BYTES).getAndAdd(envelope.length);
            batch.add(new Pending(builder.certificateId(draft), kind, deed, index));
            if (CertificateKind.CONTAINMENT == kind)
            {
                remember(deed.actId(), new Relation(
                    builder.certificateId(draft), CertificateBuilder.runId(draft), draft.link().sequence(),
                    journal.previousSha256()));
            }
        }
        catch (final JournalException | IOException ex)
        {
            delayed = deed;
            retryAtNs = nowNs + RETRY_NS;
            counters.apply(JournalCounter.APPEND_RETRIES).increment();
            errorHandler.onError(ex);
        }
        catch (final RuntimeException ex)
        {
            fail(deed, ex);
        }
    }

    private Draft draft(final CertificateKind kind, final Deed deed, final long nowNs)
    {
        final Finding finding = 0 == deed.elevationId() ? null : findings.get(deed.elevationId());
        if (null == finding && 0 != deed.elevationId())
        {
            counters.apply(JournalCounter.DEEDS_WITHOUT_FINDING).increment();
        }
        final Relation relation = CertificateKind.CONTAINMENT == kind ? null : containmentByAct.get(deed.actId());
        return new Draft(kind, deed, finding, relation, new Link(journal.nextSequence(), journal.previousSha256()),
            new Anchor(nowNs, clocks.wall().nanoTime()), clocks.statement().get());
    }

    /** One force for the batch; whoever is told after it can rely on the disk. */
    private void commit()
    {
        if (batch.isEmpty())
        {
            return;
        }
        try
        {
            final long startNs = clocks.monotonic().nanoTime();
            journal.force();
            final long endNs = clocks.monotonic().nanoTime();
            counters.apply(JournalCounter.FORCES).increment();
            counters.apply(JournalCounter.FORCE_MAX_NS).proposeMax(endNs - startNs);
            counters.apply(JournalCounter.CERTIFICATES).getAndAdd(batch.size());
            for (final Pending pending : batch)
            {
                handler.onCertificate(pending.certificateId, pending.kind, pending.deed.elevationId(),
                    pending.deed.actId(), pending.index, endNs);
            }
        }
        catch (final IOException ex)
        {
            // After a failed fsync the kernel may call the next one a success: these are never acknowledged.
            counters.apply(JournalCounter.FORCE_FAILURES).increment();
            errorHandler.onError(ex);
        }
        finally
        {
            batch.clear();
        }
    }

    private void fail(final Deed deed, final RuntimeException cause)
    {
        counters.apply(JournalCounter.CERTIFICATE_FAILURES).increment();
        errorHandler.onError(new IllegalStateException(
            "no certificate for kind=" + deed.kind() + " act=" + deed.actId() + ": " + cause.getMessage(), cause));
    }

    private void remember(final long actId, final Relation relation)
    {
        if (containmentByAct.size() >= config.findingsMax())
        {
            containmentByAct.remove(containmentByAct.keySet().iterator().next());
        }
        containmentByAct.put(actId, relation);
    }

    /** Containments certified before a restart, so that their reverts name them. */
    private void recallContainments()
    {
        try (JournalReader reader = JournalReader.open(config.directory()))
        {
            reader.skipTo(journal.nextSequence() - config.findingsMax());
            while (reader.poll(this::recall, config.batchMax()) > 0)
            {
                Thread.onSpinWait();
            }
        }
        catch (final JournalException ex)
        {
            errorHandler.onError(ex);
        }
    }

    private void recall(final JournalEntry entry)
    {
        try
        {
            final Certificate certificate = Certificate.parse(entry.segment(), entry.envelope());
            if (CertificateKind.CONTAINMENT == certificate.kind())
            {
                remember(Long.parseUnsignedLong(certificate.text("act_id")),
                    new Relation(certificate.id(), certificate.text("run_id"), entry.sequence(), entry.sha256()));
            }
        }
        catch (final DocumentException | NumberFormatException ex)
        {
            counters.apply(JournalCounter.ENTRIES_DAMAGED).increment();
        }
    }

    /** First use of the cryptography and of the JSON classes costs up to 18 ms: not at the first certificate. */
    private void warmUp()
    {
        final Deed deed = new Deed("HALTED", 0, 0, "", "", 0, "", "", null, 1, 1, 1, 1, 1,
            List.of(new ProbeStatement("", "", "", true, 1, 1)), 0, "", "");
        final Finding finding = new Finding(0, "", "", 0, 0, 0, true,
            List.of(new WitnessStatement("", 0, 0, 0, 0, 0, new byte[1])), 0, 0, 0, 0, "", 0, 0, 0, 0);
        final Draft draft = new Draft(CertificateKind.HALT, deed, finding, null,
            new Link(0, EntryDescriptor.NO_PREVIOUS), new Anchor(0, 0), ClockStatement.UNMEASURED);
        for (int i = 0; i < 8; i++)
        {
            Envelope.seal(CanonicalJson.bytes(builder.statement(draft)), signer);
        }
    }
}
