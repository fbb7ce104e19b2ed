package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;
import io.aswarm.sketch.QuestionLength;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Packets of an attack as data carried out: volume as ExfiltrationTest would see it, questions as NameTunnelTest, and
 * echoes as EchoTunnelTest.
 */
final class CarriedCounts
{
    private static final DetectorParameters MODELS = DetectorParameters.STANDARD;
    private static final int KIBIBYTE = 1_024;
    private static final int OUTSIDE_UNIT = 65_536;
    private static final int NAMES_PORT = 53;
    private static final int IPV6_BYTES = 20;
    /** An echo of so much may be a part of the largest, which is the lump allowed. */
    private static final int LARGE_ECHO_BYTES = 1_280;
    private static final double LARGE_ECHO_SHARE =
        MODELS.value(DetectorParameter.EXFILTRATION_ECHO_BURST) * KIBIBYTE / 65_535;

    private record Socket(IpAddress source, int port, IpAddress host)
    {
    }

    private record Pair(IpAddress source, IpAddress host)
    {
    }

    /**
     * The questions of one socket to one name server, as NameTunnelTest sees them, a record for each KiB: its highest
     * score. The first record makes the socket known.
     */
    private static final class Questions
    {
        private static final double AGAIN_NATS =
            StrictMath.log(MODELS.value(DetectorParameter.EXFILTRATION_TUNNEL));
        private static final double AGAIN_RECORDS = 3;
        private double records;
        private double score;
        private double highest;

        void add(final int lengthBytes)
        {
            final double before = recordsAgain();
            records += (double)lengthBytes / KIBIBYTE;
            final double after = recordsAgain();
            final double kept = Math.min(after, AGAIN_RECORDS) - Math.min(before, AGAIN_RECORDS);
            score = Math.max(0, score + kept * AGAIN_NATS + (after - before) * QuestionLength.nats(lengthBytes));
            highest = Math.max(highest, score);
        }

        private double recordsAgain()
        {
            return Math.max(0, records - 1);
        }

        double highest()
        {
            return highest;
        }
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

    private final AttackRate names = volume(
        DetectorParameter.EXFILTRATION_NAMES, DetectorParameter.EXFILTRATION_NAMES_BURST, KIBIBYTE);
    private final AttackRate echoes = volume(
        DetectorParameter.EXFILTRATION_ECHO, DetectorParameter.EXFILTRATION_ECHO_BURST, KIBIBYTE);
    private final AttackRate outside = volume(
        DetectorParameter.EXFILTRATION_OUTSIDE, DetectorParameter.EXFILTRATION_OUTSIDE_BURST, OUTSIDE_UNIT);
    private final Map<Socket, Questions> questions = new HashMap<>();
    private final Map<Pair, Echoes> echoLengths = new HashMap<>();

    /** Bytes in units of a size; a lump is given in KiB. */
    private static AttackRate volume(final DetectorParameter benign, final DetectorParameter lump, final int unit)
    {
        final double perSecond = MODELS.value(benign) / unit;
        return new AttackRate(
            perSecond, perSecond * MODELS.value(DetectorParameter.EXFILTRATION_FACTOR),
            (int)(MODELS.value(lump) * KIBIBYTE / unit), MODELS.value(DetectorParameter.EXFILTRATION_IMMATURE));
    }

    /** A packet of the attack. */
    void onPacket(final CapturedPacket packet)
    {
        final double bytes = packet.lengthBytes();
        if (CaptureDecoder.isEcho(packet.protocol()))
        {
            echoes.add(
                (LARGE_ECHO_BYTES <= packet.lengthBytes() ? LARGE_ECHO_SHARE : 1) * bytes / KIBIBYTE, packet.timeNs());
            echoLengths.computeIfAbsent(new Pair(packet.source(), packet.destination()), (pair) -> new Echoes())
                .add(packet.lengthBytes());
        }
        else if (CaptureDecoder.TCP != packet.protocol() && NAMES_PORT == packet.destinationPort())
        {
            onQuestion(packet);
        }
        else
        {
            outside.add(bytes / OUTSIDE_UNIT, packet.timeNs());
        }
    }

    private void onQuestion(final CapturedPacket packet)
    {
        final int frameBytes = packet.lengthBytes() - (packet.source().isV4() ? 0 : IPV6_BYTES);
        if (!QuestionLength.isOrdinary(frameBytes))
        {
            names.add((double)packet.lengthBytes() / KIBIBYTE, packet.timeNs());
        }
        questions.computeIfAbsent(
            new Socket(packet.source(), packet.sourcePort(), packet.destination()), (socket) -> new Questions())
            .add(frameBytes);
    }

    /** Highest score of volume, by what way ever. */
    double volumeNats()
    {
        return Math.max(names.highest(), Math.max(echoes.highest(), outside.highest()));
    }

    /** Highest score of the questions of one socket to one name server. */
    double questionNats()
    {
        return questions.values().stream().mapToDouble(Questions::highest).max().orElse(0);
    }

    /** Most lengths of echoes from one host to another that come up. */
    int echoLengths()
    {
        return echoLengths.values().stream().mapToInt(Echoes::lengthsTold).max().orElse(0);
    }
}
