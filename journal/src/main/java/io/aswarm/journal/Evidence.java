package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * The elevation a certificate rests on, whichever of the published forms it is written in: {@code elevation_context}
 * with {@code witness_nodes} (ours) or {@code witness_pods}, a list or text with commas; or {@code elevation} with a
 * list of {@code witnesses}. Numbers may be text.
 */
final class Evidence
{
    private final JsonNode context;

    private Evidence(final JsonNode context)
    {
        this.context = context;
    }

    /** Null where the certificate has none. */
    static Evidence of(final JsonNode predicate)
    {
        final JsonNode context = predicate.has("elevation_context") ? predicate.get("elevation_context") :
            predicate.path("elevation");
        return context.isObject() ? new Evidence(context) : null;
    }

    JsonNode context()
    {
        return context;
    }

    String runId()
    {
        return context.path("run_id").asText();
    }

    /** Our form, in which each witness comes with its signed deposit. */
    JsonNode witnessNodes()
    {
        return context.path("witness_nodes");
    }

    List<String> witnessNames()
    {
        final List<String> names = new ArrayList<>();
        for (final String field : List.of("witness_nodes", "witness_pods", "witnesses"))
        {
            final JsonNode node = context.path(field);
            for (final JsonNode item : node)
            {
                names.add(item.isTextual() ? item.textValue() :
                    item.path("name").asText(item.path("id").asText()));
            }
            if (node.isTextual() && "witness_pods".equals(field) && !node.textValue().isBlank())
            {
                names.addAll(List.of(node.textValue().strip().split("\\s*,\\s*")));
            }
            if (!names.isEmpty())
            {
                break;
            }
        }
        return names;
    }

    boolean concerns(final String asset)
    {
        if (context.has("subject"))
        {
            return asset.equals(context.get("subject").asText());
        }
        for (final JsonNode item : context.path("assets"))
        {
            if (asset.equals(item.asText()))
            {
                return true;
            }
        }
        return asset.equals(context.path("asset_id").asText()) || witnessNames().contains(asset);
    }

    /** A number, also where it is written as text; not a number where there is none. */
    double number(final String name)
    {
        final JsonNode node = context.path(name);
        if (node.isNumber())
        {
            return node.doubleValue();
        }
        try
        {
            return node.isTextual() ? Double.parseDouble(node.textValue()) : Double.NaN;
        }
        catch (final NumberFormatException ex)
        {
            return Double.NaN;
        }
    }
}
