package io.aswarm.trust;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A roster as read, with what names it.
 *
 * @param roster       that was read.
 * @param text         its own text; where certificates say who is in it, the roster that they amount to, written out:
 *                     the same on all nodes that read the same certificates, in whatever order.
 * @param certificates files that it was made of, or none.
 */
record RosterDocument(Roster roster, String text, List<Path> certificates)
{
    private static final long SECOND_NS = 1_000_000_000L;

    /** Do an authority's certificates, and not its own text, say who is in it? */
    boolean isVouched()
    {
        return !certificates.isEmpty();
    }

    /** A roster written out in the canonical form of JSON, which is YAML too, for {@link RosterReader}. */
    static String textOf(final Roster roster)
    {
        final List<Map<String, Object>> nodes = new ArrayList<>();
        for (final Roster.Node node : roster.nodes())
        {
            final Map<String, Object> entry = entry(node.name(), node.identity(), node.validity());
            entry.put("id", node.id());
            entry.put("spiffe_id", node.spiffeId().toString());
            nodes.add(entry);
        }
        final List<Map<String, Object>> operators = new ArrayList<>();
        roster.operators().forEach((each) -> operators.add(entry(each.name(), each.identity(), each.validity())));
        final List<Map<String, String>> revoked = new ArrayList<>();
        roster.revocations().forEach((each) -> revoked.add(Map.of(
            "key_id", each.keyId(), "since", instant(each.sinceEpochNs()), "reason", each.reason())));
        return new String(CanonicalJson.bytes(Map.of(
            "site", roster.site(), "nodes", nodes, "operators", operators, "revoked", revoked)),
            StandardCharsets.UTF_8);
    }

    private static Map<String, Object> entry(
        final String name, final HybridPublicKey identity, final Validity validity)
    {
        final Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", name);
        entry.put("key", identity.toString());
        if (validity.notBeforeEpochNs() != Validity.ALWAYS.notBeforeEpochNs())
        {
            entry.put("not_before", instant(validity.notBeforeEpochNs()));
        }
        if (validity.notAfterEpochNs() != Validity.ALWAYS.notAfterEpochNs())
        {
            entry.put("not_after", instant(validity.notAfterEpochNs()));
        }
        return entry;
    }

    private static String instant(final long epochNs)
    {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, SECOND_NS), Math.floorMod(epochNs, SECOND_NS)).toString();
    }
}
