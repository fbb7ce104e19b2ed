/**
 * The kernel's side of the line: BPF programs that sense conversations and processes and enforce the quarantine map,
 * and the only code that speaks to libbpf, netlink and libc. Owns jnr-ffi.
 * <p>
 * {@link io.aswarm.ebpf.KernelSensor} is read by one thread, in place and without allocation. The quarantine map, the
 * kill switch and the verdict probe may be used from another. Nothing here decides what is an attack, and no payload
 * byte of a packet leaves the kernel.
 */
package io.aswarm.ebpf;
