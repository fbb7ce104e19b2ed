package io.aswarm.journal;

/**
 * ArcSight Common Event Format, version 0. In the header a backslash and a bar are escaped, in the extension a
 * backslash, an equals sign and line ends.
 */
public final class CefFormat implements EventFormat
{
    private static final long NS_PER_MS = 1_000_000L;

    private final String version;

    /**
     * A format.
     *
     * @param version of the product, as shown in each event.
     */
    public CefFormat(final String version)
    {
        this.version = version;
    }

    @Override
    public String format(final Certificate certificate)
    {
        final String kind = certificate.text("kind");
        final StringBuilder line = new StringBuilder(512);
        line.append("CEF:0|A-SWARM|A-SWARM|").append(header(version)).append('|').append(header(kind)).append('|')
            .append(header(kind + " " + certificate.text("elevation_context", "scenario")).strip()).append('|')
            .append(EventSeverity.of(certificate.kind()).cef).append('|');
        put(line, "rt", Long.toString(certificate.certifiedEpochNs() / NS_PER_MS));
        put(line, "externalId", certificate.id());
        put(line, "dvchost", certificate.text("node", "name"));
        put(line, certificate.text("asset_id").indexOf(':') >= 0 ? "c6a2" : "src", certificate.text("asset_id"));
        if (certificate.text("asset_id").indexOf(':') >= 0)
        {
            put(line, "c6a2Label", "Source IPv6 Address");
        }
        put(line, "act", certificate.text("action", "kind"));
        put(line, "outcome", certificate.text("outcome", "status"));
        put(line, "reason", certificate.text("outcome", "notes"));
        put(line, "cnt", certificate.text("outcome", "packets_dropped"));
        label(line, "cs1", "tier", certificate.text("tier"));
        label(line, "cs2", "policy", certificate.text("policy", "policy_id"));
        label(line, "cs3", "policyHash", certificate.text("policy", "version_hash"));
        label(line, "cs4", "runId", certificate.text("run_id"));
        label(line, "cs5", "certificateSha256", certificate.sha256());
        label(line, "cs6", "site", certificate.text("site_id"));
        label(line, "cn1", "sequence", Long.toString(certificate.sequence()));
        return line.toString().stripTrailing();
    }

    static String header(final String text)
    {
        return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("[\r\n]+", " ");
    }

    static String extension(final String text)
    {
        return text.replace("\\", "\\\\").replace("=", "\\=").replace("\r\n", "\\n").replace("\n", "\\n")
            .replace("\r", "\\r");
    }

    private static void label(final StringBuilder line, final String key, final String label, final String value)
    {
        if (!value.isEmpty())
        {
            put(line, key + "Label", label);
            put(line, key, value);
        }
    }

    private static void put(final StringBuilder line, final String key, final String value)
    {
        if (!value.isEmpty())
        {
            line.append(key).append('=').append(extension(value)).append(' ');
        }
    }
}
