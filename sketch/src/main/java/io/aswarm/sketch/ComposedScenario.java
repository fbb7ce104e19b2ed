package io.aswarm.sketch;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Scenarios that a site makes of others by a {@link Rule}. They travel between nodes by a code that is drawn from their
 * name, so nodes that read the same catalog agree, and who knows the name can check the code.
 */
public final class ComposedScenario
{
    /** How each of their names begins, so that none is ever that of a detector. */
    public static final String PREFIX = "site-";
    private static final String NAME = PREFIX + "[a-z0-9]+(-[a-z0-9]+)*";
    private static final int NAME_MAX = 40;
    private static final int FIRST_CODE = 0x4000;

    private ComposedScenario()
    {
    }

    /**
     * Whether a scenario may have this name.
     *
     * @param name in question.
     * @return true for the prefix and small letters, digits and hyphens, at most 40 in all.
     */
    public static boolean isName(final String name)
    {
        return name.length() <= NAME_MAX && name.matches(NAME);
    }

    /**
     * Whether a code is that of a composed scenario.
     *
     * @param code of a signal.
     * @return true if it is.
     */
    public static boolean isCode(final int code)
    {
        return code >= FIRST_CODE && code < 2 * FIRST_CODE;
    }

    /**
     * Number on the wire: 0x4000 and the last 14 bits of the name's CRC-32. {@link DetectorCatalog#lint} finds two
     * names that share one.
     *
     * @param name of the scenario.
     * @return 0x4000 to 0x7fff.
     */
    public static int code(final String name)
    {
        final CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.US_ASCII));
        return FIRST_CODE | ((int)crc.getValue() & (FIRST_CODE - 1));
    }
}
