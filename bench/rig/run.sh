#!/bin/bash
# run.sh RIG-DIRECTORY SCENARIO RUNS [OUT.jsonl]: run a scenario of the rig with A-SWARM as the peer, and say what the
# decision needed. The rig is copied, never changed. Root; the packages in RIG-DIRECTORY/install.sh are not needed.
set -eu
rig=$(readlink -f "$1"); scenario=$2; runs=$3; out=$(readlink -m "${4:-results.jsonl}")
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d "${TMPDIR:-/var/tmp}/aswarm-rig-XXXXXX")
trap 'rm -rf "$work"' EXIT
cp -r "$rig/." "$work/rig"; chmod -R u+w "$work/rig"
ln -s "$here/aswarm.sh" "$work/rig/peers/aswarm.sh"
# a copy: a build that goes on beside must not change what is measured
cp "${ASWARM_JAR:-$here/../../dataplane/target/aswarm.jar}" "$work/aswarm.jar"
export ASWARM_JAR=$work/aswarm.jar
python3 "$work/rig/rig.py" run --peer aswarm --scenario "$scenario" --runs "$runs" --id "${PB_RUN_ID:-9}" \
  --base "$work/runs" --keep --out "$out"
for run in "$work"/runs/w*-aswarm-"$scenario"-*; do
  python3 "$here/decision.py" "$scenario" "$run"
done
