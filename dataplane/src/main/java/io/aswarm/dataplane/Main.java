package io.aswarm.dataplane;

import io.aswarm.ebpf.KernelException;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The {@code aswarm} command.
 */
@Command(
    name = "aswarm",
    description = "Autonomic defence for AI datacenters: sense, agree, contain, prove.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
        "0:done",
        "1:done, and the answer is negative: a fault was found, a target missed",
        "2:wrong usage, or an input that cannot be believed",
        "3:this machine refuses: permissions, kernel features, interfaces, a path in use",
        "4:no running node answers",
        "5:a defect of this program; --debug shows where",
    },
    footerHeading = "%nMore:%n",
    footer = {
        "  aswarm COMMAND --help   what a command does, its options, examples",
        "  aswarm doctor           what this machine offers, what to do about the rest",
    })
public final class Main implements Runnable
{
    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
        RunCommand.class,
        CheckCommand.class,
        HaltCommand.class,
        ResumeCommand.class,
        StatusCommand.class,
        StatsCommand.class,
        ExplainCommand.class,
        CertsCommand.class,
        TailCommand.class,
        KeysCommand.class,
        CatalogCommand.class,
        RosterCommand.class,
        OrderCommand.class,
        DoctorCommand.class,
        DetachCommand.class,
        VersionCommand.class);

    @Option(
        names = "--debug",
        scope = ScopeType.INHERIT,
        description = "Show where in the program an error came from.")
    private boolean debug;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Says which build this is. */
    static final class Version implements IVersionProvider
    {
        @Override
        public String[] getVersion()
        {
            return new String[]{"aswarm " + version()};
        }
    }

    /**
     * Run the command.
     *
     * @param args of the command line.
     */
    public static void main(final String[] args)
    {
        // Belt to the braces of the jar that is not on the class path: Chronicle would post to an analytics host.
        System.setProperty("chronicle.analytics.disable", "true");
        System.exit(commandLine(args.length > 0 ? args[0] : "").setOut(standardOutput()).execute(args));
    }

    /** Not over {@code System.out}, which keeps its failures to itself: tail would take for delivered what is lost. */
    private static PrintWriter standardOutput()
    {
        return new PrintWriter(
            new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), true);
    }

    /**
     * The command with all its subcommands, those of other jars included.
     *
     * @return a new command line.
     */
    public static CommandLine commandLine()
    {
        return commandLine("");
    }

    /** A halt does not wait until every other command has been looked at by reflection. */
    private static CommandLine commandLine(final String first)
    {
        final Main main = new Main();
        final CommandLine commandLine = new CommandLine(main);
        if ("halt".equals(first))
        {
            commandLine.addSubcommand(new HaltCommand());
        }
        else if ("resume".equals(first))
        {
            commandLine.addSubcommand(new ResumeCommand());
        }
        else
        {
            addAll(commandLine);
        }
        return commandLine
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Main::onUsage)
            .setExecutionExceptionHandler((ex, command, result) -> main.onError(ex, command));
    }

    private static void addAll(final CommandLine commandLine)
    {
        COMMANDS.forEach(commandLine::addSubcommand);
        for (final CommandModule module : ServiceLoader.load(CommandModule.class))
        {
            commandLine.addSubcommand(module.command());
        }
    }

    @Override
    public void run()
    {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static String version()
    {
        final String version = Main.class.getPackage().getImplementationVersion();
        return null == version ? "(unpacked classes)" : version;
    }

    private static int onUsage(final ParameterException ex, final String[] args)
    {
        final CommandLine command = ex.getCommandLine();
        final PrintWriter err = command.getErr();
        err.println("aswarm: " + oneLine(usage(ex, command)));
        err.println("aswarm: see " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCode.USAGE;
    }

    private static String usage(final ParameterException ex, final CommandLine command)
    {
        if (!(ex instanceof UnmatchedArgumentException) || ((UnmatchedArgumentException)ex).isUnknownOption())
        {
            return ex.getMessage();
        }
        final UnmatchedArgumentException unmatched = (UnmatchedArgumentException)ex;
        final List<String> similar = unmatched.getSuggestions();
        return (command.getSubcommands().isEmpty() ? "one argument too many: " : "there is no command ") +
            "\"" + unmatched.getUnmatched().get(0) + "\"" +
            (similar.isEmpty() ? "" : "; similar: " + String.join(", ", similar));
    }

    private int onError(final Exception ex, final CommandLine command)
    {
        final PrintWriter err = command.getErr();
        final int exitCode = describe(ex, err);
        if (debug)
        {
            ex.printStackTrace(err);
        }
        err.flush();
        return exitCode;
    }

    private static int describe(final Exception ex, final PrintWriter err)
    {
        if (ex instanceof CommandException)
        {
            err.println("aswarm: " + oneLine(ex.getMessage()));
            return ((CommandException)ex).exitCode();
        }
        if (ex instanceof ConfigException)
        {
            ((ConfigException)ex).faults().forEach((fault) -> err.println("aswarm: " + oneLine(fault)));
            return ExitCode.USAGE;
        }
        if (ex instanceof DocumentException)
        {
            err.println("aswarm: " + oneLine(ex.getMessage()));
            return ExitCode.USAGE;
        }
        if (ex instanceof KernelException || ex instanceof IOException)
        {
            err.println("aswarm: " + oneLine(environment(ex)));
            return ExitCode.ENVIRONMENT;
        }
        err.println("aswarm: defect: " + ex.getClass().getSimpleName() + ": " + oneLine(ex.getMessage()) +
            "; please report it with the output of the same command and --debug");
        return ExitCode.INTERNAL;
    }

    private static String environment(final Exception ex)
    {
        if (ex instanceof NoSuchFileException)
        {
            return ex.getMessage() + ": no such file or directory";
        }
        if (ex instanceof AccessDeniedException)
        {
            return ex.getMessage() + ": permission denied; run as root or as the node's user";
        }
        return ex.getMessage();
    }

    private static String oneLine(final String text)
    {
        return String.valueOf(text).replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    }
}
