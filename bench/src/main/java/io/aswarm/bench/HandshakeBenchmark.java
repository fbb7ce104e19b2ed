package io.aswarm.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Claim: processor time for a whole site to start and agree on all keys, every node's part added up: for each node one
 * hybrid signature, for each pair two checks of one, two encapsulations and their opening, two sender keys and
 * receipts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class HandshakeBenchmark
{
    /** Nodes of the site. */
    @Param({"2", "4", "16"})
    private int nodes;

    private SessionSite site;

    /**
     * Make identities.
     *
     * @throws IOException when no key can be written.
     */
    @Setup
    public void setup() throws IOException
    {
        site = new SessionSite(nodes);
    }

    /**
     * Start and agree.
     *
     * @return peers that the first node reaches.
     */
    @Benchmark
    public int agree()
    {
        site.agree();
        return site.nodes.get(0).session().reach();
    }
}
