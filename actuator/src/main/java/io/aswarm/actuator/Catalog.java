package io.aswarm.actuator;

import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DetachedSignature;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;
import io.aswarm.trust.Yaml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every act that a node may ever perform, compiled from a signed YAML document and immutable from then on. See
 * {@code default-catalog.yaml} for the form.
 * <p>
 * What is hashed and signed is the content in the canonical form of RFC 8785, so comments, order and spacing change
 * neither the hash nor the signature's validity; lists are sets and are sorted, durations are nanoseconds.
 */
public final class Catalog
{
    /** Context of the operator's signature. */
    public static final String SIGNATURE_CONTEXT = "aswarm/catalog/v1";
    /** Scenarios that an elevation can name. */
    public static final List<String> SCENARIOS = List.of(
        "port-scan", "sweep", "syn-flood", "lineage", "distributed-scan", "spread-flood", "lateral", "brute-force",
        "exfiltration", "beacon", "call-home");
    /** Scenarios that a site composes of others in its catalog of detectors; their names are the site's own. */
    private static final String OF_THE_SITE = "site-[a-z0-9]+(-[a-z0-9]+)*";

    private final List<CompiledAct> acts;
    private final List<NeverContain> neverContain;
    private final int activeMax;
    private final int perMinuteMax;
    private final byte[] canonicalBytes;
    private final String versionHash;
    private final String signedBy;

    Catalog(
        final List<CompiledAct> acts,
        final List<NeverContain> neverContain,
        final int activeMax,
        final int perMinuteMax,
        final byte[] canonicalBytes,
        final String signedBy)
    {
        this.acts = List.copyOf(acts);
        this.neverContain = List.copyOf(neverContain);
        this.activeMax = activeMax;
        this.perMinuteMax = perMinuteMax;
        this.canonicalBytes = canonicalBytes.clone();
        this.versionHash = CanonicalJson.sha256(canonicalBytes);
        this.signedBy = signedBy;
    }

    /**
     * Read a catalog that an operator signed.
     *
     * @param catalog   in YAML.
     * @param signature of an operator over the catalog's canonical bytes; by custom the catalog's name and .sig.
     * @param operators whose signatures count.
     * @return the compiled catalog.
     * @throws DocumentException when the document is wrong, the signature is missing or does not verify.
     */
    public static Catalog read(final Path catalog, final Path signature, final List<Roster.Operator> operators)
        throws DocumentException
    {
        final Catalog unsigned = readUnsigned(catalog);
        if (!Files.exists(signature))
        {
            throw new DocumentException(catalog, 0, "is not signed: there is no " + signature +
                "; an operator of the roster signs it with aswarm catalog sign");
        }

        final Roster.Operator operator =
            DetachedSignature.verify(signature, SIGNATURE_CONTEXT, unsigned.canonicalBytes, operators);
        return new Catalog(unsigned.acts, unsigned.neverContain, unsigned.activeMax, unsigned.perMinuteMax,
            unsigned.canonicalBytes, operator.name());
    }

    /**
     * Read a catalog whoever wrote it. For tools, and for nodes whose operator allows it in so many words.
     *
     * @param catalog in YAML.
     * @return the compiled catalog, signed by nobody.
     * @throws DocumentException naming file, line and what is allowed there.
     */
    public static Catalog readUnsigned(final Path catalog) throws DocumentException
    {
        return CatalogReader.compile(Yaml.read(catalog));
    }

    /**
     * Compile a catalog from text, signed by nobody.
     *
     * @param source name used in messages.
     * @param text   in YAML.
     * @return the compiled catalog.
     * @throws DocumentException naming source, line and what is allowed there.
     */
    public static Catalog parse(final Object source, final String text) throws DocumentException
    {
        return CatalogReader.compile(Yaml.parse(source, text));
    }

    /**
     * SHA-256 over the canonical form of the content.
     *
     * @return 64 lower case hexadecimal digits.
     */
    public String versionHash()
    {
        return versionHash;
    }

    /**
     * The operator whose signature was verified.
     *
     * @return the operator's name, or empty when the catalog was read without a signature.
     */
    public Optional<String> signedBy()
    {
        return Optional.ofNullable(signedBy);
    }

    /**
     * All acts, sorted by id.
     *
     * @return all acts.
     */
    public List<CompiledAct> acts()
    {
        return acts;
    }

    /**
     * The act that answers a request; there is at most one.
     *
     * @param request of an elevation.
     * @return the act or null if the catalog has none.
     */
    public CompiledAct actFor(final ActRequest request)
    {
        return actFor(request.scenario(), request.role(), request.isVerified());
    }

    /**
     * What this catalog protects, beside what is always protected.
     *
     * @return the entries, sorted by prefix.
     */
    public List<NeverContain> neverContain()
    {
        return neverContain;
    }

    /**
     * Most acts that may hold at one time.
     *
     * @return most acts that may hold at one time.
     */
    public int activeMax()
    {
        return activeMax;
    }

    /**
     * Most acts that may start within any 60 seconds.
     *
     * @return most acts that may start within any 60 seconds.
     */
    public int perMinuteMax()
    {
        return perMinuteMax;
    }

    /**
     * What is hashed and signed.
     *
     * @return a copy of the canonical bytes.
     */
    public byte[] canonicalBytes()
    {
        return canonicalBytes.clone();
    }

    /**
     * What the catalog says, for people, one fact a line.
     *
     * @return the lines; those that an operator should look at begin with {@code warning: }.
     */
    public List<String> check()
    {
        final List<String> lines = new ArrayList<>();
        lines.add("version hash " + versionHash);
        lines.add(null == signedBy ? "warning: nobody signed it" : "signed by " + signedBy);
        for (final CompiledAct act : acts)
        {
            lines.add("act " + act.id() + ": ring " + act.ring() + ", " + act.kind().label() + " " + describe(act) +
                ", undone by " + act.inverse() + ", on " + act.when().describe() + ", proven by " +
                String.join(", ", act.probes().stream().map(ProbeKind::label).toList()));
            warnOf(act, lines);
        }
        SCENARIOS.forEach((scenario) -> warnOfUnanswered(scenario, lines));
        neverContain.forEach((entry) -> lines.add("never contain " + entry.prefix() + ": " + entry.reason()));
        if (neverContain.isEmpty())
        {
            lines.add("warning: never_contain is empty: nothing of the site is protected by this catalog");
        }
        lines.add("at most " + activeMax + " acts at one time, " + perMinuteMax + " started per minute");
        return lines;
    }

    /** Whether acts may answer a scenario of this name. */
    static boolean isScenario(final String name)
    {
        return SCENARIOS.contains(name) || name.matches(OF_THE_SITE);
    }

    private CompiledAct actFor(final String scenario, final Role role, final boolean isVerified)
    {
        for (final CompiledAct act : acts)
        {
            if (act.when().matches(scenario, role, isVerified))
            {
                return act;
            }
        }
        return null;
    }

    private void warnOfUnanswered(final String scenario, final List<String> lines)
    {
        final boolean isVerifiedAnswered = null != actFor(scenario, Role.SOURCE, true);
        final boolean isForgeableAnswered = null != actFor(scenario, Role.SOURCE, false);
        if (isVerifiedAnswered != isForgeableAnswered)
        {
            lines.add("warning: no act answers " + scenario + " by " +
                (isVerifiedAnswered ? "sources that may be forged" : "verified sources") +
                ": every request for it will be refused");
        }
        else if (!isVerifiedAnswered && null == actFor(scenario, Role.AIM, false))
        {
            lines.add("warning: no act answers " + scenario + ": every request for it will be refused");
        }
    }

    private static String describe(final CompiledAct act)
    {
        final StringBuilder text = new StringBuilder(act.mode().label());
        if (act.mode().isLimit())
        {
            text.append(0 == act.packetsPerSecond() ? " of every opening" :
                " beyond " + act.packetsPerSecond() + "/s and a burst of " + act.burst());
        }
        text.append(" for ").append(act.ttlsNs().stream()
            .map((ttlNs) -> ttlNs / 1_000_000 + " ms").collect(Collectors.joining(", then ")));
        if (act.decayNs() > 0)
        {
            text.append(", one step back after each ").append(act.decayNs() / 1_000_000).append(" ms of quiet");
        }
        return text.toString();
    }

    private static void warnOf(final CompiledAct act, final List<String> lines)
    {
        if (0 == act.ring())
        {
            lines.add("warning: act " + act.id() + " is of ring 0: it only observes");
        }
        if (2 == act.ring())
        {
            lines.add("warning: act " + act.id() + " is of ring 2: it never starts by itself");
        }
        if (act.acceptForged())
        {
            lines.add("warning: act " + act.id() + " accepts forged sources: who forges an address has its owner cut " +
                "off");
        }
        if (Mode.RATE_LIMIT == act.mode())
        {
            lines.add("warning: act " + act.id() + " limits established conversations too");
        }
        for (final ProbeKind probe : act.kind().probes(act.mode()))
        {
            if (!act.probes().contains(probe))
            {
                lines.add("warning: act " + act.id() + " is proven without " + probe.label());
            }
        }
    }
}
