package io.aswarm.quorum;

/**
 * Lets through so many tokens a second and a burst of at most {@code capacity}. Starts full. A clock that stands still
 * or runs backwards gives nothing.
 */
final class TokenBucket
{
    /** Largest rate and capacity, so that no product below overflows. */
    static final long TOKENS_MAX = 1_000_000_000L;

    private static final long SECOND_NS = 1_000_000_000L;

    private final long tokensPerSecond;
    private final long capacityNanoTokens;
    private final long fillTimeNs;
    private long levelNanoTokens;
    private long lastNs;

    TokenBucket(final long tokensPerSecond, final long capacity, final long nowNs)
    {
        if (tokensPerSecond < 1 || tokensPerSecond > TOKENS_MAX || capacity < 1 || capacity > TOKENS_MAX)
        {
            throw new IllegalArgumentException(
                "tokensPerSecond=" + tokensPerSecond + " capacity=" + capacity + "; allowed: 1 to " + TOKENS_MAX);
        }
        this.tokensPerSecond = tokensPerSecond;
        this.capacityNanoTokens = capacity * SECOND_NS;
        this.fillTimeNs = capacityNanoTokens / tokensPerSecond + 1;
        this.levelNanoTokens = capacityNanoTokens;
        this.lastNs = nowNs;
    }

    boolean tryTake(final long tokens, final long nowNs)
    {
        return tryTake(tokens, 0, nowNs);
    }

    /** Take tokens only if so many stay for what matters more. */
    boolean tryTake(final long tokens, final long reserve, final long nowNs)
    {
        final long elapsedNs = nowNs - lastNs;
        if (elapsedNs > 0)
        {
            lastNs = nowNs;
            // fillTimeNs bounds the product to about the capacity, however long nobody asked
            levelNanoTokens = elapsedNs >= fillTimeNs ? capacityNanoTokens :
                Math.min(capacityNanoTokens, levelNanoTokens + elapsedNs * tokensPerSecond);
        }

        if (levelNanoTokens < (tokens + reserve) * SECOND_NS)
        {
            return false;
        }
        levelNanoTokens -= tokens * SECOND_NS;
        return true;
    }
}
