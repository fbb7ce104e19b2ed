package io.aswarm.dataplane;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CommandLineTest
{
    @TempDir
    private Path directory;

    private StringWriter out;
    private StringWriter err;

    @BeforeEach
    void clear()
    {
        out = new StringWriter();
        err = new StringWriter();
    }

    @Test
    void shouldListCommandsAndExitStatusInHelp()
    {
        assertEquals(ExitCode.OK, execute("--help"));

        for (final String word : new String[]{"run", "check", "halt", "resume", "status", "stats", "certs", "tail",
            "keys", "catalog", "roster", "doctor", "detach", "version", "Exit status:", "no running node answers"})
        {
            assertTrue(out.toString().contains(word), word);
        }
        for (final CommandLine command : Main.commandLine().getSubcommands().values())
        {
            final String name = command.getCommandName();
            clear();
            assertEquals(ExitCode.OK, execute(name, "--help"));
            assertTrue(out.toString().startsWith("Usage: aswarm " + name), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dance", "run --colour red", "certs", "keys", "keys generate", "catalog sign x",
        "tail --format xml", "stats --interval-ms soon", "run extra",
        "roster sign --key k --operator= roster.yaml"})
    void shouldSayInOneLineWhatIsWrongWithTheUsage(final String line)
    {
        assertEquals(ExitCode.USAGE, execute(line.isEmpty() ? new String[0] : line.split(" ")));

        assertEquals(2, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().lines().allMatch((each) -> each.startsWith("aswarm: ")), err.toString());
        assertTrue(err.toString().contains("--help"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldNameTheCommandThatThereIsNot()
    {
        assertEquals(ExitCode.USAGE, execute("statsu"));
        assertTrue(err.toString().startsWith("aswarm: there is no command \"statsu\"; similar: "), err.toString());
        assertTrue(err.toString().contains("stats"), err.toString());

        clear();
        assertEquals(ExitCode.USAGE, execute("version", "now"));
        assertTrue(err.toString().startsWith("aswarm: one argument too many: \"now\""), err.toString());
    }

    @Test
    void shouldNotDraftAnOrderOverAnotherFileNorForNoSite() throws IOException
    {
        final Path file = write("roster.yaml", "site: lab\n");
        assertEquals(ExitCode.USAGE,
            execute("order", "draft", "suspend", file.toString(), "--site", "lab", "--reason", "test"));
        assertTrue(err.toString().contains("roster.yaml: exists already"), err.toString());
        assertEquals("site: lab\n", Files.readString(file));

        clear();
        assertEquals(ExitCode.USAGE, execute(
            "order", "draft", "suspend", directory.resolve("new").toString(), "--site", "", "--reason", "test"));
        assertTrue(err.toString().contains("--site is empty"), err.toString());
        assertFalse(Files.exists(directory.resolve("new")));
    }

    @Test
    void shouldRefuseToPrintMoreOftenThanEveryMillisecond()
    {
        assertEquals(ExitCode.USAGE, execute("stats", "--interval-ms", "0"));
        assertTrue(err.toString().contains("--interval-ms is 0; allowed: 1 or more"), err.toString());
    }

    @Test
    void shouldNotCallADirectoryWithoutAJournalSound() throws IOException
    {
        assertEquals(ExitCode.USAGE, execute("certs", "verify", "--no-roster", directory.toString()));
        assertTrue(err.toString().contains(directory + ": no journal"), err.toString());

        clear();
        assertEquals(ExitCode.USAGE, execute(
            "certs", "verify", "--no-roster", "--journal", directory.resolve("none").toString(), "deed"));
        assertTrue(err.toString().contains("\"deed\" is neither file nor directory"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tail --json --format cef", "check --json --example", "run --json"})
    void shouldNotPromiseJsonWhereItPrintsOtherThings(final String line)
    {
        assertEquals(ExitCode.USAGE, execute(line.split(" ")));

        assertTrue(err.toString().startsWith("aswarm: "), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldNameEveryFaultOfAConfigurationOnALineOfItsOwn() throws IOException
    {
        final Path config = write("node.yaml", "node: n1\ncolour: red\nmesh: {port: 0}\n");

        assertEquals(ExitCode.USAGE, execute("run", "--config", config.toString()));
        assertTrue(err.toString().lines().count() > 4, err.toString());
        assertTrue(err.toString().contains("node.yaml:2: unknown key \"colour\""), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void shouldShowWhereAnErrorCameFromOnlyWhenAsked() throws IOException
    {
        final Path roster = write("roster.yaml", "site: [\n");

        assertEquals(ExitCode.USAGE, execute("roster", "check", roster.toString()));
        assertEquals(1, err.toString().lines().count(), err.toString());

        clear();
        assertEquals(ExitCode.USAGE, execute("roster", "check", roster.toString(), "--debug"));
        assertTrue(err.toString().contains("DocumentException"), err.toString());
    }

    @Test
    void shouldSayThatNoNodeAnswers() throws IOException
    {
        final String config = config().toString();

        assertEquals(ExitCode.NO_NODE, execute("status", "-c", config));
        assertTrue(err.toString().contains("control.sock: no node answers (no such socket)"), err.toString());

        clear();
        assertEquals(ExitCode.NO_NODE, execute("stats", "--once", "-c", config));
        assertTrue(err.toString().contains("cnc.dat: cannot be read: is the node running"), err.toString());
    }

    @Test
    void shouldMakeIdentitiesAndSignARosterWithThem() throws IOException
    {
        final Path key = directory.resolve("alice.key");
        assertEquals(ExitCode.OK, execute("keys", "generate", "--hybrid", key.toString(), "--json"));
        final String identity = out.toString().replaceAll("(?s).*(ed25519\\+ml-dsa-65:[A-Za-z0-9+/=]+).*", "$1");
        final Path roster = write("roster.yaml", "site: lab\nversion: 4\nnodes: [{id: 1, name: g1, key: \"" +
            identity + "\"}]\n");

        clear();
        assertEquals(ExitCode.OK, execute(
            "roster", "sign", "--operator", "alice", "--key", key.toString(), roster.toString()));
        assertTrue(Files.readString(directory.resolve("roster.yaml.sig")).contains("\"signer\":\"alice\""));
        clear();
        assertEquals(ExitCode.OK, execute("roster", "check", roster.toString(), "--json"));
        assertTrue(out.toString().contains("\"version\":4"), out.toString());
    }

    @Test
    void shouldMakeKeysThatTheRosterTakes() throws IOException
    {
        final Path key = directory.resolve("node.key");
        assertEquals(ExitCode.OK, execute("keys", "generate", key.toString(), "--json"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        final String made = out.toString();

        clear();
        assertEquals(ExitCode.OK, execute("keys", "show", key.toString(), "--json"));
        assertEquals(made, out.toString());

        clear();
        assertEquals(ExitCode.USAGE, execute("keys", "generate", key.toString()));
        assertTrue(err.toString().contains("a key is never overwritten"), err.toString());
    }

    @Test
    void shouldReportEveryFaultOfEveryDocumentInCheck() throws IOException
    {
        final Path config = config();
        Files.writeString(directory.resolve("roster.yaml"), "site: lab\nnodes: []\n");
        Files.writeString(directory.resolve("catalog.yaml"), "version: 1\nacts: 7\n");

        assertEquals(ExitCode.USAGE, execute("check", "-c", config.toString()));
        assertTrue(out.toString().contains("fault: " + directory.resolve("roster.yaml")), out.toString());
        assertTrue(out.toString().contains("fault: " + directory.resolve("node.key")), out.toString());
        assertTrue(out.toString().contains("fault: " + directory.resolve("catalog.yaml")), out.toString());
        assertTrue(out.toString().contains("warning: interface asw-none0 does not exist"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void shouldPrintAnExampleThatIsAConfiguration() throws Exception
    {
        assertEquals(ExitCode.OK, execute("check", "--example"));
        final Path example = write("example.yaml", out.toString());

        assertEquals("gateway-1", NodeConfig.read(example).node());
    }

    @Test
    void shouldNameTheFaultOfAFileThatIsNoCertificate() throws IOException
    {
        final Path file = write("elsewhere.json", "{\"a\":1}");

        assertEquals(ExitCode.NEGATIVE, execute("certs", "verify", "--no-roster", file.toString()));
        assertTrue(out.toString().contains("FAULTY  " + file), out.toString());
        assertTrue(out.toString().contains("1 verified, 0 sound, 1 with faults"), out.toString());

        clear();
        assertEquals(ExitCode.NEGATIVE, execute("certs", "verify", "--no-roster", "--json", file.toString()));
        assertTrue(out.toString().contains("\"name\":\"NOT_A_CERTIFICATE\""), out.toString());
    }

    @Test
    void shouldRefuseJournalThatIsNotThere()
    {
        final String missing = directory.resolve("none").toString();

        assertEquals(ExitCode.USAGE, execute("certs", "list", "--journal", missing));
        assertTrue(err.toString().contains("no such directory"), err.toString());
        clear();
        assertEquals(ExitCode.USAGE, execute("tail", "--once", "--journal", missing));
        assertEquals(1, err.toString().lines().count());
        clear();
        assertEquals(ExitCode.USAGE, execute("tail", "--journal", directory.toString(), "--syslog", "nowhere"));
        assertTrue(err.toString().contains("allowed: HOST:PORT"), err.toString());
    }

    private Path config() throws IOException
    {
        return write("node.yaml",
            "node: n1\nroster: roster.yaml\nkey: node.key\ncatalog: {file: catalog.yaml}\n" +
            "interfaces: [{name: asw-none0}]\ncontrol_socket: control.sock\n" +
            "directories: {state: state, aeron: aeron, pins: pins}\n");
    }

    private Path write(final String name, final String text) throws IOException
    {
        return Files.writeString(directory.resolve(name), text);
    }

    private int execute(final String... args)
    {
        return Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    }
}
