package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CorpusManifestTest
{
    private static final String HEADER =
        "kind\tpath\tattacker_ips\tvictim_ips\tcapture_start_epoch\tattack_start_offset_s\tbenign_host_windows_10s\n";
    private static final IpAddress ATTACKER = IpAddress.parse("198.18.0.10");
    private static final IpAddress VICTIM = IpAddress.parse("198.19.0.7");
    private static final IpAddress BYSTANDER = IpAddress.parse("198.18.0.200");

    @TempDir
    private Path directory;

    @Test
    void shouldFindColumnsByTheirNames() throws IOException, DocumentException
    {
        final List<CorpusManifest.Entry> entries = read(HEADER +
            "scan\ta.pcap\t198.18.0.10\t198.19.0.0/24\t1566411407.841604\t3.990\t12\n" +
            "benign\tb.pcap\t\t\t1.0\t\t\n");

        assertEquals(2, entries.size());
        assertEquals("a.pcap", entries.get(0).path());
        assertEquals(12, entries.get(0).windows10s());
        assertTrue(entries.get(1).truth().isBenign());
        assertEquals(-1, entries.get(1).windows10s());
    }

    @Test
    void shouldCountAsAttackOnlyWhatGoesFromAttackerToVictimAfterItsBegin() throws IOException, DocumentException
    {
        final GroundTruth truth = read(HEADER +
            "scan\ta.pcap\t198.18.0.10\t198.19.0.0/24\t1566411407.841604\t3.990\t\n").get(0).truth();
        final long beginNs = 1_566_411_411_831_604_000L;

        assertTrue(truth.isAttack(ATTACKER, VICTIM, beginNs));
        assertTrue(truth.isAttack(ATTACKER, VICTIM, beginNs - 1_000_000));
        assertFalse(truth.isAttack(ATTACKER, VICTIM, beginNs - 1_000_001));
        assertFalse(truth.isAttack(VICTIM, ATTACKER, beginNs));
        assertFalse(truth.isAttack(BYSTANDER, VICTIM, beginNs));
        assertTrue(truth.isRight(ATTACKER, false));
        assertFalse(truth.isRight(VICTIM, false));
        assertTrue(truth.isRight(VICTIM, true));
    }

    @Test
    void shouldTakeTheVictimForTheAttackWhenSourcesAreForged() throws IOException, DocumentException
    {
        final GroundTruth truth = read(HEADER + "flood\ta.pcap\t*\t198.19.0.7\t1.5\t0.000\t\n").get(0).truth();

        assertTrue(truth.isAttack(BYSTANDER, VICTIM, 0));
        assertFalse(truth.isAttack(VICTIM, BYSTANDER, 0));
        assertTrue(truth.isRight(VICTIM, true));
        assertFalse(truth.isRight(BYSTANDER, false));
        assertFalse(truth.isRight(BYSTANDER, true));
    }

    @Test
    void shouldNameTheLineWhenAnAddressIsNone()
    {
        final DocumentException fault = assertThrows(DocumentException.class, () -> read(
            HEADER + "benign\ta\t\t\t\t\t\nscan\tb\t198.18.0.999\t*\t1\t0\t\n"));
        assertTrue(fault.getMessage().contains(":3: not an IP address: '198.18.0.999'"), fault.getMessage());
    }

    @Test
    void shouldNameTheColumnThatIsMissing()
    {
        final DocumentException fault = assertThrows(DocumentException.class, () -> read("path\tlabel\na\tscan\n"));
        assertTrue(fault.getMessage().contains("has no column kind"), fault.getMessage());
    }

    @Test
    void shouldReadWhatSpreadsheetsAndPeopleMakeOfIt() throws IOException, DocumentException
    {
        final List<CorpusManifest.Entry> entries = read("\uFEFF# a corpus\r\n\r\npath\tkind\tattacker_ips\r\n" +
            "a.pcap\tScan\t198.18.0.9; 198.18.0.10\r\n# none\r\nb.pcap\tBENIGN\t-\r\n");

        assertEquals(2, entries.size());
        assertEquals("scan", entries.get(0).truth().kind());
        assertTrue(entries.get(0).truth().isRight(ATTACKER, false));
        assertFalse(entries.get(0).truth().isRight(VICTIM, false));
        assertTrue(entries.get(0).truth().isAttack(ATTACKER, BYSTANDER, 0));
        assertTrue(entries.get(1).truth().isBenign());
    }

    @Test
    void shouldTakeAnybodyForTheAttackerOfWhomOnlyTheVictimIsNamed() throws IOException, DocumentException
    {
        final GroundTruth truth = read("path\tkind\tvictim_ips\na\tflood\t198.19.0.7\n").get(0).truth();

        assertTrue(truth.isAttack(BYSTANDER, VICTIM, 0));
        assertTrue(truth.isRight(VICTIM, true));
        assertFalse(truth.isRight(BYSTANDER, false));
    }

    @Test
    void shouldRefuseAnAttackOfNobodyAgainstNobody()
    {
        final DocumentException fault = assertThrows(DocumentException.class, () -> read("path\tkind\na\tscan\n"));
        assertTrue(fault.getMessage().contains(":2: an attack needs attacker_ips or victim_ips"), fault.getMessage());
    }

    private List<CorpusManifest.Entry> read(final String text) throws IOException, DocumentException
    {
        return CorpusManifest.read(Files.writeString(directory.resolve("manifest.tsv"), text));
    }
}
