package io.aswarm.trust;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who belongs to the site: nodes that may deposit evidence, operators who may sign catalogs and orders. Static,
 * immutable, read from a YAML file:
 * <pre>
 * site: lab
 * nodes:
 *   - {id: 1, name: gateway-1, key: "ed25519:…"}
 * operators:
 *   - {name: alice, key: "ed25519:…"}
 * </pre>
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
     */
    public record Node(int id, String name, HybridPublicKey identity)
    {
        /**
         * A node known by its Ed25519 key alone.
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
     * A person whose signature approves catalogs and orders.
     *
     * @param name     used in certificates.
     * @param identity with which they sign orders.
     */
    public record Operator(String name, HybridPublicKey identity)
    {
        /**
         * An operator known by the Ed25519 key alone.
         *
         * @param name      used in certificates.
         * @param publicKey of the identity.
         */
        public Operator(final String name, final PublicKey publicKey)
        {
            this(name, HybridPublicKey.of(publicKey));
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

    private final String site;
    private final List<Node> nodes;
    private final List<Operator> operators;
    private final Map<Integer, Node> nodeById = new HashMap<>();
    /** By number on the wire: place in the list plus 1, or 0 for none. */
    private final char[] placeById;

    /**
     * Build a roster that was not read from a file.
     *
     * @param site      name.
     * @param nodes     with distinct ids, names and keys.
     * @param operators of the site.
     */
    public Roster(final String site, final List<Node> nodes, final List<Operator> operators)
    {
        this.site = site;
        this.nodes = List.copyOf(nodes);
        this.operators = List.copyOf(operators);
        placeById = new char[1 + nodes.stream().mapToInt(Node::id).max().orElse(0)];
        for (int place = 0; place < nodes.size(); place++)
        {
            nodeById.put(nodes.get(place).id(), nodes.get(place));
            placeById[nodes.get(place).id()] = (char)(place + 1);
        }
    }

    /**
     * Read a roster.
     *
     * @param file in YAML.
     * @return the roster.
     * @throws DocumentException for unknown keys, bad keys, and ids, names or keys used twice.
     */
    public static Roster read(final Path file) throws DocumentException
    {
        final YamlMapping root = Yaml.read(file);
        final String site = root.string("site");
        final Set<Object> used = new HashSet<>();

        final List<Node> nodes = new ArrayList<>();
        for (final YamlMapping entry : root.mappings("nodes"))
        {
            final Node node = new Node(
                (int)entry.integer("id", null, 1, 65_535), entry.string("name"), key(entry, used));
            refuseTwice(entry, "id", node.id(), used);
            refuseTwice(entry, "name", node.name(), used);
            entry.finish();
            nodes.add(node);
        }

        final List<Operator> operators = new ArrayList<>();
        for (final YamlMapping entry : root.mappings("operators"))
        {
            final Operator operator = new Operator(entry.string("name"), key(entry, used));
            refuseTwice(entry, "name", operator.name(), used);
            entry.finish();
            operators.add(operator);
        }

        root.finish();
        if (nodes.isEmpty() || nodes.size() > NODES_MAX)
        {
            throw root.wrong("nodes", "lists " + nodes.size() + " nodes; allowed: 1 to " + NODES_MAX);
        }
        return new Roster(site, nodes, operators);
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

    private static HybridPublicKey key(final YamlMapping entry, final Set<Object> used) throws DocumentException
    {
        try
        {
            final HybridPublicKey key = HybridPublicKey.parse(entry.string("key"));
            refuseTwice(entry, "key", key.classical(), used);
            return key;
        }
        catch (final IllegalArgumentException ex)
        {
            throw entry.wrong("key", ex.getMessage());
        }
    }

    private static void refuseTwice(
        final YamlMapping entry, final String key, final Object value, final Set<Object> used) throws DocumentException
    {
        if (!used.add(value))
        {
            throw entry.wrong(key, "is used twice: " + value);
        }
    }
}
