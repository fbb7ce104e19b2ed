package io.aswarm.ebpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the type information of a BPF object: members of structs with their offsets, enumerators, variables
 * (kernel documentation, bpf/btf.rst; section .BTF of an ELF64 file).
 */
final class BtfFile
{
    private static final int KIND_INT = 1;
    private static final int KIND_ARRAY = 3;
    private static final int KIND_STRUCT = 4;
    private static final int KIND_UNION = 5;
    private static final int KIND_ENUM = 6;
    private static final int KIND_FUNC_PROTO = 13;
    private static final int KIND_VAR = 14;
    private static final int KIND_DATASEC = 15;
    private static final int KIND_DECL_TAG = 17;
    private static final int KIND_ENUM64 = 19;

    private final Map<String, Map<String, Integer>> structs = new LinkedHashMap<>();
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> enums = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> sections = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>(List.of("void"));
    private final ByteBuffer btf;
    private final int strings;

    BtfFile(final byte[] elf)
    {
        btf = section(ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN), ".BTF");
        final int header = btf.getInt(4);
        final int types = header + btf.getInt(8);
        final int typesEnd = types + btf.getInt(12);
        strings = header + btf.getInt(16);

        int at = types;
        while (at < typesEnd)
        {
            at = readType(at);
        }
    }

    /** Offsets in bytes by member. */
    Map<String, Integer> struct(final String name)
    {
        return structs.get(name);
    }

    int size(final String name)
    {
        return sizes.get(name);
    }

    Map<String, Integer> enumeration(final String name)
    {
        return enums.get(name);
    }

    /** Offsets in bytes by variable. */
    Map<String, Integer> section(final String name)
    {
        return sections.get(name);
    }

    private int readType(final int at)
    {
        final String name = string(btf.getInt(at));
        final int info = btf.getInt(at + 4);
        final int size = btf.getInt(at + 8);
        final int count = info & 0xffff;
        final int body = at + 12;
        names.add(name);
        switch (info >>> 24 & 0x1f)
        {
            case KIND_INT:
            case KIND_VAR:
            case KIND_DECL_TAG:
                return body + 4;
            case KIND_ARRAY:
                return body + 12;
            case KIND_STRUCT:
            case KIND_UNION:
                structs.put(name, entries(body, count, 12, 0, 8, Byte.SIZE));
                sizes.put(name, size);
                return body + 12 * count;
            case KIND_ENUM:
                enums.put(name, entries(body, count, 8, 0, 4, 1));
                return body + 8 * count;
            case KIND_DATASEC:
                final Map<String, Integer> variables = new LinkedHashMap<>();
                for (int i = 0; i < count; i++)
                {
                    variables.put(names.get(btf.getInt(body + 12 * i)), btf.getInt(body + 12 * i + 4));
                }
                sections.put(name, variables);
                return body + 12 * count;
            case KIND_FUNC_PROTO:
                return body + 8 * count;
            case KIND_ENUM64:
                return body + 12 * count;
            default:
                return body;
        }
    }

    private Map<String, Integer> entries(
        final int body, final int count, final int stride, final int nameAt, final int valueAt, final int divisor)
    {
        final Map<String, Integer> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++)
        {
            final int at = body + stride * i;
            entries.put(string(btf.getInt(at + nameAt)), btf.getInt(at + valueAt) / divisor);
        }
        return entries;
    }

    private String string(final int offset)
    {
        return text(btf, strings + offset);
    }

    private static ByteBuffer section(final ByteBuffer elf, final String wanted)
    {
        final int headers = (int)elf.getLong(0x28);
        final int headerLength = elf.getShort(0x3a);
        final int count = elf.getShort(0x3c);
        final int nameTable = (int)elf.getLong(headers + headerLength * elf.getShort(0x3e) + 0x18);
        for (int i = 0; i < count; i++)
        {
            final int header = headers + headerLength * i;
            if (wanted.equals(text(elf, nameTable + elf.getInt(header))))
            {
                return elf.slice((int)elf.getLong(header + 0x18), (int)elf.getLong(header + 0x20))
                    .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new IllegalArgumentException("no section " + wanted);
    }

    private static String text(final ByteBuffer bytes, final int from)
    {
        int end = from;
        while (bytes.get(end) != 0)
        {
            end++;
        }
        final byte[] text = new byte[end - from];
        bytes.get(from, text);
        return new String(text, StandardCharsets.US_ASCII);
    }
}
