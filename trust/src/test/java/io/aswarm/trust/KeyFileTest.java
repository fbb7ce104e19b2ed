package io.aswarm.trust;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KeyFileTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldLoadWhatItGenerated() throws IOException, DocumentException
    {
        final Path file = directory.resolve("key");
        final Signer made = KeyFile.generate(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        final Signer loaded = KeyFile.load(file);
        assertEquals(made.publicKey(), loaded.publicKey());
        final byte[] message = {1};
        assertTrue(made.publicKey().verify(message, 0, 1, loaded.sign(message, 0, 1)));
    }

    @Test
    void shouldWritePkcs8ThatTheJdkReads() throws Exception
    {
        final Path file = directory.resolve("key");
        KeyFile.generate(file);
        final String pem = Files.readString(file);
        final byte[] der = Base64.getDecoder().decode(pem.split("\n")[1]);
        KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    @Test
    void shouldNotOverwriteAKey() throws IOException
    {
        final Path file = directory.resolve("key");
        final PublicKey first = KeyFile.generate(file).publicKey();
        assertThrows(FileAlreadyExistsException.class, () -> KeyFile.generate(file));
        assertEquals(first, assertLoads(file).publicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw--w----", "rw---x---", "rw----r--", "rw-----w-", "rw------x"})
    void shouldRefuseAKeyOnWhichOthersHaveAnyPermission(final String permissions) throws IOException
    {
        final Path file = directory.resolve("key");
        KeyFile.generate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        final DocumentException refused = assertThrows(DocumentException.class, () -> KeyFile.load(file));
        assertTrue(refused.getMessage().contains("chmod 600 " + file), refused.getMessage());
    }

    @Test
    void shouldSayWhatIsWrongWithAFileThatIsNoKey() throws IOException
    {
        assertTrue(refusal(directory.resolve("none")).contains("no such file"));
        assertTrue(refusal(directory).contains("is a directory"));
        assertTrue(refusal(write("hello")).contains("not a private key"));
        assertTrue(refusal(write("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
            .contains("not an Ed25519 key"));
        assertTrue(refusal(write("")).contains("not a private key"));
        final String rubbish = refusal(write("-----BEGIN PRIVATE KEY-----\n=A=\n-----END PRIVATE KEY-----\n"));
        assertFalse(rubbish.contains("Exception"), rubbish);
        assertTrue(refusal(write("-----BEGIN PRIVATE KEY-----")).contains("not a private key"));
        assertTrue(refusal(write("-----BEGIN PRIVATE KEY-----END PRIVATE KEY-----")).contains("not a private key"));
        assertTrue(refusal(write("a".repeat(1 << 20))).contains("larger than"));
    }

    @Test
    void shouldLoadAnIdentityWhichItGenerated() throws IOException, DocumentException
    {
        final Path file = directory.resolve("identity");
        final HybridSigner made = KeyFile.generateHybrid(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        final HybridSigner loaded = KeyFile.loadHybrid(file);
        assertEquals(made.publicKey(), loaded.publicKey());
        assertTrue(loaded.publicKey().isHybrid());
        assertTrue(made.publicKey().verify("use", new byte[3], loaded.sign("use", new byte[3])));
        assertEquals(made.publicKey().classical(), KeyFile.load(file).publicKey(), "its Ed25519 half, on demand");
    }

    @Test
    void shouldLoadAFileOfOneKeyAsAnIdentityOfOneHalf() throws IOException, DocumentException
    {
        final Path file = directory.resolve("key");
        final PublicKey made = KeyFile.generate(file).publicKey();
        assertEquals(HybridPublicKey.of(made), KeyFile.loadHybrid(file).publicKey());
    }

    @Test
    void shouldRefuseAnIdentityOfAnotherShape() throws IOException
    {
        final Path file = directory.resolve("identity");
        KeyFile.generateHybrid(file);
        final String text = Files.readString(file);
        final int second = text.lastIndexOf("-----BEGIN");
        final int first = text.indexOf("-----BEGIN");
        assertTrue(refusal(write(text.replace("key: 1", "key: 2"))).contains("another version"));
        assertTrue(refusal(write(text.replace("key: 1", "key: 12"))).contains("another version"));
        assertTrue(refusal(write(text.substring(0, second))).contains("this file has 1"));
        assertTrue(refusal(write(text + text.substring(second))).contains("this file has 3"));
        assertTrue(refusal(write(text.substring(first))).contains("begins with aswarm-key: 1"));
        assertTrue(refusal(write(text.substring(0, first) + text.substring(second) + text.substring(first, second)))
            .contains("not an Ed25519 key"));
        assertTrue(refusal(write(text.substring(0, second) + text.substring(first, second)))
            .contains("not an ML-DSA-65 key"));
        assertTrue(refusal(write(text + "more")).contains("not a private key"));
        assertTrue(refusal(write("aswarm-key: 1")).contains("not a private key"));
    }

    private Path write(final String text) throws IOException
    {
        final Path file = Files.createTempFile(directory, "key", "");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static String refusal(final Path file)
    {
        return assertThrows(DocumentException.class, () -> KeyFile.load(file)).getMessage();
    }

    private static Signer assertLoads(final Path file)
    {
        return assertDoesNotThrow(() -> KeyFile.load(file));
    }
}
