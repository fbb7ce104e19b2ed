package io.aswarm.trust;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Documents that somebody changed at random: each is read, or refused with a {@link DocumentException}, and nothing
 * else happens.
 */
class DocumentFuzzTest
{
    private static final long NOW_NS = 1_800_000_000_000_000_000L;
    /** More by {@code -Daswarm.fuzz.rounds=10000000}. */
    private static final int ROUNDS = Integer.getInteger("aswarm.fuzz.rounds", 20_000) / 10;

    private final Random random = new Random(1);
    private final HybridSigner alice = HybridSignerTest.signer(11);
    private final HybridSigner bob = HybridSignerTest.signer(12);

    @TempDir
    private Path directory;

    private interface Reader
    {
        void read(String text) throws DocumentException;
    }

    @Test
    void shouldReadOrRefuseAnyRoster() throws IOException, DocumentException
    {
        final Path file = directory.resolve("roster.yaml");
        final String text = "site: lab\nversion: 3\ntrust_domain: lab.example\nnodes:\n  - {id: 1, name: g1, key: \"" +
            HybridSignerTest.signer(1).classical().publicKey() + "\", not_after: 2030-01-01T00:00:00Z}\noperators:\n" +
            "  - {name: alice, key: \"" + alice.classical().publicKey() + "\"}\n  - {name: bob, key: \"" +
            bob.classical().publicKey() + "\"}\nrevoked:\n  - {key_id: " + "a".repeat(64) +
            ", since: 2026-01-01T00:00:00Z, reason: gone}\n";
        Files.writeString(file, text);
        RosterSignature.sign(file, "alice", HybridSigner.of(alice.classical()));
        RosterSignature.sign(file, "bob", HybridSigner.of(bob.classical()));
        final RosterKeeper keeper = new RosterKeeper(file, directory.resolve("in-force.yaml"));
        keeper.start(NOW_NS);
        fuzz(text, (changed) -> RosterReader.read("roster", changed, NOW_NS));

        final String signatures = Files.readString(RosterSignature.fileOf(file));
        for (int round = 0; round < ROUNDS / 10; round++)
        {
            Files.writeString(file, 0 == round % 2 ? mutate(text.replace("version: 3", "version: 4")) : text);
            Files.writeString(RosterSignature.fileOf(file), 0 == round % 3 ? signatures : mutate(signatures));
            try
            {
                assertFalse(keeper.reload(NOW_NS), "round " + round);
            }
            catch (final DocumentException refused)
            {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
        assertTrue(3 == keeper.inForce().version());
    }

    @Test
    void shouldReadOrRefuseAnyKey() throws IOException
    {
        final Path file = directory.resolve("key");
        KeyFile.generateHybrid(file);
        final String text = Files.readString(file);
        final Path changed = Files.createFile(directory.resolve("changed"), PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString("rw-------")));
        final int[] read = {0};
        for (int round = 0; round < ROUNDS / 5; round++)
        {
            Files.writeString(changed, mutate(text));
            try
            {
                KeyFile.loadHybrid(changed);
                read[0]++;
            }
            catch (final DocumentException refused)
            {
                final String secret = text.split("\n")[2].substring(24, 60);
                assertFalse(refused.getMessage().contains(secret), "a message that gives the key away");
            }
        }
        assertNotEquals(ROUNDS / 5, read[0]);
    }

    @Test
    void shouldReadOrRefuseAnyOrder()
    {
        final Roster roster = new Roster("lab",
            List.of(new Roster.Node(1, "g1", HybridSignerTest.signer(1).publicKey())),
            List.of(new Roster.Operator("alice", alice.classical().publicKey()),
                new Roster.Operator("bob", bob.classical().publicKey())));
        final SignedOrder order = SignedOrder.draft("lab", SignedOrder.Action.SUSPEND, "drill", "0".repeat(32),
            NOW_NS, 1_000_000_000L)
            .sign("alice", HybridSigner.of(alice.classical())).sign("bob", HybridSigner.of(bob.classical()));
        final OrderBook book = new OrderBook();
        assertTrue(OrderVerdict.ACCEPTED == book.accept(order, roster, NOW_NS));
        fuzz(new String(order.toJson(), StandardCharsets.UTF_8), (changed) ->
        {
            final OrderVerdict verdict = book.accept(SignedOrder.parse("order", changed), roster, NOW_NS);
            assertFalse(OrderVerdict.ACCEPTED == verdict, changed);
        });
        final byte[] wire = order.toBytes();
        for (int round = 0; round < ROUNDS; round++)
        {
            final byte[] changed = mutate(new String(wire, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
            final OrderVerdict verdict =
                book.accept(SignedOrder.fromBytes(changed, 0, changed.length), roster, NOW_NS);
            assertFalse(OrderVerdict.ACCEPTED == verdict, "round " + round);
        }
        assertTrue(book.isSuspended(NOW_NS));
    }

    @Test
    void shouldReadOrRefuseAnyCertificates() throws Exception
    {
        final Path bundle = directory.resolve("bundle.pem");
        final Path svids = directory.resolve("svids.pem");
        final Authority root = Authority.root("root");
        Files.writeString(bundle, root.pem());
        for (int round = 0; round < ROUNDS / 10; round++)
        {
            Files.writeString(svids, mutate(root.pem()));
            try
            {
                SvidRoster.read("lab", "lab.example", bundle, svids, NOW_NS);
            }
            catch (final DocumentException refused)
            {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
    }

    private void fuzz(final String text, final Reader reader)
    {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++)
        {
            try
            {
                reader.read(mutate(text));
            }
            catch (final DocumentException ex)
            {
                refused++;
            }
        }
        assertTrue(refused > ROUNDS / 2, refused + " refused");
    }

    /** One to three changes: characters replaced, cut out, doubled or inserted. */
    private String mutate(final String text)
    {
        final StringBuilder changed = new StringBuilder(text);
        for (int change = random.nextInt(3); change >= 0 && changed.length() > 2; change--)
        {
            final int at = random.nextInt(changed.length());
            final int end = Math.min(changed.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(4))
            {
                case 0:
                    changed.setCharAt(at, (char)random.nextInt(256));
                    break;
                case 1:
                    changed.delete(at, end);
                    break;
                case 2:
                    changed.insert(at, changed.substring(at, end));
                    break;
                default:
                    changed.insert(at, "{}[]:,\"'-#&*!|>%@\\\n\t".charAt(random.nextInt(20)));
                    break;
            }
        }
        return changed.toString();
    }
}
