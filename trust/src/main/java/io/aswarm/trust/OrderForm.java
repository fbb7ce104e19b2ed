package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What the JSON of an order may look like.
 */
final class OrderForm
{
    /** In canonical form: with two signatures of two halves it then fits the wire. */
    private static final int LENGTH_MAX = 700;
    private static final List<String> KEYS =
        List.of("action", "id", "issued_epoch_ns", "reason", "site", "type", "until_epoch_ns");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern INTEGER = Pattern.compile("[1-9][0-9]{0,18}");

    private OrderForm()
    {
    }

    /** What is wrong with an order; null if nothing is. */
    static String fault(final JsonNode order)
    {
        if (!order.isObject() || order.size() != KEYS.size())
        {
            return "it must have the keys " + String.join(", ", KEYS) + ", and no others";
        }
        for (final String key : KEYS)
        {
            if (!order.path(key).isTextual())
            {
                return "\"" + key + "\" must be text";
            }
        }
        if (!SignedOrder.CONTEXT.equals(order.get("type").textValue()))
        {
            return "\"type\" must be " + SignedOrder.CONTEXT;
        }
        final String action = order.get("action").textValue();
        if (!"suspend".equals(action) && !"resume".equals(action))
        {
            return "\"action\" must be suspend or resume";
        }
        if (!ID.matcher(order.get("id").textValue()).matches())
        {
            return "\"id\" must be 32 hexadecimal digits";
        }
        final String lengthFault = lengthFault(order);
        return null != lengthFault ? lengthFault :
            timeFault(order.get("issued_epoch_ns").textValue(), order.get("until_epoch_ns").textValue());
    }

    private static String lengthFault(final JsonNode order)
    {
        try
        {
            return CanonicalJson.bytes(order).length <= LENGTH_MAX ? null :
                "it may have " + LENGTH_MAX + " bytes: shorten the \"reason\"";
        }
        catch (final IllegalArgumentException ex)
        {
            return ex.getMessage();
        }
    }

    private static String timeFault(final String issued, final String until)
    {
        try
        {
            if (INTEGER.matcher(issued).matches() && INTEGER.matcher(until).matches())
            {
                final long lifeNs = Math.subtractExact(Long.parseLong(until), Long.parseLong(issued));
                return lifeNs > 0 && lifeNs <= SignedOrder.LIFE_MAX_NS ? null :
                    "it must end within 30 days of its issue";
            }
        }
        catch (final NumberFormatException | ArithmeticException ignore)
        {
            // said below
        }
        return "times must be whole nanoseconds since 1970, as text";
    }
}
