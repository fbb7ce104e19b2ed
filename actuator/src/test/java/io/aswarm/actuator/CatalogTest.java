package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.trust.DetachedSignature;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CatalogTest
{
    private static final String VALID =
        "version: 1\n" +
        "acts:\n" +
        "  - id: quarantine-source\n" +
        "    ring: 1\n" +
        "    scenarios: [port-scan, sweep]\n" +
        "    kind: xdp_quarantine\n" +
        "    mode: drop\n" +
        "    ttl: 30s\n" +
        "    inverse: release\n" +
        "    probes: [attached, subject_blocked, control_passes]\n" +
        "never_contain:\n" +
        "  - prefix: 198.18.255.0/24\n" +
        "    reason: management\n" +
        "  - prefix: 2001:2::1\n" +
        "budgets:\n" +
        "  active_max: 10\n" +
        "  per_minute_max: 20\n";

    /** Of the release that knew version 1 only. */
    private static final String VALID_HASH = "74e67f1dd2c269e1677349285fa95b0c274410809aeb678bb9f6eb3780fc1209";

    @TempDir
    private Path folder;

    @Test
    void shouldCompileTheDefaultCatalog() throws Exception
    {
        final Catalog catalog = Catalog.parse("default-catalog.yaml", defaultCatalog());

        for (final String scenario : List.of("port-scan", "sweep", "syn-flood", "lateral", "brute-force"))
        {
            final CompiledAct drop = catalog.actFor(request(scenario, Role.SOURCE, 2));
            assertEquals(ActKind.DROP_SOURCE, drop.kind());
            assertEquals(1, drop.ring());
            assertEquals(ActKind.DROP_SOURCE.probes(Mode.DROP), drop.probes());
            final CompiledAct guard = catalog.actFor(request(scenario, Role.SOURCE, 0));
            assertEquals(ActKind.GUARD_SOURCE, guard.kind());
            assertTrue(guard.ttlLongestNs() <= 10_000_000_000L);
            assertNull(catalog.actFor(request(scenario, Role.AIM, 0)));
        }
        assertEquals(ActKind.LIMIT_AIM, catalog.actFor(request("spread-flood", Role.AIM, 0)).kind());
        assertEquals(0, catalog.actFor(request("beacon", Role.SOURCE, 1)).ring());
        assertNull(catalog.actFor(request("tea", Role.SOURCE, 1)));
        assertEquals(Optional.empty(), catalog.signedBy());
        assertTrue(catalog.acts().stream().noneMatch(CompiledAct::acceptForged));
    }

    @Test
    void shouldKeepWhatVersionOneSaidAndItsHash() throws Exception
    {
        final Catalog catalog = Catalog.parse("catalog", VALID);
        final CompiledAct act = catalog.actFor(request("sweep", Role.SOURCE, 1));

        assertEquals(VALID_HASH, catalog.versionHash());
        assertEquals(ActKind.DROP_SOURCE, act.kind());
        assertEquals(List.of(30_000_000_000L), act.ttlsNs());
        assertNull(catalog.actFor(request("sweep", Role.SOURCE, 0)));
        assertTrue(catalog.check().contains("warning: no act answers sweep by sources that may be forged: every " +
            "request for it will be refused"), catalog.check().toString());
    }

    private static ActRequest request(final String scenario, final Role role, final int verification)
    {
        return new ActRequest(
            1, scenario, IpAddress.parse("198.18.0.7"), role, verification, Aim.MANY, 9, 0);
    }

    @Test
    void shouldHashContentAndNotItsForm() throws Exception
    {
        final String hash = Catalog.parse("catalog", VALID).versionHash();
        assertEquals(hash, Catalog.parse("catalog", VALID).versionHash());
        assertTrue(hash.matches("[0-9a-f]{64}"), hash);

        final String sameInAnotherForm =
            "# another order, comments, spacing, units, JSON style\n" +
            "budgets: {per_minute_max: 20, active_max: 10}\n" +
            "never_contain: [{prefix: '2001:2::1/128'}, {reason: management, prefix: 198.18.255.0/24}]\n" +
            "acts: [{inverse: release, probes: [control_passes, attached, subject_blocked], ttl: 30000ms,\n" +
            "   mode: drop, kind: xdp_quarantine, scenarios: [sweep, port-scan], ring: 1, id: quarantine-source}]\n" +
            "version: 1\n";
        assertEquals(hash, Catalog.parse("elsewhere", sameInAnotherForm).versionHash());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ttl: 30s|ttl: 31s",
        "ring: 1|ring: 2",
        "[port-scan, sweep]|[port-scan]",
        "reason: management|reason: somebody",
        "active_max: 10|active_max: 11",
        "per_minute_max: 20|per_minute_max: 21",
        "2001:2::1|2001:2::2"})
    void shouldChangeItsHashWithItsContent(final String from, final String to) throws Exception
    {
        assertNotEquals(
            Catalog.parse("catalog", VALID).versionHash(), Catalog.parse("catalog", replace(from, to)).versionHash());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "version: 1|version: 3|1|allowed: a whole number from 1 to 2",
        "version: 1|vers: 1|1|\"version\" is missing",
        "version: 1|version: 1\\nshell: rm|2|unknown key \"shell\"; allowed here: acts, budgets",
        "    mode: drop|    mode: drop\\n    command: x|8|unknown key \"acts[0].command\"; allowed here: id",
        "  active_max: 10|  active_max: 10\\n  other: 1|17|unknown key \"budgets.other\"; allowed here",
        "    reason: management|    reasons: x|13|unknown key \"never_contain[0].reasons\"; allowed",
        "ring: 1|ring: RS|4|the ring of safety systems",
        "ring: 1|ring: 3|4|allowed: 0, 1, 2",
        "[port-scan, sweep]|[port-scan, tea]|5|\"tea\"; allowed: port-scan, sweep, syn-flood",
        "[port-scan, sweep]|[sweep, sweep]|5|\"sweep\" twice",
        "[port-scan, sweep]|[]|5|missing or empty",
        "xdp_quarantine|iptables|6|allowed: xdp_quarantine",
        "mode: drop|mode: reject|7|allowed: drop",
        "ttl: 30s|ttl: 30|8|allowed: a duration",
        "ttl: 30s|ttl: 99999999ns|8|from 100ms to 24h",
        "ttl: 30s|ttl: 86400001ms|8|from 100ms to 24h",
        "inverse: release|inverse: reboot|9|allowed: release",
        "inverse: release|reverse: release|3|\"acts[0].inverse\" is missing",
        "[attached, subject_blocked, control_passes]|[attached]|10|must name subject_blocked",
        "[attached, subject_blocked, control_passes]|[ping]|10|allowed: attached, subject_blocked, control_passes",
        "198.18.255.0/24|198.18.255.0/33|12|allowed: an address or prefix",
        "198.18.255.0/24|198.18.255.1/24|12|bits are set behind the prefix",
        "2001:2::1|host.example|14|allowed: an address or prefix",
        "active_max: 10|active_max: 0|16|allowed: a whole number from 1 to 65536",
        "id: quarantine-source|id: ../etc|3|allowed: 1 to 64 of a-z"})
    void shouldRefuseWhatIsWrongByNameAndLine(
        final String from, final String to, final int line, final String message)
    {
        final DocumentException ex = assertThrows(
            DocumentException.class, () -> Catalog.parse("catalog", replace(from, to.replace("\\n", "\n"))));
        assertTrue(ex.getMessage().startsWith("catalog:" + line + ": "), ex.getMessage());
        assertTrue(ex.getMessage().contains(message), ex.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"100ms", "100000000ns", "24h", "86400000ms"})
    void shouldAcceptATtlOnItsBounds(final String ttl) throws Exception
    {
        Catalog.parse("catalog", replace("ttl: 30s", "ttl: " + ttl));
    }

    @Test
    void shouldRefuseTwoActsForOneScenario()
    {
        final String second =
            "  - {id: other, ring: 1, scenarios: [sweep], kind: xdp_quarantine, mode: drop, ttl: 1s,\n" +
            "     inverse: release, probes: [subject_blocked]}\nnever_contain:\n";
        final DocumentException ex = assertThrows(
            DocumentException.class, () -> Catalog.parse("catalog", replace("never_contain:\n", second)));
        assertTrue(ex.getMessage().contains("another act already answers"), ex.getMessage());
    }

    @Test
    void shouldRefuseRandomDamageWithoutAnyOtherException()
    {
        final long seed = 20_261_122L;
        final Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++)
        {
            final StringBuilder text = new StringBuilder(VALID);
            for (int i = 1 + random.nextInt(8); i > 0; i--)
            {
                final int at = random.nextInt(text.length());
                if (random.nextBoolean())
                {
                    text.setCharAt(at, (char)random.nextInt(256));
                }
                else
                {
                    text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                }
            }
            try
            {
                assertEquals(64, Catalog.parse("catalog", text.toString()).versionHash().length());
            }
            catch (final DocumentException ex)
            {
                assertTrue(ex.getMessage().startsWith("catalog"), ex.getMessage() + " seed=" + seed);
            }
        }
    }

    @Test
    void shouldBelieveAnOperatorsSignatureAndNothingElse() throws Exception
    {
        final Path file = Files.writeString(folder.resolve("catalog.yaml"), VALID);
        final Path signature = CatalogSigner.signatureOf(file);
        final Signer alice = KeyFile.generate(folder.resolve("alice.pem"));
        final Signer mallory = KeyFile.generate(folder.resolve("mallory.pem"));
        final List<Roster.Operator> operators = List.of(new Roster.Operator("alice", alice.publicKey()));

        assertRefused(file, signature, operators, "is not signed");
        assertEquals(Optional.empty(), Catalog.readUnsigned(file).signedBy());

        final Catalog signed = CatalogSigner.sign(file, "alice", alice);
        assertEquals(folder.resolve("catalog.yaml.sig"), signature);
        final Catalog read = Catalog.read(file, signature, operators);
        assertEquals(Optional.of("alice"), read.signedBy());
        assertEquals(signed.versionHash(), read.versionHash());
        assertTrue(read.check().contains("signed by alice"), read.check().toString());

        Files.writeString(file, "# a comment changes nothing\n" + VALID);
        Catalog.read(file, signature, operators);
        Files.writeString(file, replace("ttl: 30s", "ttl: 24h"));
        assertRefused(file, signature, operators, "does not verify");

        Files.writeString(file, VALID);
        CatalogSigner.sign(file, "alice", mallory);
        assertRefused(file, signature, operators, "does not verify");
        CatalogSigner.sign(file, "mallory", mallory);
        assertRefused(file, signature, operators, "not an operator");
        DetachedSignature.write(signature, "aswarm/order/v1", signed.canonicalBytes(), "alice", alice);
        assertRefused(file, signature, operators, "does not verify");
        Files.writeString(signature, "no signature");
        assertRefused(file, signature, operators, "not well-formed");
    }

    @Test
    void shouldNotSignWhatDoesNotCompile() throws Exception
    {
        final Path file = Files.writeString(folder.resolve("catalog.yaml"), replace("ring: 1", "ring: 9"));
        final Signer alice = KeyFile.generate(folder.resolve("alice.pem"));

        assertThrows(DocumentException.class, () -> CatalogSigner.sign(file, "alice", alice));
        assertTrue(Files.notExists(CatalogSigner.signatureOf(file)));
    }

    @Test
    void shouldListWhatAnOperatorShouldLookAt() throws Exception
    {
        final List<String> lines = Catalog.parse("catalog", replace("ring: 1", "ring: 2")
            .replace("[attached, subject_blocked, control_passes]", "[subject_blocked]")).check();

        assertTrue(lines.contains("warning: nobody signed it"), lines.toString());
        assertTrue(lines.contains("warning: act quarantine-source is of ring 2: it never starts by itself"));
        assertTrue(lines.contains("warning: act quarantine-source is proven without attached"));
        assertTrue(lines.contains("warning: act quarantine-source is proven without control_passes"));
        assertTrue(lines.contains("warning: no act answers syn-flood: every request for it will be refused"));
        assertTrue(lines.contains("never contain 198.18.255.0/24: management"), lines.toString());
    }

    private static void assertRefused(
        final Path file, final Path signature, final List<Roster.Operator> operators, final String why)
    {
        final DocumentException ex =
            assertThrows(DocumentException.class, () -> Catalog.read(file, signature, operators));
        assertTrue(ex.getMessage().contains(why), ex.getMessage());
    }

    private static String replace(final String from, final String to)
    {
        assertTrue(VALID.contains(from), from);
        return VALID.replace(from, to);
    }

    private static String defaultCatalog() throws IOException
    {
        try (InputStream in = Catalog.class.getResourceAsStream("default-catalog.yaml"))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
