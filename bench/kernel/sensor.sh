#!/usr/bin/env bash
# What the kernel sensor costs, as ratios in one run: pass path over a bare XDP_PASS, ring drain and age of records
# against libbpf's consumer in C. Needs root and a build of ebpf with its tests (mvn -pl ebpf -am test-compile).
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clang -O2 -Wall -Wextra -shared -fPIC "$home/bench/kernel/drain.c" -lbpf -o "$work/libdrain.so"
jars=$(find "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" \( -path '*/org/agrona/agrona/2*' -o -path '*/com/github/jnr/*' \
  -o -path '*/org/ow2/asm/*' -o -path '*/org/hdrhistogram/*' -o -path '*/org/junit/*' \
  -o -path '*/org/opentest4j/*' \) -name '*.jar' | paste -sd:)
exec java ${JAVA_FLAGS:-} --add-exports java.base/jdk.internal.misc=ALL-UNNAMED \
  -cp "$home/ebpf/target/classes:$home/ebpf/target/test-classes:$jars" io.aswarm.ebpf.SensorBenchmark "$work/libdrain.so"
