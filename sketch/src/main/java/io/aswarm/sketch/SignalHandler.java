package io.aswarm.sketch;

/**
 * Takes the signals of a {@link LocalPolicy} on the policy's own thread. It must not block; what it wants to keep it
 * copies, since the signal is overwritten by the next one.
 */
@FunctionalInterface
public interface SignalHandler
{
    /**
     * Evidence against a subject passed the weak threshold, or grew by a step since it was last told.
     *
     * @param signal valid during the call only.
     */
    void onSignal(Signal signal);
}
