package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A corpus of recordings with what is known of each: tab separated values, columns found by the names in the first
 * line. Needed are {@code path} and {@code kind}; of attacks also {@code attacker_ips} or {@code victim_ips}, where the
 * other then stands for anybody. Other columns are used where they are there. Blank lines and those that begin with
 * {@code #} are passed over, and so is a byte order mark.
 */
final class CorpusManifest
{
    private static final int COLUMNS_MAX = 256;
    private static final String PROCESS = "process";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /**
     * One recording.
     *
     * @param path            below the corpus's root.
     * @param scenario        in the words of whoever labelled it.
     * @param truth           about it.
     * @param windows10s      benign windows of 10 s and one host, or -1 where not counted.
     */
    record Entry(String path, String scenario, GroundTruth truth, long windows10s)
    {
        /** The same where the manifest's count no longer holds, since other traffic is laid around it. */
        Entry uncounted()
        {
            return new Entry(path, scenario, truth, -1);
        }

        /** The same, varied. */
        Entry as(final String variation)
        {
            return new Entry(path, scenario + " [" + variation + "]", truth, windows10s);
        }
    }

    private final Path file;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private CorpusManifest(final Path file)
    {
        this.file = file;
    }

    /**
     * Read a manifest.
     *
     * @param file with it.
     * @return recordings in the order of the file.
     * @throws DocumentException when it cannot be read; names the line.
     */
    static List<Entry> read(final Path file) throws DocumentException
    {
        final List<String> lines;
        try
        {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw DocumentException.unreadable(file, ex);
        }

        final CorpusManifest manifest = new CorpusManifest(file);
        if (lines.isEmpty())
        {
            throw new DocumentException(file, 1, "is empty; the first line must name the columns");
        }
        lines.set(0, lines.get(0).replace(BYTE_ORDER_MARK, ""));
        for (int i = 0; i < lines.size(); i++)
        {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#"))
            {
                manifest.readLine(i + 1, lines.get(i));
            }
        }
        return List.copyOf(manifest.entries);
    }

    private void readLine(final int number, final String line) throws DocumentException
    {
        if (columns.isEmpty())
        {
            readHeader(number, line);
        }
        else
        {
            readEntry(number, line.split("\t", -1));
        }
    }

    private void readHeader(final int number, final String line) throws DocumentException
    {
        final String[] names = line.split("\t", COLUMNS_MAX);
        for (int i = 0; i < names.length; i++)
        {
            columns.put(names[i].trim(), i);
        }
        for (final String needed : List.of("path", "kind"))
        {
            if (!columns.containsKey(needed))
            {
                throw new DocumentException(file, number, "has no column " + needed + " (tab separated)");
            }
        }
    }

    private void readEntry(final int line, final String[] fields) throws DocumentException
    {
        final String path = text(fields, "path");
        final String kind = text(fields, "kind").toLowerCase(Locale.ROOT);
        if (path.isEmpty() || kind.isEmpty())
        {
            throw new DocumentException(file, line, "has no path or no kind");
        }
        try
        {
            final GroundTruth truth = PROCESS.equals(kind) ? processTruth(text(fields, "scenario")) :
                GroundTruth.BENIGN.equals(kind) ? GroundTruth.benign() :
                attackTruth(kind, text(fields, "attacker_ips"), text(fields, "victim_ips"), beginNs(fields));
            final String windows = text(fields, "benign_host_windows_10s");
            entries.add(new Entry(
                path, text(fields, "scenario"), truth, windows.isEmpty() ? -1 : Long.parseLong(windows)));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new DocumentException(file, line, ex.getMessage());
        }
    }

    /** Traces of processes are of one host, which attacks or does not; the scenario's words say which. */
    private static GroundTruth processTruth(final String scenario)
    {
        return scenario.contains(GroundTruth.BENIGN) && !scenario.startsWith("attack") ? GroundTruth.benign() :
            new GroundTruth(PROCESS, AddressSet.of(List.of(ProcessRecord.HOST)), AddressSet.parse(""), Long.MIN_VALUE);
    }

    private static GroundTruth attackTruth(
        final String kind, final String attackers, final String victims, final long beginNs)
    {
        if (AddressSet.parse(attackers).isEmpty() && AddressSet.parse(victims).isEmpty())
        {
            throw new IllegalArgumentException("an attack needs attacker_ips or victim_ips");
        }
        return new GroundTruth(kind, anybodyUnlessNamed(attackers), anybodyUnlessNamed(victims), beginNs);
    }

    private static AddressSet anybodyUnlessNamed(final String list)
    {
        final AddressSet named = AddressSet.parse(list);
        return named.isEmpty() ? AddressSet.parse("*") : named;
    }

    /** The offset is given in milliseconds at best, so the first packet may come up to a millisecond before it. */
    private long beginNs(final String[] fields)
    {
        final String offset = text(fields, "attack_start_offset_s");
        final String start = text(fields, "capture_start_epoch");
        if (offset.isEmpty() || start.isEmpty() || 0 == new BigDecimal(offset).signum())
        {
            return Long.MIN_VALUE;
        }
        return new BigDecimal(start).add(new BigDecimal(offset)).subtract(new BigDecimal("0.001"))
            .movePointRight(9).longValue();
    }

    private String text(final String[] fields, final String column)
    {
        final Integer index = columns.get(column);
        return null == index || index >= fields.length ? "" : fields[index].trim();
    }
}
