package io.aswarm.dataplane;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/**
 * {@code aswarm version}.
 */
@Command(name = "version", description = "Print the versions of the program, the virtual machine and the kernel.",
    mixinStandardHelpOptions = true)
final class VersionCommand extends JsonCommand implements Callable<Integer>
{
    @Override
    public Integer call()
    {
        emit(object()
            .put("aswarm", Main.version())
            .put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"))
            .put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"))
            .put("architecture", System.getProperty("os.arch")));
        return ExitCode.OK;
    }
}
