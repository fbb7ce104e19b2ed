package io.aswarm.ebpf;

/**
 * How things stand with one direction of one watched interface.
 *
 * @param interfaceName  as configured.
 * @param interfaceIndex of the interface that has the name now; 0 when there is none.
 * @param inward         true for what comes in, where containment is enforced; false for what this host sends.
 * @param mode           in which the program is attached; {@link AttachMode#AUTO} when it is not.
 * @param refusal        why it is not attached; empty when it is, or when the interface is not there.
 */
public record Attachment(String interfaceName, int interfaceIndex, boolean inward, AttachMode mode, String refusal)
{
    /**
     * Whether packets of this direction meet the program.
     *
     * @return false when the interface is not there or the kernel refused.
     */
    public boolean isAttached()
    {
        return mode != AttachMode.AUTO;
    }
}
