package io.aswarm.ebpf;

/**
 * Takes connection tracking events from {@link ConntrackSensor#poll(ConntrackHandler, int)} on the polling thread.
 */
@FunctionalInterface
public interface ConntrackHandler
{
    /**
     * A tracked connection began, changed, carried bytes, ended, or was found in a dump.
     *
     * @param connection a view that is used again, valid during this call only.
     */
    void onConnection(ConntrackFlyweight connection);
}
