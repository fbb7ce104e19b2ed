package io.aswarm.quorum;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * Decides which of a publication's heartbeats leave. Aeron sends one every 100 ms for as long as there is no data
 * (NetworkPublication.heartbeatMessageCheck, a constant), which alone is 6 kbit/s with all headers. They serve two
 * ends: a receiver learns by the first one that it lost the last message, and by each that the stream still lives
 * (imageLivenessTimeout, 10 s). So after each message heartbeats go out after 100, 200, 400 ms and so on, and from then
 * on at the longest interval. Nothing else is held back: data, setups and the end of the stream leave at once, so
 * latency pays nothing. Pure.
 */
final class HeartbeatThinner
{
    /** Aeron's own interval, less what a duty cycle may be early. */
    static final long INTERVAL_MIN_NS = TimeUnit.MILLISECONDS.toNanos(90);
    /** A fifth of the time after which a silent stream is given up. */
    static final long INTERVAL_MAX_NS = TimeUnit.SECONDS.toNanos(2);

    private long intervalNs = INTERVAL_MIN_NS;
    private long lastNs;

    /**
     * May this frame leave?
     *
     * @param frames to be sent, little endian as on the wire; not changed.
     * @param nowNs  monotonic.
     * @return false for a heartbeat too many.
     */
    boolean mayLeave(final ByteBuffer frames, final long nowNs)
    {
        final int at = frames.position();
        if (frames.remaining() != DataHeaderFlyweight.HEADER_LENGTH ||
            HeaderFlyweight.HDR_TYPE_DATA != typeOf(frames, at) ||
            (byte)DataHeaderFlyweight.BEGIN_AND_END_FLAGS != frames.get(at + HeaderFlyweight.FLAGS_FIELD_OFFSET) ||
            0 != frames.getInt(at + HeaderFlyweight.FRAME_LENGTH_FIELD_OFFSET))
        {
            if (frames.remaining() > HeaderFlyweight.TYPE_FIELD_OFFSET &&
                HeaderFlyweight.HDR_TYPE_DATA == typeOf(frames, at))
            {
                intervalNs = INTERVAL_MIN_NS;
                lastNs = nowNs;
            }
            return true;
        }
        if (nowNs - lastNs < intervalNs)
        {
            return false;
        }
        lastNs = nowNs;
        intervalNs = Math.min(2 * intervalNs, INTERVAL_MAX_NS);
        return true;
    }

    private static int typeOf(final ByteBuffer frames, final int at)
    {
        final short type = frames.getShort(at + HeaderFlyweight.TYPE_FIELD_OFFSET);
        return 0xFFFF & (ByteOrder.LITTLE_ENDIAN == frames.order() ? type : Short.reverseBytes(type));
    }
}
