package io.aswarm.sketch;

/**
 * Evidence that somebody came in through a service: the stages of a break-in, as far as they are program starts under
 * a program that serves others. The subject is an address of the host; what is held against it adds up for each
 * service.
 * <pre>
 *  stage      a program starts under the service that is                     service   runs applications
 *  shell      a shell                                     (ATT&amp;CK T1059.004)   s         10 : 1
 *  handler    a shell, started by what the service started (T1190, T1505.003)  s         -
 *  command    started, or become, by a shell                       (T1059)     s         10 : 1
 *  tool       one that opens connections by itself                 (T1105)     s         s
 *  connected  a shell that takes its input from the network        (T1059)     s         s
 *  dropped    from a place that everybody can write        (T1105, T1036.005)  s         s
 * </pre>
 * <b>Model.</b> Each stage is held to be 3,000 times as likely after a break-in as in the ordinary life of a service
 * ({@code s}), 8 nats, so that three of them are at one node's bar and two are not: a script behind a gateway interface
 * may be a shell, and may start a program. Servers that run applications for others start shells as a matter of course;
 * there the first stages are held to be ten times as likely only. Which is which stands in {@link ProgramNames}; who
 * serves without a name is told by the sensor, and is held to run applications.
 * <p>
 * Each stage counts once for a host and service within a day: what a service does again and again is its ordinary life
 * (Forrest, Hofmeyr, Somayaji and Longstaff, "A sense of self for Unix processes", IEEE S&amp;P 1996). The service is
 * the nearest one among {@value ProcessEvent#GENERATIONS_MAX} generations; what a login or a launcher started is not
 * under a service.
 */
final class BreakInTest
{
    static final int SHELL = 1;
    static final int HANDLER = 2;
    static final int COMMAND = 3;
    static final int TOOL = 4;
    static final int CONNECTED = 5;
    static final int DROPPED = 6;
    private static final long MEMORY_NS = 86_400_000_000_000L;
    private static final int KNOWN_MAX = 8_192;
    private static final byte[][] WRITABLE =
        {LineageTest.bytes("/tmp/"), LineageTest.bytes("/var/tmp/"), LineageTest.bytes("/dev/shm/")};

    private final Evidence evidence;
    private final double stageNats;
    private final double ordinaryNats;
    private final ContactMemory known;
    private final KeyedHash hash;
    private final Contact contact = new Contact();
    private final byte[] path = new byte[ProcessEvent.PATH_MAX];
    private long service;
    private int generation;
    private boolean isApplication;
    private boolean isUnderShell;
    private boolean isBehindHandler;

    BreakInTest(final Workshop workshop)
    {
        final DetectorParameters parameters = workshop.parameters();
        this.stageNats = parameters.value(DetectorParameter.LINEAGE_TOOL);
        this.ordinaryNats = parameters.logOf(DetectorParameter.LINEAGE_SHELL);
        this.evidence = new Evidence(
            Scenario.LINEAGE, workshop.config().floodsMax(), workshop,
            parameters.ns(DetectorParameter.LINEAGE_HALF_LIFE));
        this.known = workshop.contactMemory(KNOWN_MAX, MEMORY_NS);
        this.hash = workshop.key().derive(31);
    }

    /**
     * A program started.
     *
     * @param event   that tells it.
     * @param program its path.
     * @param length  of the path.
     * @param binary  its key.
     */
    void onProcess(final ProcessEvent event, final byte[] program, final int length, final long binary)
    {
        known.forget(event.timeNs());
        if (!findService(event))
        {
            return;
        }
        contact.destinationHigh = binary;
        contact.openedNs = event.timeNs();
        final double early = isApplication ? ordinaryNats : stageNats;
        if (ProgramNames.isShell(program, length))
        {
            reach(event, SHELL, Cause.SHELL_UNDER_SERVICE, early);
            if (isBehindHandler && !isApplication)
            {
                reach(event, HANDLER, Cause.SHELL_BEHIND_HANDLER, stageNats);
            }
            if ((event.flags() & ProcessEvent.FLAG_INPUT_CONNECTED) != 0)
            {
                reach(event, CONNECTED, Cause.CONNECTED_SHELL, stageNats);
            }
        }
        else if (isUnderShell)
        {
            reach(event, COMMAND, Cause.COMMAND_UNDER_SERVICE, early);
        }
        if (ProgramNames.isTool(program, length))
        {
            reach(event, TOOL, Cause.TOOL_UNDER_SERVICE, stageNats);
        }
        if (LineageTest.beginsWithAny(program, length, WRITABLE))
        {
            reach(event, DROPPED, Cause.DROPPED_PROGRAM, stageNats);
        }
    }

    /** The nearest generation that serves, and what lies between. */
    private boolean findService(final ProcessEvent event)
    {
        isUnderShell = ProgramNames.isShell(path, event.ancestorPath(0, path));
        isBehindHandler = false;
        for (generation = 1; generation <= ProcessEvent.GENERATIONS_MAX; generation++)
        {
            final int length = event.ancestorPath(generation, path);
            if (length == 0 || ProgramNames.isLogin(path, length) || ProgramNames.isLauncher(path, length))
            {
                return false;
            }
            final boolean isNamed = ProgramNames.isService(path, length);
            if (isNamed || event.ancestorServes(generation))
            {
                service = LineageTest.binaryKey(path, 0, length);
                isApplication = !isNamed;
                return true;
            }
            if (generation == 1)
            {
                isUnderShell |= ProgramNames.isShell(path, length);
                isBehindHandler = !ProgramNames.isShell(path, length);
            }
        }
        return false;
    }

    private void reach(final ProcessEvent event, final int stage, final Cause cause, final double nats)
    {
        if (known.seen(hash.hash(event.hostHigh(), event.hostLow(), service, 0, stage)))
        {
            return;
        }
        known.remember(hash.hash(event.hostHigh(), event.hostLow(), service, 0, stage), event.timeNs());
        final int slot = evidence.episode(
            hash.hash(event.hostHigh(), event.hostLow(), service, 0, 0), event.hostHigh(), event.hostLow(), nats,
            event.timeNs());
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
}
