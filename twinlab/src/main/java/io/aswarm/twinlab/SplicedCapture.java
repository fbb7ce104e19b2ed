package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;

import java.nio.ByteBuffer;

/**
 * Two captures as one: an attack laid into a background, so that its first frame comes a while after the background's.
 * Addresses are left as they are. Nothing is written; frames are merged by time as they are read.
 */
final class SplicedCapture implements FrameSource
{
    private final FrameSource background;
    private final FrameSource attack;
    private final long shiftNs;
    private boolean hasBackground;
    private boolean hasAttack;
    private boolean isAttackNext;
    private boolean isBegun;

    /**
     * Lay one into the other.
     *
     * @param background before its first frame.
     * @param attack     before its first frame.
     * @param offsetNs   from the background's first frame to the attack's.
     * @throws DocumentException when either cannot be read.
     */
    SplicedCapture(final FrameSource background, final FrameSource attack, final long offsetNs)
        throws DocumentException
    {
        this.background = background;
        this.attack = attack;
        hasBackground = background.next();
        hasAttack = attack.next();
        shiftNs = hasBackground && hasAttack ? background.timeNs() + offsetNs - attack.timeNs() : 0;
    }

    /** What is to be added to times of the attack's own capture. */
    long shiftNs()
    {
        return shiftNs;
    }

    @Override
    public boolean next() throws DocumentException
    {
        if (isBegun && isAttackNext)
        {
            hasAttack = attack.next();
        }
        else if (isBegun)
        {
            hasBackground = background.next();
        }
        isBegun = true;
        isAttackNext = hasAttack && (!hasBackground || attack.timeNs() + shiftNs - background.timeNs() < 0);
        return hasAttack || hasBackground;
    }

    @Override
    public ByteBuffer frame()
    {
        return current().frame();
    }

    @Override
    public LinkType linkType()
    {
        return current().linkType();
    }

    @Override
    public int wireLength()
    {
        return current().wireLength();
    }

    @Override
    public long timeNs()
    {
        return isAttackNext ? attack.timeNs() + shiftNs : background.timeNs();
    }

    private FrameSource current()
    {
        return isAttackNext ? attack : background;
    }
}
