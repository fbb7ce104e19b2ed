package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.trust.DocumentException;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads an Avro object container file with the schema in its header (Apache Avro 1.11 specification, "Object Container
 * Files" and "Binary Encoding"), codecs null and deflate, into plain maps, lists, strings, numbers and byte arrays. As
 * much of Avro as process traces need, and bounded: lengths are checked against the bytes that are there.
 */
final class AvroFile
{
    private static final int MAGIC = 0x4F626A01;
    private static final int SYNC_LENGTH = 16;
    private static final int VARINT_LENGTH_MAX = 10;
    private static final int NESTING_MAX = 64;
    private static final int ITEMS_MAX = 1 << 24;
    private static final int BLOCK_LENGTH_MAX = 256 << 20;

    private final Object source;
    private final Map<String, JsonNode> named = new HashMap<>();
    private ByteBuffer in;
    private int nesting;

    private AvroFile(final Object source, final ByteBuffer in)
    {
        this.source = source;
        this.in = in;
    }

    /** Whether a file begins as an Avro container does. */
    static boolean isAvro(final byte[] content)
    {
        return content.length > Integer.BYTES && MAGIC == ByteBuffer.wrap(content).getInt(0);
    }

    /**
     * Read all objects.
     *
     * @param source  for messages.
     * @param content of the file.
     * @return each object, in the order of the file.
     * @throws DocumentException when it is no such file, or breaks off.
     */
    static List<Object> read(final Object source, final byte[] content) throws DocumentException
    {
        final AvroFile file = new AvroFile(source, ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
        try
        {
            return file.readObjects();
        }
        catch (final BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException ex)
        {
            throw new DocumentException(source, 0, "breaks off or contradicts its schema: " + ex.getMessage());
        }
        catch (final DataFormatException | IOException ex)
        {
            throw new DocumentException(source, 0, "cannot be read: " + ex.getMessage());
        }
    }

    private List<Object> readObjects() throws DocumentException, DataFormatException, IOException
    {
        in.position(Integer.BYTES);
        final Map<String, byte[]> meta = new HashMap<>();
        for (long count = readLong(); 0 != count; count = readLong())
        {
            for (long i = blockCount(count); i > 0; i--)
            {
                meta.put(readString(), readBytes());
            }
        }
        final JsonNode schema = new ObjectMapper().readTree(meta.getOrDefault("avro.schema", new byte[0]));
        final String codec = new String(
            meta.getOrDefault("avro.codec", "null".getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        if (null == schema || !List.of("null", "deflate").contains(codec))
        {
            throw new DocumentException(source, 0, "has no schema, or codec " + codec + "; allowed: null, deflate");
        }
        define(schema, "");

        in.position(in.position() + SYNC_LENGTH);
        final List<Object> objects = new ArrayList<>();
        final ByteBuffer file = in;
        while (file.hasRemaining())
        {
            in = file;
            final long count = bounded(readLong());
            final byte[] block = readBytes();
            file.position(file.position() + SYNC_LENGTH);
            in = ByteBuffer.wrap("deflate".equals(codec) ? inflated(block) : block).order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < count; i++)
            {
                objects.add(read(schema));
            }
        }
        return objects;
    }

    private byte[] inflated(final byte[] block) throws DataFormatException
    {
        final Inflater inflater = new Inflater(true);
        try
        {
            inflater.setInput(block);
            byte[] out = new byte[Math.max(1_024, block.length * 4)];
            int length = 0;
            while (!inflater.finished())
            {
                if (length == out.length)
                {
                    if (out.length > BLOCK_LENGTH_MAX)
                    {
                        throw new DataFormatException("a block larger than " + BLOCK_LENGTH_MAX + " bytes");
                    }
                    out = Arrays.copyOf(out, out.length * 2);
                }
                final int count = inflater.inflate(out, length, out.length - length);
                length += count;
                if (0 == count && (inflater.needsInput() || inflater.needsDictionary()))
                {
                    throw new DataFormatException("a block that breaks off");
                }
            }
            return Arrays.copyOf(out, length);
        }
        finally
        {
            inflater.end();
        }
    }

    /** Later parts of a schema name types that earlier parts defined. */
    private void define(final JsonNode schema, final String namespace)
    {
        final String space = schema.path("namespace").asText(namespace);
        if (schema.isArray())
        {
            schema.forEach((branch) -> define(branch, namespace));
        }
        else if (schema.isObject())
        {
            if (schema.hasNonNull("name"))
            {
                final String name = schema.path("name").asText();
                named.put(name.indexOf('.') >= 0 ? name : space + "." + name, schema);
                named.putIfAbsent(name, schema);
            }
            schema.path("fields").forEach((field) -> define(field.path("type"), space));
            for (final String part : List.of("type", "items", "values"))
            {
                if (schema.path(part).isContainerNode())
                {
                    define(schema.path(part), space);
                }
            }
        }
    }

    private Object read(final JsonNode schema)
    {
        if (++nesting > NESTING_MAX)
        {
            throw new IllegalArgumentException("nested deeper than " + NESTING_MAX);
        }
        final Object value;
        if (schema.isArray())
        {
            value = read(at(schema, readLong()));
        }
        else if (schema.isTextual())
        {
            value = readNamed(schema.asText());
        }
        else
        {
            value = readComplex(schema);
        }
        nesting--;
        return value;
    }

    private Object readNamed(final String type)
    {
        switch (type)
        {
            case "null":
                return null;

            case "boolean":
                return 0 != in.get();

            case "int":
            case "long":
                return readLong();

            case "float":
                return in.getFloat();

            case "double":
                return in.getDouble();

            case "bytes":
                return readBytes();

            case "string":
                return readString();

            default:
                if (!named.containsKey(type))
                {
                    throw new IllegalArgumentException("type " + type + " is not defined");
                }
                return readComplex(named.get(type));
        }
    }

    private Object readComplex(final JsonNode schema)
    {
        switch (schema.path("type").asText(""))
        {
            case "record":
                final Map<String, Object> record = new LinkedHashMap<>();
                record.put("", schema.path("name").asText());
                schema.path("fields").forEach((field) ->
                    record.put(field.path("name").asText(), read(field.path("type"))));
                return record;

            case "enum":
                return at(schema.path("symbols"), readLong()).asText();

            case "fixed":
                return readBytes(schema.path("size").asLong(-1));

            case "array":
                return readItems(schema.path("items"));

            case "map":
                return readValues(schema.path("values"));

            default:
                return read(schema.path("type"));
        }
    }

    private List<Object> readItems(final JsonNode items)
    {
        final List<Object> list = new ArrayList<>();
        for (long count = readLong(); 0 != count; count = readLong())
        {
            for (long i = blockCount(count); i > 0; i--)
            {
                list.add(read(items));
            }
        }
        return list;
    }

    private Map<String, Object> readValues(final JsonNode values)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (long count = readLong(); 0 != count; count = readLong())
        {
            for (long i = blockCount(count); i > 0; i--)
            {
                map.put(readString(), read(values));
            }
        }
        return map;
    }

    /** A negative count is followed by the block's length in bytes, which is of no use here. */
    private long blockCount(final long count)
    {
        if (count < 0)
        {
            readLong();
        }
        return bounded(Math.abs(count));
    }

    /** Items may take no bytes at all, so that the bytes left are no bound. */
    private static long bounded(final long count)
    {
        if (count < 0 || count > ITEMS_MAX)
        {
            throw new IllegalArgumentException(count + " items; allowed: up to " + ITEMS_MAX);
        }
        return count;
    }

    private static JsonNode at(final JsonNode list, final long index)
    {
        if (index < 0 || index >= list.size())
        {
            throw new IllegalArgumentException("branch " + index + " of " + list.size());
        }
        return list.get((int)index);
    }

    private String readString()
    {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    private byte[] readBytes()
    {
        return readBytes(readLong());
    }

    private byte[] readBytes(final long length)
    {
        if (length < 0 || length > in.remaining())
        {
            throw new IllegalArgumentException(length + " bytes where " + in.remaining() + " are left");
        }
        final byte[] bytes = new byte[(int)length];
        in.get(bytes);
        return bytes;
    }

    private long readLong()
    {
        long value = 0;
        for (int i = 0; i < VARINT_LENGTH_MAX; i++)
        {
            final byte next = in.get();
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0)
            {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("a number longer than " + VARINT_LENGTH_MAX + " bytes");
    }
}
