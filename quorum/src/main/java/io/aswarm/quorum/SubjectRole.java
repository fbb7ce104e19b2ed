package io.aswarm.quorum;

/**
 * What the subject of a deposit is to the traffic: numbers on the wire, never reused.
 */
public final class SubjectRole
{
    /** The subject sends the bad traffic. */
    public static final int SOURCE = 1;
    /** The subject is the victim or the service aimed at; the sources are many, or forged. */
    public static final int AIM = 2;

    private SubjectRole()
    {
    }

    /** A victim's address needs no proof that it sent anything, so that there is none to state. */
    static boolean isPossible(final int role, final int verification)
    {
        return SOURCE == role ? verification >= 0 && verification <= Verification.ALL :
            AIM == role && Verification.NONE == verification;
    }
}
