#!/bin/bash
# A-SWARM as a peer of the rig (its README: "Adding a system"): a real node, alone in its roster, on both interfaces of
# the gateway. Everything it needs is made in $PB_DIR and goes with it. ASWARM_JAR names the appliance's jar.
. "$PB_RIG/peers/_lib.sh"
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
jar=${ASWARM_JAR:-$here/../../dataplane/target/aswarm.jar}
site=$PB_DIR/aswarm
pins=$site/bpf

aswarm() { java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$jar" "$@"; }

write_catalog() { # what may be done, and never to whom: the gateway itself and the addresses that route
  cat > "$site/catalog.yaml" <<CATALOG
version: 2
acts:
  - id: drop-source
    ring: 1
    when: {scenarios: [port-scan, sweep, syn-flood, brute-force, exfiltration, beacon, lateral], role: source, verified: true}
    kind: drop_source
    mode: drop
    ttl: ${PB_BAN}s
    inverse: release
    probes: [attached, subject_blocked, control_passes]
  - id: guard-source
    ring: 1
    when: {scenarios: [port-scan, sweep, syn-flood, brute-force, exfiltration, beacon, lateral], role: source, verified: false}
    kind: guard_source
    mode: guard
    limit: {packets_per_second: 1, burst: 1}
    ttl: 10s
    inverse: release
    probes: [attached, openings_limited, established_passes, neighbour_passes, control_passes]
  - id: limit-aim
    ring: 1
    when: {scenarios: [distributed-scan, spread-flood], role: aim}
    kind: limit_aim
    mode: openings
    limit: {packets_per_second: 20, burst: 20}
    ttl: ${PB_BAN}s
    inverse: release
    probes: [attached, openings_limited, established_passes, control_passes]
never_contain:
  - {prefix: 198.18.0.1, reason: gateway}
  - {prefix: 198.19.0.1, reason: gateway}
  - {prefix: "2001:2:0:1::1", reason: gateway}
  - {prefix: "2001:2:0:2::1", reason: gateway}
budgets:
  active_max: 256
  per_minute_max: 120
CATALOG
}

write_config() {
  cat > "$site/node.yaml" <<CONFIG
node: gateway
roster: roster.yaml
key: node.key
catalog: {file: catalog.yaml, signature: catalog.yaml.sig}
directories: {state: state, journal: journal, aeron: aeron, pins: bpf/node}
interfaces:
  - {name: ext0, mode: native}
  - {name: int0, mode: native}
event_log: events.jsonl
control_socket: control.sock
CONFIG
}

write_site() {
  mkdir -p "$pins" "$site/state" "$site/tmp"
  local node operator
  node=$(aswarm keys generate "$site/node.key") && operator=$(aswarm keys generate "$site/operator.key") || return
  node=$(public_half <<< "$node"); operator=$(public_half <<< "$operator")
  printf 'site: rig\nnodes:\n  - {id: 1, name: gateway, key: "%s"}\noperators:\n  - {name: operator, key: "%s"}\n' \
    "$node" "$operator" > "$site/roster.yaml"
  write_catalog
  write_config
  aswarm catalog sign --key="$site/operator.key" --operator=operator "$site/catalog.yaml"
}
public_half() { grep -o 'ed25519:[A-Za-z0-9+/=_-]*'; }

case $1 in
start)
  write_site || exit 1
  # a bpf file system of its own: `ip netns exec` hides the one in /sys
  mount -t bpf bpf "$pins" || exit 1
  nftgw -f "$PB_RIG/lib/fw_base.nft"
  watch "$site/events.jsonl" '"event":"elevation"'
  bg "$PB_DIR/aswarm.out" java -XX:+UseSerialGC -Xms64m -Xmx192m -Djava.io.tmpdir="$site/tmp" -jar "$jar" \
    run --config "$site/node.yaml"
  waitfor 40 grep -q '"event":"ready"' "$site/events.jsonl" || { tail -5 "$PB_DIR/aswarm.out" >&2; exit 1; }
  sleep 1 ;;
stop)
  # the node first, so that nothing holds the mount; the rig would end it only after this
  for pid in $(cat "$PB_DIR/pids" 2>/dev/null); do kill "$pid" 2>/dev/null; done
  for pid in $(cat "$PB_DIR/pids" 2>/dev/null); do waitfor 8 sh -c "! kill -0 $pid"; done
  umount "$pins" 2>/dev/null || umount -l "$pins" 2>/dev/null
  : ;;
esac
