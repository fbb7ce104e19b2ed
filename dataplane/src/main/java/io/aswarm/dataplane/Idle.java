package io.aswarm.dataplane;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.util.List;
import java.util.Locale;

/**
 * What an agent's thread does when it finds no work.
 */
public enum Idle
{
    /** Never leaves the core: for a core of its own. */
    SPIN,
    /** Offers the core to others and comes straight back. */
    YIELD,
    /** Spins shortly, then parks for at most a millisecond. */
    BACKOFF,
    /**
     * Sleeps until there is work: the sensor in epoll on its rings, the quorum agent on its sockets, the others parked
     * until the stage before wakes them.
     */
    BLOCK;

    private static final long BACKOFF_PARK_MAX_NS = 1_000_000L;
    private static final long PARK_MAX_NS = 10_000_000L;
    static final List<String> WORDS = List.of("auto", "spin", "yield", "backoff", "block");
    private static final long PARK_MIN_NS = 50_000L;
    private static final int SPINS_MAX = 10;
    private static final int YIELDS_MAX = 2;

    static Idle of(final String word)
    {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /**
     * The Agrona strategy for an agent that is woken by unparking its thread.
     *
     * @return a new strategy, for one thread.
     */
    IdleStrategy strategy()
    {
        switch (this)
        {
            case SPIN:
                return new BusySpinIdleStrategy();
            case YIELD:
                return new YieldingIdleStrategy();
            case BACKOFF:
                return new BackoffIdleStrategy(100, 10, PARK_MIN_NS, BACKOFF_PARK_MAX_NS);
            case BLOCK:
                return new BackoffIdleStrategy(SPINS_MAX, YIELDS_MAX, PARK_MIN_NS, PARK_MAX_NS);
            default:
                throw new IllegalStateException(name());
        }
    }

    /** Whether the thread leaves its core without work. */
    boolean sleeps()
    {
        return BACKOFF == this || BLOCK == this;
    }

    /**
     * The word of the configuration.
     *
     * @return the word of the configuration.
     */
    public String word()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
