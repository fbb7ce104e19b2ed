package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KillSwitch;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What halt and resume share. Two ways, and either is enough: the order to the node, which moves the switch within a
 * millisecond and writes the certificate, and this process's own hand on the pinned map, which needs no node. A halt
 * goes both at once; a resume asks the node first, which refuses while the operators suspend the whole site.
 */
abstract class SwitchCommand extends NodeCommand implements Callable<Integer>
{
    private static final long CERTIFICATE_WAIT_NS = 3_000_000_000L;
    private static final long CERTIFICATE_POLL_MS = 10;

    private final boolean halt;

    @Option(names = "--by", paramLabel = "NAME", description = "Who orders it (default: the user who runs this).")
    private String by;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, for the certificate.")
    private String reason;

    SwitchCommand(final boolean halt)
    {
        this.halt = halt;
    }

    @Override
    public final Integer call() throws DocumentException, KernelException, CommandException
    {
        final Path pins = pins();
        final Path socket = socket();
        final long beganNs = System.nanoTime();
        final CompletableFuture<JsonNode> order = CompletableFuture.supplyAsync(() -> order(socket));
        if (!halt)
        {
            // a node that lives may know why enforcement must stay off; only a halt is in a hurry
            isTaken(order);
        }
        KernelException refusal = null;
        try
        {
            flip(pins);
        }
        catch (final KernelException ex)
        {
            refusal = ex;
        }
        final long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
        final boolean isTaken = isTaken(order);
        if (null != refusal && !isTaken)
        {
            throw refusal;
        }

        final ObjectNode result = object().put("control", halt ? "halted" : "enforcing").put("took_ms", tookMs);
        if (null != refusal)
        {
            result.put("by_own_hand", "no: " + refusal.getMessage());
        }
        emit(result.put("certificate", isTaken ? awaitCertificate(socket) :
            "no node answers: the next one writes it when it starts and finds the switch " +
            (halt ? "halted" : "moved")));
        return ExitCode.OK;
    }

    private JsonNode order(final Path path)
    {
        try
        {
            return ask(path, halt ? "halt" : "resume", "by", orderer(), "reason", reason);
        }
        catch (final CommandException ex)
        {
            throw new IllegalStateException(ex.getMessage(), ex);
        }
    }

    /** A refusal by a node that lives is an error; silence is not, since the kernel map was moved all the same. */
    private static boolean isTaken(final CompletableFuture<JsonNode> order) throws CommandException
    {
        try
        {
            return order.get().path("ok").asBoolean();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return false;
        }
        catch (final ExecutionException ex)
        {
            final Throwable cause = ex.getCause().getCause();
            if (cause instanceof CommandException && ((CommandException)cause).exitCode() != ExitCode.NO_NODE)
            {
                throw (CommandException)cause;
            }
            return false;
        }
    }

    private void flip(final Path pins) throws KernelException
    {
        try (KillSwitch killSwitch = KillSwitch.open(pins))
        {
            if (halt)
            {
                killSwitch.halt();
            }
            else
            {
                killSwitch.resume();
            }
        }
    }

    private String orderer()
    {
        final String sudoUser = System.getenv("SUDO_USER");
        return null != by ? by : null != sudoUser ? sudoUser : System.getProperty("user.name");
    }

    private String awaitCertificate(final Path socket) throws CommandException
    {
        final long deadlineNs = System.nanoTime() + CERTIFICATE_WAIT_NS;
        while (System.nanoTime() - deadlineNs < 0)
        {
            final String certificate = ask(socket, "status")
                .path(halt ? "halt_certificate" : "resume_certificate").asText("");
            if (!certificate.isEmpty())
            {
                return certificate;
            }
            try
            {
                Thread.sleep(CERTIFICATE_POLL_MS);
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return "pending: see aswarm certs list";
    }
}
