package io.aswarm.quorum;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Aeron's receiving side, whose datagrams end the sleep of {@link MeshIdle}.
 */
final class WatchedReceiveEndpoint extends ReceiveChannelEndpoint
{
    private final MeshIdle idle;

    WatchedReceiveEndpoint(
        final UdpChannel udpChannel,
        final DataPacketDispatcher dispatcher,
        final AtomicCounter statusIndicator,
        final MediaDriver.Context context,
        final MeshIdle idle)
    {
        super(udpChannel, dispatcher, statusIndicator, context);
        this.idle = idle;
    }

    @Override
    public void openDatagramChannel(final AtomicCounter statusIndicator)
    {
        super.openDatagramChannel(statusIndicator);
        idle.watch(receiveDatagramChannel());
    }
}
