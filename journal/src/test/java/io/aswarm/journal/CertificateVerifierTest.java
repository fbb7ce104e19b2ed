package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.Signer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CertificateVerifierTest
{
    @TempDir
    Path directory;

    private Signer signer;
    private Signer stranger;
    private Sealed sealed;
    private CertificateVerifier verifier;

    @BeforeEach
    void makeKeys() throws Exception
    {
        signer = Samples.signer(directory, "gateway-1");
        stranger = Samples.signer(directory, "stranger");
        sealed = new Sealed(signer);
        verifier = Verification.verifier(Samples.roster(signer));
    }

    @Test
    void shouldFindNothingWrongWithASoundCertificate()
    {
        final CertificateReport report = verifier.verify("sound", sealed.sound());
        assertEquals(List.of(), report.faults());
        assertTrue(report.isSound());
        assertEquals(CertificateKind.CONTAINMENT, report.kind());
    }

    @Test
    void shouldGiveEachFaultItsOwnCode()
    {
        final Set<String> codes = Arrays.stream(FaultCode.values()).map(FaultCode::code).collect(Collectors.toSet());
        assertEquals(FaultCode.values().length, codes.size());
    }

    @Test
    void shouldNeverAcceptAnEnvelopeWithOneByteChanged()
    {
        final byte[] sound = sealed.sound();
        final Set<FaultCode> seen = new HashSet<>();
        final byte[] replacements = {0, ' ', '"', '0', 'A', '=', '\\', (byte)0x80, (byte)0xff};
        for (int i = 0; i < sound.length; i++)
        {
            final byte[] changed = sound.clone();
            changed[i] ^= 1;
            expectFaults(changed, i, seen);
            // Every fourth place with one more byte, in turn: all with all takes minutes and finds no more.
            changed[i] = replacements[i % replacements.length];
            if (1 == i % 4 && changed[i] != sound[i])
            {
                expectFaults(changed, i, seen);
            }
        }
        assertTrue(seen.containsAll(EnumSet.of(FaultCode.BAD_SIGNATURE, FaultCode.UNKNOWN_SIGNER,
            FaultCode.NOT_AN_ENVELOPE, FaultCode.WRONG_PAYLOAD_TYPE, FaultCode.NOT_JSON, FaultCode.NOT_UTF8,
            FaultCode.PAYLOAD_NOT_BASE64, FaultCode.SIGNATURE_NOT_BASE64)), seen::toString);
        assertFalse(seen.contains(FaultCode.UNREADABLE), seen::toString);
    }

    @Test
    void shouldNeverAcceptAnEnvelopeCutShortOrMadeLonger()
    {
        final byte[] sound = sealed.sound();
        for (int length = 0; length < sound.length; length += 7)
        {
            assertFalse(verifier.verify("cut", Arrays.copyOf(sound, length)).isSound(), "length " + length);
        }
        final byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        longer[sound.length] = '\n';
        expect(longer, FaultCode.ENVELOPE_NOT_CANONICAL);
    }

    @Test
    void shouldRefuseWhatIsNoEnvelope()
    {
        expect(bytes(""), FaultCode.NOT_JSON);
        expect(bytes("no json"), FaultCode.NOT_JSON);
        expect(bytes("{\"payload\":\"a\",\"payload\":\"b\"}"), FaultCode.DUPLICATE_KEY);
        expect(bytes("{\"x\":1}"), FaultCode.UNSIGNED, FaultCode.NOT_A_CERTIFICATE);
        expect(bytes("[1]"), FaultCode.NOT_A_CERTIFICATE);
        expect(new byte[]{(byte)0xc3, 0x28}, FaultCode.NOT_UTF8);
        expect(new byte[(1 << 20) + 1], FaultCode.UNREADABLE);
        assertEquals(FaultCode.UNREADABLE,
            CertificateVerifier.unreadable("gone.json", "no such file").faults().get(0).code());
    }

    @Test
    void shouldRefuseWrongSignatures()
    {
        expect(envelope((envelope) -> ((ArrayNode)envelope.get("signatures")).removeAll()),
            FaultCode.UNSIGNED, FaultCode.REQUIRED_SIGNATURE_MISSING);
        expect(envelope((envelope) -> signature(envelope).put("sig", base64(new byte[64]))),
            FaultCode.BAD_SIGNATURE, FaultCode.REQUIRED_SIGNATURE_MISSING);
        expect(envelope((envelope) -> signature(envelope).put("sig", base64(Arrays.copyOf(sig(envelope), 65)))),
            FaultCode.SIGNATURE_LENGTH, FaultCode.REQUIRED_SIGNATURE_MISSING);
        expect(Envelope.seal(payload(), stranger), FaultCode.UNKNOWN_SIGNER, FaultCode.REQUIRED_SIGNATURE_MISSING);
        expect(envelope((envelope) -> signature(envelope).remove("keyid")));
    }

    @Test
    void shouldRefuseACertificateSignedByAnotherNodeOfTheRoster()
    {
        final CertificateVerifier both = Verification.verifier(Samples.roster(signer, stranger));
        final Set<FaultCode> codes = codes(both.verify("x", Envelope.seal(payload(), stranger)));
        assertEquals(EnumSet.of(FaultCode.SIGNER_IS_NOT_THE_NODE, FaultCode.REQUIRED_SIGNATURE_MISSING), codes);
    }

    @Test
    void shouldRefuseAPayloadInAnyOtherForm()
    {
        final byte[] spaced = bytes(new String(payload(), StandardCharsets.UTF_8).replaceFirst(":", ": "));
        expect(Envelope.seal(spaced, signer), FaultCode.PAYLOAD_NOT_CANONICAL);
        expect(Envelope.seal(bytes("{"), signer), FaultCode.PAYLOAD_NOT_JSON);
        expect(Envelope.seal(bytes("{\"a\":1,\"a\":2}"), signer), FaultCode.DUPLICATE_KEY);
        expect(Envelope.seal(bytes("[]"), signer), FaultCode.NOT_A_STATEMENT);
        expect(envelope((envelope) -> envelope.put("extra", 1)), FaultCode.NOT_AN_ENVELOPE);
        expect(sealed.changed((statement) -> statement.put("_type", "x")), FaultCode.NOT_A_STATEMENT);
        expect(sealed.changed((statement) -> statement.put("predicateType", "x")), FaultCode.WRONG_PREDICATE_TYPE);
        expect(sealed.changed((statement) -> statement.putArray("subject")), FaultCode.SUBJECT_WITHOUT_DIGEST);
        expect(sealed.changed((statement) -> ((ObjectNode)statement.get("subject").get(0)).remove("digest")),
            FaultCode.SUBJECT_WITHOUT_DIGEST);
        expect(sealed.changed((statement) -> ((ObjectNode)statement.at("/predicate/action")).put("kind", "other")),
            FaultCode.SUBJECT_DIGEST_MISMATCH);
    }

    @Test
    void shouldRefuseContentThatIsMissingOrIllTyped()
    {
        for (final String field : List.of("certificate_id", "asset_id", "act_id"))
        {
            assertTrue(codes(verifier.verify("x", sealed.changedPredicate((predicate) -> predicate.remove(field))))
                .contains(FaultCode.MISSING_FIELD), field);
        }
        expectChanged("", (node) -> node.put("tier", "believed"), FaultCode.UNKNOWN_TIER);
        expectChanged("", (node) -> node.put("kind", "wish"), FaultCode.UNKNOWN_KIND);
        expectChanged("", (node) -> node.put("site_id", "elsewhere"), FaultCode.FOREIGN_SITE);
        expectChanged("/chain", (node) -> node.put("sequence", 1), FaultCode.ILL_TYPED_FIELD);
        expectChanged("/policy", (node) -> node.put("policy_id", 1), FaultCode.ILL_TYPED_FIELD);
        expectChanged("/timestamps", (node) -> node.put("certified", "yesterday"), FaultCode.BAD_TIMESTAMP);
        expectChanged("/timestamps", (node) -> node.put("certified", "9999-01-01T00:00:00Z"), FaultCode.BAD_TIMESTAMP);
    }

    @Test
    void shouldRefuseWhatDoesNotHoldTogether()
    {
        expectChanged("", (node) -> node.put("run_id", "8"), FaultCode.RUN_ID_MISMATCH);
        expectChanged("/elevation_context", (node) -> node.remove("run_id"), FaultCode.RUN_ID_MISSING);
        expectChanged("", (node) -> node.put("asset_id", "198.18.0.67"), FaultCode.ASSET_NOT_IN_EVIDENCE);
        expectChanged("/elevation_context", (node) -> node.put("elevated", false), FaultCode.NOT_ELEVATED);
        expectChanged("/timestamps", (node) -> node.set("anomaly_start", node.get("revert_scheduled")),
            FaultCode.ELEVATION_BEFORE_ANOMALY);
        expectChanged("/timestamps", (node) -> node.set("detect_elevated", node.get("actuation_effective")),
            FaultCode.ACTUATION_BEFORE_ELEVATION);
        expectChanged("/timestamps", (node) -> node.set("actuation_effective", node.get("detect_elevated")),
            FaultCode.EFFECT_BEFORE_ACTUATION);
        expectChanged("/timestamps", (node) ->
        {
            node.set("actuation_start", node.get("revert_scheduled"));
            node.put("actuation_start", Rfc3339.nanos(Samples.EPOCH_NS + 90 * Samples.NS_PER_SECOND));
            node.put("actuation_effective", Rfc3339.nanos(Samples.EPOCH_NS + 91 * Samples.NS_PER_SECOND));
        }, FaultCode.STALE_ELEVATION);
        expectChanged("/timestamps", (node) -> node.remove("actuation_effective"), FaultCode.MISSING_FIELD);
        expectChanged("/outcome", (node) -> node.putArray("probes"), FaultCode.EFFECT_NOT_PROVEN);
        expectChanged("/outcome/probes/0", (node) -> node.put("passed", false).put("observed", "PASS"),
            FaultCode.EFFECT_NOT_PROVEN);
        expectChanged("/outcome/probes/0", (node) -> node.put("observed", "PASS"), FaultCode.PROBE_CONTRADICTS);
        expectChanged("/action", (node) -> node.remove("ttl_seconds"), FaultCode.TTL_MISSING);
        expectChanged("/action", (node) -> node.put("ttl_seconds", 0), FaultCode.TTL_MISSING);
        expectChanged("/action", (node) -> node.put("ring", 2), FaultCode.RING_NOT_PERMITTED);
        expectChanged("", (node) -> node.remove("elevation_context"),
            FaultCode.MISSING_FIELD, FaultCode.SUBJECT_DIGEST_MISMATCH);
    }

    @Test
    void shouldRefuseWitnessesThatDoNotSuffice()
    {
        final String context = "/elevation_context";
        expectChanged(context, (node) -> node.put("witnesses_required", 4), FaultCode.TOO_FEW_WITNESSES);
        expectChanged(context, (node) -> node.put("threshold_nats", 16.6), FaultCode.EVIDENCE_BELOW_THRESHOLD);
        expectChanged(context, (node) -> node.put("evidence_nats", 20), FaultCode.EVIDENCE_OVERSTATED);
        expectChanged(context, (node) -> node.remove("threshold_nats"), FaultCode.EVIDENCE_BELOW_THRESHOLD);
        expectChanged(context, (node) -> node.put("scenario", "syn-flood"), FaultCode.WITNESS_DISAGREES);
        expectChanged(context, (node) -> ((ArrayNode)node.get("witness_nodes")).removeAll(),
            FaultCode.NO_WITNESS, FaultCode.EVIDENCE_BELOW_THRESHOLD, FaultCode.EVIDENCE_OVERSTATED,
            FaultCode.SUBJECT_DIGEST_MISMATCH);
        expectWitness(Samples.witness(1, 5.5), FaultCode.DUPLICATE_WITNESS);
        expectWitness(new WitnessStatement("gateway-3", 3, 5.5, 5.5, 1, 1, new byte[0]),
            FaultCode.WITNESS_WITHOUT_DEPOSIT);
        expectWitness(new WitnessStatement("gateway-3", 3, 5.5, 5.5, 1, 1, bytes("forged")),
            FaultCode.WITNESS_SIGNATURE_INVALID);
        expectWitness(new WitnessStatement("gateway-3", 3, 5.5, 5.5, 1, 1, bytes("deposit of gateway-12")),
            FaultCode.WITNESS_UNKNOWN);
        expectWitness(new WitnessStatement("gateway-3", 3, 5.5, 5.5, 1, 1, bytes("deposit of gateway-4")),
            FaultCode.WITNESS_DISAGREES);
        expectWitness(new WitnessStatement("gateway-3", 3, 9.5, 5.5, 1, 1, bytes("deposit of gateway-3")),
            FaultCode.EVIDENCE_OVERSTATED);
        expectWitness(new WitnessStatement("gateway-3", 3, 1.5, 5.5, 1, 1, bytes("deposit of gateway-3")),
            FaultCode.EVIDENCE_OVERSTATED);
    }

    @Test
    void shouldAcceptTheNodesOwnEvidenceWithoutADeposit()
    {
        final Finding one = Samples.finding(7);
        final Finding alone = new Finding(7, one.scenario(), one.subject(), 20, 18, 1, true,
            List.of(new WitnessStatement("gateway-1", 1, 20, 20, 1, 1, new byte[0])), 1, 1, 1, 0, "",
            one.firstSeenNs(), one.firstSeenEpochNs(), one.elevatedNs(), one.elevatedEpochNs());
        expect(sealed.containment(1, EntryDescriptor.NO_PREVIOUS, Samples.effective(99, 7), alone));
    }

    @Test
    void shouldFindWhatIsWrongWithCertificatesTogether()
    {
        final byte[] first = sealed.containment(
            1, EntryDescriptor.NO_PREVIOUS, Samples.effective(99, 7), Samples.finding(7));
        final String hash = CanonicalJson.sha256(first);
        final byte[] revert = sealed.containment(2, hash, Samples.reverted(99, 7), Samples.finding(7));
        final String revertHash = CanonicalJson.sha256(revert);

        expectTogether(List.of(first, revert));
        expectTogether(List.of(revert, first));
        expectTogether(List.of(revert));
        expectTogether(List.of(first, first), FaultCode.CERTIFICATE_ID_TWICE, FaultCode.SEQUENCE_TWICE);
        expectTogether(List.of(first, sealed.containment(2, "11".repeat(32), Samples.order("HALTED", 1), null)),
            FaultCode.CHAIN_BROKEN);
        expectTogether(List.of(first, sealed.containment(3, hash, Samples.order("HALTED", 1), null)),
            FaultCode.SEQUENCE_GAP);
        expectTogether(List.of(first, sealed.containment(2, hash, Samples.effective(100, 7), Samples.finding(7))),
            FaultCode.ELEVATION_USED_TWICE);
        expectTogether(List.of(first, sealed.containment(2, hash, Samples.reverted(98, 7), Samples.finding(7))),
            FaultCode.REVERT_WITHOUT_CONTAINMENT);
        expectTogether(List.of(first, revert,
            sealed.containment(3, revertHash, Samples.reverted(99, 7), Samples.finding(7))), FaultCode.REVERTED_TWICE);
        expectTogether(List.of(sealed.containment(1, hash, Samples.order("HALTED", 1), null)), FaultCode.CHAIN_BROKEN);
    }

    private void expect(final byte[] envelope, final FaultCode... expected)
    {
        final CertificateReport report = verifier.verify("test", envelope);
        final Set<FaultCode> wanted = EnumSet.noneOf(FaultCode.class);
        wanted.addAll(List.of(expected));
        assertEquals(wanted, codes(report), report::toString);
    }

    @Test
    void shouldTakeADepositOnAnotherFaceOfTheSubjectOnlyWhereItHasThatFace() throws Exception
    {
        final Finding one = Samples.finding(7);
        final Finding finding = new Finding(7, "distributed-scan", one.subject(), 16.5, 13.8, 2, false, one.witnesses(),
            1, 1, 1, 0, "2001:2::77", one.firstSeenNs(), one.firstSeenEpochNs(), one.elevatedNs(),
            one.elevatedEpochNs(), 2, 0, true, null);
        final byte[] envelope = sealed.containment(
            1, EntryDescriptor.NO_PREVIOUS, Samples.effective(99, 7), finding);
        expectFace(envelope, one.subject(), "");
        expectFace(envelope, "", "2001:2::77");
        expectFace(envelope, "198.18.7.7", "2001:2::78", FaultCode.WITNESS_DISAGREES);
        expectFace(envelope, "", "", FaultCode.WITNESS_DISAGREES);
    }

    private void expectFace(
        final byte[] envelope, final String asideSubject, final String sharedAim, final FaultCode... expected)
    {
        verifier = new CertificateVerifier(VerifierConfig.of(Samples.roster(signer), (deposit) ->
        {
            final WitnessVerdict usual = Verification.believe(deposit);
            return new WitnessVerdict(usual.status(), "", usual.nodeId(), usual.name(), "198.18.9.9",
                List.of("distributed-scan"), usual.evidenceNats(), asideSubject, sharedAim);
        }));
        expect(envelope, expected);
    }

    private void expectChanged(final String at, final Consumer<ObjectNode> change, final FaultCode... expected)
    {
        final byte[] envelope = sealed.changedPredicate((predicate) -> change.accept((ObjectNode)predicate.at(at)));
        final CertificateReport report = verifier.verify("changed", envelope);
        assertTrue(codes(report).containsAll(List.of(expected)), report::toString);
        assertTrue(report.faults().size() <= expected.length + 3, report::toString);
    }

    /** Two good witnesses and a third one. */
    private void expectWitness(final WitnessStatement third, final FaultCode expected)
    {
        final Finding one = Samples.finding(7);
        final Finding finding = new Finding(7, one.scenario(), one.subject(), 16.5, 13.8, 2, false,
            List.of(Samples.witness(1, 5.5), Samples.witness(2, 5.5), third), 1, 1, 1, 0, "",
            one.firstSeenNs(), one.firstSeenEpochNs(), one.elevatedNs(), one.elevatedEpochNs());
        final byte[] envelope = sealed.containment(
            1, EntryDescriptor.NO_PREVIOUS, Samples.effective(99, 7), finding);
        expect(envelope, expected);
    }

    private void expectTogether(final List<byte[]> envelopes, final FaultCode... expected)
    {
        final List<CertificateFile> files = new java.util.ArrayList<>();
        envelopes.forEach((envelope) -> files.add(new CertificateFile("file-" + files.size(), envelope)));
        final Set<FaultCode> found = EnumSet.noneOf(FaultCode.class);
        final List<CertificateReport> reports = verifier.verifyTogether(files);
        reports.forEach((report) -> found.addAll(codes(report)));
        final Set<FaultCode> wanted = EnumSet.noneOf(FaultCode.class);
        wanted.addAll(List.of(expected));
        assertEquals(wanted, found, reports::toString);
    }

    private void expectFaults(final byte[] changed, final int at, final Set<FaultCode> seen)
    {
        final CertificateReport report = verifier.verify("changed", changed);
        assertFalse(report.isSound(), () -> "byte " + at + " made " + (char)changed[at] + " was accepted: " +
            new String(changed, StandardCharsets.ISO_8859_1));
        seen.addAll(codes(report));
    }

    private byte[] payload()
    {
        return CanonicalJson.bytes(sealed.statement(
            1, EntryDescriptor.NO_PREVIOUS, Samples.effective(99, 7), Samples.finding(7)));
    }

    private byte[] envelope(final Consumer<ObjectNode> change)
    {
        try
        {
            final JsonNode envelope = CanonicalJson.parse(
                "test", new String(Envelope.seal(payload(), signer), StandardCharsets.UTF_8));
            change.accept((ObjectNode)envelope);
            return CanonicalJson.bytes(envelope);
        }
        catch (final io.aswarm.trust.DocumentException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static ObjectNode signature(final JsonNode envelope)
    {
        return (ObjectNode)envelope.get("signatures").get(0);
    }

    private static byte[] sig(final JsonNode envelope)
    {
        return Base64.getDecoder().decode(signature(envelope).get("sig").textValue());
    }

    private static String base64(final byte[] bytes)
    {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Set<FaultCode> codes(final CertificateReport report)
    {
        return report.faults().stream().map(Fault::code)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultCode.class)));
    }
}
