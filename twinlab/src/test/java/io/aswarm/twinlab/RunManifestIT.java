package io.aswarm.twinlab;

import io.aswarm.ebpf.KernelSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RunManifestIT
{
    @TempDir
    private Path base;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @Test
    void shouldRemoveEverythingWhenTheOwnerWasKilledOutright() throws IOException, InterruptedException
    {
        final Process owner = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp", System.getProperty("java.class.path"), TopologyOwner.class.getName(), base.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader reader = new BufferedReader(
            new java.io.InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8)))
        {
            final String line = reader.readLine();
            assertTrue(null != line && line.startsWith("up "), "the owner said " + line);
            assertEquals(List.of(), RunManifest.abandoned(base, true), "the owner lives");

            owner.destroyForcibly().waitFor();
        }
        finally
        {
            owner.destroyForcibly();
        }

        final List<RunManifest> abandoned = RunManifest.abandoned(base, false);
        assertEquals(1, abandoned.size());
        assertFalse(Leftovers.find(abandoned.get(0)).isEmpty());
        assertEquals(List.of(), abandoned.get(0).cleanUp());
        assertEquals(List.of(), Leftovers.find(abandoned.get(0)));
    }

    @Test
    void shouldRemoveMountsAndProcessesThatTheManifestNames() throws IOException, InterruptedException
    {
        final RunManifest manifest = RunManifest.create(base);
        final Path mount = Files.createDirectory(manifest.directory().resolve("bpf"));
        manifest.mount(mount);
        Subprocess.run("", "mount", "-t", "bpf", "bpf", mount.toString());
        final Process sleeper = new ProcessBuilder("sleep", "600").start();
        try
        {
            manifest.process(sleeper.pid());

            assertEquals(List.of(), manifest.cleanUp());
            assertTrue(sleeper.waitFor(5, java.util.concurrent.TimeUnit.SECONDS));
            assertEquals(List.of(), Leftovers.find(manifest));
        }
        finally
        {
            sleeper.destroyForcibly();
            manifest.cleanUp();
        }
    }

    @Test
    void shouldFinishAtTheNextAttemptWhatCouldNotBeRemoved() throws IOException, InterruptedException
    {
        final RunManifest manifest = RunManifest.create(base);
        final Path mount = Files.createDirectory(manifest.directory().resolve("bpf"));
        manifest.mount(mount);
        Subprocess.run("", "mount", "-t", "bpf", "bpf", mount.toString());
        final Process visitor = new ProcessBuilder("sleep", "600").directory(mount.toFile()).start();
        try
        {
            final List<String> failures = manifest.cleanUp();
            assertEquals(1, failures.size(), failures.toString());
            assertTrue(failures.get(0).contains("busy"), failures.toString());
        }
        finally
        {
            visitor.destroyForcibly().waitFor();
        }
        assertEquals(List.of(), manifest.cleanUp());
        assertEquals(List.of(), Leftovers.find(manifest));
    }

    @Test
    void shouldNotKillAnotherProcessThatGotTheSameNumber() throws IOException
    {
        final Process bystander = new ProcessBuilder("sleep", "600").start();
        try
        {
            final ProcessIdentity identity = ProcessIdentity.of(bystander.pid());

            new ProcessIdentity(identity.pid(), identity.startTicks() - 1).kill();

            assertTrue(identity.isAlive());
        }
        finally
        {
            bystander.destroyForcibly();
        }
    }

    @Test
    void shouldLeaveAKeptDrillAloneUnlessAsked() throws IOException
    {
        final Path directory = Files.createDirectory(base.resolve("drill-000000"));
        Files.writeString(directory.resolve("manifest"), "owner 4194305 1\nkept\n");

        assertEquals(List.of(), RunManifest.abandoned(base, false));
        assertEquals(1, RunManifest.abandoned(base, true).size());
    }
}
