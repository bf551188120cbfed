"""ask.py SOCKET CALL: sends a line to apus-netd and prints its answer."""
import socket
import sys

client = socket.socket(socket.AF_UNIX)
client.settimeout(20)
client.connect(sys.argv[1])
client.sendall(sys.argv[2].encode() + b"\n")
answer = b""
while not answer.endswith(b"\n"):
    more = client.recv(65536)
    if not more:
        break
    answer += more
print(answer.decode().strip())
