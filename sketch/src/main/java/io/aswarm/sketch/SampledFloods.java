package io.aswarm.sketch;

/**
 * The floods that are known by samples of their volume: of what opens nothing, or opens once. One door to their tests.
 */
final class SampledFloods
{
    private final BackscatterTest backscatterTest;
    private final StrayFloodTest strayFloodTest;
    private final FragmentFloodTest fragmentFloodTest;
    private final UnansweredFloodTest unansweredFloodTest;
    private final EchoFloodTest echoFloodTest;

    SampledFloods(final Workshop workshop)
    {
        this.backscatterTest = new BackscatterTest(workshop);
        this.strayFloodTest = new StrayFloodTest(workshop);
        this.fragmentFloodTest = new FragmentFloodTest(workshop);
        this.unansweredFloodTest = new UnansweredFloodTest(workshop);
        this.echoFloodTest = new EchoFloodTest(workshop);
    }

    /** Volume, of whatever. Returns whether it is held to be a flood's of echoes, rather than carried out. */
    boolean onVolume(final Conversation c)
    {
        backscatterTest.onVolume(c);
        strayFloodTest.onVolume(c);
        fragmentFloodTest.onVolume(c);
        unansweredFloodTest.onVolume(c);
        return echoFloodTest.onVolume(c);
    }

    /** A conversation is over. */
    void onEnded(final Conversation c)
    {
        backscatterTest.onEnded(c);
        strayFloodTest.onEnded(c);
    }

    /** An initiator broke off what he opened. */
    void onAborted(final Conversation c)
    {
        backscatterTest.onAborted(c);
        strayFloodTest.onAborted(c);
    }

    /** Let time pass: forget who was left in peace. */
    int onTick(final long nowNs)
    {
        return backscatterTest.onTick(nowNs) + strayFloodTest.onTick(nowNs) + fragmentFloodTest.onTick(nowNs) +
            unansweredFloodTest.onTick(nowNs) + echoFloodTest.onTick(nowNs);
    }
}
