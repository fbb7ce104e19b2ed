package io.aswarm.bench;

import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SessionKeys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Nodes of a site in memory, with identities of two halves, whose messages arrive in the order of sending.
 */
final class SessionSite
{
    private static final long EPOCH_NS = 1_800_000_000_000_000_000L;
    private static final long STEP_NS = 10_000_000L;

    final List<Handshake> nodes = new ArrayList<>();
    private final List<HybridSigner> signers;
    private final Roster roster;
    private long nowNs;
    private long bootEpoch;

    SessionSite(final int nodeCount) throws IOException
    {
        signers = new ArrayList<>();
        final List<Roster.Node> members = new ArrayList<>();
        final Path directory = Files.createTempDirectory("aswarm-bench");
        for (int id = 1; id <= nodeCount; id++)
        {
            final Path file = directory.resolve("key-" + id);
            signers.add(KeyFile.generateHybrid(file));
            Files.delete(file);
            members.add(new Roster.Node(id, "node-" + id, signers.get(id - 1).publicKey()));
        }
        Files.delete(directory);
        roster = new Roster("bench", members, List.of());
    }

    /** Start all nodes anew and let them agree. */
    void agree()
    {
        nodes.forEach(Handshake::close);
        nodes.clear();
        bootEpoch++;
        for (int id = 1; id <= signers.size(); id++)
        {
            nodes.add(new Handshake(new HandshakeConfig(roster, id, signers.get(id - 1), bootEpoch), nowNs));
        }
        while (!isAgreed())
        {
            nowNs += STEP_NS;
            for (int from = 0; from < nodes.size(); from++)
            {
                nodes.get(from).onTick(outlet(from), nowNs, EPOCH_NS + nowNs);
            }
        }
    }

    private SessionKeys.Outlet outlet(final int from)
    {
        return (message, offset, length) ->
        {
            final byte[] bytes = Arrays.copyOfRange(message, offset, offset + length);
            for (int to = 0; to < nodes.size(); to++)
            {
                if (to != from)
                {
                    nodes.get(to).onMessage(bytes, 0, length, from, nowNs, EPOCH_NS + nowNs);
                }
            }
            return true;
        };
    }

    private boolean isAgreed()
    {
        return nodes.stream().allMatch((node) -> node.session().reach() == nodes.size() - 1);
    }
}
