# One gateway that captures, an outside of attackers, clients and a far server, an inside of servers and hosts.
#   outside  198.18.0.0/16, 2001:2:0:1::/64   attacker .0.10-40, clients .1.1-60, far server .9.9
#   inside   198.19.0.0/16, 2001:2:0:2::/64   servers .0.10-30 (.30 drops what it does not serve), hosts .1.1-60 in
#            twelve namespaces; .3.0/24 has nobody, .7.0/24 is silent
HOSTS=12
ns() {
  local name=$1
  shift
  ip netns exec "$P-$name" "$@"
}
link() { # link NAMESPACE BRIDGE: its only interface, eth0
  ip netns add "$P-$1"
  ip link add "v$1" netns "$P-gw" type veth peer name eth0 netns "$P-$1"
  ip -n "$P-gw" link set "v$1" master "$2" up
  ip -n "$P-$1" link set lo up
  ip -n "$P-$1" link set eth0 up
  ns "$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.eth0.accept_dad=0 net.ipv4.tcp_tw_reuse=1 \
    net.ipv4.icmp_ratelimit=100 net.core.somaxconn=1024 2>/dev/null || true
}
addresses() { # addresses NAMESPACE NET4 FIRST LAST NET6
  local i
  for ((i = $3; i <= $4; i++)); do
    echo "address add $2.$i/16 dev eth0"
    echo "address add $5::${2##*.}:$i/64 dev eth0 nodad"
  done | ip -n "$P-$1" -batch -
}
build_net() {
  ip netns add "$P-gw"
  ip -n "$P-gw" link set lo up
  ns gw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  local side
  for side in out in; do
    ip -n "$P-gw" link add "br$side" type bridge
    ip -n "$P-gw" link set "br$side" up
    ns gw sysctl -qw "net.ipv6.conf.br$side.accept_dad=0"
  done
  ip -n "$P-gw" address add 198.18.0.1/16 dev brout
  ip -n "$P-gw" address add 198.19.0.1/16 dev brin
  ip -n "$P-gw" -6 address add 2001:2:0:1::1/64 dev brout nodad
  ip -n "$P-gw" -6 address add 2001:2:0:2::1/64 dev brin nodad
  ip -n "$P-gw" route add blackhole 198.19.7.0/24
  local o6=2001:2:0:1 i6=2001:2:0:2 i
  link att brout
  addresses att 198.18.0 10 40 $o6
  link cli brout
  addresses cli 198.18.1 1 60 $o6
  link far brout
  addresses far 198.18.9 9 9 $o6
  addresses far 198.18.9 10 60 $o6
  link srv brin
  addresses srv 198.19.0 10 30 $i6
  for ((i = 1; i <= HOSTS; i++)); do
    link "h$i" brin
    addresses "h$i" 198.19.1 "$i" "$i" $i6
    addresses "h$i" 198.19.1 $((12 + (i - 1) * 4 + 1)) $((12 + i * 4)) $i6
  done
  for side in att cli far; do
    ip -n "$P-$side" route add default via 198.18.0.1
    ip -n "$P-$side" -6 route add default via $o6::1
  done
  for side in srv $(seq -f 'h%g' $HOSTS); do
    ip -n "$P-$side" route add default via 198.19.0.1
    ip -n "$P-$side" -6 route add default via $i6::1
  done
  ns srv nft 'add table ip f; add chain ip f i { type filter hook input priority 0; }
    add rule ip f i ip daddr 198.19.0.30 tcp dport != { 22, 80 } drop
    add rule ip f i ip daddr 198.19.0.30 meta l4proto udp drop'
}
remove_net() {
  local n pid
  for n in $(ip netns list | awk '{print $1}' | grep "^$P-"); do
    for pid in $(ip netns pids "$n"); do kill "$pid" 2>/dev/null || true; done
  done
  sleep 0.3
  for n in $(ip netns list | awk '{print $1}' | grep "^$P-"); do
    for pid in $(ip netns pids "$n"); do kill -9 "$pid" 2>/dev/null || true; done
    ip netns delete "$n" || true
  done
}
serve() {
  mkdir -p "$W/www" "$W/ftp" "$W/up" "$W/run"
  chmod 755 "$W"
  head -c 1200 /dev/urandom | base64 >"$W/www/index.html"
  head -c 1000000 /dev/urandom >"$W/www/1m"
  head -c 20000000 /dev/urandom >"$W/www/20m"
  local i
  mkdir -p "$W/www/many"
  for ((i = 0; i < 200; i++)); do head -c 20000 /dev/urandom >"$W/www/many/$i"; done
  echo "user:$(openssl passwd -apr1 "$RANDOM$RANDOM")" >"$W/htpasswd"
  cat >"$W/nginx.conf" <<END
daemon on; pid $W/run/nginx.pid; worker_processes 1; error_log $W/nginx.err; user root;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path $W/up; proxy_temp_path $W/run;
 fastcgi_temp_path $W/run; uwsgi_temp_path $W/run; scgi_temp_path $W/run;
 server { listen 80; listen [::]:80; listen 8080; root $W/www;
  location /secret { auth_basic x; auth_basic_user_file $W/htpasswd; } } }
END
  ns srv nginx -c "$W/nginx.conf"
  ssh-keygen -q -t ed25519 -N '' -f "$W/host_key"
  ssh-keygen -q -t ed25519 -N '' -f "$W/user_key"
  cp "$W/user_key.pub" "$W/authorized"
  mkdir -p /run/sshd /var/run/vsftpd/empty
  printf '%s\n' "HostKey $W/host_key" "AuthorizedKeysFile $W/authorized" 'StrictModes no' 'UsePAM no' \
    'PermitRootLogin yes' \
    'MaxStartups 100:30:200' 'UseDNS no' "PidFile none" "Subsystem sftp internal-sftp" >"$W/sshd_config"
  for i in srv far $(seq -f 'h%g' $HOSTS); do ns "$i" /usr/sbin/sshd -f "$W/sshd_config"; done
  printf '%s\n' listen=YES background=NO anonymous_enable=NO local_enable=YES \
    pam_service_name=none seccomp_sandbox=NO >"$W/vsftpd.conf"
  (ns srv vsftpd "$W/vsftpd.conf" >"$W/vsftpd.log" 2>&1 &)
  ns srv dnsmasq -C /dev/null -u root --no-resolv --no-hosts --address=/test/198.19.0.10 \
    -x "$W/run/dns.pid" --cache-size=0
  ns far dnsmasq -C /dev/null -u root --no-resolv --no-hosts --address=/test/198.18.9.9 -x "$W/run/dns2.pid" --port 5354
  printf '%s\n' "use chroot = no" "[www]" "path = $W/www" "[up]" "path = $W/up" "read only = no" \
    "uid = root" >"$W/rsyncd.conf"
  ns srv rsync --daemon --config="$W/rsyncd.conf"
  ns far rsync --daemon --config="$W/rsyncd.conf"
  (ns srv iperf3 -s >/dev/null 2>&1 &)
  (ns far iperf3 -s >/dev/null 2>&1 &)
  (ns far python3 "$HERE/traffic.py" sink 80 443 8443 >/dev/null 2>&1 &)
  for i in $(seq -f 'h%g' $HOSTS); do (ns "$i" python3 "$HERE/traffic.py" sink 80 445 9100 >/dev/null 2>&1 &) done
  sleep 1
}
