package io.aswarm.journal;

import java.nio.file.Path;

/**
 * Where and how a node keeps its journal.
 *
 * @param directory        of the queue's files; created if missing.
 * @param site             name of the site in every certificate.
 * @param node             name of this node in the roster.
 * @param nodeId           of this node in the roster.
 * @param queueCapacity    findings and deeds that may wait for the journal's thread.
 * @param batchMax         certificates forced to the disk together.
 * @param findingsMax      elevations kept for the deeds that may still come.
 * @param findingKeepNs    how long an elevation is kept; longer than the longest TTL.
 * @param diskReserveBytes free space below which nothing is appended: a full disk under a mapped file ends the
 *                         process.
 * @param stallNs          duty cycles longer than this are counted.
 */
public record JournalConfig(
    Path directory,
    String site,
    String node,
    int nodeId,
    int queueCapacity,
    int batchMax,
    int findingsMax,
    long findingKeepNs,
    long diskReserveBytes,
    long stallNs)
{
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /**
     * The usual sizes.
     *
     * @param directory of the queue's files.
     * @param site      name of the site.
     * @param node      name of this node.
     * @param nodeId    of this node.
     * @return a configuration with 4,096 places in the queue, batches of 64, 4,096 findings kept for two hours, and
     * 64 MiB of disk kept free.
     */
    public static JournalConfig of(final Path directory, final String site, final String node, final int nodeId)
    {
        return new JournalConfig(directory, site, node, nodeId, 4096, 64, 4096, 7_200 * NS_PER_SECOND, 64L << 20,
            NS_PER_SECOND / 10);
    }
}
