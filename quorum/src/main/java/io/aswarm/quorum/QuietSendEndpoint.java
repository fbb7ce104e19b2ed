package io.aswarm.quorum;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.nio.ByteBuffer;

/**
 * Aeron's sending side with fewer heartbeats; see {@link HeartbeatThinner}. The mesh has one publication, so an
 * endpoint has one stream. AeronStat's {@code Heartbeats sent} goes on counting those that Aeron wanted to send. What
 * receivers answer (status messages, NAKs) ends the sleep of {@link MeshIdle}.
 */
final class QuietSendEndpoint extends SendChannelEndpoint
{
    private final HeartbeatThinner thinner = new HeartbeatThinner();
    private final NanoClock clock;
    private final MeshIdle idle;

    QuietSendEndpoint(
        final UdpChannel udpChannel,
        final AtomicCounter statusIndicator,
        final MediaDriver.Context context,
        final MeshIdle idle)
    {
        super(udpChannel, statusIndicator, context);
        this.idle = idle;
        clock = context.senderCachedNanoClock();
    }

    @Override
    public void openDatagramChannel(final AtomicCounter statusIndicator)
    {
        super.openDatagramChannel(statusIndicator);
        idle.watch(receiveDatagramChannel());
    }

    @Override
    public int send(final ByteBuffer buffer)
    {
        // what is held back counts as sent, or Aeron would count a short send
        return thinner.mayLeave(buffer, clock.nanoTime()) ? super.send(buffer) : buffer.remaining();
    }
}
