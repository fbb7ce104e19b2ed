package io.aswarm.journal;

import io.aswarm.trust.KeyFile;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node's journal in a process of its own, so that it can be killed: certifies without end and prints the sequence of
 * each certificate after it was acknowledged. Arguments: directory of the journal, key file, certificates per day.
 */
final class JournalWriterMain
{
    private static final long NS_PER_DAY = 86_400L * 1_000_000_000L;

    private JournalWriterMain()
    {
    }

    public static void main(final String[] arguments) throws Exception
    {
        final long perDay = Long.parseLong(arguments[2]);
        final PrintStream output = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        final JournalConfig config = JournalConfig.of(Path.of(arguments[0]), "lab", "gateway-1", 1);
        final AtomicLong wallNs = new AtomicLong();
        final var counters = Samples.counters();
        final Journal journal = Journal.open(config, wallNs::get, counters);
        wallNs.set(Samples.EPOCH_NS + journal.nextSequence() / perDay * NS_PER_DAY);
        final JournalAgent agent = new JournalAgent(config, journal, KeyFile.load(Path.of(arguments[1])),
            new JournalClocks(System::nanoTime, wallNs::get, () -> ClockStatement.UNMEASURED),
            (id, kind, elevationId, actId, index, appendedNs) -> output.println(id), counters,
            (error) -> output.println("error " + error));
        agent.onStart();
        output.println("started");
        for (long i = journal.nextSequence(); true; i++)
        {
            wallNs.set(Samples.EPOCH_NS + i / perDay * NS_PER_DAY);
            agent.proxy().offer(Samples.order("HALTED", i));
            if (0 == i % 8)
            {
                agent.doWork();
            }
        }
    }
}
