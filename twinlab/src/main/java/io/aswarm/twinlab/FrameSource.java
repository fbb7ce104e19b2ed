package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;

import java.nio.ByteBuffer;

/**
 * Gives frames one after another, in the order of their time.
 */
interface FrameSource
{
    /**
     * Go to the next frame.
     *
     * @return false when there is none.
     * @throws DocumentException when the file breaks off or contradicts itself.
     */
    boolean next() throws DocumentException;

    /** Bytes of the frame that were captured: a view, valid until the next call. */
    ByteBuffer frame();

    /** How the frame begins. */
    LinkType linkType();

    /** Length that the frame had on the wire. */
    int wireLength();

    /** When it was captured, nanoseconds since the epoch of its writer. */
    long timeNs();
}
