#!/usr/bin/env bash
# Connection tracking events read in a second, against conntrack-tools' own reader on the same backlog, in turns. Needs
# root, conntrack, and a build of ebpf with its tests (mvn -pl ebpf -am test-compile).
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
command -v conntrack > /dev/null || { echo "conntrack is missing: apt-get install conntrack" >&2; exit 3; }
jars=$(find "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" \( -path '*/org/agrona/agrona/2*' -o -path '*/com/github/jnr/*' \
  -o -path '*/org/ow2/asm/*' -o -path '*/org/junit/*' -o -path '*/org/opentest4j/*' \) -name '*.jar' | paste -sd:)
exec java ${JAVA_FLAGS:-} --add-exports java.base/jdk.internal.misc=ALL-UNNAMED \
  -cp "$home/ebpf/target/classes:$home/ebpf/target/test-classes:$jars" io.aswarm.ebpf.ConntrackBenchmark
