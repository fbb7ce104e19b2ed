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
    private static final int KIBIBYTE = 1_024;
    private static final int OUTSIDE_UNIT = 65_536;
    private static final long BURST_NS = 500_000_000L;
    private static final int NAMES_PORT = 53;

    /** A process of events in time, as the flood and volume models see it (Page's CUSUM): its highest score. */
    static final class Rate
    {
        private final double eventNats;
        private final double driftNatsPerNs;
        private final double floorNats;
        private double score;
        private double highest;
        private long lastNs = Long.MIN_VALUE;

        /**
         * A process.
         *
         * @param benignPerSecond events where nothing is wrong.
         * @param attackPerSecond events in an attack.
         * @param lump            events that may come at once.
         * @param weight          share of evidence that counts.
         */
        Rate(final double benignPerSecond, final double attackPerSecond, final int lump, final double weight)
        {
            eventNats = weight * StrictMath.log(attackPerSecond / benignPerSecond);
            driftNatsPerNs = weight * (attackPerSecond - benignPerSecond) / 1e9;
            floorNats = -lump * eventNats;
            score = floorNats;
            highest = floorNats;
        }

        void add(final double events, final long nowNs)
        {
            final double passed = Long.MIN_VALUE == lastNs ? 0 : driftNatsPerNs * Math.max(0, nowNs - lastNs);
            lastNs = nowNs;
            score = Math.max(floorNats, score - passed) + events * eventNats;
            highest = Math.max(highest, score);
        }

        double highest()
        {
            return highest;
        }
    }

    /** The questions of one socket to one name server, as NameTunnelTest sees them: its highest score. */
    private static final class Questions
    {
        private static final double KEPT_NATS = 3 * StrictMath.log(8);
        private double score = KEPT_NATS;
        private double highest;
        void add(final int lengthBytes)
        {
            final double nats = lengthBytes < 102 ? StrictMath.log(0.55 / 0.88) :
                lengthBytes < 118 ? StrictMath.log(0.15 / 0.099) :
                lengthBytes < 214 ? StrictMath.log(0.18 / 0.0205) : StrictMath.log(0.12 / 0.0005);
            score = Math.max(0, score + nats * lengthBytes / 1_024);
            highest = Math.max(highest, score);
        }
    }

    private record Target(IpAddress host, int protocol, int port)
    {
    }

    private record Socket(IpAddress source, int port, IpAddress host)
    {
    }

    private record Pair(IpAddress source, IpAddress host, int port)
    {
    }

    private static final class Calls
    {
        private long lastNs = Long.MIN_VALUE;
        private int count;
    }

    private final Map<IpAddress, Set<Target>> contacts = new HashMap<>();
    private final Map<IpAddress, Set<Target>> served = new HashMap<>();
    private final Map<IpAddress, Set<IpAddress>> edges = new HashMap<>();
    private final Map<Pair, Calls> calls = new HashMap<>();
    private final Map<Pair, Rate> guesses = new HashMap<>();
    private final Rate handshakes = rate(
        DetectorParameter.SPREAD_HANDSHAKES_BENIGN, DetectorParameter.SPREAD_HANDSHAKES_ATTACK,
        DetectorParameter.SPREAD_HANDSHAKES_BURST);
    private final Rate datagrams = rate(
        DetectorParameter.SPREAD_DATAGRAMS_BENIGN, DetectorParameter.SPREAD_DATAGRAMS_ATTACK,
        DetectorParameter.SPREAD_DATAGRAMS_BURST);
    private final Rate reflections = rate(
        DetectorParameter.SPREAD_REFLECTIONS_BENIGN, DetectorParameter.SPREAD_REFLECTIONS_ATTACK,
        DetectorParameter.SPREAD_REFLECTIONS_BURST);
    private final Rate names = volume(
        DetectorParameter.EXFILTRATION_NAMES, DetectorParameter.EXFILTRATION_NAMES_BURST, KIBIBYTE);
    private final Rate echoes = volume(
        DetectorParameter.EXFILTRATION_ECHO, DetectorParameter.EXFILTRATION_ECHO_BURST, KIBIBYTE);
    private final Rate outside = volume(
        DetectorParameter.EXFILTRATION_OUTSIDE, DetectorParameter.EXFILTRATION_OUTSIDE_BURST, OUTSIDE_UNIT);
    private final Map<Socket, Questions> questions = new HashMap<>();
    private final Set<String> programs = new HashSet<>();
    private boolean isAnswered;

    private static Rate rate(
        final DetectorParameter benign, final DetectorParameter attack, final DetectorParameter lump)
    {
        return new Rate(MODELS.value(benign), MODELS.value(attack), (int)MODELS.value(lump), 1);
    }

    /** Bytes in units of a size; a lump is given in KiB. */
    private static Rate volume(final DetectorParameter benign, final DetectorParameter lump, final int unit)
    {
        final double perSecond = MODELS.value(benign) / unit;
        return new Rate(
            perSecond, perSecond * MODELS.value(DetectorParameter.EXFILTRATION_FACTOR),
            (int)(MODELS.value(lump) * KIBIBYTE / unit), MODELS.value(DetectorParameter.EXFILTRATION_IMMATURE));
    }

    /** A packet of the attack. */
    void onPacket(final CapturedPacket packet)
    {
        final Target target = new Target(packet.destination(), packet.protocol(), packet.destinationPort());
        contacts.computeIfAbsent(packet.source(), (source) -> new HashSet<>()).add(target);
        final Calls its = calls.computeIfAbsent(
            new Pair(packet.source(), packet.destination(), packet.destinationPort()), (pair) -> new Calls());
        its.count += Long.MIN_VALUE == its.lastNs || packet.timeNs() - its.lastNs > BURST_NS ? 1 : 0;
        its.lastNs = packet.timeNs();
        addRates(packet);
    }

    private void addRates(final CapturedPacket packet)
    {
        final double bytes = packet.lengthBytes();
        if (CaptureDecoder.TCP == packet.protocol())
        {
            (packet.isOpening() ? handshakes : reflections).add(1, packet.timeNs());
            outside.add(bytes / OUTSIDE_UNIT, packet.timeNs());
        }
        else if (CaptureDecoder.isEcho(packet.protocol()))
        {
            datagrams.add(1, packet.timeNs());
            echoes.add(bytes / KIBIBYTE, packet.timeNs());
        }
        else
        {
            datagrams.add(1, packet.timeNs());
            reflections.add(1, packet.timeNs());
            final boolean isName = NAMES_PORT == packet.destinationPort();
            (isName ? names : outside).add(bytes / (isName ? KIBIBYTE : OUTSIDE_UNIT), packet.timeNs());
            if (isName)
            {
                questions.computeIfAbsent(
                    new Socket(packet.source(), packet.sourcePort(), packet.destination()), (key) -> new Questions())
                    .add(packet.lengthBytes());
            }
        }
    }

    /** What anybody's conversation came to; it is the attack's or not. */
    void onConversation(final Conversation conversation, final boolean isAttack)
    {
        final int kind = conversation.kind();
        isAnswered |= ConversationKind.ACCEPTED == kind || ConversationKind.REFUSED == kind;
        if (!isAttack)
        {
            return;
        }
        final IpAddress source = ReferenceDetector.initiator(conversation);
        final IpAddress host = ReferenceDetector.responder(conversation);
        if (ConversationKind.ACCEPTED == kind)
        {
            served.computeIfAbsent(source, (key) -> new HashSet<>())
                .add(new Target(host, conversation.protocol(), conversation.responderPort()));
        }
        else if (ConversationKind.ESTABLISHED == kind)
        {
            edges.computeIfAbsent(source, (key) -> new HashSet<>()).add(host);
            guesses.computeIfAbsent(
                new Pair(source, host, conversation.responderPort()),
                (pair) -> rate(
                    DetectorParameter.BRUTE_BENIGN, DetectorParameter.BRUTE_GUESSING,
                    isOfFiles(pair.port()) ? DetectorParameter.BRUTE_FILES_FREE : DetectorParameter.BRUTE_FREE))
                .add(1, conversation.timeNs());
        }
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

    /** Most contacts of one source that were not served. */
    int contactsFailed()
    {
        int most = 0;
        for (final Map.Entry<IpAddress, Set<Target>> entry : contacts.entrySet())
        {
            final Set<Target> accepted = served.getOrDefault(entry.getKey(), Set.of());
            int failed = 0;
            for (final Target target : entry.getValue())
            {
                failed += accepted.contains(target) ? 0 : 1;
            }
            most = Math.max(most, failed);
        }
        return most;
    }

    /** Whether any answer is in the recording at all, so that silence would say something. */
    boolean isAnswered()
    {
        return isAnswered;
    }

    /** Highest score of a flood of what kind ever. */
    double floodNats()
    {
        return Math.max(handshakes.highest(), Math.max(datagrams.highest(), reflections.highest()));
    }

    /** Highest score of volume carried out, by what way ever. */
    double volumeNats()
    {
        return Math.max(names.highest(), Math.max(echoes.highest(), outside.highest()));
    }

    /** Highest score of the questions of one socket to one name server. */
    double questionNats()
    {
        return questions.values().stream().mapToDouble((its) -> its.highest).max().orElse(0);
    }

    /** Highest score of conversations with one service. */
    double guessNats()
    {
        return guesses.values().stream().mapToDouble(Rate::highest).max().orElse(0);
    }

    /** Most calls of one host to one service, those within half a second counted as one. */
    int calls()
    {
        return calls.values().stream().mapToInt((its) -> its.count).max().orElse(0);
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
