package io.aswarm.trust;

import java.util.regex.Pattern;

/**
 * A SPIFFE ID, {@code spiffe://TRUST-DOMAIN/PATH}, strictly as the standard writes it (SPIFFE-ID, sections 2.1 to 2.3):
 * lower case trust domain, no empty or dot segments, no escapes, no query, at most 2,048 bytes.
 *
 * @param trustDomain in lower case.
 * @param path        with its leading slash, or empty.
 */
public record SpiffeId(String trustDomain, String path)
{
    private static final String SCHEME = "spiffe://";
    private static final int LENGTH_MAX = 2048;
    private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");
    private static final Pattern SEGMENT = Pattern.compile("[a-zA-Z0-9._-]+");

    /**
     * Check the parts.
     *
     * @throws IllegalArgumentException saying what is wrong.
     */
    public SpiffeId
    {
        if (!TRUST_DOMAIN.matcher(trustDomain).matches())
        {
            throw new IllegalArgumentException("trust domain \"" + trustDomain +
                "\": allowed are 1 to 255 lower case letters, digits, dots, dashes and underscores");
        }
        if (SCHEME.length() + trustDomain.length() + path.length() > LENGTH_MAX)
        {
            throw new IllegalArgumentException("a SPIFFE ID has at most " + LENGTH_MAX + " bytes");
        }
        if (!path.isEmpty())
        {
            for (final String segment : path.substring(1).split("/", -1))
            {
                if ('/' != path.charAt(0) || !SEGMENT.matcher(segment).matches() ||
                    ".".equals(segment) || "..".equals(segment))
                {
                    throw new IllegalArgumentException("path \"" + path + "\" of a SPIFFE ID: segments have letters, " +
                        "digits, dots, dashes and underscores, and none is empty, \".\" or \"..\"");
                }
            }
        }
    }

    /**
     * Parse an ID.
     *
     * @param text of the ID.
     * @return the ID.
     * @throws IllegalArgumentException saying what is wrong.
     */
    public static SpiffeId parse(final String text)
    {
        if (!text.startsWith(SCHEME))
        {
            throw new IllegalArgumentException("a SPIFFE ID begins with " + SCHEME + ", not as \"" + text + "\"");
        }
        final String rest = text.substring(SCHEME.length());
        final int slash = rest.indexOf('/');
        return slash < 0 ? new SpiffeId(rest, "") : new SpiffeId(rest.substring(0, slash), rest.substring(slash));
    }

    @Override
    public String toString()
    {
        return SCHEME + trustDomain + path;
    }
}
