package io.aswarm.trust;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RosterKeeperTest
{
    private static final long NOW_NS = 1_800_000_000_000_000_000L;

    private final HybridSigner alice = HybridSignerTest.signer(11);
    private final HybridSigner bob = HybridSignerTest.signer(12);
    private final HybridSigner carol = HybridSignerTest.signer(13);
    private Path file;
    private Path copy;
    private RosterKeeper keeper;

    @TempDir
    private Path directory;

    @BeforeEach
    void setUp() throws IOException, DocumentException
    {
        file = directory.resolve("roster.yaml");
        copy = directory.resolve("roster.in-force.yaml");
        keeper = new RosterKeeper(file, copy);
    }

    @Test
    void shouldTakeAGreaterVersionOfTwoOperators() throws IOException, DocumentException
    {
        publish(roster(1, alice, bob), alice, bob);
        assertEquals(1, keeper.start(NOW_NS).version());
        assertFalse(keeper.reload(NOW_NS), "nothing changed");

        publish(roster(2, alice, carol), alice, bob);
        assertTrue(keeper.reload(NOW_NS));
        assertEquals(2, keeper.inForce().version());

        publish(roster(4, alice, carol), alice, bob);
        assertTrue(refusal().contains("signed by 1 operators of the roster in force; required: 2"), refusal());
        publish(roster(4, alice, carol), alice, carol);
        assertTrue(keeper.reload(NOW_NS), "by the operators of version 2, and 3 may be left out");
    }

    @Test
    void shouldRefuseWhatIsOlderAlsoAfterARestart() throws IOException, DocumentException
    {
        publish(roster(1, alice, bob), alice, bob);
        final String first = Files.readString(file);
        final byte[] firstSignature = Files.readAllBytes(RosterSignature.fileOf(file));
        keeper.start(NOW_NS);
        publish(roster(2, alice, bob), alice, bob);
        keeper.reload(NOW_NS);

        Files.writeString(file, first);
        Files.write(RosterSignature.fileOf(file), firstSignature);
        assertEquals(file + ": version 1 is not after version 2, which is in force: a changed roster needs a greater " +
            "version", refusal());
        final RosterKeeper restarted = new RosterKeeper(file, copy);
        assertThrows(DocumentException.class, () -> restarted.start(NOW_NS));

        publish(roster(2, alice, carol), alice, bob);
        assertTrue(refusal().contains("version 2 is not after version 2"), "the same number is not the same roster");
        assertEquals(2, keeper.inForce().version());
    }

    @Test
    void shouldComeUpWithWhatIsInForceOrFollowsIt() throws IOException, DocumentException
    {
        publish(roster(1, alice, bob), alice, bob);
        keeper.start(NOW_NS);
        assertEquals(1, new RosterKeeper(file, copy).start(NOW_NS).version());
        publish(roster(2, carol, bob), alice, bob);
        assertEquals(2, new RosterKeeper(file, copy).start(NOW_NS).version());
        publish(roster(3, carol, bob), alice, bob);
        assertThrows(DocumentException.class, () -> new RosterKeeper(file, copy).start(NOW_NS));
    }

    @Test
    void shouldRefuseEverySignatureThatIsNotOverTheseBytes() throws IOException, DocumentException
    {
        publish(roster(1, alice, bob), alice, bob);
        keeper.start(NOW_NS);
        publish(roster(2, alice, bob), alice, bob);
        Files.writeString(file, Files.readString(file) + "# changed\n");
        assertTrue(refusal().contains("signature of \"alice\" does not verify"), refusal());

        publish(roster(2, alice, bob), alice);
        assertTrue(refusal().contains("signed by 1"), refusal());
        Files.delete(RosterSignature.fileOf(file));
        assertTrue(refusal().contains("no such file"), refusal());
        Files.writeString(
            RosterSignature.fileOf(file), "{\"signatures\":[{\"signer\":\"alice\",\"signature\":\"!\"}]}");
        assertTrue(refusal().contains("not base64"), refusal());
        publish(roster(2, alice, bob).replace("site: lab", "site: else"), alice, bob);
        assertTrue(refusal().contains("a roster of site \"else\""), refusal());
        assertEquals(1, keeper.inForce().version());
    }

    @Test
    void shouldRefuseAFirstVersionThatNobodySigned() throws IOException
    {
        Files.writeString(file, roster(1, alice, bob));
        assertThrows(DocumentException.class, () -> keeper.start(NOW_NS));
        assertFalse(Files.exists(copy));
    }

    @Test
    void shouldTakeARosterWithoutVersionAtTheStartOnly() throws IOException, DocumentException
    {
        final String plain = roster(1, alice, bob).replace("version: 1\n", "");
        Files.writeString(file, plain);
        assertEquals(0, keeper.start(NOW_NS).version());
        Files.writeString(file, plain + "# changed\n");
        assertTrue(refusal().contains("version 0 is not after version 0"), refusal());
        assertEquals(0, new RosterKeeper(file, copy).start(NOW_NS).version(), "as it was before there were versions");

        publish(roster(1, alice, bob), alice, bob);
        assertEquals(1, new RosterKeeper(file, copy).start(NOW_NS).version());
        Files.writeString(file, plain);
        assertThrows(DocumentException.class, () -> new RosterKeeper(file, copy).start(NOW_NS));
    }

    @Test
    void shouldNotCountAnOperatorWhoseTimeIsOver() throws IOException, DocumentException
    {
        publish(roster(1, alice, bob).replace("name: bob,", "name: bob, not_after: 2026-01-01T00:00:00Z,"),
            alice, carol);
        assertThrows(DocumentException.class, () -> keeper.start(NOW_NS));
    }

    private void publish(final String text, final HybridSigner... signers) throws IOException, DocumentException
    {
        Files.deleteIfExists(RosterSignature.fileOf(file));
        Files.writeString(file, text);
        for (final HybridSigner signer : signers)
        {
            RosterSignature.sign(file, name(signer), signer);
        }
    }

    private String roster(final int version, final HybridSigner first, final HybridSigner second)
    {
        return "site: lab\nversion: " + version + "\nnodes: [{id: 1, name: g1, key: \"" +
            HybridSignerTest.signer(1).publicKey() + "\"}]\noperators:\n  - {name: " + name(first) + ", key: \"" +
            first.publicKey() + "\"}\n  - {name: " + name(second) + ", key: \"" + second.publicKey() + "\"}\n";
    }

    private String name(final HybridSigner signer)
    {
        return signer.equals(alice) ? "alice" : signer.equals(bob) ? "bob" : "carol";
    }

    private String refusal()
    {
        return assertThrows(DocumentException.class, () -> keeper.reload(NOW_NS)).getMessage();
    }
}
