package io.aswarm.trust;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who belongs to the site: nodes that may deposit evidence, operators who may sign catalogs and orders. Immutable; a
 * change is a new roster of a greater version (see {@link RosterKeeper}). {@link RosterReader} says how it is written.
 */
public final class Roster
{
    /** Most nodes in one site. */
    public static final int NODES_MAX = 10_000;

    /**
     * A member of the mesh.
     *
     * @param id       1 to 65535, its number on the wire.
     * @param name     used in certificates, metrics and messages.
     * @param identity with which it agrees on session keys.
     * @param spiffeId its name among other systems, or null where it has none.
     * @param validity of its identity.
     */
    public record Node(int id, String name, HybridPublicKey identity, SpiffeId spiffeId, Validity validity)
    {
        /**
         * A node known by its Ed25519 key alone, without end.
         *
         * @param id        1 to 65535, its number on the wire.
         * @param name      used in certificates, metrics and messages.
         * @param publicKey of its identity.
         */
        public Node(final int id, final String name, final PublicKey publicKey)
        {
            this(id, name, HybridPublicKey.of(publicKey));
        }

        /**
         * A node without SPIFFE ID, without end.
         *
         * @param id       1 to 65535, its number on the wire.
         * @param name     used in certificates, metrics and messages.
         * @param identity with which it agrees on session keys.
         */
        public Node(final int id, final String name, final HybridPublicKey identity)
        {
            this(id, name, identity, null, Validity.ALWAYS);
        }

        /**
         * The Ed25519 half of its identity.
         *
         * @return the key which its deposits and certificates must verify with.
         */
        public PublicKey publicKey()
        {
            return identity.classical();
        }
    }

    /**
     * A person whose signature approves catalogs, rosters and orders.
     *
     * @param name     used in certificates.
     * @param identity with which they sign.
     * @param validity of their identity.
     */
    public record Operator(String name, HybridPublicKey identity, Validity validity)
    {
        /**
         * An operator known by the Ed25519 key alone, without end.
         *
         * @param name      used in certificates.
         * @param publicKey of the identity.
         */
        public Operator(final String name, final PublicKey publicKey)
        {
            this(name, HybridPublicKey.of(publicKey), Validity.ALWAYS);
        }

        /**
         * The Ed25519 half of the identity.
         *
         * @return the key which signatures of catalogs must verify with.
         */
        public PublicKey publicKey()
        {
            return identity.classical();
        }
    }

    /**
     * A key that is not to be believed any more, whoever lists it.
     *
     * @param keyId        of its Ed25519 half, {@link PublicKey#keyId()}.
     * @param sinceEpochNs wall clock: what it signed from then on is worth nothing.
     * @param reason       for the record.
     */
    public record Revocation(String keyId, long sinceEpochNs, String reason)
    {
    }

    private final String site;
    private final long version;
    private final List<Node> nodes;
    private final List<Operator> operators;
    private final List<Revocation> revocations;
    private final Map<Integer, Node> nodeById = new HashMap<>();
    /** By number on the wire: place in the list plus 1, or 0 for none. */
    private final char[] placeById;

    /**
     * Build a roster without version that was not read from a file.
     *
     * @param site      name.
     * @param nodes     with distinct ids, names and keys.
     * @param operators of the site.
     */
    public Roster(final String site, final List<Node> nodes, final List<Operator> operators)
    {
        this(site, 0, nodes, operators, List.of());
    }

    Roster(
        final String site,
        final long version,
        final List<Node> nodes,
        final List<Operator> operators,
        final List<Revocation> revocations)
    {
        this.site = site;
        this.version = version;
        this.nodes = List.copyOf(nodes);
        this.operators = List.copyOf(operators);
        this.revocations = List.copyOf(revocations);
        placeById = new char[1 + nodes.stream().mapToInt(Node::id).max().orElse(0)];
        for (int place = 0; place < nodes.size(); place++)
        {
            nodeById.put(nodes.get(place).id(), nodes.get(place));
            placeById[nodes.get(place).id()] = (char)(place + 1);
        }
    }

    /**
     * Read a roster as of now: certificates that it names must be vouched for by authorities whose time is not over.
     *
     * @param file in YAML.
     * @return the roster.
     * @throws DocumentException for unknown keys, bad keys or certificates, and ids, names or keys used twice.
     */
    public static Roster read(final Path file) throws DocumentException
    {
        return RosterReader.read(
            file, DocumentText.read(file, Yaml.LENGTH_MAX), System.currentTimeMillis() * 1_000_000L).roster();
    }

    /**
     * Name of the site.
     *
     * @return name of the site.
     */
    public String site()
    {
        return site;
    }

    /**
     * Number of this roster in the site's history.
     *
     * @return from 1, or 0 for a roster that has none.
     */
    public long version()
    {
        return version;
    }

    /**
     * Keys that are not to be believed any more.
     *
     * @return all of them.
     */
    public List<Revocation> revocations()
    {
        return revocations;
    }

    /**
     * All nodes in the order of the file.
     *
     * @return all nodes.
     */
    public List<Node> nodes()
    {
        return nodes;
    }

    /**
     * All operators in the order of the file.
     *
     * @return all operators.
     */
    public List<Operator> operators()
    {
        return operators;
    }

    /**
     * Find an operator by name.
     *
     * @param name of the operator.
     * @return the operator or null if the roster has no such operator.
     */
    public Operator operator(final String name)
    {
        return operators.stream().filter((operator) -> operator.name().equals(name)).findFirst().orElse(null);
    }

    /**
     * Find a node by its number on the wire.
     *
     * @param id of the node.
     * @return the node or null if the roster has no such node.
     */
    public Node node(final int id)
    {
        return nodeById.get(id);
    }

    /**
     * Place of a node in {@link #nodes()}: what is kept for each node can stand in an array. Allocates nothing.
     *
     * @param id of the node, any number.
     * @return the place, or -1 if the roster has no such node.
     */
    public int indexOf(final int id)
    {
        return id < 0 || id >= placeById.length ? -1 : placeById[id] - 1;
    }

    /**
     * Find a node by its name.
     *
     * @param name of the node.
     * @return the node or null if the roster has no such node.
     */
    public Node node(final String name)
    {
        return nodes.stream().filter((node) -> node.name().equals(name)).findFirst().orElse(null);
    }
}
