package io.aswarm.journal;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static io.aswarm.journal.FaultCode.ASSET_NOT_IN_EVIDENCE;
import static io.aswarm.journal.FaultCode.EFFECT_NOT_PROVEN;
import static io.aswarm.journal.FaultCode.ELEVATION_BEFORE_ANOMALY;
import static io.aswarm.journal.FaultCode.ELEVATION_USED_TWICE;
import static io.aswarm.journal.FaultCode.NO_WITNESS;
import static io.aswarm.journal.FaultCode.RUN_ID_MISMATCH;
import static io.aswarm.journal.FaultCode.RUN_ID_MISSING;
import static io.aswarm.journal.FaultCode.STALE_ELEVATION;
import static io.aswarm.journal.FaultCode.UNSIGNED;
import static io.aswarm.journal.FaultCode.WITNESS_WITHOUT_DEPOSIT;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** None of the published certificates holds together; this pins why not, for each class of files. */
class PublishedCertificatesTest
{
    private static final Set<FaultCode> FIRST_DAY = EnumSet.of(
        UNSIGNED, RUN_ID_MISSING, ELEVATION_BEFORE_ANOMALY, EFFECT_NOT_PROVEN, ASSET_NOT_IN_EVIDENCE, NO_WITNESS);
    private static final Set<FaultCode> FIRST_NIGHT = EnumSet.of(
        UNSIGNED, RUN_ID_MISSING, STALE_ELEVATION, EFFECT_NOT_PROVEN, WITNESS_WITHOUT_DEPOSIT);
    private static final Set<FaultCode> SECOND_DAY = EnumSet.of(
        UNSIGNED, RUN_ID_MISMATCH, EFFECT_NOT_PROVEN, WITNESS_WITHOUT_DEPOSIT);
    private static final Set<FaultCode> SECOND_DAY_LATER = EnumSet.of(
        UNSIGNED, RUN_ID_MISMATCH, EFFECT_NOT_PROVEN, ASSET_NOT_IN_EVIDENCE, WITNESS_WITHOUT_DEPOSIT);

    private final CertificateVerifier verifier = new CertificateVerifier(VerifierConfig.withoutRoster());

    @Test
    void shouldSayOfEachFileWhichRulesItBreaks() throws IOException
    {
        final TreeMap<String, Set<FaultCode>> found = new TreeMap<>();
        final TreeMap<String, Set<FaultCode>> expected = new TreeMap<>();
        for (final CertificateFile file : published())
        {
            found.put(file.source(), codes(verifier.verify(file.source(), file.bytes())));
            expected.put(file.source(), expected(file.source()));
        }
        assertEquals(15, found.size());
        assertEquals(expected, found);
    }

    @Test
    void shouldFindTheElevationsThatWereUsedTwice() throws IOException
    {
        final Set<String> usedTwice = verifier.verifyTogether(published()).stream()
            .filter((report) -> codes(report).contains(ELEVATION_USED_TWICE))
            .map(CertificateReport::source)
            .collect(Collectors.toSet());
        assertEquals(Set.of("20250826T193444Z-002.json", "20250826T193448Z-004.json", "20250827T023916Z-002.json"),
            usedTwice);
    }

    @Test
    void shouldAcceptTheEarlierSampleShapeOnReading()
    {
        final String sample = "{\"certificate_id\":\"s-1\",\"run_id\":\"r\",\"site_id\":\"lab\",\"asset_id\":\"a\"," +
            "\"timestamps\":{\"anomaly_start\":\"2025-08-20T10:00:00Z\"," +
            "\"detect_elevated\":\"2025-08-20T10:00:00.1Z\",\"actuation_start\":\"2025-08-20T10:00:00.2Z\"," +
            "\"actuation_effective\":\"2025-08-20T10:00:00.3Z\"}," +
            "\"elevation\":{\"run_id\":\"r\",\"assets\":[\"a\"],\"witnesses\":[\"w1\",\"w2\"],\"count\":9," +
            "\"threshold\":5},\"policy\":{\"policy_id\":\"p\",\"ttl_seconds\":120}," +
            "\"action\":{\"ring\":1,\"kind\":\"isolate\"},\"outcome\":{\"status\":\"contained\",\"proof\":\"p-1\"}}";
        assertEquals(EnumSet.of(UNSIGNED, WITNESS_WITHOUT_DEPOSIT),
            codes(verifier.verify("sample", sample.getBytes(StandardCharsets.UTF_8))));
    }

    private static Set<FaultCode> expected(final String file)
    {
        if (file.startsWith("20250826"))
        {
            return FIRST_DAY;
        }
        if (file.startsWith("20250827T02"))
        {
            return FIRST_NIGHT;
        }
        return file.startsWith("20250827T15") ? SECOND_DAY : SECOND_DAY_LATER;
    }

    private static Set<FaultCode> codes(final CertificateReport report)
    {
        return report.faults().stream().map(Fault::code)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultCode.class)));
    }

    private static List<CertificateFile> published() throws IOException
    {
        try (Stream<Path> files = Files.list(Samples.vectors("a-swarm/certificates")))
        {
            return files.sorted().map(PublishedCertificatesTest::read).toList();
        }
    }

    private static CertificateFile read(final Path file)
    {
        try
        {
            return new CertificateFile(file.getFileName().toString(), Files.readAllBytes(file));
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }
}
