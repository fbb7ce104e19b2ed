package io.aswarm.quorum;

import io.aeron.logbuffer.FrameDescriptor;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FragmentJoinerTest
{
    private static final byte BEGIN = FrameDescriptor.BEGIN_FRAG_FLAG;
    private static final byte END = FrameDescriptor.END_FRAG_FLAG;
    private static final byte MIDDLE = 0;

    private final FragmentJoiner joiner = new FragmentJoiner();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[2 * FragmentJoiner.MESSAGE_LENGTH_MAX]);

    FragmentJoinerTest()
    {
        new Random(5).nextBytes(bytes.byteArray());
    }

    @Test
    void shouldJoinTheFragmentsOfEachStreamOnItsOwn()
    {
        assertEquals(0, joiner.onFragment(1, BEGIN, bytes, 0, 1_000));
        assertEquals(0, joiner.onFragment(2, BEGIN, bytes, 5_000, 700));
        assertEquals(0, joiner.onFragment(1, MIDDLE, bytes, 1_000, 1_000));
        assertEquals(800, joiner.onFragment(2, END, bytes, 5_700, 100));
        assertBytes(5_000, 800);
        assertEquals(2_001, joiner.onFragment(1, END, bytes, 2_000, 1));
        assertBytes(0, 2_001);
    }

    @Test
    void shouldDropWhatHasNoBeginningOrBeginsAnew()
    {
        assertEquals(0, joiner.onFragment(1, MIDDLE, bytes, 0, 10));
        assertEquals(0, joiner.onFragment(1, END, bytes, 0, 10));
        joiner.onFragment(1, BEGIN, bytes, 0, 10);
        joiner.onFragment(1, BEGIN, bytes, 100, 10);
        assertEquals(20, joiner.onFragment(1, END, bytes, 110, 10));
        assertBytes(100, 20);
        assertEquals(0, joiner.onFragment(1, END, bytes, 110, 10), "the message is over");
    }

    @Test
    void shouldTakeTheLongestMessageAndNotOneByteMore()
    {
        joiner.onFragment(1, BEGIN, bytes, 0, FragmentJoiner.MESSAGE_LENGTH_MAX - 1);
        assertEquals(FragmentJoiner.MESSAGE_LENGTH_MAX,
            joiner.onFragment(1, END, bytes, FragmentJoiner.MESSAGE_LENGTH_MAX - 1, 1));
        joiner.onFragment(1, BEGIN, bytes, 0, FragmentJoiner.MESSAGE_LENGTH_MAX);
        assertEquals(0, joiner.onFragment(1, MIDDLE, bytes, 0, 1));
        assertEquals(0, joiner.onFragment(1, END, bytes, 0, 1), "dropped as a whole");
    }

    @Test
    void shouldLetTheOldestGiveWayWhenStrangersBeginMessages()
    {
        joiner.onFragment(1, BEGIN, bytes, 0, 10);
        for (int stranger = 0; stranger < FragmentJoiner.SLOTS - 1; stranger++)
        {
            joiner.onFragment(100 + stranger, BEGIN, bytes, 0, 10);
        }
        joiner.onFragment(1, MIDDLE, bytes, 10, 10);
        joiner.onFragment(200, BEGIN, bytes, 0, 10);
        assertEquals(30, joiner.onFragment(1, END, bytes, 20, 10), "used last, so kept");
        assertEquals(0, joiner.onFragment(100, END, bytes, 20, 10));
        assertTrue(joiner.onFragment(200, END, bytes, 10, 10) > 0);
    }

    private void assertBytes(final int from, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            assertEquals(bytes.getByte(from + i), joiner.joined().getByte(i));
        }
    }
}
