package io.aswarm.twinlab;

/**
 * Whether a recording holds enough of its attack that a detector with the stated error rates could call it at all. The
 * rule looks at the recording and at the models, never at what was detected.
 */
final class Decidability
{
    /**
     * The rule's answer.
     *
     * @param isDecidable whether it holds enough.
     * @param why         in numbers.
     */
    record Verdict(boolean isDecidable, String why)
    {
        static Verdict no(final String why)
        {
            return new Verdict(false, why);
        }
    }

    private Decidability()
    {
    }

    static Verdict of(final EvaluationRun run)
    {
        return new Verdict(run.attackPackets() > 0, run.attackPackets() + " attack packets");
    }
}
