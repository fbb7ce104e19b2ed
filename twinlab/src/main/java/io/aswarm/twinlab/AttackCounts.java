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
    private static final long NS_PER_MS = 1_000_000L;
    private static final double CALL_HOME_SHORT_NS = MODELS.value(DetectorParameter.CALL_HOME_SHORT);
    private static final int NAMES_PORT = 53;
    /** Of a frame of IPv4: as long as the names that people use make it, and what IPv6 adds. */
    private static final int ORDINARY_QUESTION_BYTES = 102;
    private static final int IPV6_BYTES = 20;
    /** An echo of so much may be a part of the largest, which is the lump allowed. */
    private static final int LARGE_ECHO_BYTES = 1_280;
    private static final double LARGE_ECHO_SHARE =
        MODELS.value(DetectorParameter.EXFILTRATION_ECHO_BURST) * KIBIBYTE / 65_535;

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
            final double nats = lengthBytes < ORDINARY_QUESTION_BYTES ? StrictMath.log(0.55 / 0.88) :
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

    /** Openings, or volume within what is open. */
    private record Line(Pair pair, int protocol, int kind)
    {
    }

    /** Echoes from one host to another, as EchoTunnelTest sees them: a record for each KiB, whose length it tells. */
    private static final class Echoes
    {
        private final Set<Integer> lengths = new HashSet<>();
        private long bytes;

        void add(final int lengthBytes)
        {
            lengths.add(lengthBytes);
            bytes += lengthBytes;
        }

        int lengthsTold()
        {
            return (int)Math.min(lengths.size(), bytes / KIBIBYTE);
        }
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

    private final Map<IpAddress, Set<Target>> contacts = new HashMap<>();
    private final Map<IpAddress, Set<Target>> served = new HashMap<>();
    private final Map<IpAddress, Set<IpAddress>> edges = new HashMap<>();
    private final Map<Line, CallTimes> calls = new HashMap<>();
    private final Map<Pair, Echoes> echoLengths = new HashMap<>();
    private final Map<IpAddress, NewCallers> callers = new HashMap<>();
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
            echoes.add(
                (LARGE_ECHO_BYTES <= packet.lengthBytes() ? LARGE_ECHO_SHARE : 1) * bytes / KIBIBYTE, packet.timeNs());
            echoLengths.computeIfAbsent(pair(packet), (pair) -> new Echoes()).add(packet.lengthBytes());
        }
        else
        {
            datagrams.add(1, packet.timeNs());
            reflections.add(1, packet.timeNs());
            if (NAMES_PORT == packet.destinationPort())
            {
                addQuestion(packet);
            }
            else
            {
                outside.add(bytes / OUTSIDE_UNIT, packet.timeNs());
            }
        }
    }

    private void addQuestion(final CapturedPacket packet)
    {
        final int questionBytes = packet.lengthBytes() - (packet.source().isV4() ? 0 : IPV6_BYTES);
        if (questionBytes >= ORDINARY_QUESTION_BYTES)
        {
            names.add((double)packet.lengthBytes() / KIBIBYTE, packet.timeNs());
        }
        questions.computeIfAbsent(
            new Socket(packet.source(), packet.sourcePort(), packet.destination()), (key) -> new Questions())
            .add(questionBytes);
    }

    private static Pair pair(final CapturedPacket packet)
    {
        return new Pair(packet.source(), packet.destination(), packet.destinationPort());
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
        if (isCall(conversation))
        {
            final Pair pair = new Pair(source, host, conversation.responderPort());
            calls.computeIfAbsent(
                new Line(pair, conversation.protocol(), kind),
                (line) -> new CallTimes(ConversationKind.OPENED == line.kind())).add(conversation.timeNs());
        }
        else if (ConversationKind.ACCEPTED == kind)
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
        else if (ConversationKind.ENDED == kind && conversation.quantity() * NS_PER_MS <= CALL_HOME_SHORT_NS)
        {
            callers.computeIfAbsent(host, (key) -> new NewCallers(conversation.timeNs()))
                .add(source, conversation.timeNs());
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

    /** Most lengths of echoes from one host to another that come up. */
    int echoLengths()
    {
        return echoLengths.values().stream().mapToInt(Echoes::lengthsTold).max().orElse(0);
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
