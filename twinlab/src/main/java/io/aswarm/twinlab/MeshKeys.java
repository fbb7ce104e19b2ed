package io.aswarm.twinlab;

import io.aswarm.actuator.Catalog;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SignedOrder;
import io.aswarm.trust.Signer;
import io.aswarm.trust.Validity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys, rosters and the catalog of simulated sites, made once and used by every run of a process: no outcome depends on
 * the bits of a key.
 */
final class MeshKeys
{
    /** Time that every simulated containment is granted. */
    static final long TTL_NS = 4_000_000_000L;

    private static final String SITE = "simulated";
    private static final List<String> OPERATORS = List.of("alice", "bob");
    private static final long ORDER_LIFE_NS = 3_600L * MeshPlan.SECOND_NS;

    private final List<HybridSigner> operators = new ArrayList<>();
    private final List<Signer> signers = new ArrayList<>();
    private final Map<Integer, Roster> rosterBySize = new HashMap<>();
    private final Catalog catalog;

    /**
     * Make keys for sites of up to so many nodes.
     *
     * @param nodesMax of the largest site.
     * @throws IOException       when temporary files cannot be used.
     * @throws DocumentException when the catalog does not compile: a defect.
     */
    MeshKeys(final int nodesMax) throws IOException, DocumentException
    {
        try (TemporaryDirectory directory = new TemporaryDirectory("aswarm-simulate-"))
        {
            final SiteFiles files = SiteFiles.write(directory.path(), 1, null, TTL_NS / 1_000_000L);
            catalog = Catalog.read(
                files.catalog(), files.catalogSignature(), Roster.read(files.roster()).operators());
            final Path file = directory.path().resolve("node.key");
            for (int i = 0; i < OPERATORS.size(); i++)
            {
                operators.add(KeyFile.generateHybrid(file));
                Files.delete(file);
            }
            for (int i = 0; i < nodesMax; i++)
            {
                signers.add(KeyFile.generate(file));
                Files.delete(file);
            }
        }
    }

    Catalog catalog()
    {
        return catalog;
    }

    /** Key of the node at a place of the roster. */
    Signer signer(final int place)
    {
        return signers.get(place);
    }

    /** A site of nodes 1 to n. */
    Roster roster(final int nodes)
    {
        return rosterBySize.computeIfAbsent(nodes, (count) ->
        {
            final List<Roster.Node> members = new ArrayList<>();
            for (int place = 0; place < count; place++)
            {
                members.add(new Roster.Node(
                    place + 1, "node-" + (place + 1), signers.get(place).publicKey()));
            }
            return new Roster(SITE, members, List.of(
                new Roster.Operator(OPERATORS.get(0), operators.get(0).publicKey(), Validity.ALWAYS),
                new Roster.Operator(OPERATORS.get(1), operators.get(1).publicKey(), Validity.ALWAYS)));
        });
    }

    /** An order that both operators have signed. */
    SignedOrder order(final SignedOrder.Action action, final long issuedEpochNs)
    {
        final SignedOrder draft = SignedOrder.draft(
            SITE, action, "simulated", String.format("%032x", issuedEpochNs), issuedEpochNs, ORDER_LIFE_NS);
        return draft.sign(OPERATORS.get(0), operators.get(0)).sign(OPERATORS.get(1), operators.get(1));
    }
}
