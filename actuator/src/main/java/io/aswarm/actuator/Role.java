package io.aswarm.actuator;

import java.util.Arrays;
import java.util.List;

/**
 * Which side of the traffic a subject is on.
 */
public enum Role
{
    /** It sends the traffic. */
    SOURCE(1, "source"),
    /** The traffic is aimed at it, by many or by forged sources. */
    AIM(2, "aim");

    private final int code;
    private final String label;

    Role(final int code, final String label)
    {
        this.code = code;
        this.label = label;
    }

    /**
     * Number of the role in signals and deposits.
     *
     * @return the number.
     */
    public int code()
    {
        return code;
    }

    /**
     * Name of the role in catalogs, outcomes and certificates.
     *
     * @return the name.
     */
    public String label()
    {
        return label;
    }

    /**
     * The role of a number.
     *
     * @param code as in a signal.
     * @return the role.
     * @throws IllegalArgumentException when there is none of that number.
     */
    public static Role ofCode(final int code)
    {
        return Arrays.stream(values()).filter((role) -> role.code == code).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no role has the number " + code));
    }

    static Role ofLabel(final String label)
    {
        return Arrays.stream(values()).filter((role) -> role.label.equals(label)).findFirst().orElseThrow();
    }

    static List<String> labels()
    {
        return Arrays.stream(values()).map(Role::label).toList();
    }
}
