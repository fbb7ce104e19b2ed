package io.aswarm.journal;

/**
 * One thing that is wrong with one certificate.
 *
 * @param code   of the rule it breaks.
 * @param detail of this case: names and values; may be empty.
 */
public record Fault(FaultCode code, String detail)
{
    @Override
    public String toString()
    {
        return code.code() + " " + code.sentence() + (detail.isEmpty() ? "" : ": " + detail);
    }
}
