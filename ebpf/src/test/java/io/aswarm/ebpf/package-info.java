/**
 * Tests of the kernel's side. Those that need the kernel are {@code *IT}; they work in network namespaces and on a
 * bpffs of their own and leave neither behind.
 */
package io.aswarm.ebpf;
