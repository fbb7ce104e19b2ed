package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;
import io.aswarm.sketch.ProcessEvent;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts what a recording holds of its attack, in the units of the models: only packets and conversations that the
 * ground truth calls the attack's, whatever any detector says. See {@link Decidability} for what is asked of it.
 */
final class AttackCounts
{
    private static final DetectorParameters MODELS = DetectorParameters.STANDARD;
    private static final long NS_PER_MS = 1_000_000L;
    private static final double CALL_HOME_SHORT_NS = MODELS.value(DetectorParameter.CALL_HOME_SHORT);
    private static final double GUESS_SHORT_NS = MODELS.value(DetectorParameter.BRUTE_SHORT);

    private record Pair(IpAddress source, IpAddress host, int port)
    {
    }

    /** Openings, or volume within what is open. */
    private record Line(Pair pair, int protocol, int kind)
    {
    }

    /** Hosts that first called a place, by conversations that were soon over, within CallHomeTest's window. */
    private static final class NewCallers
    {
        private final Set<IpAddress> hosts = new HashSet<>();
        private final long firstNs;

        NewCallers(final long firstNs)
        {
            this.firstNs = firstNs;
        }

        void add(final IpAddress host, final long nowNs)
        {
            if (nowNs - firstNs <= MODELS.value(DetectorParameter.CALL_HOME_WINDOW))
            {
                hosts.add(host);
            }
        }
    }

    private final Map<IpAddress, Set<IpAddress>> edges = new HashMap<>();
    private final Map<Line, CallTimes> calls = new HashMap<>();
    private final Map<IpAddress, NewCallers> callers = new HashMap<>();
    private final Map<Pair, AttackRate> guesses = new HashMap<>();
    private final ScanCounts scans = new ScanCounts();
    private final FloodCounts floods = new FloodCounts();
    private final CarriedCounts carried = new CarriedCounts();
    private final Set<String> programs = new HashSet<>();

    /** A packet of the attack. */
    void onPacket(final CapturedPacket packet)
    {
        scans.onPacket(packet);
        floods.onPacket(packet);
        carried.onPacket(packet);
    }

    /** What anybody's conversation came to; it is the attack's or not. */
    void onConversation(final Conversation conversation, final boolean isAttack)
    {
        final int kind = conversation.kind();
        scans.onConversation(conversation, isAttack);
        if (!isAttack)
        {
            return;
        }
        floods.onConversation(conversation);
        final IpAddress source = ReferenceDetector.initiator(conversation);
        final IpAddress host = ReferenceDetector.responder(conversation);
        if (isCall(conversation))
        {
            final Pair pair = new Pair(source, host, conversation.responderPort());
            calls.computeIfAbsent(
                new Line(pair, conversation.protocol(), kind),
                (line) -> new CallTimes(ConversationKind.OPENED == line.kind())).add(conversation.timeNs());
        }
        else if (ConversationKind.ESTABLISHED == kind)
        {
            edges.computeIfAbsent(source, (key) -> new HashSet<>()).add(host);
        }
        else if (ConversationKind.ENDED == kind)
        {
            onEnded(new Pair(source, host, conversation.responderPort()), conversation);
        }
    }

    private void onEnded(final Pair pair, final Conversation conversation)
    {
        final double durationNs = (double)conversation.quantity() * NS_PER_MS;
        if (durationNs <= CALL_HOME_SHORT_NS)
        {
            callers.computeIfAbsent(pair.host(), (key) -> new NewCallers(conversation.timeNs()))
                .add(pair.source(), conversation.timeNs());
        }
        if (durationNs <= GUESS_SHORT_NS)
        {
            guesses.computeIfAbsent(
                pair, (key) -> AttackRate.of(
                    DetectorParameter.BRUTE_BENIGN, DetectorParameter.BRUTE_GUESSING,
                    isOfFiles(key.port()) ? DetectorParameter.BRUTE_FILES_FREE : DetectorParameter.BRUTE_FREE))
                .add(1, conversation.timeNs());
        }
    }

    private static boolean isCall(final Conversation conversation)
    {
        final int flags = conversation.flags();
        return ConversationKind.OPENED == conversation.kind() ? (flags & Conversation.FLAG_REPEAT) == 0 :
            ConversationKind.VOLUME == conversation.kind() &&
            (flags & (Conversation.FLAG_FROM_RESPONDER | Conversation.FLAG_UNORIENTED)) == 0;
    }

    private static boolean isOfFiles(final int port)
    {
        return 139 == port || 445 == port;
    }

    /** A program that began in a trace of an attack. */
    void onProcess(final ProcessEvent event)
    {
        final byte[] path = new byte[2 * ProcessEvent.PATH_MAX];
        final byte[] parent = new byte[ProcessEvent.PATH_MAX];
        final int length = event.path(path);
        final int parentLength = event.parentPath(parent);
        if (length > 0 && parentLength > 0)
        {
            System.arraycopy(parent, 0, path, length, parentLength);
            programs.add(new String(path, 0, length + parentLength, StandardCharsets.ISO_8859_1));
        }
    }

    /** Its packets as scans. */
    ScanCounts scans()
    {
        return scans;
    }

    /** Its packets as floods. */
    FloodCounts floods()
    {
        return floods;
    }

    /** Its packets as data carried out. */
    CarriedCounts carried()
    {
        return carried;
    }

    /** Highest score of conversations with one service. */
    double guessNats()
    {
        return guesses.values().stream().mapToDouble(AttackRate::highest).max().orElse(0);
    }

    /** Highest score of the rhythm of calls of one host to one service. */
    double rhythmNats()
    {
        return calls.values().stream().mapToDouble(CallTimes::nats).max().orElse(0);
    }

    /** Most hosts that began to call one place at about the same time. */
    int callers()
    {
        return callers.values().stream().mapToInt((its) -> its.hosts.size()).max().orElse(0);
    }

    /** Most hosts that one host reached. */
    int edges()
    {
        return edges.values().stream().mapToInt(Set::size).max().orElse(0);
    }

    /** Different pairs of program and parent. */
    int programs()
    {
        return programs.size();
    }
}
