#!/usr/bin/env python3
"""decision.py SCENARIO RUN-DIRECTORY: what one run of the rig with A-SWARM shows beside the rig's own figures.

Times come from the node's events (CLOCK_MONOTONIC), packets from the captures (CLOCK_REALTIME); both clocks are tied
together here, at the time of reading, so call it on the machine and in the uptime of the run.
"""
import json
import os
import sys
import time

scenario, directory = sys.argv[1:3]
sys.path.insert(0, os.path.join(os.path.dirname(directory), "..", "rig"))
import rig  # noqa: E402  the copy beside the run

offset_ns = time.clock_gettime_ns(time.CLOCK_REALTIME) - time.clock_gettime_ns(time.CLOCK_MONOTONIC)
reached = rig.pcap(os.path.join(directory, "out.pcap"))
passed = {index: time_ns for time_ns, _, index in rig.pcap(os.path.join(directory, "in.pcap"))}
scanner = bytes([198, 18, 0, 10])
if scenario == "g":
    reached = [packet for packet in reached if packet[1] == scanner]
begin_ns = reached[0][0] if reached else 0


def address(packet):
    import socket
    return socket.inet_ntop(socket.AF_INET if len(packet[1]) == 4 else socket.AF_INET6, packet[1])


for line in open(os.path.join(directory, "aswarm", "events.jsonl")):
    event = json.loads(line)
    if event["event"] not in ("elevation", "effective", "refused", "failed"):
        continue
    when_ns = int(event.get("elevated_ns") or event.get("effective_ns") or event["t_ns"]) + offset_ns
    subject = event.get("subject", "")
    its = [packet for packet in reached if address(packet) == subject] or reached
    print(json.dumps({
        "event": event["event"], "scenario": event.get("scenario"), "subject": subject,
        "evidence_nats": event.get("evidence_nats"), "reason": event.get("reason"),
        "ms": round((when_ns - begin_ns) / 1e6, 3) if begin_ns else None,
        "told_ms_after": round((int(event["t_ns"]) + offset_ns - when_ns) / 1e6, 3),
        "packets_needed": sum(1 for packet in its if packet[0] <= when_ns),
        "let_through_after": sum(1 for packet in its if packet[0] > when_ns and packet[2] in passed),
    }))
