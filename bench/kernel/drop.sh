#!/usr/bin/env bash
# What a packet of a contained source takes to be dropped, against a bare XDP_DROP in the same run: over veth with one CPU
# for sender and receiver, of the receiver alone, and the program alone. Needs root and a build of ebpf with its tests
# (mvn -pl ebpf -am test-compile).
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
jars=$(find "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" \( -path '*/org/agrona/agrona/2*' -o -path '*/com/github/jnr/*' \
  -o -path '*/org/ow2/asm/*' -o -path '*/org/junit/*' -o -path '*/org/opentest4j/*' \) -name '*.jar' | paste -sd:)
exec java ${JAVA_FLAGS:-} --add-exports java.base/jdk.internal.misc=ALL-UNNAMED \
  -cp "$home/ebpf/target/classes:$home/ebpf/target/test-classes:$jars" io.aswarm.ebpf.DropBenchmark
