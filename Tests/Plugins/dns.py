"""The other sides of dns.sh: a server with a temper, a client that counts, and one that means harm.

    dns.py server ADDRESS PORT MODE      answers every question of the type A with 192.0.2.MODE's number, as MODE says
    dns.py load SECONDS NAME=ADDRESS...  asks for the names in turn, and says how often the answer was wrong or never came
    dns.py hostile SEED COUNT            sends broken messages to 127.0.0.11, then a good one
"""
import random, socket, struct, sys, threading, time


def question(name, number, kind=1):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    return struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


def end_of_question(message):
    place = 12
    while message[place]:
        place += message[place] + 1
    return place + 5


def answer(message, flags=0x8180, data=b"\xc0\x00\x02\x01", number=None, name=None):
    end = end_of_question(message)
    asked = message[12:end] if name is None else name
    count = 0 if data is None else 1
    head = struct.pack(">HHHHHH", struct.unpack(">H", message[:2])[0] if number is None else number, flags, 1, count, 0, 0)
    record = b"" if data is None else b"\xc0\x0c" + message[end - 4:end] + struct.pack(">IH", 60, len(data)) + data
    return head + asked + record


def has_option(message):
    return struct.unpack(">H", message[10:12])[0] > 0


def replies(message, mode, is_stream):
    number = struct.unpack(">H", message[:2])[0]
    if mode == "silent":
        return []
    if mode == "servfail":
        return [answer(message, 0x8182, None)]
    if mode == "forged":
        other = question("forged.example", number)[12:]
        return [answer(message, number=number ^ 1, data=b"\xc0\0\2\xfe"), answer(message, name=other, data=b"\xc0\0\2\xfe"),
                b"\0", answer(message)[:7], answer(message)]
    if mode == "truncating" and not is_stream:
        return [answer(message, 0x8380, None)]
    if mode == "truncating":
        return [answer(message, data=b"\xc0\0\2\x05")]
    if mode == "options":
        return [answer(message, data=b"\xc0\0\2\x29" if has_option(message) else b"\xc0\0\2\0")]
    return [answer(message)]


def server(address, port, mode):
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind((address, port))
    streams = socket.create_server((address, port))

    def serve_streams():
        while True:
            caller, _ = streams.accept()
            received = caller.recv(4096)
            for reply in replies(received[2:], mode, True):
                caller.sendall(struct.pack(">H", len(reply)) + reply)
            caller.close()
    threading.Thread(target=serve_streams, daemon=True).start()
    print("ready", flush=True)
    while True:
        message, caller = datagrams.recvfrom(4096)
        for reply in replies(message, mode, False):
            datagrams.sendto(reply, caller)


def ask(name, kind=1, patience=10, each=0.3):
    """The addresses of a name, or None when nobody answered for `patience` seconds, however often it was asked."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        number = random.randrange(65536)
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.settimeout(each)
        try:
            client.connect(("127.0.0.11", 53))
            client.send(question(name, number, kind))
            reply = client.recv(4096)
            if reply[:2] != struct.pack(">H", number):
                return ["stranger"]
            count, place, found = struct.unpack(">H", reply[6:8])[0], end_of_question(reply), []
            for _ in range(count):
                length = struct.unpack(">H", reply[place + 10:place + 12])[0]
                found.append(".".join(map(str, reply[place + 12:place + 12 + length])))
                place += 12 + length
            return sorted(found)
        except OSError:
            time.sleep(0.02)
        finally:
            client.close()
    return None


def load(seconds, pairs):
    names = [pair.split("=") for pair in pairs]
    end, asked, wrong, lost = time.monotonic() + float(seconds), 0, 0, 0
    while time.monotonic() < end:
        name, address = names[asked % len(names)]
        asked += 1
        found = ask(name)
        if found is None:
            lost += 1
        elif found != [address]:
            wrong += 1
            print(f"{name}: {found}", file=sys.stderr)
    print(f"wrong {wrong} lost {lost}" + ("" if asked > 5 else f" asked only {asked}"))


def hostile(seed, count):
    generator = random.Random(seed)
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(("127.0.0.11", 53))
    good = question("two", 7)
    for index in range(count):
        message = bytearray(good)
        for _ in range(generator.randrange(1, 6)):
            message[generator.randrange(len(message))] = generator.choice([0, 0xC0, 0xFF, 12, generator.randrange(256)])
        if index % 3 == 0:
            message = message[:generator.randrange(len(message) + 1)]
        if index % 5 == 0:
            message += generator.randbytes(generator.randrange(2000))
        try:
            client.send(bytes(message))
        except OSError:
            pass
        # Streams which end in the middle, or promise more than comes.
        if index % 50 == 0:
            with socket.create_connection(("127.0.0.11", 53), 5) as stream:
                stream.sendall(struct.pack(">H", generator.choice([0, len(message), 65535])) + bytes(message))
    print(ask("two"))


if __name__ == "__main__":
    command, *words = sys.argv[1:]
    if command == "server":
        server(words[0], int(words[1]), words[2])
    elif command == "load":
        load(words[0], words[1:])
    else:
        hostile(int(words[0]), int(words[1]))
