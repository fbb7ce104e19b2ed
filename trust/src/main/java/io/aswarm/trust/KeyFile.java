package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * A private key on disk: PKCS#8 PEM (RFC 8410), readable by its owner only, as {@code openssl genpkey -algorithm
 * ed25519} writes it. A file that others may read is refused.
 */
public final class KeyFile
{
    private static final String HEADER = "-----BEGIN PRIVATE KEY-----";
    private static final String FOOTER = "-----END PRIVATE KEY-----";
    /** DER of PrivateKeyInfo up to the seed, RFC 8410 section 7. */
    private static final byte[] PKCS8_PREFIX =
        {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
    private static final int SEED_LENGTH = 32;
    private static final int LENGTH_MAX = 4096;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
        PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private KeyFile()
    {
    }

    /**
     * Make a new key and write it to a file that did not exist.
     *
     * @param file to be created with permissions 0600.
     * @return a signer with the new key.
     * @throws IOException when the file exists or cannot be written.
     */
    public static Signer generate(final Path file) throws IOException
    {
        final Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(new SecureRandom());
        final byte[] der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_LENGTH);
        System.arraycopy(key.getEncoded(), 0, der, PKCS8_PREFIX.length, SEED_LENGTH);
        final String pem = HEADER + "\n" + Base64.getEncoder().encodeToString(der) + "\n" + FOOTER + "\n";
        Arrays.fill(der, (byte)0);

        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, pem, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
        return new Signer(key);
    }

    /**
     * Load a key.
     *
     * @param file in PKCS#8 PEM.
     * @return a signer with that key.
     * @throws DocumentException when the file is missing, readable by others, or not an Ed25519 private key.
     */
    public static Signer load(final Path file) throws DocumentException
    {
        try
        {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains))
            {
                throw new DocumentException(
                    file, 0, "others than its owner have permissions on this private key: run chmod 600 " + file);
            }

            final String pem = DocumentText.read(file, LENGTH_MAX).strip();
            if (pem.length() < HEADER.length() + FOOTER.length() ||
                !pem.startsWith(HEADER) || !pem.endsWith(FOOTER))
            {
                throw new DocumentException(file, 1, "not a private key: it should begin with " + HEADER);
            }

            final String body = pem.substring(HEADER.length(), pem.length() - FOOTER.length());
            final byte[] der = Base64.getMimeDecoder().decode(body);
            if (der.length != PKCS8_PREFIX.length + SEED_LENGTH ||
                !Arrays.equals(PKCS8_PREFIX, Arrays.copyOf(der, PKCS8_PREFIX.length)))
            {
                throw new DocumentException(file, 1, "not an Ed25519 key in PKCS#8 form");
            }

            final Signer signer = new Signer(new Ed25519PrivateKeyParameters(der, PKCS8_PREFIX.length));
            Arrays.fill(der, (byte)0);
            return signer;
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            throw DocumentException.unreadable(file, ex);
        }
    }
}
