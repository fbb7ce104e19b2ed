package io.aswarm.dataplane;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;

/**
 * Who signs, and with what: the options of every command by which an operator signs.
 */
final class OperatorOptions
{
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private String operator;

    @Option(names = "--key", paramLabel = "FILE", required = true, description = "The operator's private key.")
    private Path key;

    @Option(names = "--operator", paramLabel = "NAME", required = true,
        description = "Name of the operator as in the roster in force.")
    void operator(final String name)
    {
        if (name.isBlank())
        {
            throw new ParameterException(command.commandLine(), "--operator is empty; name one of the roster");
        }
        operator = name;
    }

    String operator()
    {
        return operator;
    }

    Path key()
    {
        return key;
    }
}
