package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A program that builds the racks, says so and waits to be killed.
 */
final class TopologyOwner
{
    private TopologyOwner()
    {
    }

    /**
     * Build and wait.
     *
     * @param args the base directory of manifests.
     * @throws IOException          when building fails.
     * @throws InterruptedException when interrupted.
     */
    public static void main(final String[] args) throws IOException, InterruptedException
    {
        final RunManifest manifest = RunManifest.create(Path.of(args[0]));
        RackTopology.build(new RackPlan(manifest.runId()), manifest);
        System.out.println("up " + manifest.runId());
        System.out.flush();
        new java.util.concurrent.CountDownLatch(1).await();
    }
}
