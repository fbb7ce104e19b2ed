package io.aswarm.trust;

import io.aswarm.ebpf.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * A key in SoftHSM, used by a process of its own, since the module reads where its tokens lie when it is loaded.
 */
class Pkcs11TokenIT
{
    private static final List<Path> MODULES = List.of(
        Path.of("/usr/lib/softhsm/libsofthsm2.so"), Path.of("/usr/lib64/softhsm/libsofthsm2.so"));
    private static final String PIN = "2468";

    private Path module;

    @TempDir
    private Path directory;

    @BeforeEach
    void makeToken() throws IOException, InterruptedException
    {
        module = Requirement.file(MODULES, "softhsm2");
        Files.createDirectory(directory.resolve("tokens"));
        Files.writeString(directory.resolve("softhsm2.conf"), "directories.tokendir = " +
            directory.resolve("tokens") + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        run("softhsm2-util", "--init-token", "--free", "--label", "aswarm", "--so-pin", "1357", "--pin", PIN);
        Files.writeString(directory.resolve("keytool.cfg"),
            "name = keytool\nlibrary = " + module + "\nslotListIndex = 0\n");
        run(java("keytool"), "-genkeypair", "-alias", "gateway-1", "-keyalg", "EC", "-groupname", "secp256r1",
            "-dname", "CN=gateway-1", "-validity", "2", "-storetype", "PKCS11", "-keystore", "NONE", "-storepass", PIN,
            "-providerClass", "sun.security.pkcs11.SunPKCS11",
            "-providerArg", directory.resolve("keytool.cfg").toString());
    }

    @Test
    void shouldSignWithAKeyThatStaysInItsToken() throws IOException, InterruptedException
    {
        final String output = run(java("java"), "-cp", System.getProperty("java.class.path"),
            TokenMain.class.getName(), module.toString(), PIN);
        assertTrue(output.contains("ok"), output);
    }

    @Test
    void shouldSayWhatTheTokenRefuses()
    {
        final String none = assertThrows(DocumentException.class,
            () -> Pkcs11Token.open(directory.resolve("no.so"), 0, PIN.toCharArray())).getMessage();
        assertEquals(directory.resolve("no.so") + " slot 0: there is no readable PKCS#11 module", none);
    }

    /** Runs in a process whose environment names the token's directory. */
    static final class TokenMain
    {
        private TokenMain()
        {
        }

        /** Arguments: the module and the PIN. */
        public static void main(final String[] args) throws DocumentException
        {
            final Path library = Path.of(args[0]);
            final Pkcs11Token token = Pkcs11Token.open(library, 0, args[1].toCharArray());
            final Signer signer = token.signer("gateway-1");
            final byte[] message = "what is signed".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 20; i++)
            {
                assertTrue(signer.publicKey().verify(message, 2, 9, signer.sign(message, 2, 9)));
            }
            final HybridSigner identity = HybridSignerTest.signer(1).with(signer);
            final HybridPublicKey listed = HybridPublicKey.parse(identity.publicKey().toString());
            assertTrue(listed.verify("use", message, identity.sign("use", message)));
            assertFalse(listed.verify("other", message, identity.sign("use", message)));

            final String noKey = assertThrows(DocumentException.class, () -> token.signer("gateway-2")).getMessage();
            assertTrue(noKey.contains("has no P-256 key with a certificate under \"gateway-2\""), noKey);
            final String noToken = assertThrows(DocumentException.class,
                () -> Pkcs11Token.open(library, 7, args[1].toCharArray())).getMessage();
            assertTrue(noToken.contains("the token refuses: "), noToken);
            assertFalse(noToken.contains("Exception"), noToken);
            System.out.println("ok");
        }
    }

    private static String java(final String tool)
    {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    private String run(final String... command) throws IOException, InterruptedException
    {
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString());
        final Path log = Files.createTempFile(directory, "run", ".log");
        final Process process = builder.redirectOutput(log.toFile()).start();
        if (!process.waitFor(90, TimeUnit.SECONDS))
        {
            process.destroyForcibly().waitFor();
            fail(command[0] + " does not end: " + Files.readString(log));
        }
        assertEquals(0, process.exitValue(), () -> command[0] + ": " + read(log));
        return Files.readString(log);
    }

    private static String read(final Path log)
    {
        try
        {
            return Files.readString(log);
        }
        catch (final IOException ex)
        {
            return ex.getMessage();
        }
    }
}
