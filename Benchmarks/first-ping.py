"""first-ping.py ADDRESS: asks for ADDRESS each millisecond; prints the time of the first answer, in microseconds since 1970."""
import os
import select
import socket
import struct
import sys
import time

target = sys.argv[1]
ping = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


number, end = 0, time.monotonic() + 30
while time.monotonic() < end:
    number = number + 1 & 0xFFFF
    head = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, number)
    try:
        ping.sendto(head[:2] + struct.pack("!H", checksum(head)) + head[4:], (target, 0))
    except OSError:
        pass
    if select.select([ping], [], [], 0.001)[0]:
        data, sender = ping.recvfrom(2048)
        if sender[0] == target and data[20] == 0:
            print(time.time_ns() // 1000)
            sys.exit()
sys.exit(f"no answer from {target}")
