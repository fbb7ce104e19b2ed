package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * {@code aswarm roster reload}.
 */
@Command(name = "reload", mixinStandardHelpOptions = true,
    description = {
        "Let the running node look at its roster again: it takes one of a greater version that two operators of the " +
            "one in force have signed.",
        "What is refused leaves the one in force standing; the reason is said, and the exit status is 1.",
    })
final class RosterReloadCommand extends NodeCommand implements Callable<Integer>
{
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MS = 10;

    @Override
    public Integer call() throws DocumentException, CommandException, InterruptedException
    {
        final Path socket = socket();
        final long id = ask(socket, "roster_reload").path("reload_id").asLong();
        final ObjectNode report = (ObjectNode)await(socket, id);
        report.remove("ok");
        report.remove("reload_id");
        emit(report);
        return SiteRoster.REFUSED.equals(report.path("outcome").asText()) ? ExitCode.NEGATIVE : ExitCode.OK;
    }

    private static JsonNode await(final Path socket, final long id) throws CommandException, InterruptedException
    {
        final long deadlineNs = System.nanoTime() + WAIT_NS;
        JsonNode report = ask(socket, "roster");
        while (SiteRoster.PENDING.equals(report.path("outcome").asText()) && System.nanoTime() - deadlineNs < 0)
        {
            Thread.sleep(POLL_MS);
            report = ask(socket, "roster");
        }
        if (report.path("reload_id").asLong() != id)
        {
            throw new CommandException(ExitCode.NEGATIVE, "another reload came after this one: see the event log");
        }
        if (SiteRoster.PENDING.equals(report.path("outcome").asText()))
        {
            throw new CommandException(ExitCode.NEGATIVE, "the node still reads its roster: see aswarm status");
        }
        return report;
    }
}
