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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
        "{id: 2, name: g2, key: K1, rack: 4} | :4: unknown key \"nodes[1].rack\"; allowed here: id, key, name"})
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

    private Path file(final String text) throws IOException
    {
        String replaced = text;
        for (int i = 0; i < KEYS.length; i++)
        {
            replaced = replaced.replace("K" + i, key(i));
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
