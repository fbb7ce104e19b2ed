package io.aswarm.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with one certificate.
 */
final class FaultList
{
    private static final int DETAIL_LENGTH_MAX = 200;

    private final List<Fault> faults = new ArrayList<>();

    void add(final FaultCode code, final String detail)
    {
        final Fault fault = new Fault(code, printable(detail));
        if (!faults.contains(fault))
        {
            faults.add(fault);
        }
    }

    List<Fault> faults()
    {
        return List.copyOf(faults);
    }

    /** Details quote bytes that a stranger wrote, and end up on a terminal. */
    private static String printable(final String detail)
    {
        final String shown = detail.length() <= DETAIL_LENGTH_MAX ? detail :
            detail.substring(0, DETAIL_LENGTH_MAX) + "…";
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
