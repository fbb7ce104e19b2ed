package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A private key on disk, readable by its owner only; a file on which others have any permission is refused, and so is
 * one of another user, unless this process or that user is root. Two forms:
 * <ul>
 * <li>an Ed25519 key: one PKCS#8 PEM block (RFC 8410), as {@code openssl genpkey -algorithm ed25519} writes it;</li>
 * <li>an identity: a line {@code aswarm-key: 1}, then the PKCS#8 PEM blocks of its Ed25519 key and of its ML-DSA-65
 * key, which is a seed (RFC 9881 section 6; OpenSSL 3.5 calls it {@code seed-only}).</li>
 * </ul>
 * Whoever asks for one half is given it from either form.
 */
public final class KeyFile
{
    private static final String VERSION = "aswarm-key: 1";
    private static final String VERSION_KEY = "aswarm-key:";
    private static final String HEADER = "-----BEGIN PRIVATE KEY-----";
    private static final String FOOTER = "-----END PRIVATE KEY-----";
    /** DER of PrivateKeyInfo up to the seed, RFC 8410 section 7. */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");
    /** DER of PrivateKeyInfo up to the seed: id-ml-dsa-65, then seed [0] of 32 bytes; RFC 9881 section 6. */
    private static final byte[] ML_DSA_PREFIX =
        HexFormat.of().parseHex("3034020100300b0609608648016503040312" + "04228020");
    private static final int SEED_LENGTH = 32;
    private static final int LENGTH_MAX = 4096;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
        PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private KeyFile()
    {
    }

    /**
     * Make a new Ed25519 key and write it to a file that did not exist.
     *
     * @param file to be created with permissions 0600.
     * @return a signer with the new key.
     * @throws IOException when the file exists or cannot be written.
     */
    public static Signer generate(final Path file) throws IOException
    {
        final byte[] seed = seed();
        create(file, pem(ED25519_PREFIX, seed));
        return new Signer(ed25519(seed));
    }

    /**
     * Make a new identity of two keys and write it to a file that did not exist.
     *
     * @param file to be created with permissions 0600.
     * @return a signer with the new identity.
     * @throws IOException when the file exists or cannot be written.
     */
    public static HybridSigner generateHybrid(final Path file) throws IOException
    {
        final byte[] classical = seed();
        final byte[] mlDsa = seed();
        create(file, VERSION + "\n" + pem(ED25519_PREFIX, classical) + pem(ML_DSA_PREFIX, mlDsa));
        return new HybridSigner(new Signer(ed25519(classical)), mlDsa(mlDsa), new SecureRandom());
    }

    /**
     * Load the Ed25519 key of a file of either form.
     *
     * @param file to read.
     * @return a signer with that key.
     * @throws DocumentException when the file is missing, open to others, or not of either form.
     */
    public static Signer load(final Path file) throws DocumentException
    {
        return loadHybrid(file).classical();
    }

    /**
     * Load an identity: of both halves, or of one where the file is an Ed25519 key.
     *
     * @param file to read.
     * @return a signer with that identity.
     * @throws DocumentException when the file is missing, open to others, or not of either form.
     */
    public static HybridSigner loadHybrid(final Path file) throws DocumentException
    {
        try
        {
            checkOwner(file);
            final String text = DocumentText.read(file, LENGTH_MAX).strip();
            final boolean isVersioned = text.startsWith(VERSION_KEY);
            if (isVersioned && !VERSION.equals(text.lines().findFirst().orElse("").strip()))
            {
                throw new DocumentException(file, 1, "a key file of another version; known: " + VERSION);
            }
            final List<byte[]> blocks = blocks(file, isVersioned ? text.substring(VERSION.length()) : text);
            if (blocks.size() != (isVersioned ? 2 : 1))
            {
                throw new DocumentException(file, 1, isVersioned ?
                    "an identity has two private keys, this file has " + blocks.size() :
                    "one private key is expected; a file of two begins with " + VERSION);
            }
            final Signer classical = new Signer(ed25519(seed(file, blocks.get(0), ED25519_PREFIX, "an Ed25519")));
            return isVersioned ? new HybridSigner(classical,
                mlDsa(seed(file, blocks.get(1), ML_DSA_PREFIX, "an ML-DSA-65")), new SecureRandom()) :
                HybridSigner.of(classical);
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            throw DocumentException.unreadable(file, ex);
        }
    }

    private static void checkOwner(final Path file) throws IOException, DocumentException
    {
        if (Files.isDirectory(file))
        {
            throw new IOException("is a directory");
        }
        final PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        if (attributes.permissions().stream().anyMatch(OTHERS::contains))
        {
            throw new DocumentException(
                file, 0, "others than its owner have permissions on this private key: run chmod 600 " + file);
        }
        final String owner = attributes.owner().getName();
        final String user = System.getProperty("user.name");
        if (!"root".equals(owner) && !owner.equals(user) && !"root".equals(user))
        {
            throw new DocumentException(file, 0, "this private key belongs to " + owner + ", who could change it " +
                "at any time: run chown " + user + " " + file);
        }
    }

    /** The DER inside of each PEM block; nothing but blocks may be there. */
    private static List<byte[]> blocks(final Path file, final String text) throws DocumentException
    {
        final List<byte[]> blocks = new ArrayList<>();
        String rest = text.strip();
        while (!rest.isEmpty() || blocks.isEmpty())
        {
            final int end = rest.indexOf(FOOTER);
            if (!rest.startsWith(HEADER) || end < HEADER.length())
            {
                throw new DocumentException(file, 1, "not a private key: it should begin with " + HEADER);
            }
            blocks.add(Base64.getMimeDecoder().decode(rest.substring(HEADER.length(), end)));
            rest = rest.substring(end + FOOTER.length()).strip();
        }
        return blocks;
    }

    private static byte[] seed(final Path file, final byte[] der, final byte[] prefix, final String what)
        throws DocumentException
    {
        final int length = prefix.length + SEED_LENGTH;
        if (der.length != length || !Arrays.equals(prefix, 0, prefix.length, der, 0, prefix.length))
        {
            throw new DocumentException(file, 1, "not " + what + " key in PKCS#8 form");
        }
        final byte[] seed = Arrays.copyOfRange(der, prefix.length, length);
        Arrays.fill(der, (byte)0);
        return seed;
    }

    private static byte[] seed()
    {
        final byte[] seed = new byte[SEED_LENGTH];
        new SecureRandom().nextBytes(seed);
        return seed;
    }

    private static Ed25519PrivateKeyParameters ed25519(final byte[] seed)
    {
        final Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(seed, 0);
        Arrays.fill(seed, (byte)0);
        return key;
    }

    private static MLDSAPrivateKeyParameters mlDsa(final byte[] seed)
    {
        final MLDSAPrivateKeyParameters key = MlDsa65.privateKey(seed);
        Arrays.fill(seed, (byte)0);
        return key;
    }

    private static String pem(final byte[] prefix, final byte[] seed)
    {
        final byte[] der = Arrays.copyOf(prefix, prefix.length + SEED_LENGTH);
        System.arraycopy(seed, 0, der, prefix.length, SEED_LENGTH);
        final String pem = HEADER + "\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der) + "\n" +
            FOOTER + "\n";
        Arrays.fill(der, (byte)0);
        return pem;
    }

    private static void create(final Path file, final String text) throws IOException
    {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
    }
}
