package io.aswarm.quorum;

import io.aswarm.trust.PublicKey;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SessionKeys;
import io.aswarm.trust.Signer;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a quorum agent needs to know. Set before the agent is made; the defaults suit a site of a few racks.
 */
public final class QuorumConfig
{
    /** Least budget: enough for one deposit a second. */
    public static final int BUDGET_BYTES_MIN = 512;

    private final Roster roster;
    private final int nodeId;
    private final Signer signer;
    private final long bootEpoch;
    private ElevationTable elevationTable = ElevationTable.standard();
    private long halfLifeNs = TimeUnit.SECONDS.toNanos(10);
    private int budgetBytesPerSecond = 64 * 1024;
    private int burstBytes = 64 * 1024;
    private int depositsMax = 4096;
    private long presenceIntervalNs = TimeUnit.SECONDS.toNanos(5);
    private long staleNs = TimeUnit.SECONDS.toNanos(30);
    private long futureNs = TimeUnit.SECONDS.toNanos(2);
    private long stallNs = TimeUnit.MILLISECONDS.toNanos(100);
    private long hashSeed;
    private LongSupplier clockErrorNs = () -> 0L;
    private SessionKeys sessions;
    private SignatureCheck signatureCheck = PublicKey::verify;

    /**
     * A configuration with defaults.
     *
     * @param roster    of the site.
     * @param nodeId    of this node in it.
     * @param signer    with this node's key; used by the quorum thread only.
     * @param bootEpoch of this start, see {@link BootEpoch}.
     * @throws IllegalArgumentException when the roster has no such node, or another key for it.
     */
    public QuorumConfig(final Roster roster, final int nodeId, final Signer signer, final long bootEpoch)
    {
        this.roster = roster;
        this.nodeId = nodeId;
        this.signer = signer;
        this.bootEpoch = bootEpoch;
        requireOwn(roster);
    }

    /**
     * Which evidence elevates.
     *
     * @param table with the rows; by default {@link ElevationTable#standard()}.
     * @return this.
     */
    public QuorumConfig elevationTable(final ElevationTable table)
    {
        elevationTable = table;
        return this;
    }

    /**
     * Time in which evidence that is not fed evaporates to half.
     *
     * @param valueNs 1 ms to 1 h, by default 10 s; the same on all nodes.
     * @return this.
     */
    public QuorumConfig halfLifeNs(final long valueNs)
    {
        halfLifeNs = within("halfLifeNs", valueNs, 1_000_000L, 3_600_000_000_000L);
        return this;
    }

    /**
     * Bytes that this node may send, all headers counted, Aeron's own traffic not.
     *
     * @param bytesPerSecond on average, by default 64 KiB.
     * @param burst          at once, by default 64 KiB.
     * @return this.
     */
    public QuorumConfig budget(final int bytesPerSecond, final int burst)
    {
        budgetBytesPerSecond = (int)within("bytesPerSecond", bytesPerSecond, BUDGET_BYTES_MIN, TokenBucket.TOKENS_MAX);
        burstBytes = (int)within("burst", burst, BUDGET_BYTES_MIN, TokenBucket.TOKENS_MAX);
        return this;
    }

    /**
     * Deposits held at once, 220 bytes each.
     *
     * @param value 64 to 1,048,576, by default 4,096.
     * @return this.
     */
    public QuorumConfig depositsMax(final int value)
    {
        depositsMax = (int)within("depositsMax", value, 64, 1 << 20);
        return this;
    }

    /**
     * Time between heartbeats; a node not heard for three of them is not counted as live.
     *
     * @param valueNs 10 ms to 10 min, by default 5 s; the same on all nodes.
     * @return this.
     */
    public QuorumConfig presenceIntervalNs(final long valueNs)
    {
        presenceIntervalNs = within("presenceIntervalNs", valueNs, 10_000_000L, 600_000_000_000L);
        return this;
    }

    /**
     * Age limits of messages, beyond the clocks' errors.
     *
     * @param oldestNs   1 ms to 1 h, by default 30 s.
     * @param farthestNs into the future, 0 to 1 h, by default 2 s.
     * @return this.
     */
    public QuorumConfig ageLimitsNs(final long oldestNs, final long farthestNs)
    {
        staleNs = within("oldestNs", oldestNs, 1_000_000L, 3_600_000_000_000L);
        futureNs = within("farthestNs", farthestNs, 0, 3_600_000_000_000L);
        return this;
    }

    /**
     * A duty cycle longer than this counts as a stall; idling between cycles included.
     *
     * @param valueNs above 0, by default 100 ms.
     * @return this.
     */
    public QuorumConfig stallNs(final long valueNs)
    {
        stallNs = within("stallNs", valueNs, 1, Long.MAX_VALUE);
        return this;
    }

    /**
     * Seed of the deposit table's hash: random in a running node, so that nobody can aim at one chain of it. No result
     * depends on it.
     *
     * @param seed any, by default 0.
     * @return this.
     */
    public QuorumConfig hashSeed(final long seed)
    {
        hashSeed = seed;
        return this;
    }

    /**
     * Bound of this node's wall clock error: told to the others with each message, and what the ages of theirs may be
     * wrong by.
     *
     * @param source in nanoseconds, asked on the quorum thread, must not block; by default none is claimed.
     * @return this.
     */
    public QuorumConfig clockErrorNs(final LongSupplier source)
    {
        clockErrorNs = source;
        return this;
    }

    /**
     * How signatures are verified.
     *
     * @param check by default {@link PublicKey#verify}.
     * @return this.
     */
    public QuorumConfig signatureCheck(final SignatureCheck check)
    {
        signatureCheck = check;
        return this;
    }

    void requireOwn(final Roster other)
    {
        final Roster.Node node = other.node(nodeId);
        if (null == node)
        {
            throw new IllegalArgumentException("node id " + nodeId + " is not in the roster of " + other.site());
        }
        if (!node.publicKey().equals(signer.publicKey()))
        {
            throw new IllegalArgumentException("the roster's key of node " + nodeId + " (" + node.name() +
                ") is not the public half of this node's private key");
        }
        if (!other.site().equals(roster.site()))
        {
            throw new IllegalArgumentException("the roster is of " + other.site() + ", this node of " + roster.site());
        }
    }

    /**
     * Keys shared with the other nodes: deposits are then sealed at once and signed afterwards. Used and closed by the
     * quorum thread.
     *
     * @param keys of this node with the same boot epoch; by default null: every deposit is signed before it is sent.
     * @return this.
     */
    public QuorumConfig sessions(final SessionKeys keys)
    {
        sessions = keys;
        return this;
    }

    SessionKeys sessions()
    {
        return sessions;
    }

    Roster roster()
    {
        return roster;
    }

    int nodeId()
    {
        return nodeId;
    }

    Signer signer()
    {
        return signer;
    }

    long bootEpoch()
    {
        return bootEpoch;
    }

    ElevationTable elevationTable()
    {
        return elevationTable;
    }

    long halfLifeNs()
    {
        return halfLifeNs;
    }

    int budgetBytesPerSecond()
    {
        return budgetBytesPerSecond;
    }

    int burstBytes()
    {
        return burstBytes;
    }

    int depositsMax()
    {
        return depositsMax;
    }

    long presenceIntervalNs()
    {
        return presenceIntervalNs;
    }

    long staleNs()
    {
        return staleNs;
    }

    long futureNs()
    {
        return futureNs;
    }

    long stallNs()
    {
        return stallNs;
    }

    long hashSeed()
    {
        return hashSeed;
    }

    LongSupplier clockErrorNs()
    {
        return clockErrorNs;
    }

    SignatureCheck signatureCheck()
    {
        return signatureCheck;
    }

    private static long within(final String name, final long value, final long min, final long max)
    {
        if (value < min || value > max)
        {
            throw new IllegalArgumentException(name + "=" + value + "; allowed: " + min + " to " + max);
        }
        return value;
    }
}
