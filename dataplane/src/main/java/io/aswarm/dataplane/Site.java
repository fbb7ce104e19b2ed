package io.aswarm.dataplane;

import io.aswarm.actuator.Catalog;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.Roster;
import io.aswarm.trust.Signer;

import java.util.ArrayList;
import java.util.List;

/**
 * The documents that a configuration names, read and held against each other: roster, this node's key, signed catalog.
 *
 * @param roster        of the site.
 * @param node          this one.
 * @param catalog       signed by an operator of the roster.
 * @param detectors     which are told, and the rules composed of them.
 * @param identity      of the node with its private half, for the quorum thread.
 * @param journalSigner with the same key, for the journal's thread: a signer belongs to one thread.
 */
record Site(
    Roster roster, Roster.Node node, Catalog catalog, DetectorCatalog detectors, HybridSigner identity,
    Signer journalSigner)
{
    /**
     * Read all.
     *
     * @param config that names them.
     * @return the site.
     * @throws ConfigException with every fault found, in whichever document.
     */
    static Site read(final NodeConfig config) throws ConfigException
    {
        final List<String> faults = new ArrayList<>();
        final Roster roster = attempt(() -> Roster.read(config.roster()), faults);
        final NodeIdentity keys = attempt(() -> NodeIdentity.read(config), faults);
        final Catalog catalog = null == roster ? attempt(() -> Catalog.readUnsigned(config.catalog()), faults) :
            attempt(() -> Catalog.read(config.catalog(), config.signature(), roster.operators()), faults);
        final DetectorCatalog detectors = detectors(config.detection(), faults);
        final Roster.Node node = null == roster ? null : roster.node(config.node());

        if (null != roster && null == node)
        {
            faults.add(config.source() + ": \"node\" is \"" + config.node() + "\", which " + config.roster() +
                " does not list; it lists: " + names(roster));
        }
        if (null != node && null != keys && !node.publicKey().equals(keys.journalSigner().publicKey()))
        {
            faults.add((null == config.token() ? config.key() : config.token()) + ": is not the key of node \"" +
                config.node() + "\" in " + config.roster() + ": its public half is " + keys.identity().publicKey());
        }
        if (null != roster && roster.nodes().size() > 1 && null == config.mesh().localAddress())
        {
            faults.add(config.source() + ": \"mesh.interface\" is none, and the roster lists " +
                roster.nodes().size() + " nodes; allowed: the address by which the others reach this node");
        }
        if (!faults.isEmpty())
        {
            throw new ConfigException(faults);
        }
        return new Site(roster, node, catalog, detectors, keys.identity(), keys.journalSigner());
    }

    private static DetectorCatalog detectors(final NodeConfig.Detection detection, final List<String> faults)
    {
        if (null == detection.catalog())
        {
            return DetectorCatalog.STANDARD;
        }
        final DetectorCatalog detectors = attempt(() -> DetectorFile.read(detection.catalog()), faults);
        if (null != detectors)
        {
            Names.know(detectors);
            detectors.lint(detection.signalNats()).stream().filter(DetectorCatalog.Finding::isFault)
                .forEach((finding) -> faults.add(
                    detection.catalog() + ": " + finding.where() + ": " + finding.what()));
        }
        return detectors;
    }

    private static String names(final Roster roster)
    {
        final int shownMax = 16;
        final String names = String.join(
            ", ", roster.nodes().stream().limit(shownMax).map(Roster.Node::name).toList());
        final int hidden = roster.nodes().size() - shownMax;
        return hidden > 0 ? names + " and " + hidden + " more" : names;
    }

    private static <T> T attempt(final Reading<T> reading, final List<String> faults)
    {
        try
        {
            return reading.read();
        }
        catch (final DocumentException ex)
        {
            faults.add(ex.getMessage());
            return null;
        }
    }

    /** One attempt to read a document. */
    private interface Reading<T>
    {
        T read() throws DocumentException;
    }
}
