#!/usr/bin/env python3
"""Uncommon traps of a run: where compiled code met a class or a branch for the first time and was thrown away.

usage: traps.py LOG [FROM_SECONDS [TO_SECONDS]]

LOG is written by the virtual machine; seconds are since its start. With the rig:

  export JAVA_TOOL_OPTIONS='-XX:+UnlockDiagnosticVMOptions -XX:+LogCompilation -XX:LogFile=/tmp/jit-%p.xml'
  bench/rig/run.sh RIG d 1
  bench/rig/traps.py /tmp/jit-PID.xml 5

PID is the node's, in the `ready` line of its event log; of all logs its is the largest. One line a trap: seconds, native
thread, reason, the compiled method, and the frames inlined there, innermost first.
"""
import re
import sys

FRAMES_SHOWN = 4


def attributes(line):
    return dict(re.findall(r"(\w+)='([^']*)'", line))


def method(name):
    return name.split("(")[0].strip().replace(" ", ".").replace("io.aswarm.", "")


def traps(log):
    compiled, trap, frames = {}, None, []
    for line in log:
        if line.startswith("<nmethod "):
            d = attributes(line)
            compiled[d["compile_id"]] = method(d["method"])
        elif line.startswith("<uncommon_trap thread"):
            trap, frames = attributes(line), []
        elif trap and line.startswith("<jvms"):
            d = attributes(line)
            frames.append(method(d.get("method", "?")) + "@" + d.get("bci", "?"))
        elif trap:
            yield float(trap["stamp"]), trap["thread"], trap["reason"], compiled.get(trap["compile_id"], "?"), frames
            trap = None


def main(arguments):
    is_asked = arguments[:1] in (["-h"], ["--help"])
    if is_asked or not 1 <= len(arguments) <= 3:
        print(__doc__.strip(), file=sys.stdout if is_asked else sys.stderr)
        return 0 if is_asked else 2
    first, last = [float(a) for a in arguments[1:]] + [0.0, float("inf")][len(arguments) - 1:]
    with open(arguments[0], errors="replace") as log:
        for seconds, thread, reason, where, frames in traps(log):
            if first <= seconds <= last:
                print("%9.3f %7s %-34s %s | %s" % (seconds, thread, reason, where, " < ".join(frames[:FRAMES_SHOWN])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
