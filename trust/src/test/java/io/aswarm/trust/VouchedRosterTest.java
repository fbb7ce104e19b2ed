package io.aswarm.trust;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Date;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rosters that name an authority and its certificates instead of nodes. */
class VouchedRosterTest
{
    private static final long NOW_NS = 1_800_000_000_000_000_000L;
    private static final Date UNTIL = new Date(3_000_000_000_000L);
    private static final String ID = "spiffe://lab.example/aswarm/lab/";
    private static final String DOCUMENT =
        "site: lab\nsvid: {trust_domain: lab.example, bundle: bundle.pem, certificates: svids.pem}\n";

    private final HybridSigner alice = HybridSignerTest.signer(11);
    private Authority root;
    private Path file;
    private Path copy;
    private RosterKeeper keeper;

    @TempDir
    private Path directory;

    @BeforeEach
    void setUp() throws Exception
    {
        root = Authority.root("root");
        file = Files.writeString(directory.resolve("roster.yaml"), DOCUMENT);
        copy = directory.resolve("roster.in-force.yaml");
        Files.writeString(directory.resolve("bundle.pem"), root.pem());
        svids(svid("node/2", 2), svid("node/1", 1), svid("operator/bob", 12));
        keeper = new RosterKeeper(file, copy);
    }

    @Test
    void shouldBeTheSameInWhateverOrderAndReadableWithoutTheCertificates() throws Exception
    {
        final Roster roster = keeper.start(NOW_NS);
        assertTrue(keeper.isVouched());
        assertEquals(List.of("node-1", "node-2"), roster.nodes().stream().map(Roster.Node::name).toList());
        final String text = Files.readString(copy);
        svids(svid("operator/bob", 12), svid("node/1", 1), svid("node/2", 2));
        assertTrue(keeper.isOutdated());
        assertFalse(keeper.reload(NOW_NS));
        assertFalse(keeper.isOutdated());

        final Roster written = RosterReader.read(copy, text, NOW_NS).roster();
        assertEquals(roster.nodes(), written.nodes());
        assertEquals(roster.operators(), written.operators());
    }

    @Test
    void shouldFollowTheAuthorityWithoutOperators() throws Exception
    {
        keeper.start(NOW_NS);
        svids(svid("node/1", 1), svid("node/3", 3));
        assertTrue(keeper.isOutdated());
        assertTrue(keeper.reload(NOW_NS));
        assertEquals(List.of(1, 3), keeper.inForce().nodes().stream().map(Roster.Node::id).toList());

        svids(svid("node/1", 1), Authority.root("root").svid(ID + "node/4", key(4), new Date(0), UNTIL));
        assertTrue(keeper.isOutdated());
        assertTrue(assertThrows(DocumentException.class, () -> keeper.reload(NOW_NS)).getMessage().endsWith(
            "svids.pem: no authority of the bundle vouches for " + ID + "node/4: unable to find valid certification " +
            "path to requested target"));
        assertFalse(keeper.isOutdated(), "what was refused is not looked at again before it changes");
        assertEquals(List.of(1, 3), keeper.inForce().nodes().stream().map(Roster.Node::id).toList());
    }

    @Test
    void shouldLeaveOutWhatIsRevokedAndTakeOperatorsInWriting() throws Exception
    {
        Files.writeString(file, DOCUMENT + "operators: [{name: alice, key: \"" + alice.publicKey() +
            "\"}]\nrevoked: [{key_id: " + key(2).keyId() + ", reason: stolen}]\n");
        final Roster roster = keeper.start(NOW_NS);
        assertEquals(List.of("node-1"), roster.nodes().stream().map(Roster.Node::name).toList());
        assertEquals(List.of("alice", "bob"), roster.operators().stream().map(Roster.Operator::name).toList());
        assertEquals("stolen", roster.revocations().get(0).reason());

        Files.writeString(file, DOCUMENT + "operators: [{name: bob, key: \"" + alice.publicKey() + "\"}]\n");
        assertTrue(refusal().contains("\"operators\" is used twice: bob"), refusal());
        Files.writeString(file, DOCUMENT + "revoked: [{key_id: " + key(1).keyId() + ", reason: a}, {key_id: " +
            key(2).keyId() + ", reason: b}]\n");
        assertTrue(refusal().contains("leaves no node"), refusal());
    }

    @Test
    void shouldNotTakeThePlaceOfARosterWithAVersion() throws Exception
    {
        Files.writeString(file, "site: lab\nversion: 1\nnodes: [{id: 1, name: node-1, key: \"" + key(1) +
            "\"}]\noperators: [{name: alice, key: \"" + alice.publicKey() + "\"}]\n");
        RosterSignature.sign(file, "alice", alice);
        keeper.start(NOW_NS);
        Files.writeString(file, DOCUMENT);
        assertTrue(refusal().contains("version 0 is not after version 1"), refusal());
        assertThrows(DocumentException.class, () -> new RosterKeeper(file, copy).start(NOW_NS));
    }

    @Test
    void shouldRefuseWhatItCannotBe() throws IOException
    {
        for (final String[] wrong : new String[][]{
            {"version: 3\n", "unknown key \"version\""},
            {"nodes: []\n", "unknown key \"nodes\""},
            {"", "bundle.pem: cannot be read: no such file"}})
        {
            Files.writeString(file, DOCUMENT.replace("bundle.pem", wrong[0].isEmpty() ? "none/bundle.pem" :
                "bundle.pem") + wrong[0]);
            final String message =
                assertThrows(DocumentException.class, () -> new RosterKeeper(file, copy).start(NOW_NS)).getMessage();
            assertTrue(message.contains(wrong[1]), message);
        }
        Files.writeString(file, "site: lab\nsvid: {trust_domain: lab.example}\n");
        assertTrue(assertThrows(DocumentException.class, () -> new RosterKeeper(file, copy).start(NOW_NS))
            .getMessage().contains("\"svid.bundle\" is missing"));
        Files.writeString(file, DOCUMENT);
        assertTrue(assertThrows(DocumentException.class, () -> RosterSignature.sign(file, "alice", alice))
            .getMessage().contains("made of certificates"));
    }

    private String refusal()
    {
        return assertThrows(DocumentException.class, () ->
        {
            if (null == keeper.inForce())
            {
                keeper.start(NOW_NS);
            }
            keeper.reload(NOW_NS);
        }).getMessage();
    }

    private void svids(final String... pems) throws IOException
    {
        // a new file, as those who deliver certificates write it
        final Path fresh = Files.writeString(directory.resolve("fresh.pem"), String.join("", pems));
        Files.move(fresh, directory.resolve("svids.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private String svid(final String name, final int seed) throws Exception
    {
        return root.svid(ID + name, key(seed), new Date(0), UNTIL);
    }

    private static PublicKey key(final int seed)
    {
        return HybridSignerTest.signer(seed).classical().publicKey();
    }
}
