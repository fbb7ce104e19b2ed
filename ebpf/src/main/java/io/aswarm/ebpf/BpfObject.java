package io.aswarm.ebpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiled BPF object from the class path, in the hands of libbpf: opened, set up, loaded, closed.
 */
final class BpfObject implements AutoCloseable
{
    private static final int LOG_BYTES = 1 << 20;
    private static final int LOG_TAIL_CHARS = 1200;

    private final LibBpf.Api bpf;
    private final String name;
    private final List<NativeBlock> logs = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private long object;

    private BpfObject(final LibBpf.Api bpf, final String name, final long object)
    {
        this.bpf = bpf;
        this.name = name;
        this.object = object;
    }

    /** Open an object; nothing reaches the kernel yet. */
    static BpfObject open(final String name) throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        final byte[] elf = read(name);
        try (NativeBlock image = new NativeBlock(elf.length))
        {
            image.buffer().putBytes(0, elf);
            final long object = bpf.bpf_object__open_mem(image.address(), elf.length, 0);
            if (object == 0)
            {
                throw new KernelException(name + " can not be opened by libbpf", Errno.last());
            }
            return new BpfObject(bpf, name, object);
        }
    }

    static byte[] read(final String name) throws KernelException
    {
        try (InputStream in = BpfObject.class.getResourceAsStream(name))
        {
            if (in == null)
            {
                throw new KernelException(name + " is not in this build: it was built without clang", 0);
            }
            return in.readAllBytes();
        }
        catch (final IOException ex)
        {
            throw new KernelException(name + " can not be read", ex);
        }
    }

    BpfObject entriesMax(final String mapName, final int entriesMax) throws KernelException
    {
        check(bpf.bpf_map__set_max_entries(map(mapName), entriesMax), "max_entries=" + entriesMax + " of " + mapName);
        return this;
    }

    BpfObject pin(final String mapName, final Path path) throws KernelException
    {
        check(bpf.bpf_map__set_pin_path(map(mapName), path.toString()), "pin path of " + mapName);
        return this;
    }

    /** Where the initial bytes of the constants lie; written to before {@link #load(String...)}. */
    long constants(final int lengthBytes) throws KernelException
    {
        try (NativeBlock size = new NativeBlock(Long.BYTES))
        {
            final long address = bpf.bpf_map__initial_value(map(".rodata"), size.address());
            if (address == 0 || size.buffer().getLong(0) < lengthBytes)
            {
                throw new KernelException(name + " has no room for its constants", 0);
            }
            return address;
        }
    }

    /** Load none but one of the programs. */
    BpfObject only(final String programName) throws KernelException
    {
        final long wanted = program(programName);
        long each = bpf.bpf_object__next_program(object, 0);
        while (each != 0)
        {
            check(bpf.bpf_program__set_autoload(each, each == wanted), "autoload of programs");
            each = bpf.bpf_object__next_program(object, each);
        }
        return this;
    }

    /** Attach where the program's section says, and let go at once. */
    void attachForTrial(final String programName) throws KernelException
    {
        final long link = bpf.bpf_program__attach(program(programName));
        if (link == 0)
        {
            throw new KernelException(name + ": " + programName + " can not be attached", Errno.last());
        }
        check(bpf.bpf_link__destroy(link), "link of " + programName);
    }

    /** Load into the kernel. On refusal the end of the verifier's log is in the exception. */
    BpfObject load(final String... programNames) throws KernelException
    {
        for (final String each : programNames)
        {
            final NativeBlock log = new NativeBlock(LOG_BYTES);
            logs.add(log);
            logged.add(each);
            check(bpf.bpf_program__set_log_buf(program(each), log.address(), LOG_BYTES), "log buffer of " + each);
        }

        final int result = bpf.bpf_object__load(object);
        if (result < 0)
        {
            final boolean permission = result == Errno.EPERM.asResult() || result == Errno.EACCES.asResult();
            throw new KernelException(name + " is refused by the kernel", -result,
                (permission ? "needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; " : "") + verifierLog());
        }
        freeLogs();
        return this;
    }

    int mapFd(final String mapName) throws KernelException
    {
        return bpf.bpf_map__fd(map(mapName));
    }

    int programFd(final String programName) throws KernelException
    {
        return bpf.bpf_program__fd(program(programName));
    }

    @Override
    public void close()
    {
        freeLogs();
        if (object != 0)
        {
            bpf.bpf_object__close(object);
            object = 0;
        }
    }

    private void freeLogs()
    {
        logs.forEach(NativeBlock::close);
        logs.clear();
        logged.clear();
    }

    private String verifierLog()
    {
        for (int i = 0; i < logs.size(); i++)
        {
            final byte[] bytes = new byte[LOG_BYTES];
            logs.get(i).buffer().getBytes(0, bytes);
            int length = 0;
            while (length < bytes.length && bytes[length] != 0)
            {
                length++;
            }
            if (length > 0)
            {
                final int from = Math.max(0, length - LOG_TAIL_CHARS);
                return "verifier on " + logged.get(i) + ": " +
                    new String(bytes, from, length - from, StandardCharsets.US_ASCII).strip();
            }
        }
        return "the verifier said nothing";
    }

    private long map(final String mapName) throws KernelException
    {
        return found(bpf.bpf_object__find_map_by_name(object, mapName), "map " + mapName);
    }

    private long program(final String programName) throws KernelException
    {
        return found(bpf.bpf_object__find_program_by_name(object, programName), "program " + programName);
    }

    private long found(final long pointer, final String what) throws KernelException
    {
        if (pointer == 0)
        {
            throw new KernelException(name + " has no " + what, Errno.ENOENT.number());
        }
        return pointer;
    }

    private void check(final int result, final String what) throws KernelException
    {
        if (result < 0)
        {
            throw new KernelException(name + ": " + what, -result);
        }
    }
}
