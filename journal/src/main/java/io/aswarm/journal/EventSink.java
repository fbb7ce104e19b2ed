package io.aswarm.journal;

import java.util.List;

/**
 * Takes events to where they are collected.
 */
@FunctionalInterface
public interface EventSink
{
    /**
     * Deliver events.
     *
     * @param events in the order of the journal.
     * @return true only when all of them have arrived, as far as this sink can know; false to be given them again.
     */
    boolean deliver(List<TailEvent> events);
}
