package io.aswarm.bench;

import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Session;
import io.aswarm.trust.Signer;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Claim: what a datagram of 120 bytes costs to seal for so many peers and to open, beside signing and checking the same
 * bytes with Ed25519, which is what a datagram costs without a session.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SealBenchmark
{
    private static final int LENGTH = 120;

    /** Peers that a datagram reaches. */
    @Param({"3", "15", "64"})
    private int peers;

    private final byte[] message = new byte[LENGTH];
    private final byte[] opened = new byte[1_500];
    private Session sender;
    private Session receiver;
    private byte[] datagram;
    private byte[] received;
    private Signer signer;
    private byte[] signature;

    /**
     * Let a site agree, and seal what is opened.
     *
     * @throws IOException when no key can be written.
     */
    @Setup
    public void setup() throws IOException
    {
        final SessionSite site = new SessionSite(peers + 1);
        site.agree();
        sender = site.nodes.get(0).session();
        receiver = site.nodes.get(1).session();
        datagram = new byte[LENGTH + sender.overhead()];
        sender.seal(message, 0, LENGTH, datagram, 0);
        received = datagram.clone();

        final Path file = Files.createTempDirectory("aswarm-bench").resolve("key");
        signer = KeyFile.generate(file);
        Files.delete(file);
        Files.delete(file.getParent());
        signature = signer.sign(message, 0, LENGTH).clone();
    }

    /**
     * Seal.
     *
     * @return length of the datagram.
     */
    @Benchmark
    public int seal()
    {
        return sender.seal(message, 0, LENGTH, datagram, 0);
    }

    /**
     * Open.
     *
     * @return length of the message.
     */
    @Benchmark
    public int open()
    {
        return receiver.open(received, 0, received.length, opened, 0);
    }

    /**
     * Sign, without a session.
     *
     * @return the signature.
     */
    @Benchmark
    public byte[] sign()
    {
        return signer.sign(message, 0, LENGTH);
    }

    /**
     * Check a signature, without a session.
     *
     * @return true.
     */
    @Benchmark
    public boolean verify()
    {
        return signer.publicKey().verify(message, 0, LENGTH, signature);
    }
}
