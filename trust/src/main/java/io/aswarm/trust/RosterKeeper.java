package io.aswarm.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * The roster in force, and its change while the node runs. A new one is taken when it is of the same site, of a greater
 * version, and signed by two operators of the one in force (as The Update Framework, section 5.3, does with its root);
 * what does not pass leaves the old one standing. A copy of the one in force is kept on disk, so that nobody can put an
 * older file in its place while the node is down.
 * <p>
 * A roster without version and signature is taken at the start only, and not once a version was in force. The first
 * with a version vouches for itself: how it comes to the node is up to whoever installs it.
 * <p>
 * A roster of certificates has no version: their authority vouches for each change of it, and their time bounds what an
 * older file can bring back. Used by one thread at a time.
 */
public final class RosterKeeper
{
    private final Path file;
    private final Path copy;
    private Roster inForce;
    private String text;
    private boolean isVouched;
    private List<Path> certificates = List.of();
    private String seen;

    /**
     * A keeper that has nothing yet.
     *
     * @param file of the roster; its signatures lie beside it.
     * @param copy of the roster in force, in the node's own state directory.
     */
    public RosterKeeper(final Path file, final Path copy)
    {
        this.file = file;
        this.copy = copy;
    }

    /**
     * Take up the roster at the start of a node.
     *
     * @param nowEpochNs wall clock.
     * @return the roster in force.
     * @throws DocumentException when the file is no roster, is older than what was in force, or is not signed.
     * @throws IOException       when the copy cannot be written.
     */
    public Roster start(final long nowEpochNs) throws DocumentException, IOException
    {
        final RosterDocument candidate = read(nowEpochNs);
        final Roster roster = candidate.roster();
        if (Files.exists(copy))
        {
            text = DocumentText.read(copy, Yaml.LENGTH_MAX);
            inForce = RosterReader.read(copy, text, nowEpochNs).roster();
        }
        if (null == inForce || 0 == inForce.version())
        {
            if (0 != roster.version())
            {
                RosterSignature.verify(RosterSignature.fileOf(file), candidate.text(), roster, nowEpochNs);
            }
            take(candidate);
        }
        else
        {
            change(candidate, nowEpochNs);
        }
        return inForce;
    }

    /**
     * Look at the file again.
     *
     * @param nowEpochNs wall clock.
     * @return true if another roster is in force now.
     * @throws DocumentException when the file was changed to something that is refused; the old one stands.
     * @throws IOException       when the copy cannot be written; the old one stands.
     */
    public boolean reload(final long nowEpochNs) throws DocumentException, IOException
    {
        return change(read(nowEpochNs), nowEpochNs);
    }

    /**
     * Is the roster in force made of certificates, which their authority replaces without asking the operators?
     *
     * @return true if {@link #isOutdated} should be asked now and then.
     */
    public boolean isVouched()
    {
        return isVouched;
    }

    /**
     * Were the files changed since they were last looked at? Costs a stat of each.
     *
     * @return true if a {@link #reload} may find another roster.
     */
    public boolean isOutdated()
    {
        return !stamps().equals(seen);
    }

    /**
     * The roster in force.
     *
     * @return the roster, or null before the start.
     */
    public Roster inForce()
    {
        return inForce;
    }

    /** What changes while it is read is looked at again. */
    private RosterDocument read(final long nowEpochNs) throws DocumentException
    {
        List<Path> before;
        RosterDocument document;
        do
        {
            before = certificates;
            seen = stamps();
            document = RosterReader.read(file, DocumentText.read(file, Yaml.LENGTH_MAX), nowEpochNs);
            certificates = document.certificates();
        }
        while (!certificates.equals(before));
        return document;
    }

    private String stamps()
    {
        final StringBuilder stamps = new StringBuilder(stamp(file));
        certificates.forEach((each) -> stamps.append(' ').append(stamp(each)));
        return stamps.toString();
    }

    private static String stamp(final Path of)
    {
        try
        {
            final BasicFileAttributes attributes = Files.readAttributes(of, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + "/" + attributes.size() + "/" + attributes.fileKey();
        }
        catch (final IOException ex)
        {
            // the read that follows says what is wrong
            return "none";
        }
    }

    private boolean change(final RosterDocument candidate, final long nowEpochNs)
        throws DocumentException, IOException
    {
        final Roster roster = candidate.roster();
        if (candidate.text().equals(text))
        {
            return false;
        }
        if (!roster.site().equals(inForce.site()))
        {
            throw new DocumentException(file, 0, "a roster of site \"" + roster.site() + "\"; in force is one of \"" +
                inForce.site() + "\"");
        }
        if (isVouched && candidate.isVouched())
        {
            take(candidate);
            return true;
        }
        if (roster.version() <= inForce.version())
        {
            throw new DocumentException(file, 0, "version " + roster.version() + " is not after version " +
                inForce.version() + ", which is in force: a changed roster needs a greater version");
        }
        RosterSignature.verify(RosterSignature.fileOf(file), candidate.text(), inForce, nowEpochNs);
        take(candidate);
        return true;
    }

    private void take(final RosterDocument candidate) throws IOException
    {
        final Path fresh = copy.resolveSibling(copy.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
            fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer bytes = StandardCharsets.UTF_8.encode(candidate.text());
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        inForce = candidate.roster();
        text = candidate.text();
        isVouched = candidate.isVouched();
    }
}
