package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KillSwitch;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/**
 * What halt and resume share: the kernel map first, by this process, then the news to the node, which writes the
 * certificate.
 */
abstract class SwitchCommand extends NodeCommand implements Callable<Integer>
{
    private static final long CERTIFICATE_WAIT_NS = 2_000_000_000L;
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
    public final Integer call() throws ConfigException, KernelException, CommandException
    {
        final String word = halt ? "halt" : "resume";
        final long beganNs = System.nanoTime();
        flip();
        final long tookUs = (System.nanoTime() - beganNs) / 1000;

        final ObjectNode result = object().put("control", halt ? "halted" : "enforcing").put("kernel_us", tookUs);
        try
        {
            ask(object().put("command", word).put("by", orderer()).put("reason", reason));
            final String certificate = awaitCertificate();
            result.put("certificate", null == certificate ? "pending" : certificate);
        }
        catch (final CommandException ex)
        {
            if (ex.exitCode() != ExitCode.NO_NODE)
            {
                throw ex;
            }
            result.put("certificate", "no node answers: a node writes it when it starts and finds the switch " +
                (halt ? "halted" : "resumed"));
        }
        emit(result);
        return ExitCode.OK;
    }

    private void flip() throws ConfigException, KernelException
    {
        try (KillSwitch killSwitch = KillSwitch.open(pins()))
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

    private String awaitCertificate() throws ConfigException, CommandException
    {
        final long deadlineNs = System.nanoTime() + CERTIFICATE_WAIT_NS;
        while (System.nanoTime() - deadlineNs < 0)
        {
            final String certificate = ask(object().put("command", "status"))
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
                return null;
            }
        }
        return null;
    }
}
