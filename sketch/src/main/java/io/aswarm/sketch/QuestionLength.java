package io.aswarm.sketch;

/**
 * What the length of a question to a name server says of who asks: data to be carried makes names long.
 * <pre>
 *  frame of a question        below 102    102 to 117    118 to 213    from 214 on
 *  letters of the name        below 42     42 to 57      58 to 153     from 154 on
 *  resolver, of its bytes     0.88         0.099         0.0205        0.0005
 *  tunnel, of its bytes       0.55         0.15          0.18          0.12
 *  nats                       -0.47        0.42          2.17          5.48
 * </pre>
 * Since volume is sampled in proportion to bytes, these are shares of bytes. The tunnel's are a mixture over tools
 * that send little or much at a time (Farnham, "Detecting DNS tunneling", SANS 2013, which names 52 letters as the
 * length beyond which questions are suspect; Paxson et al., "Practical comprehensive bounds on surreptitious
 * communication over DNS", USENIX Security 2013, for the volume per client). Frames are those of IPv4 over Ethernet;
 * who has others takes off what they have more.
 */
public final class QuestionLength
{
    /** Frames of questions below it are as long as those of people's names. */
    public static final int ORDINARY_BYTES = 102;

    private static final int[] BELOW_BYTES = {ORDINARY_BYTES, 118, 214, Integer.MAX_VALUE};
    private static final double[] NATS = {
        StrictMath.log(0.55 / 0.88), StrictMath.log(0.15 / 0.099), StrictMath.log(0.18 / 0.0205),
        StrictMath.log(0.12 / 0.0005)};

    private QuestionLength()
    {
    }

    /**
     * Whether people's names make it that long.
     *
     * @param frameBytes of the question.
     * @return false for what is longer.
     */
    public static boolean isOrdinary(final int frameBytes)
    {
        return frameBytes < ORDINARY_BYTES;
    }

    /**
     * What it says for a tunnel.
     *
     * @param frameBytes of the question, one record of it.
     * @return evidence in nats, below 0 for an ordinary one.
     */
    public static double nats(final int frameBytes)
    {
        int column = 0;
        while (frameBytes >= BELOW_BYTES[column])
        {
            column++;
        }
        return NATS[column];
    }
}
