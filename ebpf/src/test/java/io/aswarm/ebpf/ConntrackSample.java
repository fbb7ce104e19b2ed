package io.aswarm.ebpf;

/**
 * A tracked connection as {@link ConntrackSensor} would hand it on, for tests of who takes it.
 */
public final class ConntrackSample
{
    private final ConntrackFlyweight connection = new ConntrackFlyweight();

    private ConntrackSample(final String initiator, final String responder)
    {
        connection.clear(ConntrackFlyweight.DESTROY);
        connection.protocol = PacketBuilder.TCP;
        connection.initiatorHigh = IpAddress.parse(initiator).high();
        connection.initiatorLow = IpAddress.parse(initiator).low();
        connection.responderHigh = IpAddress.parse(responder).high();
        connection.responderLow = IpAddress.parse(responder).low();
    }

    /**
     * A connection that told nothing yet.
     *
     * @param initiator its address.
     * @param responder its address.
     * @return a sample.
     */
    public static ConntrackSample of(final String initiator, final String responder)
    {
        return new ConntrackSample(initiator, responder);
    }

    /**
     * What it carried.
     *
     * @param out  bytes of the initiator.
     * @param back bytes of the responder.
     * @return this.
     */
    public ConntrackSample bytes(final long out, final long back)
    {
        connection.counted = true;
        connection.newBytesOut = out;
        connection.newBytesBack = back;
        return this;
    }

    /**
     * That it ends.
     *
     * @param durationMs of it.
     * @return this.
     */
    public ConntrackSample ends(final long durationMs)
    {
        connection.end = true;
        connection.durationMs = durationMs;
        return this;
    }

    /**
     * The connection.
     *
     * @return a view on this sample.
     */
    public ConntrackFlyweight connection()
    {
        return connection;
    }
}
