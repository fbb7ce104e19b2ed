package io.aswarm.trust;

import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SvidRosterTest
{
    private static final long NOW_NS = 1_800_000_000_000_000_000L;
    private static final Date FROM = new Date(1_799_999_000_000L);
    private static final Date UNTIL = new Date(1_800_003_600_000L);
    private static final String NODE = "spiffe://lab.example/aswarm/lab/node/";

    private Authority root;
    private Authority rack;
    private Path bundle;
    private Path svids;

    @TempDir
    private Path directory;

    @BeforeEach
    void setUp() throws Exception
    {
        root = Authority.root("root");
        rack = root.intermediate("rack");
        bundle = directory.resolve("bundle.pem");
        svids = directory.resolve("svids.pem");
        Files.writeString(bundle, root.pem());
    }

    @Test
    void shouldReadNodesAndOperatorsWithTheirTime() throws Exception
    {
        final HybridSigner hybrid = HybridSignerTest.signer(2);
        write(rack.pem(), svid(rack, NODE + "7", 1), svid(root, NODE + "65535", 2),
            root.issue("pq", mlDsaInfo(hybrid), false, KeyUsage.digitalSignature, FROM,
                new Date(UNTIL.getTime() - 1000), NODE + "65535"),
            svid(rack, "spiffe://lab.example/aswarm/lab/operator/alice", 3),
            svid(rack, "spiffe://lab.example/aswarm/other/node/1", 4),
            svid(rack, "spiffe://lab.example/ns/web", 5));
        final Roster roster = read();
        assertEquals(2, roster.nodes().size());
        assertEquals(NODE + "7", roster.node(7).spiffeId().toString());
        assertEquals("node-7", roster.node(7).name());
        assertFalse(roster.node(7).identity().isHybrid());
        assertEquals(classical(1), roster.node(7).publicKey());
        assertEquals(new Validity(FROM.getTime() * 1_000_000L, UNTIL.getTime() * 1_000_000L),
            roster.node(7).validity());
        assertEquals(hybrid.publicKey(), roster.node(65_535).identity());
        assertEquals((UNTIL.getTime() - 1000) * 1_000_000L, roster.node(65_535).validity().notAfterEpochNs());
        assertEquals(classical(3), roster.operator("alice").publicKey());
        assertEquals(1, roster.operators().size());
    }

    @Test
    void shouldListWhoseTimeIsOverWithThatTime() throws Exception
    {
        write(rack.pem(), svid(rack, NODE + "1", 1), rack.issue("old", info(2), false, KeyUsage.digitalSignature,
            new Date(1_000_000_000_000L), new Date(1_100_000_000_000L), NODE + "2"));
        assertFalse(read().node(2).validity().includes(NOW_NS));
        assertTrue(read().node(1).validity().includes(NOW_NS));
    }

    @ParameterizedTest
    @CsvSource({
        "spiffe://lab.example/aswarm/lab/node/0, the last segment of a node must be a number from 1 to 65535",
        "spiffe://lab.example/aswarm/lab/node/65536, the last segment of a node must be a number from 1 to 65535",
        "spiffe://lab.example/aswarm/lab/node/01, the last segment of a node must be a number from 1 to 65535",
        "spiffe://lab.example/aswarm/lab/rack/1, is neither …/node/ID nor …/operator/NAME",
        "spiffe://lab.example/aswarm/lab/node/1/2, is neither …/node/ID nor …/operator/NAME",
        "spiffe://else.example/aswarm/lab/node/1, is not of the trust domain lab.example",
        "https://lab.example/aswarm/lab/node/1, a SPIFFE ID begins with spiffe://",
        "spiffe://LAB.example/aswarm/lab/node/1, trust domain"})
    void shouldRefuseAnotherName(final String name, final String expected) throws Exception
    {
        write(svid(root, name, 1));
        assertTrue(refusal().contains(expected), refusal());
    }

    @Test
    void shouldRefuseWhatNoAuthorityOfTheBundleIssued() throws Exception
    {
        write(svid(Authority.root("root"), NODE + "1", 1));
        assertTrue(refusal().contains("no authority of the bundle vouches for " + NODE + "1"), refusal());
        write(svid(rack, NODE + "1", 1));
        assertTrue(refusal().contains("no authority"), "the intermediate is missing");
        final String signed = svid(root, NODE + "1", 1);
        final byte[] der = Base64.getMimeDecoder().decode(signed.replaceAll("-----.*-----", ""));
        der[der.length - 1] ^= 1;
        write("-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der) +
            "\n-----END CERTIFICATE-----\n");
        assertTrue(refusal().contains("no authority"), refusal());
    }

    @Test
    void shouldRefuseWhatIsNoSvid() throws Exception
    {
        write(root.issue("two", info(1), false, KeyUsage.digitalSignature, FROM, UNTIL, NODE + "1", NODE + "2"));
        assertTrue(refusal().contains("has 2 URI names"), refusal());
        write(root.issue("none", info(1), false, KeyUsage.digitalSignature, FROM, UNTIL));
        assertTrue(refusal().contains("has 0 URI names"), refusal());
        write(root.issue("use", info(1), false, KeyUsage.keyEncipherment, FROM, UNTIL, NODE + "1"));
        assertTrue(refusal().contains("key usage"), refusal());
        write(root.issue(
            "use", info(1), false, KeyUsage.digitalSignature | KeyUsage.keyCertSign, FROM, UNTIL, NODE + "1"));
        assertTrue(refusal().contains("key usage"), refusal());
        write(svid(root, NODE + "1", 1), svid(root, NODE + "1", 2));
        assertTrue(refusal().contains("two certificates of one kind"), refusal());
        write(svid(root, NODE + "1", 1), svid(root, NODE + "2", 1));
        assertTrue(refusal().contains("has the key of another"), refusal());
        write(root.issue("pq", mlDsaInfo(HybridSignerTest.signer(1)), false, KeyUsage.digitalSignature, FROM, UNTIL,
            NODE + "1"));
        assertTrue(refusal().contains("a certificate of ML-DSA-65 only"), refusal());
        write(root.pem());
        assertTrue(refusal().contains("names 0 nodes"), refusal());
        write("hello");
        assertTrue(refusal().contains("certificate"), refusal());
        Files.writeString(bundle, svid(root, NODE + "1", 1));
        write(svid(root, NODE + "1", 1));
        assertTrue(refusal().contains("is no authority"), refusal());
    }

    private Roster read() throws DocumentException
    {
        return SvidRoster.read("lab", "lab.example", bundle, svids, NOW_NS);
    }

    private String refusal()
    {
        return assertThrows(DocumentException.class, this::read).getMessage();
    }

    private void write(final String... pems) throws IOException
    {
        Files.writeString(svids, String.join("", pems));
    }

    private static String svid(final Authority issuer, final String name, final int seed) throws Exception
    {
        return issuer.issue("svid", info(seed), false, KeyUsage.digitalSignature, FROM, UNTIL, name);
    }

    private static PublicKey classical(final int seed)
    {
        return HybridSignerTest.signer(seed).classical().publicKey();
    }

    private static byte[] info(final int seed)
    {
        return Base64.getMimeDecoder().decode(classical(seed).toPem().replaceAll("-----.*-----", ""));
    }

    private static byte[] mlDsaInfo(final HybridSigner signer)
    {
        final String text = signer.publicKey().toString();
        final byte[] raw = Base64.getDecoder().decode(text.substring(text.indexOf(':') + 1));
        return HexFormat.of().parseHex("308207b2300b0609608648016503040312038207a100" +
            HexFormat.of().formatHex(raw, 32, raw.length));
    }
}
