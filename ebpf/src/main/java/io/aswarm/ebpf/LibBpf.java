package io.aswarm.ebpf;

import jnr.ffi.LibraryLoader;

/**
 * The calls to libbpf 1.x (bpf/libbpf.h, bpf/bpf.h). Pointers are {@code long}; what returns {@code int} returns a
 * negative errno, what returns a pointer returns 0 and sets errno.
 */
final class LibBpf
{
    private static final String LIBRARY = "libbpf.so.1";
    private static Api api;

    private LibBpf()
    {
    }

    /** Load the library at first use, quiet: what it would print stands in our exceptions. */
    static synchronized Api api() throws KernelException
    {
        if (api == null)
        {
            try
            {
                final Api loaded = LibraryLoader.create(Api.class).load(LIBRARY);
                loaded.libbpf_set_print(0);
                api = loaded;
            }
            catch (final UnsatisfiedLinkError ex)
            {
                throw new KernelException(LIBRARY + " can not be loaded: install libbpf1", ex);
            }
        }
        return api;
    }

    /** Signatures, public only because jnr-ffi implements it from another loader. */
    public interface Api
    {
        long libbpf_set_print(long callback);

        int libbpf_num_possible_cpus();

        long bpf_object__open_mem(long bytes, long lengthBytes, long options);

        int bpf_object__load(long object);

        void bpf_object__close(long object);

        long bpf_object__find_map_by_name(long object, String name);

        long bpf_object__find_program_by_name(long object, String name);

        int bpf_map__fd(long map);

        int bpf_map__set_max_entries(long map, int entriesMax);

        int bpf_map__set_pin_path(long map, String path);

        long bpf_map__initial_value(long map, long sizeBytes);

        int bpf_program__fd(long program);

        int bpf_program__set_autoload(long program, boolean autoload);

        long bpf_object__next_program(long object, long previous);

        long bpf_program__attach(long program);

        int bpf_link__destroy(long link);

        int bpf_program__set_log_buf(long program, long buffer, long lengthBytes);

        int bpf_map_create(int type, String name, int keyBytes, int valueBytes, int entriesMax, long options);

        int bpf_map_lookup_elem(int fd, long key, long value);

        int bpf_map_update_elem(int fd, long key, long value, long flags);

        int bpf_map_delete_elem(int fd, long key);

        int bpf_map_get_next_key(int fd, long key, long nextKey);

        int bpf_obj_get(String path);

        int bpf_obj_pin(int fd, String path);

        int bpf_obj_get_info_by_fd(int fd, long info, long lengthBytes);

        int bpf_link_create(int programFd, int target, int attachType, long options);

        int bpf_link_update(int linkFd, int programFd, long options);

        int bpf_tc_hook_create(long hook);

        int bpf_tc_attach(long hook, long options);

        int bpf_tc_detach(long hook, long options);

        int bpf_tc_query(long hook, long options);

        int bpf_raw_tracepoint_open(String name, int programFd);

        int bpf_prog_test_run_opts(int programFd, long options);
    }
}
