package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/**
 * A command that answers people in lines and machines in JSON, from the same object.
 */
abstract class JsonCommand
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Answer in JSON, one object a line.")
    private boolean json;

    final boolean isJson()
    {
        return json;
    }

    final PrintWriter out()
    {
        return spec.commandLine().getOut();
    }

    final PrintWriter err()
    {
        return spec.commandLine().getErr();
    }

    static ObjectNode object()
    {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Print a flat object: JSON, or one line a field. */
    final void emit(final ObjectNode object)
    {
        if (json)
        {
            out().println(object);
        }
        else
        {
            final int width = object.properties().stream().mapToInt((field) -> field.getKey().length()).max().orElse(0);
            object.properties().forEach((field) -> out().printf(
                "%-" + (width + 1) + "s %s%n", field.getKey(), text(field.getValue())));
        }
        out().flush();
    }

    private static String text(final JsonNode value)
    {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
