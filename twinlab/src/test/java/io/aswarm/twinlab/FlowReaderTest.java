package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FlowReaderTest
{
    private static final String TSV =
        "#separator \\x09\n" +
        "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state\torig_ip_bytes" +
        "\tresp_ip_bytes\tlabel\n" +
        "10.5\t198.18.0.10\t40000\t198.19.0.7\t22\ttcp\t2.5\tSF\t1000\t3000\tBenign\n" +
        "11.0\t198.18.0.11\t40001\t198.19.0.7\t23\ttcp\t0.25\tREJ\t40\t40\tMalicious\n" +
        "12.0\t198.18.0.11\t0\t198.19.0.7\t0\tigmp\t-\tOTH\t40\t0\tBenign\n";

    @Test
    void shouldReadTabSeparatedFlowsWithTheirLabels() throws DocumentException
    {
        final FlowReader reader = FlowReader.read("test", TSV);

        assertTrue(reader.hasLabels());
        assertEquals(2, reader.flows().size());
        final FlowRecord flow = reader.flows().get(1);
        assertEquals(11_000_000_000L, flow.beginNs());
        assertEquals(250_000_000L, flow.durationNs());
        assertEquals(FlowRecord.Outcome.REFUSED, flow.outcome());
        assertTrue(flow.isMalicious());
        assertFalse(reader.flows().get(0).isMalicious());
    }

    @Test
    void shouldReadJsonLinesAndTheTypeOfIcmpMessages() throws DocumentException
    {
        final FlowReader reader = FlowReader.read("test",
            "{\"ts\":1.5,\"id.orig_h\":\"2001:2::1\",\"id.orig_p\":8,\"id.resp_h\":\"2001:2::2\",\"id.resp_p\":0," +
            "\"proto\":\"icmp\",\"conn_state\":\"OTH\",\"orig_ip_bytes\":56,\"resp_pkts\":0}\n");

        assertFalse(reader.hasLabels());
        assertEquals(FlowRecord.Outcome.UNANSWERED, reader.flows().get(0).outcome());
        assertEquals(1_500_000_000L, reader.flows().get(0).beginNs());
    }

    @Test
    void shouldNameTheLineThatIsNoFlow()
    {
        final DocumentException fault = assertThrows(
            DocumentException.class, () -> FlowReader.read("test", TSV + "x\ty\n"));
        assertTrue(fault.getMessage().startsWith("test:6: is no flow"), fault.getMessage());
    }

    @Test
    void shouldTellAFlowAsTheSensorWouldHaveToldIt() throws DocumentException
    {
        final List<String> told = new ArrayList<>();
        final Recording recording = FlowRecording.of(FlowReader.read("test", TSV), GroundTruth.benign());
        while (recording.next())
        {
            recording.show(recording.timeNs(), new Recording.Observer()
            {
                @Override
                public void onPacket(final CapturedPacket packet, final boolean isAttack)
                {
                    told.add(packet.timeNs() / 1_000_000 + " packet " + packet.source() + (isAttack ? " attack" : ""));
                }

                @Override
                public void onConversation(final Conversation conversation)
                {
                    told.add(nowMs(conversation) + " " + conversation.kind() + " " + conversation.responderPort() +
                        " " + conversation.quantity());
                }
            });
        }

        assertEquals(List.of(
            "10500 packet 198.18.0.10",
            "10500 " + ConversationKind.OPENED + " 22 0",
            "10501 " + ConversationKind.ACCEPTED + " 22 0",
            "10501 " + ConversationKind.ESTABLISHED + " 22 0",
            "11000 packet 198.18.0.11 attack",
            "11000 " + ConversationKind.OPENED + " 23 0",
            "11250 " + ConversationKind.REFUSED + " 23 0",
            "11250 " + ConversationKind.VOLUME + " 23 40",
            "11250 " + ConversationKind.VOLUME + " 23 40",
            "13000 " + ConversationKind.ENDED + " 22 2500",
            "13000 " + ConversationKind.VOLUME + " 22 1000",
            "13000 " + ConversationKind.VOLUME + " 22 3000"), told);
    }

    private static long nowMs(final Conversation conversation)
    {
        return conversation.timeNs() / 1_000_000;
    }
}
