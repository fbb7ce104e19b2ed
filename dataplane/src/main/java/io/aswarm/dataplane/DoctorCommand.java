package io.aswarm.dataplane;

import io.aswarm.ebpf.CpuAffinity;
import io.aswarm.ebpf.EgressMode;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.KernelSensorConfig;
import io.aswarm.ebpf.RealTime;
import io.aswarm.dataplane.Machine.Finding;
import io.aswarm.dataplane.Machine.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * {@code aswarm doctor}.
 */
@Command(name = "doctor", mixinStandardHelpOptions = true,
    description = {
        "What this machine offers the node, what is missing, and what to do about each.",
        "What the kernel offers is tried: programs are loaded, attached where that disturbs nobody, and let go.",
        "Exit status 3 when a node could not start.",
    })
final class DoctorCommand extends JsonCommand implements Callable<Integer>
{
    private static final String TRIAL_DIRECTORY = "/sys/fs/bpf";

    @Option(names = {"-c", "--config"}, paramLabel = "FILE",
        description = "Look at the interfaces and directories of this configuration.")
    private Path config;

    @Override
    public Integer call() throws ConfigException
    {
        final Machine machine = new Machine(Path.of("/"));
        final NodeConfig nodeConfig = null == config ? null : NodeConfig.read(config);
        final List<Finding> findings = new ArrayList<>(machine.findings());
        findings.add(KernelFindings.clock());
        findings.addAll(KernelFindings.features(
            null == nodeConfig ? EgressMode.AUTO : nodeConfig.sensors().egress()));
        findings.add(trialLoad(nodeConfig));
        findings.add(threads(nodeConfig));
        findings.addAll(new RdmaPorts(Path.of("/")).findings());
        final List<String> interfaces = null == nodeConfig ? machine.interfaces() :
            nodeConfig.interfaces().stream().map(NodeConfig.Interface::name).toList();
        final Path pins = null == nodeConfig ? null : nodeConfig.directories().pins();
        for (final String name : interfaces)
        {
            findings.add(machine.networkInterface(name));
            findings.add(KernelFindings.attachment(name, pins));
            findings.addAll(machine.stacked(name));
        }

        findings.forEach(this::print);
        final boolean fails = findings.stream().anyMatch((finding) -> Level.FAIL == finding.level());
        return fails ? ExitCode.ENVIRONMENT : ExitCode.OK;
    }

    private void print(final Finding finding)
    {
        final String level = finding.level().name().toLowerCase(Locale.ROOT);
        if (isJson())
        {
            emit(object().put("name", finding.name()).put("level", level).put("what", finding.what())
                .put("advice", finding.advice()));
            return;
        }
        out().printf("%-4s %-20s %s%n", level, finding.name(), finding.what());
        if (!finding.advice().isEmpty())
        {
            out().printf("%-25s -> %s%n", "", finding.advice());
        }
        out().flush();
    }

    private static Finding trialLoad(final NodeConfig nodeConfig)
    {
        final Path parent = null == nodeConfig ? Path.of(TRIAL_DIRECTORY) : nodeConfig.directories().pins().getParent();
        final Path pins = parent.resolve("aswarm-doctor-" + ProcessHandle.current().pid());
        try
        {
            KernelSensor.open(KernelSensorConfig.builder("doctor", pins).build()).close();
            return Finding.ok("kernel programs", "loaded for trial, and unloaded");
        }
        catch (final KernelException | LinkageError ex)
        {
            return new Finding("kernel programs", Level.FAIL, "refused: " + ex.getMessage(),
                "apt-get install libbpf1 where the library is missing; else see the findings above");
        }
        finally
        {
            removeQuietly(pins);
        }
    }

    private static void removeQuietly(final Path pins)
    {
        try
        {
            KernelSensor.detach(pins);
        }
        catch (final KernelException | LinkageError ignore)
        {
            // what could not be made need not be removed; the finding says why
        }
    }

    private static Finding threads(final NodeConfig nodeConfig)
    {
        try
        {
            final ThreadPlan.Wish any = new ThreadPlan.Wish(ThreadPlan.ANY_CPU, null);
            final NodeConfig.Threads threads = null == nodeConfig ?
                new NodeConfig.Threads("auto", true, any, any, any, any) : nodeConfig.threads();
            final ThreadPlan plan = ThreadPlan.of(
                threads, CpuAffinity.available(), RealTime.refusal(ThreadPlan.PRIORITY_MAX));
            return Finding.ok("threads", plan.profile() + ": " + plan.reason() + "; " + plan.urgency());
        }
        catch (final KernelException | IllegalArgumentException ex)
        {
            return new Finding("threads", Level.FAIL, ex.getMessage(), "change threads in the configuration");
        }
    }
}
