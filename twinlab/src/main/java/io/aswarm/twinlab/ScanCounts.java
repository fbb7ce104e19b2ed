package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;
import io.aswarm.sketch.LocalPolicyConfig;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * An attack as a scan, as SequentialScanTest would see it: each target of a source that did not serve it, by what that
 * says of its protocol. Where nobody answers in the whole recording, silence says nothing, and only targets next to the
 * one before count: another port of its host, or another host of its network.
 */
final class ScanCounts
{
    private static final DetectorParameters MODELS = DetectorParameters.STANDARD;
    private static final double SCANNER_ANSWERED = MODELS.value(DetectorParameter.SCAN_SCANNER_ANSWERED);
    private static final double TCP_NATS = tcpNats(EvaluationRun.policyConfig());
    private static final double REFUSED_NATS = nats(
        MODELS.value(DetectorParameter.SCAN_OTHERS_BENIGN), MODELS.value(DetectorParameter.SCAN_OTHERS_SCANNER));
    private static final double SILENT_NATS =
        nats(MODELS.value(DetectorParameter.SCAN_DATAGRAM_BENIGN), SCANNER_ANSWERED);
    private static final double SILENT_NEIGHBOUR_NATS =
        nats(MODELS.value(DetectorParameter.SCAN_NEIGHBOUR_BENIGN), SCANNER_ANSWERED);
    private static final double UNANSWERED_NATS =
        StrictMath.log(MODELS.value(DetectorParameter.SCAN_UNANSWERED));
    private static final int V4_NETWORK_SHIFT = 8;

    private record Target(IpAddress host, int protocol, int port)
    {
    }

    private static final class Source
    {
        private final Set<Target> asked = new HashSet<>();
        private final Set<Target> served = new HashSet<>();
        private final Set<Target> refused = new HashSet<>();
        private Target last;
        private int concentrated;

        void ask(final Target target)
        {
            if (asked.add(target))
            {
                concentrated += null != last && isSameNetwork(last.host, target.host) ? 1 : 0;
                last = target;
            }
        }

        double failedNats()
        {
            double nats = 0;
            for (final Target target : asked)
            {
                nats += served.contains(target) ? 0 : failureNats(target);
            }
            return nats;
        }

        private double failureNats(final Target target)
        {
            if (CaptureDecoder.TCP == target.protocol)
            {
                return TCP_NATS;
            }
            if (refused.contains(target))
            {
                return REFUSED_NATS;
            }
            return Conversation.NEIGHBOUR_DISCOVERY == target.protocol ? SILENT_NEIGHBOUR_NATS : SILENT_NATS;
        }
    }

    private final Map<IpAddress, Source> sources = new HashMap<>();
    private boolean isAnswered;

    private static double tcpNats(final LocalPolicyConfig config)
    {
        return nats(config.benignSuccess(), config.scannerSuccess());
    }

    private static double nats(final double benignSuccess, final double scannerSuccess)
    {
        return StrictMath.log((1 - scannerSuccess) / (1 - benignSuccess));
    }

    /** A host and those beside it: the same /24 of IPv4 or /64 of IPv6. */
    private static boolean isSameNetwork(final IpAddress one, final IpAddress other)
    {
        return one.high() == other.high() &&
            (!one.isV4() || one.low() >>> V4_NETWORK_SHIFT == other.low() >>> V4_NETWORK_SHIFT);
    }

    /** A packet of the attack. */
    void onPacket(final CapturedPacket packet)
    {
        source(packet.source()).ask(new Target(packet.destination(), packet.protocol(), packet.destinationPort()));
    }

    /** What anybody's conversation came to; it is the attack's or not. */
    void onConversation(final Conversation conversation, final boolean isAttack)
    {
        final int kind = conversation.kind();
        final boolean isServed = ConversationKind.ACCEPTED == kind;
        isAnswered |= isServed || ConversationKind.REFUSED == kind;
        if (isAttack && (isServed || ConversationKind.REFUSED == kind || ConversationKind.UNREACHABLE == kind))
        {
            final Source source = source(ReferenceDetector.initiator(conversation));
            (isServed ? source.served : source.refused).add(new Target(
                ReferenceDetector.responder(conversation), conversation.protocol(), conversation.responderPort()));
        }
    }

    private Source source(final IpAddress address)
    {
        return sources.computeIfAbsent(address, (key) -> new Source());
    }

    /** Whether any answer is in the recording at all, so that silence would say something. */
    boolean isAnswered()
    {
        return isAnswered;
    }

    /** Most evidence against one source. */
    double nats()
    {
        return sources.values().stream()
            .mapToDouble((source) -> isAnswered ? source.failedNats() : UNANSWERED_NATS * source.concentrated)
            .max().orElse(0);
    }
}
