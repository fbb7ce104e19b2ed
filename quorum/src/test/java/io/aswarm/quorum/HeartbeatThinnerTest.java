package io.aswarm.quorum;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeartbeatThinnerTest
{
    private static final long MS = 1_000_000L;

    private final HeartbeatThinner thinner = new HeartbeatThinner();

    @Test
    void shouldLetHeartbeatsOutEverMoreSeldomAndStartAgainAfterData()
    {
        assertTrue(thinner.mayLeave(frame(64, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), 0));
        assertEquals(List.of(100L, 300L, 700L, 1500L, 3000L, 5000L, 7000L, 9000L), heartbeats(0, 9_000));
        assertTrue(thinner.mayLeave(frame(64, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), 9_050 * MS));
        assertEquals(List.of(9_200L, 9_400L), heartbeats(9_050, 9_500));
    }

    @Test
    void shouldKeepTheStreamOfASilentSenderAlive()
    {
        // Aeron gives up a stream after 10 s of silence; four heartbeats may be lost on the way
        assertTrue(5 * HeartbeatThinner.INTERVAL_MAX_NS <= 10_000 * MS);
    }

    @ParameterizedTest
    @ValueSource(ints = {
        DataHeaderFlyweight.BEGIN_END_AND_EOS_FLAGS, DataHeaderFlyweight.BEGIN_END_EOS_AND_REVOKED_FLAGS})
    void shouldNotHoldBackTheEndOfTheStream(final int flags)
    {
        thinner.mayLeave(frame(64, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), 0);
        assertTrue(thinner.mayLeave(frame(0, flags), 1));
        assertTrue(thinner.mayLeave(frame(0, flags), 2));
    }

    @Test
    void shouldNotHoldBackSetupsNorTakeThemForData()
    {
        thinner.mayLeave(frame(64, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), 0);
        assertEquals(List.of(100L, 300L), heartbeats(0, 500));
        final ByteBuffer setup =
            ByteBuffer.allocate(SetupFlyweight.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        new SetupFlyweight(setup).frameLength(SetupFlyweight.HEADER_LENGTH)
            .headerType(SetupFlyweight.HDR_TYPE_SETUP);
        assertTrue(thinner.mayLeave(setup, 501 * MS));
        assertFalse(thinner.mayLeave(frame(0, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), 600 * MS));
        assertTrue(thinner.mayLeave(frame(0, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), 700 * MS));
    }

    @Test
    void shouldReadTheFrameInEitherByteOrderOfTheBuffer()
    {
        final ByteBuffer heartbeat = frame(0, DataHeaderFlyweight.BEGIN_AND_END_FLAGS).order(ByteOrder.BIG_ENDIAN);
        thinner.mayLeave(frame(64, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), 0);
        assertFalse(thinner.mayLeave(heartbeat, 1));
    }

    private List<Long> heartbeats(final long fromMs, final long toMs)
    {
        final List<Long> left = new ArrayList<>();
        for (long ms = fromMs - fromMs % 100 + 100; ms <= toMs; ms += 100)
        {
            if (thinner.mayLeave(frame(0, DataHeaderFlyweight.BEGIN_AND_END_FLAGS), ms * MS))
            {
                left.add(ms);
            }
        }
        return left;
    }

    private static ByteBuffer frame(final int length, final int flags)
    {
        final ByteBuffer buffer = ByteBuffer.allocate(Math.max(length, DataHeaderFlyweight.HEADER_LENGTH))
            .order(ByteOrder.LITTLE_ENDIAN);
        final DataHeaderFlyweight header = new DataHeaderFlyweight(buffer);
        header.frameLength(length).flags((short)flags).headerType(DataHeaderFlyweight.HDR_TYPE_DATA);
        return buffer;
    }
}
