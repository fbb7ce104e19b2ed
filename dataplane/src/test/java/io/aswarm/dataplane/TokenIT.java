package io.aswarm.dataplane;

import io.aswarm.actuator.Catalog;
import io.aswarm.ebpf.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A node's key in SoftHSM, as configured; by the command as shipped, since the module reads where its tokens lie when
 * it is loaded.
 */
class TokenIT
{
    private static final List<Path> MODULES = List.of(
        Path.of("/usr/lib/softhsm/libsofthsm2.so"), Path.of("/usr/lib64/softhsm/libsofthsm2.so"));
    private static final String PIN = "2468";
    private static final Pattern PUBLIC_HALF = Pattern.compile("its public half is (\\S+)");

    @TempDir
    private Path directory;

    private String said;

    @Test
    void shouldCheckAKeyThatStaysInItsToken() throws IOException, InterruptedException
    {
        final Path module = Requirement.file(MODULES, "softhsm2");
        makeToken(module);
        writeSite(module);

        assertEquals(ExitCode.USAGE, check());
        assertTrue(said.contains("others than its owner have permissions on this PIN"), said);
        Files.setPosixFilePermissions(directory.resolve("pin"), PosixFilePermissions.fromString("rw-------"));
        assertEquals(ExitCode.USAGE, check());
        assertTrue(said.contains("fault: " + module + " slot 0 key \"gw1\": is not the key of node \"gw1\""), said);
        final Matcher half = PUBLIC_HALF.matcher(said);
        assertTrue(half.find(), said);
        roster(half.group(1));
        assertEquals(ExitCode.OK, check());
        assertTrue(said.contains("key: " + module + " slot 0 key \"gw1\", " + half.group(1)), said);

        Files.writeString(directory.resolve("pin"), "9999");
        assertEquals(ExitCode.USAGE, check());
        assertTrue(said.contains("fault: " + module + " slot 0: the token refuses: CKR_PIN_INCORRECT"), said);
    }

    private void makeToken(final Path module) throws IOException, InterruptedException
    {
        Files.createDirectory(directory.resolve("tokens"));
        Files.writeString(directory.resolve("softhsm2.conf"), "directories.tokendir = " +
            directory.resolve("tokens") + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        Files.writeString(directory.resolve("keytool.cfg"),
            "name = keytool\nlibrary = " + module + "\nslotListIndex = 0\n");
        assertEquals(0, run(
            "softhsm2-util", "--init-token", "--free", "--label", "aswarm", "--so-pin", "1357", "--pin", PIN), said);
        assertEquals(0, run(java("keytool"), "-genkeypair", "-alias", "gw1", "-keyalg", "EC", "-groupname",
            "secp256r1", "-dname", "CN=gw1", "-validity", "2", "-storetype", "PKCS11", "-keystore", "NONE",
            "-storepass", PIN, "-providerClass", "sun.security.pkcs11.SunPKCS11",
            "-providerArg", directory.resolve("keytool.cfg").toString()), said);
    }

    private void writeSite(final Path module) throws IOException, InterruptedException
    {
        assertEquals(0, aswarm("keys", "generate", directory.resolve("operator.key").toString()), said);
        try (InputStream in = Catalog.class.getResourceAsStream("default-catalog.yaml"))
        {
            Files.write(directory.resolve("catalog.yaml"), in.readAllBytes());
        }
        assertEquals(0, aswarm("catalog", "sign", directory.resolve("catalog.yaml").toString(),
            "--operator", "alice", "--key", directory.resolve("operator.key").toString()), said);
        assertEquals(0, aswarm("keys", "generate", directory.resolve("other.key").toString()), said);
        roster(shown("other.key"));
        Files.writeString(directory.resolve("pin"), PIN + "\n");
        Files.setPosixFilePermissions(directory.resolve("pin"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(directory.resolve("node.yaml"),
            "node: gw1\nroster: roster.yaml\ncatalog: {file: catalog.yaml}\ndirectories: {state: state}\n" +
            "token: {library: " + module + ", pin_file: pin}\ninterfaces: [{name: lo}]\n");
    }

    private void roster(final String key) throws IOException, InterruptedException
    {
        Files.writeString(directory.resolve("roster.yaml"), "site: lab\nnodes: [{id: 1, name: gw1, key: \"" + key +
            "\"}]\noperators: [{name: alice, key: \"" + shown("operator.key") + "\"}]\n");
    }

    private String shown(final String key) throws IOException, InterruptedException
    {
        assertEquals(0, aswarm("keys", "show", directory.resolve(key).toString()), said);
        final Matcher matcher = Pattern.compile("ed25519:\\S+").matcher(said);
        assertTrue(matcher.find(), said);
        return matcher.group();
    }

    private int check() throws IOException, InterruptedException
    {
        return aswarm("check", "-c", directory.resolve("node.yaml").toString());
    }

    private int aswarm(final String... args) throws IOException, InterruptedException
    {
        final String[] command = new String[args.length + 3];
        command[0] = java("java");
        command[1] = "-jar";
        command[2] = Path.of("target", "aswarm.jar").toAbsolutePath().toString();
        System.arraycopy(args, 0, command, 3, args.length);
        return run(command);
    }

    private int run(final String... command) throws IOException, InterruptedException
    {
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString());
        final Process process = builder.start();
        said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor();
    }

    private static String java(final String tool)
    {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }
}
