package io.aswarm.dataplane;

import com.fasterxml.jackson.core.JsonGenerator;

import java.io.IOException;

/**
 * What a line of the event log says, written by the thread that writes the line: made of what does not change any more.
 */
@FunctionalInterface
interface EventLine
{
    /**
     * Write it.
     *
     * @param to the line.
     * @throws IOException never: the line is in memory.
     */
    void writeTo(JsonGenerator to) throws IOException;
}
