"""The other sides of netd.sh: who asks the daemon, who serves in the container, and who comes to a published port.

    netd.py call SOCKET LINE...           what the daemon answers to each line
    netd.py serve                         echoes datagrams on port 5000; on port 5000 by TCP takes everything up to its end, then says
                                          how much it was and its sum, and closes; on 5001 sends without end; on 5002 never reads
    netd.py tcp ADDRESS PORT BYTES        sends so many, ends its side, and says what comes back
    netd.py udp ADDRESS PORT COUNT        so many clients at once, each with its own words; says how many got them back
    netd.py crowd ADDRESS PORT COUNT [end]  so many clients which say nothing; says how many are kept and how many are closed, and stays
    netd.py hold ADDRESS PORT             listens there
"""
import hashlib, socket, sys, threading, time


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def call(path, lines):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(30)
    client.connect(path)
    reader = client.makefile()
    for line in lines:
        client.sendall(line.encode() + b"\n")
        print(reader.readline().strip())


def total(connection):
    count, digest = 0, hashlib.sha256()
    while data := connection.recv(65536):
        count += len(data)
        digest.update(data)
    return f"{count} {digest.hexdigest()[:16]}"


def serve():
    def loop(port, work):
        server = socket.create_server(("", port))
        while True:
            connection, _ = server.accept()
            threading.Thread(target=work, args=(connection,), daemon=True).start()

    def count(connection):
        connection.sendall(total(connection).encode())
        connection.close()

    def endless(connection):
        sent, block = 0, bytes(65536)
        try:
            while True:
                connection.settimeout(2)
                sent += connection.send(block)
        except OSError:
            pass
        open("/run/sent", "w").write(str(sent))

    for port, work in ((5000, count), (5001, endless), (5002, lambda connection: time.sleep(60))):
        threading.Thread(target=loop, args=(port, work), daemon=True).start()
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("", 5000))
    print("ready", flush=True)
    while True:
        data, client = datagrams.recvfrom(65536)
        datagrams.sendto(data, client)


def tcp(address, port, size):
    data = hashlib.sha256(b"x").digest() * (size // 32)
    with socket.create_connection((address, port), 20) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        answer = client.makefile("rb").read().decode()
    print("same" if answer == f"{len(data)} {hashlib.sha256(data).hexdigest()[:16]}" else f"other: {answer}")


def udp(address, port, count):
    clients = []
    for index in range(count):
        client = socket.socket(family(address), socket.SOCK_DGRAM)
        client.settimeout(10)
        client.connect((address, port))
        client.send(b"words %d" % index + b"." * (index * 100 % 1400))
        clients.append(client)
    good = 0
    for index, client in enumerate(clients):
        try:
            good += client.recv(65536) == b"words %d" % index + b"." * (index * 100 % 1400)
        except OSError:
            pass
    print(good)


def crowd(address, port, count, stays):
    clients = [socket.create_connection((address, port), 20) for _ in range(count)]
    kept = 0
    for client in clients:
        # Whoever is sent away is told at once; the machine may be busy.
        client.settimeout(0.5 if kept else 3)
        try:
            client.recv(1)
        except TimeoutError:
            kept += 1
        except OSError:
            pass
    print(kept, count - kept, flush=True)
    time.sleep(600 if stays else 0)


if __name__ == "__main__":
    command, *words = sys.argv[1:]
    if command == "call":
        call(words[0], words[1:])
    elif command == "serve":
        serve()
    elif command == "crowd":
        crowd(words[0], int(words[1]), int(words[2]), stays=len(words) == 3)
    elif command == "hold":
        server = socket.socket(family(words[0]))
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((words[0], int(words[1])))
        server.listen()
        print("ready", flush=True)
        time.sleep(600)
    else:
        {"tcp": tcp, "udp": udp}[command](words[0], int(words[1]), int(words[2]))
