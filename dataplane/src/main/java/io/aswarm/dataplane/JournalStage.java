package io.aswarm.dataplane;

import io.aswarm.journal.CertificateHandler;
import io.aswarm.journal.Journal;
import io.aswarm.journal.JournalAgent;
import io.aswarm.journal.JournalClocks;
import io.aswarm.journal.JournalConfig;
import io.aswarm.journal.JournalException;
import io.aswarm.journal.JournalProxy;

/**
 * From findings and deeds to certificates on disk.
 */
final class JournalStage
{
    private final JournalAgent agent;
    private final Wakeup thread = new Wakeup();

    JournalStage(final NodeBase base, final CertificateHandler certificates) throws JournalException
    {
        final NodeConfig config = base.config();
        final Site site = base.site();
        final JournalConfig usual = JournalConfig.of(
            config.directories().journal(), site.roster().site(), site.node().name(), site.node().id());
        final JournalConfig journalConfig = new JournalConfig(
            usual.directory(), usual.site(), usual.node(), usual.nodeId(), config.limits().certificates(),
            usual.batchMax(), usual.findingsMax(), usual.findingKeepNs(), usual.diskReserveBytes(), usual.stallNs());
        agent = new JournalAgent(
            journalConfig,
            base.opened().add(Journal.open(journalConfig, base.epochNanoClock(), base.counters().journal())),
            site.journalSigner(),
            new JournalClocks(base.clock(), base.epochNanoClock(), base.clockWatch()::statement),
            certificates,
            base.counters().journal(),
            base.errorLog());
    }

    JournalAgent agent()
    {
        return agent;
    }

    JournalProxy proxy()
    {
        return agent.proxy();
    }

    Wakeup thread()
    {
        return thread;
    }
}
