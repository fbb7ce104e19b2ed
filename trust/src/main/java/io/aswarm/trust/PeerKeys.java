package io.aswarm.trust;

/**
 * The keys of one peer that this node holds: the newest, and for a while those before it, since what was sealed under
 * them may still be on its way. Pure.
 */
final class PeerKeys
{
    /** How long an older key opens after the first datagram under a newer one. */
    static final long GRACE_NS = 10_000_000_000L;
    /** The same when none comes: by then its owner has gone over to the newer one. */
    static final long UNUSED_GRACE_NS = OwnKeys.SWITCH_NS + GRACE_NS;
    private static final int KEYS_MAX = 3;

    private final PeerKey[] keys = new PeerKey[KEYS_MAX];
    private boolean hasDropped;
    private int lastDroppedId;
    private boolean isNewestUsed;
    private boolean isGraceRunning;
    private long graceEndNs;

    /** The key of this number, or null. */
    PeerKey find(final int id)
    {
        for (final PeerKey key : keys)
        {
            if (null != key && key.id() == id)
            {
                return key;
            }
        }
        return null;
    }

    boolean isEmpty()
    {
        return null == keys[0];
    }

    /**
     * Take in a key. One of the same number is replaced, those of an earlier start of the peer are dropped.
     *
     * @return false for a key that was dropped before, which nobody seals under any more.
     */
    boolean add(final PeerKey added)
    {
        if (!isEmpty() && keys[0].bootEpoch() != added.bootEpoch())
        {
            clear();
        }
        int place = 0;
        while (place < KEYS_MAX && null != keys[place] && keys[place].id() - added.id() > 0)
        {
            place++;
        }
        if (KEYS_MAX == place || (hasDropped && added.id() - lastDroppedId <= 0))
        {
            return false;
        }
        if (null != keys[place] && keys[place].id() == added.id())
        {
            keys[place].destroy();
            keys[place] = added;
            return true;
        }
        if (null != keys[KEYS_MAX - 1])
        {
            drop(KEYS_MAX - 1);
        }
        System.arraycopy(keys, place, keys, place + 1, KEYS_MAX - 1 - place);
        keys[place] = added;
        if (0 == place)
        {
            isNewestUsed = false;
            isGraceRunning = false;
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality")
    void onOpened(final PeerKey key)
    {
        isNewestUsed |= key == keys[0];
    }

    void onTick(final long nowNs)
    {
        if (null == keys[1])
        {
            return;
        }
        if (!isGraceRunning)
        {
            isGraceRunning = true;
            graceEndNs = nowNs + UNUSED_GRACE_NS;
        }
        if (isNewestUsed && graceEndNs - nowNs > GRACE_NS)
        {
            graceEndNs = nowNs + GRACE_NS;
        }
        if (graceEndNs - nowNs <= 0)
        {
            isGraceRunning = false;
            for (int i = KEYS_MAX - 1; i > 0; i--)
            {
                drop(i);
            }
        }
    }

    void clear()
    {
        for (int i = KEYS_MAX - 1; i >= 0; i--)
        {
            drop(i);
        }
        hasDropped = false;
        isNewestUsed = false;
        isGraceRunning = false;
    }

    /** Drop the last of the keys. */
    private void drop(final int index)
    {
        if (null != keys[index])
        {
            hasDropped = true;
            lastDroppedId = keys[index].id();
            keys[index].destroy();
            keys[index] = null;
        }
    }
}
