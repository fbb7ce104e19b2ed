package io.aswarm.sketch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Evidence from what programs start. The subject is an address of the host, the first half of the aim the key of the
 * binary: {@link #binaryKey}, the same on every node, so that evidence of many hosts about one binary can meet.
 * <ul>
 * <li><b>under a service</b>: see {@link BreakInTest};</li>
 * <li><b>rare child</b>: a program that its parent hardly ever starts: ln((n + 1) / (c + 1)) - ln {@value #COMMON}
 * nats, where the parent was seen to start n programs, this one included, and this one c times before, at most
 * {@value #RARE_MAX_NATS}. A parent of which less than {@value #COMMON} starts are known says nothing. (Forrest,
 * Hofmeyr, Somayaji and Longstaff, "A sense of self for Unix processes", IEEE S&amp;P 1996, tell an intruder by what a
 * program does not do in ordinary life, too: by short sequences of system calls, which no sensor here tells.)</li>
 * <li><b>spreading binary</b>: a binary that was new to the site less than {@value #NEW_NS} ns ago starts on one more
 * host: ln 3 = 1.1 nats for each host beyond the second. Not where packages are installed ({@code /usr}, {@code /bin},
 * {@code /sbin}, {@code /lib}), and not where a launcher started it, or what a launcher started: schedulers and
 * container runtimes bring a new binary to a thousand hosts at once, that is their work.</li>
 * </ul>
 * Counts are kept in count-min sketches, so a pair may seem more common than it is and never rarer.
 */
final class LineageTest
{
    static final double TOOL_NATS = 8.0;
    static final double SHELL_FACTOR = 10.0;
    static final double SPREADING_FACTOR = 3.0;
    static final double RARE_MAX_NATS = 4.0;
    static final int COMMON = 50;
    static final int FREE_HOSTS = 2;
    static final long NEW_NS = 600_000_000_000L;
    static final long HALF_LIFE_NS = 3_600_000_000_000L;
    private static final int LAUNCHED_MAX = 4_096;
    private static final byte[][] PACKAGED = {bytes("/usr/"), bytes("/bin/"), bytes("/sbin/"), bytes("/lib")};
    private static final int DEPTH = 4;
    private static final int WIDTH = 8_192;

    private final double spreadingNats;
    private final double rareMaxNats;
    private final int common;
    private final int freeHosts;
    private final Evidence evidence;
    private final BreakInTest breakInTest;
    private final CountMinSketch parents;
    private final CountMinSketch pairs;
    private final NewBinaries newBinaries;
    private final ContactMemory launched;
    private final KeyedHash subjectHash;
    private final Contact contact = new Contact();
    private final byte[] path = new byte[ProcessEvent.PATH_MAX];
    private final byte[] parentPath = new byte[ProcessEvent.PATH_MAX];

    LineageTest(final Workshop workshop)
    {
        final DetectorParameters parameters = workshop.parameters();
        final long newNs = parameters.ns(DetectorParameter.LINEAGE_NEW);
        this.spreadingNats = parameters.logOf(DetectorParameter.LINEAGE_SPREADING);
        this.rareMaxNats = parameters.value(DetectorParameter.LINEAGE_RARE_MAX);
        this.common = parameters.count(DetectorParameter.LINEAGE_COMMON);
        this.freeHosts = parameters.count(DetectorParameter.LINEAGE_FREE_HOSTS);
        this.evidence = new Evidence(
            Scenario.LINEAGE, workshop.config().floodsMax(), workshop,
            parameters.ns(DetectorParameter.LINEAGE_HALF_LIFE));
        this.breakInTest = new BreakInTest(workshop);
        this.parents = sketch(workshop);
        this.pairs = sketch(workshop);
        this.newBinaries = new NewBinaries(workshop, newNs);
        this.launched = workshop.contactMemory(LAUNCHED_MAX, newNs);
        this.subjectHash = workshop.key().derive(23);
    }

    private static CountMinSketch sketch(final Workshop workshop)
    {
        final KeyedHash key = workshop.key().derive(24);
        return new CountMinSketch(
            workshop.memory().allocate(CountMinSketch.memoryLength(DEPTH, WIDTH)), DEPTH, WIDTH, key.keyHigh(),
            key.keyLow());
    }

    /** A process became another program. */
    void onProcess(final ProcessEvent event)
    {
        launched.forget(event.timeNs());
        final int length = Math.min(path.length, Math.max(0, event.path(path)));
        if (length == 0 || evidence.spares(event.hostHigh(), event.hostLow(), event.timeNs()))
        {
            return;
        }
        final int parentLength = Math.min(parentPath.length, Math.max(0, event.parentPath(parentPath)));
        final long binary = binaryKey(path, 0, length);
        contact.destinationHigh = binary;
        contact.destinationLow = 0;
        contact.port = 0;
        contact.openedNs = event.timeNs();

        breakInTest.onProcess(event, path, length, binary);
        if (parentLength > 0)
        {
            onChild(event, binaryKey(parentPath, 0, parentLength), binary);
        }
        if (!beginsWithAny(path, length, PACKAGED))
        {
            onUnpackaged(event, binary, parentLength);
        }
    }

    private void onUnpackaged(final ProcessEvent event, final long binary, final int parentLength)
    {
        if (ProgramNames.isLauncher(parentPath, parentLength) ||
            launched.knows(binaryKey(parentPath, 0, parentLength)))
        {
            if (!launched.knows(binary))
            {
                launched.remember(binary, event.timeNs());
            }
            return;
        }
        final int hosts = newBinaries.hosts(binary, event.hostHigh(), event.hostLow(), event.timeNs());
        if (hosts > freeHosts && !launched.knows(binary))
        {
            hold(event, Cause.SPREADING_BINARY, spreadingNats * (hosts - freeHosts));
        }
    }

    static boolean beginsWithAny(final byte[] path, final int length, final byte[][] places)
    {
        for (final byte[] place : places)
        {
            if (length > place.length && Arrays.equals(path, 0, place.length, place, 0, place.length))
            {
                return true;
            }
        }
        return false;
    }

    private void onChild(final ProcessEvent event, final long parent, final long binary)
    {
        final int starts = parents.add(parent, 0, 1);
        final int seen = pairs.add(parent, binary, 1);
        if (starts > common)
        {
            final double nats = StrictMath.log((double)(starts + 1) / ((double)seen * common));
            if (nats > 0.0)
            {
                hold(event, Cause.RARE_CHILD, Math.min(rareMaxNats, nats));
            }
        }
    }

    private void hold(final ProcessEvent event, final Cause cause, final double nats)
    {
        final long hash = subjectHash.hash(event.hostHigh(), event.hostLow(), contact.destinationHigh, 0, 0);
        final int slot = evidence.episode(hash, event.hostHigh(), event.hostLow(), nats, event.timeNs());
        if (slot != Evidence.NONE)
        {
            contact.cause = cause;
            evidence.add(slot, contact, nats, 0, 1, event.timeNs());
            if (evidence.isDue(slot, event.timeNs()))
            {
                evidence.tell(slot, 1, 1, event.timeNs());
            }
        }
    }

    /**
     * Key of a binary by its path, the same everywhere: FNV-1a with 64 bits (draft-eastlake-fnv-17), finished by
     * {@link KeyedHash#second}. Not secret, since it travels between nodes.
     */
    static long binaryKey(final byte[] bytes, final int from, final int to)
    {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++)
        {
            hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        return KeyedHash.second(hash);
    }

    static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
