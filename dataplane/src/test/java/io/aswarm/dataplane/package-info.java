/**
 * Tests of the appliance: configuration, adapters, command line and control socket without a kernel; whole nodes in
 * network namespaces of their own as {@code *IT}.
 */
package io.aswarm.dataplane;
