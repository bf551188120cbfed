"""sniff.py INTERFACE SECONDS: counts what crosses the underlay: VXLAN packets, and those of them whose inner receiver is a group or all."""
import select
import socket
import struct
import sys
import time

packets = groups = 0
listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
listener.bind((sys.argv[1], 0))
print("ready", flush=True)
end = time.monotonic() + float(sys.argv[2])
while (left := end - time.monotonic()) > 0:
    if not select.select([listener], [], [], left)[0]:
        continue
    frame = listener.recv(65536)
    if frame[12:14] != b"\x08\x00" or frame[23] != 17:
        continue
    header = 14 + (frame[14] & 15) * 4
    if struct.unpack("!H", frame[header + 2 : header + 4])[0] != 4789:
        continue
    packets += 1
    groups += frame[header + 16] & 1
print(packets, groups)
