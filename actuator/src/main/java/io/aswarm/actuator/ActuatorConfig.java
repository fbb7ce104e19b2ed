package io.aswarm.actuator;

import java.util.List;

/**
 * What an actuator is told at its start.
 *
 * @param catalog       of every act that it may perform.
 * @param neverContain  the node's own: its addresses, the mesh's. Added to what the catalog protects.
 * @param requestsMax   that may wait in the queue, a power of two from 2 to 65536.
 */
public record ActuatorConfig(Catalog catalog, List<NeverContain> neverContain, int requestsMax)
{
    /** Requests that may wait by default. */
    public static final int REQUESTS_MAX_DEFAULT = 1_024;
    private static final int REQUESTS_LIMIT = 65_536;

    /**
     * Checks the bounds.
     */
    public ActuatorConfig
    {
        neverContain = List.copyOf(neverContain);
        if (requestsMax < 2 || requestsMax > REQUESTS_LIMIT || Integer.bitCount(requestsMax) != 1)
        {
            throw new IllegalArgumentException(
                "requestsMax=" + requestsMax + ": allowed are powers of two from 2 to " + REQUESTS_LIMIT);
        }
    }
}
