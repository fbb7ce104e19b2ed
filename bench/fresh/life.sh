# What must stay quiet.
b() { c "$1" benign '' '' "${3:-out}" "${4:-1}" "$2"; }
b wrk 'wrk -c 50'
do_wrk() { ns cli wrk -t1 -c50 -d5s http://$V/; }
b apt 'forty downloads of 1 MB'
do_apt() {
  local i
  for ((i = 0; i < 40; i++)); do ns cli curl -s -o /dev/null http://$V/1m; done
}
b ab_load 'ab -n 3000 -c 20'
do_ab_load() { ns cli ab -q -c 20 -n 3000 http://$V/; }
b names 'one resolver asks 2,000 names'
do_names() { nspy cli names $V 2000 0.005 test; }
b names_dead 'a resolver whose upstream is silent'
do_names_dead() { nspy cli names 198.19.7.53 600 0.02 test; }
b rsync_many 'rsync of 200 files, five times'
do_rsync_many() {
  local i
  for i in 1 2 3 4 5; do ns cli rsync -r rsync://$V/www/many/ "$W/many$i/"; done
}
b iperf 'iperf3 TCP'
do_iperf() { ns cli iperf3 -c $V -t 4 -b 200M; }
b iperf_udp 'iperf3 UDP 50 Mbit/s'
do_iperf_udp() { ns cli iperf3 -u -c $V -t 5 -b 50M; }
b iperf_in 'iperf3 UDP 200 Mbit/s between hosts' in
do_iperf_in() { ns h1 iperf3 -u -c 198.19.0.11 -t 4 -b 200M; }
b ansible 'ssh with a command to 48 hosts, as ansible does' in
do_ansible() {
  local i
  for i in $(seq 13 60); do
    ssh_to h1 root@198.19.1.$i true &
    [ $((i % 5)) = 0 ] && sleep 0.5
  done
  sleep 2
}
b ssh_many 'sixty ssh commands on one host'
do_ssh_many() {
  local i
  for ((i = 0; i < 60; i++)); do ssh_to cli root@$V true; done
}
b scraper 'scraper of 30 targets each 15 s, 4 down' in 15
do_scraper() { nspy h1 burst 15 0.9 9100 1 $(seq -f 198.19.1.%g 2 28) 198.19.3.1 198.19.3.2 198.19.0.20 198.19.0.21; }
b health 'health checks each 5 s of 30, 6 refuse' in 5
do_health() { nspy h1 burst 15 1 445 0 $(seq -f 198.19.1.%g 2 25) $(seq -f 198.19.0.%g 13 18); }
b blackbox 'uptime checks of 40 hosts outside, ten dead' in 30
do_blackbox() { nspy h1 burst 8 1 80 1 $(seq -f 198.18.9.%g 9 38) $(seq -f 198.18.9.%g 70 79); }
b collective '12 hosts, everybody to everybody on 256 ports' in
others() { seq -f 198.19.1.%g 1 12 | grep -vx "198.19.1.$1"; }
do_collective() {
  local i j
  for i in $(seq 12); do (timeout 15 ip netns exec "$P-h$i" python3 "$HERE/traffic.py" listen 41000 256 &) done
  sleep 1.5
  for i in $(seq 12); do nspy h$i peers 41000 256 16 198.19.1.$i $(others $i) & done
  sleep 8
}
b collective_race 'the same, but some ports listen late' in
do_collective_race() {
  local i
  for i in $(seq 12); do (
    sleep 0.$((i % 7))
    timeout 12 ip netns exec "$P-h$i" python3 "$HERE/traffic.py" listen 42000 64
  ) & done
  sleep 0.3
  for i in $(seq 12); do nspy h$i peers 42000 64 30 198.19.1.$i $(others $i) & done
  sleep 9
}
b pulls 'sixty hosts pull at once'
do_pulls() {
  local i
  for ((i = 1; i <= 60; i++)); do ns cli curl -s --interface 198.18.1.$i -o /dev/null http://$V/1m & done
  sleep 6
}
b pulls_nat 'fifty clients behind one address'
do_pulls_nat() {
  local i k
  for k in 1 2 3 4; do
    for ((i = 1; i <= 50; i++)); do
      ns cli curl -s --interface 198.18.1.1 -o /dev/null http://198.19.0.$((10 + i % 11))/ &
    done
    sleep 1.5
  done
}
b restart '120 clients retry a service that restarts'
do_restart() { nspy cli retry 198.19.0.15 9999 120 12 198.18.1; }
b restart_silent '120 clients retry a host that is down'
do_restart_silent() { nspy cli retry 198.19.7.7 80 120 12 198.18.1; }
b restart_fw '60 clients retry a port that a firewall drops'
do_restart_fw() { nspy cli retry 198.19.0.30 8080 60 14 198.18.1; }
b trace 'traceroute by UDP, ICMP, TCP'
do_trace() {
  ns cli traceroute -n -w 1 198.19.0.12
  ns cli traceroute -n -I -w 1 198.19.0.13
  ns cli traceroute -n -T -w 1 198.19.0.14
  ns cli traceroute -n -w 1 -m 20 198.19.7.9
}
b trace_far 'traceroute into silence'
do_trace_far() { timeout 20 ip netns exec "$P-cli" traceroute -n -w 1 -m 30 198.19.7.9; }
b pingmon 'ping of 30 hosts each 5 s, six down' out 5
do_pingmon() { timeout 15 ip netns exec "$P-cli" fping -q -l -p 1000 $(seq -f 198.19.0.%g 10 28) \
  $(seq -f 198.19.1.%g 1 10) 198.19.3.1 198.19.3.2 198.19.7.1 198.19.7.2; }
b smokeping 'fping -C 20 of 60 hosts that live'
do_smokeping() { ns cli fping -q -C 20 -i 1 $(seq -f 198.19.1.%g 1 60); }
b eyeballs 'dead IPv6, live IPv4'
do_eyeballs() { nspy cli eyeballs 2001:2:0:2::99:1 $V 80 30 0.2; }
b pmtu 'path MTU: what is large vanishes'
do_pmtu() {
  ns gw nft 'add table ip p; add chain ip p f { type filter hook forward priority 0; }
    add rule ip p f ip length > 1400 drop'
  local i
  for i in 1 2 3 4 5 6; do timeout 3 ip netns exec "$P-cli" curl -s -o /dev/null http://$V/1m & done
  sleep 6
  ns gw nft 'delete table ip p'
}
b syslog 'datagrams to a collector, 500/s'
do_syslog() { nspy cli stream $V 5140 4000 0.001 200; }
b voice 'voice both ways, 50/s, ten calls'
do_voice() {
  local i
  for i in $(seq 10); do nspy cli stream 198.19.0.$((10 + i)) 16384 400 0.02 172 & done
  sleep 10
}
b ntp 'a hundred clients ask the time'
do_ntp() {
  local i
  for ((i = 0; i < 60; i++)); do nspy cli stream 198.19.0.11 123 3 0.5 48 & done
  sleep 5
}
b crawler 'one host fetches from sixty hosts outside' in
do_crawler() {
  local i
  for i in $(seq 9 60); do ns h1 curl -s -m 3 -o /dev/null http://198.18.9.$i/; done
}
b crawler_fast 'one host fetches from 52 hosts at once, four times' in
do_crawler_fast() { nspy h1 burst 4 1 443 100 $(seq -f 198.18.9.%g 9 60); }
b upload_in 'a backup of 200 MB to a server inside' in
do_upload_in() {
  head -c 200000000 /dev/zero >"$W/z"
  timeout 20 ip netns exec "$P-h1" rsync --bwlimit=25000 "$W/z" rsync://$V/up/zb
}
b poll60 'a client that polls a well-known service each 60 s' in 240
do_poll60() {
  local i
  for i in 2 3 4 5 6 7 8; do
    timeout 30 ip netns exec "$P-h$i" python3 "$HERE/traffic.py" beacon $F 443 0.25 0.05 70 &
  done
  wait
}
b p2p 'a peer asks forty others on high ports, a third gone'
do_p2p() {
  local i
  for ((i = 0; i < 40; i++)); do
    timeout 2 ip netns exec "$P-cli" curl -s -m 1 -o /dev/null \
      http://198.19.1.$((1 + i)):$((i % 3 ? 445 : 6881))/ || true
    sleep 0.2
  done
}
b arp_life 'hosts of one link find each other' in
do_arp_life() {
  local i j
  for i in 1 2 3 4 5 6; do
    for j in $(seq 13 40); do (ns h$i ping -q -c 1 -W 1 198.19.1.$j &) done
    sleep 1
  done
}
b ftp_user 'a user at an FTP server, ten times'
do_ftp_user() {
  local i
  for ((i = 0; i < 10; i++)); do
    timeout 3 ip netns exec "$P-cli" curl -s -u user:x ftp://$V/ || true
    sleep 0.5
  done
}
b cron_ssh 'a cron job: ssh each minute' out 120
do_cron_ssh() {
  local i
  for ((i = 0; i < 30; i++)); do
    ssh_to cli root@$V true
    sleep 0.5
  done
}
b http_rate 'a dashboard: 20 requests/s, one connection each'
do_http_rate() {
  local i
  for ((i = 0; i < 200; i++)); do ns cli curl -s -o /dev/null --interface 198.18.1.20 http://$V/; done
}
b k8s_probe 'a node probes its pods, each second, some are not ready' in 3
do_k8s_probe() { nspy h1 burst 20 0.3 8080 0 198.19.0.10 198.19.0.11 198.19.1.13 198.19.1.14 198.19.1.15; }
b raw_monitor 'hping3 -S each second at five live services (raw openings)' out 2
do_raw_monitor() {
  local i
  for i in 0 1 2 3 4; do
    timeout 14 ip netns exec "$P-cli" hping3 -I eth0 -q -S -p 80 -i u500000 -c 25 198.19.0.1$i &
  done
  sleep 14
}
