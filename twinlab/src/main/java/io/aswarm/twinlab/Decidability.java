package io.aswarm.twinlab;

import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;

import java.util.List;
import java.util.Locale;

/**
 * Whether a recording holds enough of its attack that the models could call it at their error rates, if they knew which
 * packets are the attack's. The rule looks at the ground truth and at the models' own numbers, never at what was
 * detected. B is the bar of a node alone, 20.7 nats; the numbers are those of the models' standard parameters:
 * <pre>
 *  kind         observations of one attacker                       asked for                     model (in sketch)
 *  scan, flow   targets (host, port, protocol) not served: TCP     ln(0.8/0.08) each,            SequentialScanTest
 *               or of others refused                               ln(0.8/0.2)
 *               or silent; neighbours silent                       ln(0.9/0.4); ln(0.9/0.3), to B
 *               or, where nobody answers in the recording,         30 = B / ln 2                 SequentialScanTest
 *               targets on the host or network of the one before
 *  flood        in time: openings over TCP not completed within    CUSUM of the attack's         SpreadFloodTest
 *               a second (50/s against 2,000/s), bare ones of      packets alone reaches B
 *               these (5, 1,000), datagrams (500, 5,000), those
 *               of them from a service that reflects (1, 20),
 *               segments that nothing opened, of 17 one (1, 20)
 *               or openings over TCP of one source to one          the same                      FloodTest
 *               service, without an answer (50, 500), refused
 *               (1,000, 20,000), bare ones of both (1, 1,000)
 *  bruteforce   conversations with one service, of 30 s at most    CUSUM of the attack's         BruteForceTest
 *               (0.02/s against 0.2/s, five free, 20 at file       conversations reaches B
 *               servers); or as scan
 *  lateral      hosts reached, three free; or as scan or guessing  33 = 3 + B / ln 2             LateralTest
 *  beacon       intervals of openings, or of a KiB, to one         two free, each other that is  BeaconTest
 *               service; regular is within a fifth of the median,  regular ln(0.9/0.57), each
 *               one to four times as long is a call left out; 0.7  short one or pause
 *               of the evidence, as the host is not known          -ln(0.43/0.1), to B
 *               or intervals of openings of five seconds or more;  within ln(0.97/0.62),         JitterModel
 *               within is 45 to 160 % of the median                beyond -ln(0.38/0.03), to B
 *               or hosts that begin to call one place in ten       22 = 3 + B / ln 3             CallHomeTest
 *               minutes, by conversations of ten seconds at most
 *               or questions, as below: who calls by names
 *  exfil        bytes in time by names (but for short questions),  CUSUM of the attack's bytes   ExfiltrationTest
 *               by ICMP, or outside; 0.7 of the evidence, as the   alone reaches B
 *               host is not known
 *               or questions of one socket to one name server,     the first free, three ln 8,   NameTunnelTest
 *               each KiB                                           and by their lengths to B
 *               or lengths of echoes to one host, one each KiB     15 = 6 + B / ln 10            EchoTunnelTest
 *  process      different pairs of parent and program              3 = B / ln 3000               BreakInTest
 * </pre>
 * An attack that its model does not describe (guessing at a service that is not judged, a rhythm to a place that many
 * call) is decidable all the same when there is enough of it, and then counts as missed. A flood of conversations that
 * are completed, fast (ab) or held open (slowloris, slow read), is not: a benchmark, a proxy and a slow client differ
 * from it in intent, not in packets. Calls with fewer than 3.2 regular intervals for each short one or pause, and fewer
 * than 5.7 within bounds for each beyond, have no rhythm by these numbers, however many they are.
 */
final class Decidability
{
    /** What the rule knows, and benign. */
    static final List<String> KINDS = List.of(
        GroundTruth.BENIGN, "scan", "flood", "bruteforce", "lateral", "beacon", "exfil", "flow", "process");

    private static final DetectorParameters MODELS = DetectorParameters.STANDARD;
    private static final double EDGE_NATS = logOf(DetectorParameter.LATERAL_EDGE);
    private static final int EDGES_FREE = (int)MODELS.value(DetectorParameter.LATERAL_FREE);
    private static final double CALLER_NATS = logOf(DetectorParameter.CALL_HOME_CALLER);
    private static final int CALLERS_FREE = (int)MODELS.value(DetectorParameter.CALL_HOME_FREE);
    private static final double ECHO_LENGTH_NATS = StrictMath.log(10);
    private static final int ECHO_LENGTHS_FREE = 6;
    private static final double PROGRAM_NATS = StrictMath.log(3_000);

    /**
     * The rule's answer.
     *
     * @param isDecidable whether it holds enough.
     * @param why         in numbers.
     */
    record Verdict(boolean isDecidable, String why)
    {
        static Verdict no(final String why)
        {
            return new Verdict(false, why);
        }
    }

    private final double barNats;

    /**
     * The rule for a bar.
     *
     * @param barNats B.
     */
    Decidability(final double barNats)
    {
        this.barNats = barNats;
    }

    private static double logOf(final DetectorParameter parameter)
    {
        return StrictMath.log(MODELS.value(parameter));
    }

    /**
     * Apply the rule.
     *
     * @param kind   of the attack.
     * @param counts of what the recording holds of it.
     * @return whether it is enough; false for a kind that the rule does not know.
     */
    Verdict of(final String kind, final AttackCounts counts)
    {
        switch (kind)
        {
            case "scan":
            case "flow":
                return scan(counts.scans());

            case "flood":
                return score("flood", counts.floods().nats());

            case "bruteforce":
                return either(score("guessing", counts.guessNats()), scan(counts.scans()));

            case "lateral":
                return either(
                    count("hosts reached", counts.edges(), EDGES_FREE + needed(EDGE_NATS)),
                    either(scan(counts.scans()), score("guessing", counts.guessNats())));

            case "beacon":
                return either(
                    score("rhythm", counts.rhythmNats()),
                    either(
                        score("questions", counts.carried().questionNats()),
                        count("hosts that call", counts.callers(), CALLERS_FREE + needed(CALLER_NATS))));

            case "exfil":
                return carried(counts.carried());

            case "process":
                return count("pairs of programs", counts.programs(), needed(PROGRAM_NATS));

            default:
                return Verdict.no("no rule for kind " + kind);
        }
    }

    private Verdict scan(final ScanCounts counts)
    {
        return score(
            counts.isAnswered() ? "targets not served" : "targets side by side without any answer", counts.nats());
    }

    private Verdict carried(final CarriedCounts counts)
    {
        return either(
            score("volume", counts.volumeNats()),
            either(
                score("questions", counts.questionNats()),
                count("lengths", counts.echoLengths(), ECHO_LENGTHS_FREE + needed(ECHO_LENGTH_NATS))));
    }

    private int needed(final double nats)
    {
        return (int)Math.ceil(barNats / nats);
    }

    private static Verdict count(final String what, final int held, final int needed)
    {
        return new Verdict(held >= needed, held + " " + what + " of " + needed);
    }

    private Verdict score(final String what, final double nats)
    {
        return new Verdict(nats >= barNats, String.format(
            Locale.ROOT, "%.1f nats of %s of %.1f", Math.max(0, nats), what, barNats));
    }

    private static Verdict either(final Verdict first, final Verdict second)
    {
        return first.isDecidable() || !second.isDecidable() ? first : second;
    }
}
