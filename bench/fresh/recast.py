"""recast.py IN OUT STRETCH: what was inside gets private addresses and what was outside public ones, since the
ranges for benchmarks count as inside; stamps are stretched, so that a day of beacons takes seconds.
Prints the first stamp.
recast.py LIST: the same addresses of a manifest."""
import struct
import sys

IPV4 = {bytes([198, 19]): bytes([10, 19]), bytes([198, 18]): bytes([203, 18])}
IPV6 = {bytes.fromhex('2001000200000002'): bytes.fromhex('fd00000200000002'),
        bytes.fromhex('2001000200000001'): bytes.fromhex('2400001800000001')}
WORDS = {'198.19.': '10.19.', '198.18.': '203.18.', '2001:2:0:2:': 'fd00:2:0:2:', '2001:2:0:1:': '2400:18:0:1:'}


def renumber(frame):
    kind = frame[12:14]
    places = ()
    if kind == b'\x08\x00':
        places = (26, 30)
        if frame[23] == 1 and len(frame) > 62 and frame[34] in (3, 4, 5, 11, 12):
            places += (54, 58)
    elif kind == b'\x08\x06':
        places = (28, 38)
    for at in places:
        frame[at:at + 2] = IPV4.get(bytes(frame[at:at + 2]), frame[at:at + 2])
    if kind == b'\x86\xdd':
        for old, new in IPV6.items():
            frame[14:] = frame[14:].replace(old, new)
    return frame


def main(source, target, stretch):
    first = None
    with open(source, 'rb') as data, open(target, 'wb') as out:
        head = data.read(24)
        nano = head[:4] == b'\x4d\x3c\xb2\xa1'
        unit = 1_000_000_000 if nano else 1_000_000
        out.write(head)
        while True:
            record = data.read(16)
            if len(record) < 16:
                break
            seconds, fraction, held, length = struct.unpack('<IIII', record)
            stamp = seconds * unit + fraction
            first = stamp if first is None else first
            stamp = first + int((stamp - first) * stretch)
            frame = renumber(bytearray(data.read(held)))
            out.write(struct.pack('<IIII', stamp // unit, stamp % unit, held, length) + frame)
    print('%d.%09d' % (first // unit, first % unit * (1 if nano else 1000)) if first else '0')


if len(sys.argv) == 2:
    text = sys.argv[1]
    for old, new in WORDS.items():
        text = text.replace(old, new)
    print(text)
else:
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
