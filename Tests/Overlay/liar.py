"""liar.py PORT WHAT: answers every question wrongly, in the way WHAT says."""
import socket
import sys
import threading
import time

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
CREATED = b'{"result":{"header":{"revision":"1"},"watch_id":"1","created":true}}\n'
# Of what is found under this name in other answers.
LARGE = 32 << 20


def plain(body, status="200 OK"):
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status.encode(), len(body), body)


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(size):
    """A change whose value, in base 64, has `size` bytes."""
    value = b"QUFB" * (size // 4)
    return (
        b'{"result":{"header":{"revision":"5"},"watch_id":"1","events":[{"kv":{"key":"YS8x","create_revision":"5",'
        b'"mod_revision":"5","version":"1","value":"' + value + b'"}}]}}\n'
    )


def pieces(connection, data, size):
    for start in range(0, len(data), size):
        connection.sendall(chunk(data[start : start + size]))


def answer(connection, what, question):
    if what == "garbage":
        connection.sendall(b"\x00\xff\x80 what?\r\n\r\n")
    elif what == "html":
        connection.sendall(plain(b"<html>502 Bad Gateway</html>", "502 Bad Gateway"))
    elif what == "empty":
        connection.sendall(plain(b""))
    elif what == "shape":
        connection.sendall(plain(b'{"header":{"revision":[]},"kvs":"none","token":{}}'))
    elif what == "half":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"header\"")
        return
    elif what == "line":
        connection.sendall(CHUNKED + chunk(CREATED) + chunk(b'{"result":{"head'))
        time.sleep(3600)
    elif what == "bytes":
        connection.sendall(CHUNKED)
        pieces(connection, CREATED + event(40), 1)
        time.sleep(3600)
    elif what == "large":
        connection.sendall(CHUNKED + chunk(CREATED))
        pieces(connection, event(LARGE), 16384)
        time.sleep(3600)
    elif what == "endless":
        connection.sendall(CHUNKED + chunk(CREATED) + chunk(b'{"result":{"header":{"revision":"'))
        while True:
            connection.sendall(chunk(b"1" * 65536))
    elif what == "stranger":
        connection.sendall(CHUNKED + chunk(CREATED) + chunk(event(4).replace(b'"watch_id":"1"', b'"watch_id":"9"')))
        time.sleep(3600)
    elif what == "again":
        key = b'{"key":"eC8x","create_revision":"5","mod_revision":"5","version":"1"}'
        connection.sendall(plain(b'{"header":{"revision":"5"},"kvs":[' + key + b'],"more":true,"count":"9"}'))
    elif what == "numbers" and b"/v3/watch" in question:
        least = event(4).replace(b'"watch_id":"1"', b'"watch_id":"-9223372036854775808"')
        connection.sendall(CHUNKED + chunk(CREATED) + chunk(least))
        time.sleep(3600)
    elif what == "numbers":
        connection.sendall(plain(b'{"header":{"revision":"9223372036854775807"}}'))
    elif what == "words":
        connection.sendall(CHUNKED + chunk(CREATED) + chunk(b"that is all\n"))
        time.sleep(3600)
    elif what == "silent":
        time.sleep(3600)
    elif what == "flood":
        connection.sendall(CHUNKED)
        while True:
            connection.sendall(chunk(b" " * 65536))
    elif what == "huge":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)


def serve(connection, what):
    with connection:
        try:
            answer(connection, what, connection.recv(65536))
        except OSError:
            pass


def main():
    server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=(connection, sys.argv[2]), daemon=True).start()


main()
