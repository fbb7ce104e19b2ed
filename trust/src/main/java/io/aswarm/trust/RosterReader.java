package io.aswarm.trust;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a roster strictly from YAML:
 * <pre>
 * site: lab
 * version: 7                      # grows with each change; without it the roster cannot change while a node runs
 * trust_domain: lab.example       # nodes without spiffe_id are spiffe://lab.example/aswarm/lab/node/ID
 * nodes:
 *   - {id: 1, name: gateway-1, key: "ed25519+ml-dsa-65:…", not_after: 2027-11-22T00:00:00Z}
 *   - {id: 2, name: gateway-2, key: "ed25519:…", spiffe_id: "spiffe://lab.example/rack/2"}
 * operators:
 *   - {name: alice, key: "ed25519:…"}
 * revoked:
 *   - {key_id: 64 hexadecimal digits, since: 2026-11-22T00:00:00Z, reason: stolen with the rack}
 * </pre>
 * Instead of nodes it may name the certificates of a trust domain, see {@link SvidRoster}; paths are relative to it.
 * Operators may then be listed beside those who have a certificate, and what is revoked is left out:
 * <pre>
 * site: lab
 * svid: {trust_domain: lab.example, bundle: authorities.pem, certificates: svids.pem}
 * </pre>
 */
final class RosterReader
{
    private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{64}");
    private static final long SECOND_NS = 1_000_000_000L;

    private final Object source;
    private final YamlMapping root;
    private final long nowEpochNs;
    private final Set<Object> used = new HashSet<>();
    private final Map<String, Roster.Revocation> revocationByKeyId = new LinkedHashMap<>();

    private RosterReader(final Object source, final String text, final long nowEpochNs) throws DocumentException
    {
        this.source = source;
        this.root = Yaml.parse(source, text);
        this.nowEpochNs = nowEpochNs;
    }

    /** Read a document: from this text, and from the certificates that it may name. */
    static RosterDocument read(final Object source, final String text, final long nowEpochNs) throws DocumentException
    {
        final RosterReader reader = new RosterReader(source, text, nowEpochNs);
        return reader.root.has("svid") ? reader.readSvids() : new RosterDocument(reader.read(), text, List.of());
    }

    private RosterDocument readSvids() throws DocumentException
    {
        final String site = root.string("site");
        final YamlMapping entry = root.mapping("svid");
        final String trustDomain = entry.string("trust_domain");
        final Path base = Path.of(source.toString()).toAbsolutePath().getParent();
        final Path bundle = base.resolve(entry.string("bundle")).normalize();
        final Path certificates = base.resolve(entry.string("certificates")).normalize();
        entry.finish();
        readRevoked();
        final List<Roster.Operator> listed = readOperators();
        root.finish();

        final Roster vouched = SvidRoster.read(site, trustDomain, bundle, certificates, nowEpochNs);
        final List<Roster.Operator> operators = new ArrayList<>(listed);
        for (final Roster.Operator operator : vouched.operators())
        {
            if (!isRevoked(operator.publicKey()))
            {
                refuseTwice(root, "operators", operator.name());
                refuseTwice(root, "operators", operator.publicKey());
                operators.add(operator);
            }
        }
        final List<Roster.Node> nodes = vouched.nodes().stream()
            .filter((node) -> !isRevoked(node.publicKey())).toList();
        if (nodes.isEmpty())
        {
            throw root.wrong("revoked", "leaves no node");
        }
        final Roster roster = new Roster(site, 0, nodes, operators, List.copyOf(revocationByKeyId.values()));
        final String text = RosterDocument.textOf(roster);
        if (text.length() > Yaml.LENGTH_MAX)
        {
            throw root.wrong("svid", "amounts to a roster of more than " + Yaml.LENGTH_MAX + " bytes");
        }
        return new RosterDocument(roster, text, List.of(bundle, certificates));
    }

    private Roster read() throws DocumentException
    {
        final String site = root.string("site");
        final long version = root.integer("version", 0L, 1, Long.MAX_VALUE - 1);
        final String trustDomain = root.string("trust_domain", null);
        readRevoked();
        final List<Roster.Node> nodes = new ArrayList<>();
        for (final YamlMapping entry : root.mappings("nodes"))
        {
            nodes.add(node(entry, site, trustDomain));
        }
        final List<Roster.Operator> operators = readOperators();
        root.finish();
        if (nodes.isEmpty() || nodes.size() > Roster.NODES_MAX)
        {
            throw root.wrong("nodes", "lists " + nodes.size() + " nodes; allowed: 1 to " + Roster.NODES_MAX);
        }
        return new Roster(site, version, nodes, operators, List.copyOf(revocationByKeyId.values()));
    }

    private void readRevoked() throws DocumentException
    {
        for (final YamlMapping entry : root.mappings("revoked"))
        {
            readRevocation(entry);
        }
    }

    private List<Roster.Operator> readOperators() throws DocumentException
    {
        final List<Roster.Operator> operators = new ArrayList<>();
        for (final YamlMapping entry : root.mappings("operators"))
        {
            operators.add(operator(entry));
        }
        return operators;
    }

    private Roster.Node node(final YamlMapping entry, final String site, final String trustDomain)
        throws DocumentException
    {
        final int id = (int)entry.integer("id", null, 1, 65_535);
        final String name = entry.string("name");
        final HybridPublicKey key = key(entry);
        refuseTwice(entry, "id", id);
        refuseTwice(entry, "name", name);
        final SpiffeId spiffeId = spiffeId(entry, null == trustDomain ? null :
            "spiffe://" + trustDomain + "/aswarm/" + site + "/node/" + id);
        if (null != spiffeId)
        {
            refuseTwice(entry, "spiffe_id", spiffeId);
        }
        final Validity validity = validity(entry);
        entry.finish();
        return new Roster.Node(id, name, key, spiffeId, validity);
    }

    private Roster.Operator operator(final YamlMapping entry) throws DocumentException
    {
        final String name = entry.string("name");
        final HybridPublicKey key = key(entry);
        refuseTwice(entry, "name", name);
        final Validity validity = validity(entry);
        entry.finish();
        return new Roster.Operator(name, key, validity);
    }

    private void readRevocation(final YamlMapping entry) throws DocumentException
    {
        final String keyId = entry.string("key_id");
        if (!KEY_ID.matcher(keyId).matches())
        {
            throw entry.wrong("key_id", "must be 64 lower case hexadecimal digits");
        }
        refuseTwice(entry, "key_id", keyId);
        revocationByKeyId.put(
            keyId, new Roster.Revocation(keyId, epochNs(entry, "since", 0), entry.string("reason")));
        entry.finish();
    }

    private boolean isRevoked(final PublicKey key)
    {
        return revocationByKeyId.containsKey(key.keyId());
    }

    private HybridPublicKey key(final YamlMapping entry) throws DocumentException
    {
        try
        {
            final HybridPublicKey key = HybridPublicKey.parse(entry.string("key"));
            refuseTwice(entry, "key", key.classical());
            final Roster.Revocation revocation = revocationByKeyId.get(key.classical().keyId());
            if (null != revocation)
            {
                throw entry.wrong("key", "is revoked: " + revocation.reason());
            }
            return key;
        }
        catch (final IllegalArgumentException ex)
        {
            throw entry.wrong("key", ex.getMessage());
        }
    }

    private static SpiffeId spiffeId(final YamlMapping entry, final String fallback) throws DocumentException
    {
        final String text = entry.string("spiffe_id", fallback);
        try
        {
            return null == text ? null : SpiffeId.parse(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw entry.wrong("spiffe_id", ex.getMessage());
        }
    }

    private static Validity validity(final YamlMapping entry) throws DocumentException
    {
        final long notBefore = epochNs(entry, "not_before", Validity.ALWAYS.notBeforeEpochNs());
        final long notAfter = epochNs(entry, "not_after", Validity.ALWAYS.notAfterEpochNs());
        if (notAfter <= notBefore)
        {
            throw entry.wrong("not_after", "is not after not_before");
        }
        return new Validity(notBefore, notAfter);
    }

    private static long epochNs(final YamlMapping entry, final String key, final long fallback)
        throws DocumentException
    {
        if (!entry.has(key))
        {
            return fallback;
        }
        final String text = entry.string(key);
        try
        {
            final Instant instant = Instant.parse(text);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND_NS), instant.getNano());
        }
        catch (final DateTimeException | ArithmeticException ex)
        {
            throw entry.wrong(key, "is \"" + text + "\"; allowed: a time such as 2026-11-22T08:00:00Z, until 2262");
        }
    }

    private void refuseTwice(final YamlMapping entry, final String key, final Object value) throws DocumentException
    {
        if (!used.add(value))
        {
            throw entry.wrong(key, "is used twice: " + value);
        }
    }
}
