package io.aswarm.journal;

/**
 * A certificate on its way to a system that collects events.
 *
 * @param sequence    in the node's chain.
 * @param sha256      of its envelope.
 * @param certificate itself.
 * @param text        as formatted.
 */
public record TailEvent(long sequence, String sha256, Certificate certificate, String text)
{
}
