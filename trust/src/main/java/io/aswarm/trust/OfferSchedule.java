package io.aswarm.trust;

/**
 * When this node's offer goes out: at once after a rekey, and when it is asked for, but the more rarely the longer
 * asking leads to nothing, since anybody can ask. Also carries a sending over several duty cycles.
 */
final class OfferSchedule
{
    private static final long INTERVAL_MIN_NS = 1_000_000_000L;
    private static final long INTERVAL_MAX_NS = 32_000_000_000L;

    private byte[][] fragments;
    private int next;
    private boolean isSending;
    private boolean isAsked;
    private byte[] cookie;
    private int to;
    private long intervalNs = INTERVAL_MIN_NS;
    private long notBeforeNs;

    /** A new offer: everybody shall have it now. */
    void onRenewal(final byte[][] newFragments, final long nowNs)
    {
        fragments = newFragments;
        intervalNs = INTERVAL_MIN_NS;
        begin(0, null, nowNs);
    }

    /**
     * Somebody lacks it: it goes to everybody if no cookie is needed, else to the one who asked. Who asks while it is
     * being sent has not waited for its end.
     */
    void onAsked(final int from, final byte[] itsCookie)
    {
        if (!isSending)
        {
            isAsked = true;
            to = null == itsCookie ? 0 : from;
            cookie = itsCookie;
        }
    }

    /** Somebody had it: whoever asks next is heard soon. */
    void onProgress()
    {
        intervalNs = INTERVAL_MIN_NS;
    }

    /** Send at most one part. True if one left. */
    boolean trySend(final SessionKeys.Outlet outlet, final long nowNs)
    {
        if (!isSending && isAsked && notBeforeNs - nowNs <= 0)
        {
            begin(to, cookie, nowNs);
            intervalNs = Math.min(INTERVAL_MAX_NS, 2 * intervalNs);
        }
        if (!isSending || !outlet.offer(fragments[next], 0, fragments[next].length))
        {
            return false;
        }
        next++;
        isSending = next < fragments.length;
        return true;
    }

    private void begin(final int receiver, final byte[] itsCookie, final long nowNs)
    {
        for (final byte[] fragment : fragments)
        {
            OfferFragment.address(fragment, receiver, itsCookie);
        }
        next = 0;
        isSending = true;
        isAsked = false;
        notBeforeNs = nowNs + intervalNs;
    }
}
