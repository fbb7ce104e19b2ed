package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.actuator.Catalog;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;
import io.aswarm.trust.RosterKeeper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The roster that this node goes by, and its change while the node runs. A reload is asked for on the control thread
 * and done on a thread of its own, which lives as long as it takes: verifying a large roster and forcing it to disk
 * must not delay a halt. What does not fit this node is refused before it is taken, so that disk and node agree.
 * <p>
 * A roster of certificates is followed by itself: their authority replaces them often, and asks nobody.
 */
final class SiteRoster implements AutoCloseable
{
    static final String PENDING = "pending";
    static final String CHANGED = "changed";
    static final String UNCHANGED = "unchanged";
    static final String REFUSED = "refused";
    private static final String COPY = "roster.in-force.yaml";
    private static final long CLOSE_TIMEOUT_S = 5;
    private static final long LOOK_S = 5;
    /** Longer than between two looks, so that one thread does them all. */
    private static final long IDLE_THREAD_S = 2 * LOOK_S;

    /** A roster with what names it: {@code hash} is SHA-256 of its text, as sha256sum prints it for the file. */
    private record InForce(Roster roster, String hash)
    {
    }

    /** What became of a reload; a warning or reason may be empty. */
    private record Reload(long id, String outcome, String reason, String warning)
    {
    }

    private final NodeConfig config;
    private final Site started;
    private final Path copy;
    private final RosterKeeper keeper;
    private final EventLog eventLog;
    private final ErrorHandler errorHandler;
    private final NanoClock clock;
    private final EpochNanoClock epochClock;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, SiteRoster::newThread);
    private volatile InForce inForce;
    private volatile Reload latest = new Reload(0, UNCHANGED, "", "");
    private volatile Consumer<Roster> onChange;

    private SiteRoster(
        final NodeConfig config,
        final Site started,
        final EventLog eventLog,
        final ErrorHandler errorHandler,
        final NanoClock clock,
        final EpochNanoClock epochClock)
    {
        this.config = config;
        this.started = started;
        this.eventLog = eventLog;
        this.errorHandler = errorHandler;
        this.clock = clock;
        this.epochClock = epochClock;
        this.copy = config.directories().state().resolve(COPY);
        this.keeper = new RosterKeeper(config.roster(), copy);
        executor.setKeepAliveTime(IDLE_THREAD_S, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Take up the roster at the start of a node.
     *
     * @param config       which names it; its state directory exists.
     * @param started      the site as read, so that nothing is kept that this node cannot go by.
     * @param eventLog     told of reloads.
     * @param errorHandler told of what is no refusal but a defect.
     * @param clock        monotonic.
     * @param epochClock   wall clock.
     * @return the roster in force.
     * @throws DocumentException when it is not signed, or older than what was in force.
     * @throws IOException       when it cannot be kept.
     */
    static SiteRoster start(
        final NodeConfig config,
        final Site started,
        final EventLog eventLog,
        final ErrorHandler errorHandler,
        final NanoClock clock,
        final EpochNanoClock epochClock) throws DocumentException, IOException
    {
        final SiteRoster roster = new SiteRoster(config, started, eventLog, errorHandler, clock, epochClock);
        roster.requireFit(roster.keeper.start(epochClock.nanoTime()));
        roster.noteInForce();
        return roster;
    }

    /** The roster in force. Any thread. */
    Roster inForce()
    {
        return inForce.roster;
    }

    /**
     * Who goes by a changed roster. From now on certificates are followed.
     *
     * @param handler called on the thread of the reload.
     */
    void onChange(final Consumer<Roster> handler)
    {
        onChange = handler;
        if (keeper.isVouched())
        {
            executor.scheduleWithFixedDelay(this::look, LOOK_S, LOOK_S, TimeUnit.SECONDS);
        }
    }

    /** Reload if the files were changed; the executor's thread. */
    private void look()
    {
        if (keeper.isOutdated())
        {
            reload();
        }
    }

    /**
     * Begin to look at the file again; any thread.
     *
     * @return number of this reload, or -1 if another is under way.
     */
    synchronized long reload()
    {
        final Reload before = latest;
        if (PENDING.equals(before.outcome))
        {
            return -1;
        }
        final long id = before.id + 1;
        latest = new Reload(id, PENDING, "", "");
        executor.execute(() -> reload(id));
        return id;
    }

    /** Version and hash for a status. Any thread. */
    void describe(final ObjectNode target)
    {
        final InForce current = inForce;
        target.put("roster_version", current.roster.version()).put("roster_hash", current.hash);
    }

    /** What became of the latest reload, and what is in force. Any thread. */
    ObjectNode report()
    {
        // the outcome first: it is published after what is in force
        final Reload reload = latest;
        final ObjectNode report = JsonNodeFactory.instance.objectNode().put("reload_id", reload.id);
        fill(report, reload);
        return report;
    }

    @Override
    public void close()
    {
        executor.shutdown();
        try
        {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS))
            {
                errorHandler.onError(new IllegalStateException("a reload of the roster does not end"));
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void reload(final long id)
    {
        Reload result;
        try
        {
            result = new Reload(id, change() ? CHANGED : UNCHANGED, "", warning());
        }
        catch (final DocumentException | IOException ex)
        {
            result = new Reload(id, REFUSED, ex.getMessage(), "");
        }
        catch (final RuntimeException ex)
        {
            errorHandler.onError(ex);
            result = new Reload(id, REFUSED, "a defect: " + ex, "");
        }
        final ObjectNode members = EventLog.members();
        fill(members, result);
        eventLog.offer("roster", clock.nanoTime(), members);
        latest = result;
    }

    private boolean change() throws DocumentException, IOException
    {
        requireFit(Roster.read(config.roster()));
        final boolean hasChanged = keeper.reload(epochClock.nanoTime());
        if (hasChanged)
        {
            // once more, for the file may have been another one a moment ago
            requireFit(keeper.inForce());
            onChange.accept(keeper.inForce());
            noteInForce();
        }
        return hasChanged;
    }

    private void noteInForce() throws IOException
    {
        inForce = new InForce(keeper.inForce(), CanonicalJson.sha256(Files.readAllBytes(copy)));
    }

    /** What a node cannot change while it runs: who it is, and whether it has a mesh. */
    private void requireFit(final Roster next) throws DocumentException
    {
        final Roster.Node node = next.node(config.node());
        if (null == node)
        {
            throw new DocumentException(config.roster(), 0, "does not list this node, \"" + config.node() +
                "\": stop it if it was taken out of the site");
        }
        if (node.id() != started.node().id() || !node.identity().equals(started.node().identity()))
        {
            throw new DocumentException(config.roster(), 0, "lists this node, \"" + config.node() +
                "\", with another id or key than it started with: restart it to go by this roster");
        }
        if (started.roster().nodes().size() < 2 && next.nodes().size() > 1)
        {
            throw new DocumentException(config.roster(), 0, "lists " + next.nodes().size() + " nodes, and this one " +
                "started alone, without a mesh: restart it to go by this roster");
        }
    }

    /** The catalog in force stays; whether the next start would take it depends on the operators. */
    private String warning()
    {
        try
        {
            Catalog.read(config.catalog(), config.signature(), keeper.inForce().operators());
            return "";
        }
        catch (final DocumentException ex)
        {
            return "the next start will refuse the catalog: " + ex.getMessage();
        }
    }

    private void fill(final ObjectNode target, final Reload reload)
    {
        final InForce current = inForce;
        target.put("outcome", reload.outcome);
        if (!reload.reason.isEmpty())
        {
            target.put("reason", reload.reason);
        }
        if (!reload.warning.isEmpty())
        {
            target.put("warning", reload.warning);
        }
        target.put("version", current.roster.version())
            .put("hash", current.hash)
            .put("nodes", current.roster.nodes().size())
            .put("operators", current.roster.operators().size());
    }

    private static Thread newThread(final Runnable task)
    {
        final Thread thread = new Thread(task, "aswarm-roster");
        thread.setDaemon(true);
        return thread;
    }
}
