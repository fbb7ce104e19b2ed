package io.aswarm.sketch;

/**
 * How many hosts of the site lately came to know a destination outside: first contacts that succeeded, counted by
 * destination in a {@link CountMinSketch} that halves each {@code windowNs}. Never underestimates, so a destination
 * that many call is never taken for a rare one; a rare one may be taken for popular, and is then not judged.
 */
final class Popularity implements ContactListener
{
    /** First contacts up to which a destination is rare. */
    static final int RARE_MAX = 3;
    private static final int DEPTH = 4;
    private static final int WIDTH = 8_192;

    private final CountMinSketch callers;
    private final KeyedHash destinationHash;
    private final Site site;
    private final Beat window;

    Popularity(final Workshop workshop, final long windowNs)
    {
        this.callers = new CountMinSketch(
            workshop.memory().allocate(CountMinSketch.memoryLength(DEPTH, WIDTH)), DEPTH, WIDTH, 0, 0);
        this.destinationHash = workshop.key().derive(15);
        this.site = workshop.config().site();
        this.window = new Beat(windowNs);
    }

    @Override
    public void onSuccess(final Contact contact, final long nowNs)
    {
        if (!site.contains(contact.destinationHigh, contact.destinationLow))
        {
            callers.add(destinationHash.hash(contact.destinationHigh, contact.destinationLow), 1);
        }
    }

    /** Whether hardly any host of the site calls a destination, which is not of the site itself. */
    boolean isRareOutside(final long high, final long low)
    {
        return !site.contains(high, low) && !Contact.isGroup(high, low) &&
            callers.estimate(destinationHash.hash(high, low)) <= RARE_MAX;
    }

    void onTick(final long nowNs)
    {
        if (window.isDue(nowNs))
        {
            callers.halve();
        }
    }
}
