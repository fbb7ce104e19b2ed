package io.aswarm.twinlab;

import io.aswarm.ebpf.ConversationKind;
import io.aswarm.ebpf.FrameStory;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelRecords;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.sketch.Conversation;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The kernel and the replay say the same of the same frames, one after the other: as many as
 * {@code -Daswarm.story.frames} says, from the seed {@code -Daswarm.story.seed}.
 */
class RecordParityIT
{
    private static final int FRAMES = Integer.getInteger("aswarm.story.frames", 50_000);
    private static final int SEEN_MIN = 20;
    private static final long SEED = Long.getLong("aswarm.story.seed", 20_261_122);

    private final CaptureDecoder decoder = new CaptureDecoder();
    private final List<String> records = new ArrayList<>();
    private final ConversationTracker tracker = new ConversationTracker(this::onRecord);

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @Test
    void shouldTellTheSameOfTheSameFrames() throws Exception
    {
        final FrameStory story = new FrameStory(SEED);
        final Map<String, Integer> kinds = new TreeMap<>();
        try (KernelRecords kernel = new KernelRecords())
        {
            for (int i = 0; i < FRAMES; i++)
            {
                final byte[] frame = story.next();
                records.clear();
                decoder.decode(ByteBuffer.wrap(frame), frame.length, frame.length);
                tracker.onPacket(decoder, System.nanoTime());
                assertEquals(
                    kernel.of(new UnsafeBuffer(frame), frame.length), records,
                    "frame " + i + " of seed " + SEED + ": " + HexFormat.of().formatHex(frame));
                records.forEach((record) -> kinds.merge(record.substring(0, record.indexOf(' ')), 1, Integer::sum));
            }
        }
        System.out.println("records compared: " + kinds);
        assertEquals(7, kinds.size(), kinds::toString);
        assertTrue(kinds.values().stream().allMatch((count) -> count >= SEEN_MIN), kinds::toString);
    }

    private void onRecord(final TrackedConversation record)
    {
        if (ConversationKind.VOLUME != record.kind())
        {
            records.add(ConversationKind.name(record.kind()) + " " + record.protocol() + " " +
                IpAddress.format(record.initiatorHigh(), record.initiatorLow()) + " " + record.initiatorPort() + " > " +
                IpAddress.format(record.responderHigh(), record.responderLow()) + " " + record.responderPort() +
                (0 == (record.flags() & Conversation.FLAG_REPEAT) ? "" : " repeat") +
                (0 == (record.flags() & Conversation.FLAG_FROM_RESPONDER) ? "" : " from responder") +
                " tcp " + record.tcpFlags() +
                (ConversationKind.ENDED == record.kind() ? "" : " quantity " + record.quantity()));
        }
    }
}
