# Each case: c NAME KIND ATTACKERS VICTIMS SIDE STRETCH WORDS, and do_NAME, the traffic. Everything is bounded.
NO_KNOWN_HOSTS="-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
range() { seq -s, -f "$1.%g" "$2" "$3"; }
declare -A CASE
ORDER=()
c() {
  CASE[$1]="$2|$3|$4|$5|$6|$7"
  ORDER+=("$1")
}
A=198.18.0.10
V=198.19.0.10
V6=2001:2:0:2::0:10
att() { timeout 25 ip netns exec "$P-att" "$@"; }
nm() { att nmap -n -Pn -S $A -e eth0 "$@"; }

c nmap_sS scan $A '*' out 1 'nmap -sS -F -T4'
do_nmap_sS() { nm -sS -F -T4 $V; }
c nmap_sT scan $A '*' out 1 'nmap -sT -F (unbound source)'
do_nmap_sT() { att nmap -n -Pn -sT -F $V; }
c nmap_sU scan $A '*' out 1 'nmap -sU --top-ports 60 -T4'
do_nmap_sU() { nm -sU --top-ports 60 -T4 --max-retries 1 $V; }
c nmap_sA scan $A '*' out 1 'nmap -sA -F'
do_nmap_sA() { nm -sA -F $V; }
c nmap_sF scan $A '*' out 1 'nmap -sF -F'
do_nmap_sF() { nm -sF -F --max-retries 1 $V; }
c nmap_sN scan $A '*' out 1 'nmap -sN -F'
do_nmap_sN() { nm -sN -F --max-retries 1 $V; }
c nmap_sX scan $A '*' out 1 'nmap -sX -F'
do_nmap_sX() { nm -sX -F --max-retries 1 $V; }
c nmap_sW scan $A '*' out 1 'nmap -sM -F'
do_nmap_sW() { nm -sM -F --max-retries 1 $V; }
c nmap_sO scan $A '*' out 1 'nmap -sO'
do_nmap_sO() { nm -sO --max-retries 0 -T4 $V; }
c nmap_sY scan $A '*' out 1 'nmap -sY -F (SCTP)'
do_nmap_sY() { nm -sY -F --max-retries 0 $V; }
c nmap_sV scan $A '*' out 1 'nmap -sV -F'
do_nmap_sV() { nm -sV -F $V; }
c nmap_A1 scan $A '*' out 1 'nmap -A of two open ports'
do_nmap_A1() { nm -A -p 22,80 $V; }
c nmap_T2 scan $A '*' out 1 'nmap -sS -T2 40 ports'
do_nmap_T2() { nm -sS -T2 --top-ports 40 $V; }
c nmap_slow15 scan $A '*' out 60 'nmap --scan-delay 250ms, 15 s each on the recording'
do_nmap_slow15() { nm -sS --scan-delay 250ms --max-retries 0 --top-ports 60 $V; }
c nmap_slow60 scan $A '*' out 240 'nmap --scan-delay 250ms, 60 s each on the recording'
do_nmap_slow60() { nm -sS --scan-delay 250ms --max-retries 0 --top-ports 60 $V; }
c nmap_PS scan $A '*' out 1 'nmap -sn -PS of /25'
do_nmap_PS() { att nmap -n -sn -PS22,80,443 -e eth0 -S $A 198.19.0.0/25; }
c nmap_PA scan $A '*' out 1 'nmap -sn -PA of /25'
do_nmap_PA() { att nmap -n -sn -PA80 -e eth0 -S $A 198.19.0.0/25; }
c nmap_PU scan $A '*' out 1 'nmap -sn -PU of /25'
do_nmap_PU() { att nmap -n -sn -PU -e eth0 -S $A 198.19.0.0/25; }
c nmap_PE scan $A '*' out 1 'nmap -sn -PE of /25'
do_nmap_PE() { att nmap -n -sn -PE -e eth0 -S $A 198.19.0.0/25; }
c nmap_PY scan $A '*' out 1 'nmap -sn of /25 as shipped'
do_nmap_PY() { att nmap -n -sn -e eth0 -S $A 198.19.0.0/25; }
c nmap_D scan $A $V out 1 'nmap -sS -D 8 decoys'
do_nmap_D() { nm -sS -F -D "$(range 198.18.5 1 4),ME,$(range 198.18.5 5 8)" $V; }
c nmap_Dlive scan $A $V out 1 'nmap -sS -D live benign clients'
do_nmap_Dlive() { nm -sS -F -D 198.18.1.1,198.18.1.2,198.18.1.3,ME $V; }
c nmap_f scan $A '*' out 1 'nmap -sS -f'
do_nmap_f() { nm -sS -F -f $V; }
c nmap_ff scan $A '*' out 1 'nmap -sS --mtu 16'
do_nmap_ff() { nm -sS -F --mtu 16 $V; }
c nmap_6 scan 2001:2:0:1::0:10 '*' out 1 'nmap -6 -sS -F'
do_nmap_6() { att nmap -6 -n -Pn -sS -F -S 2001:2:0:1::0:10 -e eth0 $V6; }
c nmap_6U scan 2001:2:0:1::0:10 '*' out 1 'nmap -6 -sU top 40'
do_nmap_6U() { att nmap -6 -n -Pn -sU --top-ports 40 --max-retries 1 -T4 -S 2001:2:0:1::0:10 -e eth0 $V6; }
c nmap_p- scan $A '*' out 1 'nmap -sS -p- -T5'
do_nmap_p-() { nm -sS -p- -T5 --min-rate 8000 --max-retries 0 $V; }
c nmap_fw scan $A '*' out 1 'nmap -sS -F of a firewalled host'
do_nmap_fw() { nm -sS -F --max-retries 1 198.19.0.30; }
c nmap_fwU scan $A '*' out 1 'nmap -sU of a firewalled host'
do_nmap_fwU() { nm -sU --top-ports 60 --max-retries 0 198.19.0.30; }
c nmap_fwslow scan $A '*' out 20 'nmap 5 s apart of a firewalled host'
do_nmap_fwslow() { nm -sS --scan-delay 250ms --max-retries 0 --top-ports 70 198.19.0.30; }
c nmap_445 scan $A '*' out 1 'nmap -sS -p445 of a silent /24'
do_nmap_445() { nm -sS -p445 --max-retries 0 198.19.7.0/24; }
c nmap_445slow scan $A '*' out 10 'nmap -sS -p445 1 each 2.5 s silent and dead'
do_nmap_445slow() { nm -sS -p445 --scan-delay 250ms --max-hostgroup 64 --max-retries 0 198.19.0.0/26 198.19.7.0/27; }
c nmap_web scan $A '*' out 1 'nmap -sS -p80 of /24, 21 serve'
do_nmap_web() { nm -sS -p80 --max-retries 0 198.19.0.0/24; }
c nmap_ssh scan $A '*' out 1 'nmap -sT -p22 of 60 hosts that serve'
do_nmap_ssh() { att nmap -n -Pn -sT -p22 198.19.1.1-60; }
c nmap_sp53 scan $A '*' out 1 'nmap -sS --source-port 53'
do_nmap_sp53() { nm -sS -F -g 53 $V; }
c nmap_in scan 198.19.1.1 '*' in 1 'inside: h1 scans h2..h12'
do_nmap_in() { timeout 25 ip netns exec "$P-h1" nmap -n -sS --top-ports 20 198.19.1.2-12; }
c nmap_arp scan 198.19.1.1 '*' in 1 'inside: nmap -sn of the own /24'
do_nmap_arp() { timeout 25 ip netns exec "$P-h1" nmap -n -sn 198.19.3.0/25; }
c arpscan scan 198.19.1.1 '*' in 1 'inside: arp-scan'
do_arpscan() { timeout 25 ip netns exec "$P-h1" arp-scan -q -I eth0 -r 1 198.19.1.0/24; }
c masscan_v scan $A '*' out 1 'masscan -p0-1000 --rate 500'
do_masscan_v() { ms -p0-1000 --rate 500 $V; }
c masscan_h scan $A '*' out 1 'masscan -p80,443,22 /24 rate 200'
do_masscan_h() { ms -p80,443,22 --rate 200 198.19.0.0/24; }
c masscan_u scan $A '*' out 1 'masscan -pU:53,123,161 rate 100'
do_masscan_u() { ms -pU:53,123,161 --rate 100 198.19.0.0/24; }
c masscan_slow scan $A '*' out 1 'masscan rate 3'
do_masscan_slow() { ms -p1-60 --rate 3 $V; }
c hping_scan scan $A '*' out 1 'hping3 --scan 1-200 -S'
do_hping_scan() { att hping3 -I eth0 -a $A --scan 1-200 -S $V; }
c hping_pp scan $A '*' out 1 'hping3 -S -p ++1 -i u50000'
do_hping_pp() { att hping3 -I eth0 -a $A -S -p ++1 -c 200 -i u50000 $V; }
c zmap_80 scan $A '*' out 1 'zmap -p 80 /24'
do_zmap_80() { zm -p 80 -r 100 198.19.0.0/24 198.19.7.0/24; }
c zmap_u scan $A '*' out 1 'zmap -M udp -p 161 /24'
do_zmap_u() { zm -M udp -p 161 --probe-args=text:hello -r 100 198.19.0.0/24; }
c fping_g scan $A '*' out 1 'fping -g /25'
do_fping_g() { att fping -q -r 0 -i 10 -S $A -g 198.19.0.0/25; }
c nc_z scan $A '*' out 1 'nc -z 1-100'
do_nc_z() { att nc -n -z -w 1 -s $A $V 1-100; }
c distr scan "$(range 198.18.0 11 30)" $V out 1 '20 sources, 5 ports each, one aim'
do_distr() {
  local i
  for ((i = 0; i < 20; i++)); do
    att nmap -n -Pn -sS -S 198.18.0.$((11 + i)) -e eth0 --max-retries 0 -p $((1000 + i * 5))-$((1004 + i * 5)) $V &
    sleep 0.3
  done
  wait
}
c distr_sweep scan "$(range 198.18.0 11 18)" '*' out 1 '8 sources sweep 445 of /25, 16 hosts each'
do_distr_sweep() {
  local i
  for ((i = 0; i < 8; i++)); do
    att nmap -n -Pn -sS -S 198.18.0.$((11 + i)) -e eth0 --max-retries 0 -p 445 198.19.0.$((i * 16))-$((i * 16 + 15)) &
    sleep 0.3
  done
  wait
}
ms() { att masscan --adapter eth0 --adapter-ip $A --router-mac "$(gwmac)" --wait 1 "$@"; }
zm() { att zmap -i eth0 -S $A -G "$(gwmac)" -b /dev/null -c 1 -o /dev/null "$@"; }
gwmac() { ip -n "$P-gw" -br link show brout | awk '{print $3}'; }
