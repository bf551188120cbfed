"""gate.py LISTEN TARGET FILE: stands between a client and etcd's gateway at TARGET, and refuses what FILE says.

While FILE is there, with a line "CALL TEXT" (CALL is the end of a path: range, txn), such calls with TEXT in one of their keys are answered as
by a member which has lost its leader, and told on standard output. With "CALL TEXT late" a transaction is answered as if somebody else had
always written before.
"""
import base64
import json
import os
import socket
import sys
import threading

REFUSAL = b'{"error":"etcdserver: no leader","code":14,"message":"etcdserver: no leader"}'
LATE = b'{"header":{"revision":"1"},"responses":[]}'


def question(connection):
    """The head of a request, its first document, and the bytes that were read; None at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    # A watch sends its question as the first chunk, and keeps the way open.
    is_chunked = b"transfer-encoding" in fields
    while is_chunked and b"\r\n" not in body:
        body += connection.recv(65536)
    line, document = body.split(b"\r\n", 1) if is_chunked else (b"", body)
    length = int(line, 16) if is_chunked else int(fields[b"content-length"])
    while len(document) < length:
        more = connection.recv(65536)
        body, document = body + more, document + more
    return head, document[:length], body


def keys(document):
    """What stands in it as "key", also deeper inside."""
    found = []

    def look(value):
        if isinstance(value, dict):
            for name, inner in value.items():
                if name == "key" and isinstance(inner, str):
                    found.append(base64.b64decode(inner).decode())
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(json.loads(document))
    return found


def refusal(path, document, file):
    """The answer in place of etcd's; None where it is asked."""
    try:
        with open(file) as opened:
            call, text, *late = opened.read().split()
    except FileNotFoundError:
        return None
    if not path.endswith("/" + call) or not any(text in key for key in keys(document)):
        return None
    status, body = (b"200 OK", LATE) if late else (b"503 Service Unavailable", REFUSAL)
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status, len(body), body)


def serve(client, target, file):
    with client:
        asked = question(client)
        if asked is None:
            return
        head, document, body = asked
        path = head.split(b" ")[1].decode()
        if answer := refusal(path, document, file):
            print("refused", path, *keys(document), flush=True)
            client.sendall(answer)
            return
        with socket.create_connection(target) as server:
            # One question a connection: the answer ends where the connection does.
            server.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
            threading.Thread(target=attempt, args=(carry, client, server), daemon=True).start()
            carry(server, client)


def carry(source, sink):
    """One way; a client that goes away ends what it has asked."""
    while data := source.recv(65536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_RDWR)


def attempt(deed, *arguments):
    try:
        deed(*arguments)
    except OSError:
        pass


def place(text):
    host, port = text.split(":")
    return host, int(port)


listener = socket.create_server(place(sys.argv[1]), backlog=64)
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=attempt, args=(serve, accepted, place(sys.argv[2]), sys.argv[3]), daemon=True).start()
