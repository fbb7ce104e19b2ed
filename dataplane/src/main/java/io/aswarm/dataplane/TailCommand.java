package io.aswarm.dataplane;

import io.aswarm.journal.CefFormat;
import io.aswarm.journal.EventFormat;
import io.aswarm.journal.EventSink;
import io.aswarm.journal.JournalException;
import io.aswarm.journal.JournalReader;
import io.aswarm.journal.JournalTail;
import io.aswarm.journal.OcsfFormat;
import io.aswarm.journal.SyslogSender;
import io.aswarm.journal.TailCursor;
import io.aswarm.journal.TailEvent;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * {@code aswarm tail}.
 */
@Command(name = "tail", mixinStandardHelpOptions = true,
    description = {
        "Follow the journal from where the last run stopped and give each certificate on, as OCSF JSON or CEF, to " +
            "standard output or to a syslog receiver over TCP.",
        "At least once: what a receiver has not taken is sent again, however long it is away. Until stopped.",
    })
final class TailCommand extends JournalCommand implements Callable<Integer>
{
    private static final long REST_MS = 100;
    private static final long SYSLOG_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int PORT_MAX = 65_535;

    /** Forms of an event. */
    enum Format
    {
        /** OCSF 1.8.0. */
        OCSF,
        /** ArcSight Common Event Format. */
        CEF
    }

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "ocsf",
        description = "ocsf or cef (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--syslog", paramLabel = "HOST:PORT",
        description = "Send to this syslog receiver over TCP (RFC 5424, octet counting) instead of standard output.")
    private String syslog;

    @Option(names = "--cursor", paramLabel = "FILE",
        description = "Where to note how far it came (default: tail-FORMAT.cursor beside the journal).")
    private Path cursor;

    @Option(names = "--once", description = "End when everything there is has been delivered.")
    private boolean once;

    /** Whether the latest batch arrived; nothing has failed before the first. */
    private boolean hasArrived = true;

    @Override
    public Integer call() throws ConfigException, CommandException, InterruptedException
    {
        if (isJson() && Format.CEF == format)
        {
            throw new CommandException(ExitCode.USAGE, "--json with --format cef: CEF is no JSON; allowed: ocsf");
        }
        final Path journal = journal();
        final String name = format.name().toLowerCase(Locale.ROOT);
        final Path cursorFile = null == cursor ? journal.resolveSibling("tail-" + name + ".cursor") : cursor;
        final SyslogSender sender = null == syslog ? null : sender();
        final EventSink sink = null == sender ? this::print : sender;
        final EventFormat form = Format.CEF == format ? new CefFormat(Main.version()) : new OcsfFormat();
        try (JournalReader reader = JournalReader.open(journal);
            JournalTail tail = new JournalTail(
                reader, TailCursor.open(cursorFile), form, remembering(sink), SystemNanoClock.INSTANCE))
        {
            return follow(reader, tail, sender);
        }
        catch (final JournalException ex)
        {
            throw new CommandException(ExitCode.USAGE, ex.getMessage());
        }
    }

    private int follow(final JournalReader reader, final JournalTail tail, final SyslogSender sender)
        throws JournalException, InterruptedException
    {
        long retriesSaid = 0;
        int damagesSaid = 0;
        while (true)
        {
            final int delivered = tail.doWork();
            for (; damagesSaid < reader.damages().size(); damagesSaid++)
            {
                err().println("aswarm: " + reader.damages().get(damagesSaid));
            }
            err().flush();
            if (0 != delivered)
            {
                continue;
            }
            if (tail.retries() > retriesSaid)
            {
                retriesSaid = tail.retries();
                err().println("aswarm: not delivered, will be sent again: " +
                    (null == sender ? "standard output is closed or full" : sender.lastFailure()));
                err().flush();
                if (null == sender)
                {
                    return ExitCode.ENVIRONMENT;
                }
            }
            if (once && hasArrived)
            {
                return ExitCode.OK;
            }
            Thread.sleep(REST_MS);
        }
    }

    private EventSink remembering(final EventSink sink)
    {
        return (events) ->
        {
            hasArrived = sink.deliver(events);
            return hasArrived;
        };
    }

    private boolean print(final List<TailEvent> events)
    {
        events.forEach((event) -> out().println(event.text()));
        out().flush();
        return !out().checkError();
    }

    private SyslogSender sender() throws CommandException
    {
        final int colon = syslog.lastIndexOf(':');
        final String port = syslog.substring(colon + 1);
        if (colon < 1 || !port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > PORT_MAX)
        {
            throw new CommandException(ExitCode.USAGE, "--syslog is \"" + syslog + "\"; allowed: HOST:PORT");
        }
        final String host = syslog.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        return new SyslogSender(host, Integer.parseInt(port), SYSLOG_TIMEOUT_NS);
    }
}
