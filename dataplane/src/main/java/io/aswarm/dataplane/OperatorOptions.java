package io.aswarm.dataplane;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/**
 * Who signs, and with what: the options of every command by which an operator signs.
 */
final class OperatorOptions
{
    @Option(names = "--operator", paramLabel = "NAME", required = true,
        description = "Name of the operator as in the roster in force.")
    private String operator;

    @Option(names = "--key", paramLabel = "FILE", required = true, description = "The operator's private key.")
    private Path key;

    String operator()
    {
        return operator;
    }

    Path key()
    {
        return key;
    }
}
