package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Each on both sides of its published threshold. */
class ReferenceDetectorTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress SOURCE = IpAddress.parse("198.18.0.10");
    private static final IpAddress VICTIM = IpAddress.parse("198.19.0.7");

    private final List<String> alerts = new ArrayList<>();
    private final TrackedConversation conversation = new TrackedConversation();
    private ServedPorts served;
    private long nowNs = SECOND_NS;

    @BeforeEach
    void nothingIsServedButPort443() throws DocumentException
    {
        served = ServedPorts.of(FlowRecording.of(FlowReader.read("test",
            "{\"ts\":1,\"id.orig_h\":\"198.18.0.99\",\"id.orig_p\":9,\"id.resp_h\":\"198.19.0.7\"," +
            "\"id.resp_p\":443,\"proto\":\"tcp\",\"conn_state\":\"SF\"}"), GroundTruth.benign()));
    }

    @Test
    void shouldOverflowCrowdSecsBucketWithTheSixteenthPort()
    {
        final ReferenceDetector crowdSec = watched(new CrowdSecReference(served));
        open(crowdSec, 443, 443);
        open(crowdSec, 1, 15);
        open(crowdSec, 1, 15);
        assertEquals(List.of(), alerts);
        open(crowdSec, 16, 16);
        assertEquals(List.of("198.18.0.10 source"), alerts);
    }

    @Test
    void shouldLeakOnePortInFiveSecondsFromCrowdSecsBucket()
    {
        final ReferenceDetector crowdSec = watched(new CrowdSecReference(served));
        open(crowdSec, 1, 15);
        nowNs += 5 * SECOND_NS;
        open(crowdSec, 16, 16);
        assertEquals(List.of(), alerts);
        open(crowdSec, 17, 17);
        assertEquals(1, alerts.size());
    }

    @Test
    void shouldLetPsadAlertAtItsNextCheckWhenFivePacketsWentToTwoPorts()
    {
        final ReferenceDetector psad = watched(new PsadReference(served));
        psad.onTick(nowNs);
        open(psad, 80, 80);
        open(psad, 80, 80);
        open(psad, 80, 80);
        open(psad, 80, 80);
        open(psad, 80, 80);
        nowNs += 5 * SECOND_NS;
        psad.onTick(nowNs);
        assertEquals(List.of(), alerts);

        open(psad, 81, 81);
        psad.onTick(nowNs + 5 * SECOND_NS - 1);
        assertEquals(List.of(), alerts);
        psad.onTick(nowNs + 5 * SECOND_NS);
        assertEquals(List.of("198.18.0.10 source"), alerts);
    }

    @Test
    void shouldLetZeekAlertWithTheFifteenthPortThatRefuses()
    {
        final ReferenceDetector zeek = watched(new ZeekReference());
        zeek.onTick(nowNs);
        refuse(zeek, VICTIM, 1, 14);
        assertEquals(List.of(), alerts);
        refuse(zeek, VICTIM, 15, 15);
        assertEquals(List.of("198.18.0.10 source"), alerts);
    }

    @Test
    void shouldLetZeekCountSilenceAfterFiveSecondsAndTwentyFiveHosts()
    {
        final ReferenceDetector zeek = watched(new ZeekReference());
        zeek.onTick(nowNs);
        for (int i = 1; i <= 25; i++)
        {
            tell(zeek, ConversationKind.OPENED, IpAddress.parse("198.19.0." + i), 445);
        }
        zeek.onTick(nowNs + 5 * SECOND_NS - 1);
        assertEquals(List.of(), alerts);
        zeek.onTick(nowNs + 5 * SECOND_NS);
        assertEquals(List.of("198.18.0.10 source"), alerts);
    }

    @Test
    void shouldForgetZeeksFailuresWithTheEpoch()
    {
        final ReferenceDetector zeek = watched(new ZeekReference());
        zeek.onTick(nowNs);
        refuse(zeek, VICTIM, 1, 14);
        nowNs += 300 * SECOND_NS;
        zeek.onTick(nowNs);
        refuse(zeek, VICTIM, 15, 15);
        assertEquals(List.of(), alerts);
    }

    @Test
    void shouldLetFastNetMonAlertOnlyWhenTheAverageIsTooHigh()
    {
        final ReferenceDetector fastNetMon = watched(new FastNetMonReference());
        int seconds = 0;
        while (alerts.isEmpty() && seconds < 100)
        {
            for (int i = 0; i < 40_000; i++)
            {
                fastNetMon.onPacket(
                    new CapturedPacket(nowNs, SOURCE, VICTIM, CaptureDecoder.UDP, 9, 9, 60, false), true);
            }
            nowNs += SECOND_NS;
            fastNetMon.onTick(nowNs);
            seconds++;
        }
        assertEquals(List.of("198.19.0.7 aim"), alerts);
        // 40,000 (1 - exp(-n/5)) > 20,000 from n = 5 ln 2 = 3.47 on
        assertEquals(4, seconds);
    }

    private <T extends ReferenceDetector> T watched(final T detector)
    {
        detector.sink((subject, isAim) -> alerts.add(subject + (isAim ? " aim" : " source")));
        return detector;
    }

    private void open(final ReferenceDetector detector, final int first, final int last)
    {
        for (int port = first; port <= last; port++)
        {
            tell(detector, ConversationKind.OPENED, VICTIM, port);
        }
    }

    private void refuse(final ReferenceDetector detector, final IpAddress host, final int first, final int last)
    {
        for (int port = first; port <= last; port++)
        {
            tell(detector, ConversationKind.OPENED, host, port);
            tell(detector, ConversationKind.REFUSED, host, port);
        }
    }

    private void tell(final ReferenceDetector detector, final int kind, final IpAddress host, final int port)
    {
        detector.onConversation(conversation.of(kind, new ConversationKey(
            SOURCE.high(), SOURCE.low(), host.high(), host.low(), 40_000, port, CaptureDecoder.TCP), 0, nowNs));
    }
}
