package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RosterTest
{
    private static final String[] KEYS = new String[4];

    @TempDir
    private Path directory;

    @Test
    void shouldFindNodesByIdAndName() throws IOException, DocumentException
    {
        final Roster roster = Roster.read(file("""
            site: lab
            nodes:
              - {id: 1, name: g1, key: "K0"}
              - {id: 65535, name: g2, key: "K1"}
            operators:
              - {name: alice, key: "K2"}
            """));
        assertEquals("lab", roster.site());
        assertEquals("g2", roster.node(65_535).name());
        assertEquals(1, roster.node("g1").id());
        assertNull(roster.node(2));
        assertNull(roster.node("g3"));
        assertEquals(0, roster.indexOf(1));
        assertEquals(1, roster.indexOf(65_535));
        for (final int stranger : new int[]{Integer.MIN_VALUE, -1, 0, 2, 65_534, 65_536, Integer.MAX_VALUE})
        {
            assertEquals(-1, roster.indexOf(stranger));
        }
        assertEquals("alice", roster.operators().get(0).name());
        assertEquals(key(2), roster.operators().get(0).publicKey().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{id: 1, name: g2, key: K1}  | :4: \"nodes[1].id\" is used twice: 1",
        "{id: 2, name: g1, key: K1}  | :4: \"nodes[1].name\" is used twice: g1",
        "{id: 2, name: g2, key: K0}  | :4: \"nodes[1].key\" is used twice: K0",
        "{id: 0, name: g2, key: K1}  | :4: \"nodes[1].id\" is \"0\"; allowed: a whole number from 1 to 65535",
        "{id: 65536, name: g2, key: K1} | :4: \"nodes[1].id\" is \"65536\"; allowed: a whole number from 1 to 65535",
        "{id: 2, name: g2}           | :4: key \"nodes[1].key\" is missing",
        "{id: 2, name: g2, key: x}   | :4: \"nodes[1].key\" a public key is written as ed25519:BASE64, not as \"x\"",
        "{id: 2, name: g2, key: K1, rack: 4} | :4: unknown key \"nodes[1].rack\"; allowed here: " +
            "id, key, name, not_after, not_before, spiffe_id"})
    void shouldNameLineAndFault(final String entry, final String expected) throws IOException
    {
        final Path file = file("site: lab\nnodes:\n  - {id: 1, name: g1, key: K0}\n  - " + entry + "\n");
        final DocumentException wrong = assertThrows(DocumentException.class, () -> Roster.read(file));
        assertEquals(file + expected.replace("K0", key(0)), wrong.getMessage());
    }

    @Test
    void shouldRefuseAnOperatorWithANodesKey() throws IOException
    {
        final Path file = file(
            "site: lab\nnodes:\n  - {id: 1, name: g1, key: K0}\noperators:\n  - {name: alice, key: K0}\n");
        final DocumentException wrong = assertThrows(DocumentException.class, () -> Roster.read(file));
        assertEquals(file + ":5: \"operators[0].key\" is used twice: " + key(0), wrong.getMessage());
    }

    @Test
    void shouldRefuseASiteWithoutNodes() throws IOException
    {
        final Path file = file("site: lab\nnodes: []\n");
        final DocumentException wrong = assertThrows(DocumentException.class, () -> Roster.read(file));
        assertEquals(file + ":2: \"nodes\" lists 0 nodes; allowed: 1 to 10000", wrong.getMessage());
    }

    @Test
    void shouldReadVersionNamesValidityAndRevocations() throws IOException, DocumentException
    {
        final Roster roster = Roster.read(file("""
            site: lab
            version: 7
            trust_domain: lab.example
            nodes:
              - {id: 1, name: g1, key: "K0", not_before: 2026-01-01T00:00:00Z, not_after: 2026-01-01T00:00:01Z}
              - {id: 2, name: g2, key: "K1", spiffe_id: "spiffe://other/rack/2"}
            operators:
              - {name: alice, key: "K2", not_after: 2030-01-01T00:00:00Z}
            revoked:
              - {key_id: ID3, since: 2026-01-01T00:00:00Z, reason: stolen with the rack}
            """));
        assertEquals(7, roster.version());
        final Roster.Node first = roster.node(1);
        assertEquals("spiffe://lab.example/aswarm/lab/node/1", first.spiffeId().toString());
        assertEquals("spiffe://other/rack/2", roster.node(2).spiffeId().toString());
        final long startNs = 1_767_225_600_000_000_000L;
        assertFalse(first.validity().includes(startNs - 1));
        assertTrue(first.validity().includes(startNs));
        assertTrue(first.validity().includes(startNs + 999_999_999));
        assertFalse(first.validity().includes(startNs + 1_000_000_000));
        assertEquals(Validity.ALWAYS, roster.node(2).validity());
        assertEquals(new Roster.Revocation(PublicKey.parse(key(3)).keyId(), startNs, "stolen with the rack"),
            roster.revocations().get(0));
        assertEquals(0, Roster.read(file("site: lab\nnodes: [{id: 1, name: g1, key: K0}]")).version());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{key_id: ID1, since: 2026-01-01T00:00:00Z, reason: stolen} | :5: \"nodes[1].key\" is revoked: stolen",
        "{key_id: x, since: 2026-01-01T00:00:00Z, reason: stolen} | :3: \"revoked[0].key_id\" must be 64 lower case " +
            "hexadecimal digits",
        "{key_id: ID3, since: yesterday, reason: stolen} | :3: \"revoked[0].since\" is \"yesterday\"; allowed: " +
            "a time such as 2026-11-22T08:00:00Z, until 2262",
        "{key_id: ID3, since: 2300-01-01T00:00:00Z, reason: stolen} | :3: \"revoked[0].since\" is " +
            "\"2300-01-01T00:00:00Z\"; allowed: a time such as 2026-11-22T08:00:00Z, until 2262",
        "{key_id: ID3, since: 2026-01-01T00:00:00Z} | :3: key \"revoked[0].reason\" is missing"})
    void shouldNameLineAndFaultOfRevocations(final String entry, final String expected) throws IOException
    {
        final Path file = file("site: lab\nrevoked:\n  - " + entry +
            "\nnodes: [{id: 1, name: g1, key: K0},\n  {id: 2, name: g2, key: K1}]\n");
        final DocumentException wrong = assertThrows(DocumentException.class, () -> Roster.read(file));
        assertEquals(file + expected, wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "not_before: 2026-01-02T00:00:00Z, not_after: 2026-01-02T00:00:00Z | \"nodes[0].not_after\" is not after",
        "spiffe_id: 'http://x/y' | \"nodes[0].spiffe_id\" a SPIFFE ID begins with spiffe://",
        "spiffe_id: 'spiffe://X/y' | \"nodes[0].spiffe_id\" trust domain \"X\"",
        "spiffe_id: 'spiffe://x/../y' | \"nodes[0].spiffe_id\" path",
        "spiffe_id: 'spiffe://x/y/' | \"nodes[0].spiffe_id\" path",
        "spiffe_id: 'spiffe://x/y?z' | \"nodes[0].spiffe_id\" path"})
    void shouldNameFaultsOfNodes(final String more, final String expected) throws IOException
    {
        final Path file = file("site: lab\nnodes: [{id: 1, name: g1, key: K0, " + more + "}]\n");
        final DocumentException wrong = assertThrows(DocumentException.class, () -> Roster.read(file));
        assertTrue(wrong.getMessage().startsWith(file + ":2: " + expected), wrong.getMessage());
    }

    private Path file(final String text) throws IOException
    {
        String replaced = text;
        for (int i = 0; i < KEYS.length; i++)
        {
            replaced = replaced.replace("K" + i, key(i)).replace("ID" + i, PublicKey.parse(key(i)).keyId());
        }
        final Path file = directory.resolve("roster.yaml");
        Files.writeString(file, replaced);
        return file;
    }

    private static synchronized String key(final int index)
    {
        if (null == KEYS[index])
        {
            final byte[] seed = new byte[32];
            seed[0] = (byte)index;
            KEYS[index] = new Signer(
                new Ed25519PrivateKeyParameters(seed, 0)).publicKey().toString();
        }
        return KEYS[index];
    }
}
