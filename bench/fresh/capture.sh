#!/usr/bin/env bash
# capture.sh OUT [CASE...]: makes the traffic of each case (of all, half an hour) between namespaces with the tools that
# people use, captures it, and adds a line to OUT/MANIFEST.tsv for `aswarm evaluate --manifest`. Root, and of Debian:
#   nmap masscan hping3 zmap hydra ncrack slowhttptest iodine fping arp-scan traceroute iputils-ping netcat-openbsd
#   sshpass nginx-light openssh-server vsftpd dnsmasq rsync iperf3 wrk apache2-utils curl bind9-dnsutils xxd tcpdump
#   nftables openssl python3
# What a tool says is kept beside its capture. All is bounded, stays in namespaces and is removed, also on failure.
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
OUT=$(readlink -f "$1")
shift
P=asw-t$$
W=$(mktemp -d /tmp/asw-fresh.XXXXXX)
. "$HERE/net.sh"
for part in scans floods intrusions life; do . "$HERE/$part.sh"; done
mkdir -p "$OUT"
cd "$W" # hydra leaves a file where it is
cleanup() {
  trap "" INT TERM
  set +e
  remove_net 2>/dev/null
  rm -rf "$W"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
COLUMNS_MADE=(path kind scenario attacker_ips victim_ips capture_start_epoch attack_start_offset_s)
line() { (IFS=$'\t'; printf '%s\n' "$*" >>"$OUT/MANIFEST.tsv"); }
[ -s "$OUT/MANIFEST.tsv" ] || line "${COLUMNS_MADE[@]}"
recast() { python3 "$HERE/recast.py" "$1"; }
nspy() {
  local n=$1
  shift
  ns "$n" python3 "$HERE/traffic.py" "$@"
}
ssh_to() {
  local n=$1
  shift
  ns "$n" ssh -q -i "$W/user_key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3 "$@"
}
life() { # what goes on anyway
  (for ((k = 0; k < 400; k++)); do
    ns cli curl -s -m 2 --interface 198.18.1.$((1 + k % 8)) -o /dev/null http://198.19.0.$((10 + k % 3))/ || true
    sleep 0.25
  done) &
  echo $! >>"$W/life"
  ip netns exec "$P-cli" python3 "$HERE/traffic.py" names 198.19.0.10 400 0.3 test 198.18.1.9 &
  echo $! >>"$W/life"
  ip netns exec "$P-h3" python3 "$HERE/traffic.py" burst 100 1 9100 1 198.19.1.4 198.19.1.5 198.19.1.6 &
  echo $! >>"$W/life"
}
run_case() { # run_case NAME
  local name=$1 spec kind who whom side stretch
  spec=${CASE[$name]:?no such case: $name}
  IFS='|' read -r kind who whom side stretch label <<<"$spec"
  local raw="$W/raw.pcap" begin first
  : >"$W/life"
  ip netns exec "$P-gw" tcpdump -q -U -B 16384 -s 192 --time-stamp-precision nano -i "br$side" -w "$raw" \
    >/dev/null 2>"$W/tcpdump.log" &
  local dump=$!
  for _ in $(seq 50); do
    [ -s "$raw" ] && break
    sleep 0.05
  done
  [[ "${LIFE:-1}" = 1 && $kind != quiet ]] && life
  sleep 2
  begin=$(date +%s.%N)
  ("do_$name") >"$W/log.$name" 2>&1 || true
  sleep 1
  local pid
  while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$W/life"
  sleep 0.3
  kill $dump
  wait $dump || true
  first=$(python3 "$HERE/recast.py" "$raw" "$OUT/$name.pcap" "$stretch")
  tail -c 2000 "$W/log.$name" >"$OUT/$name.log"
  local offset
  offset=$(python3 -c "print('%.6f' % (($begin-$first)*$stretch))")
  gzip -f "$OUT/$name.pcap"
  [ "$kind" = benign ] && offset=
  line "$name.pcap.gz" "$kind" "$name: $label" "$(recast "$who")" "$(recast "$whom")" "$first" "$offset"
  echo "$name $(stat -c %s "$OUT/$name.pcap.gz")"
}
build_net
serve
[ $# -gt 0 ] || set -- "${ORDER[@]}"
for name; do run_case "$name"; done
