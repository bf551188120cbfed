"""scale.py COMMAND ARGUMENT...: a cluster of many nodes as etcd has it, without the nodes.

  fill URL NODES EACH ID=SUBNET...   writes NODES nodes, each with a session, a block and EACH endpoints, into the networks in turns
  wanted                             what the tables are to have of the network $SCALE_NETWORK: ADDRESS MAC HOST
  tables                             waits for the first change of the kernel's tables, and until none comes any more
  events URL SECONDS RATE            endpoints go and come: how long after it was asked each change was in the kernel's table
  leave URL                          a node's session ends: when the last of its endpoints was gone
  ask NAME                           asks 127.0.0.11 for NAME all the time, until its standard input ends: the delays

What was filled is remembered in ./cluster.json. Figures are printed as JSON.
"""
import base64
import http.client
import ipaddress
import json
import os
import random
import socket
import struct
import sys
import threading
import time

ROOT = "/apus/v1/"


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Etcd:
    def __init__(self, url):
        self.connection = http.client.HTTPConnection(url.split("//")[1], timeout=60)

    def call(self, path, body):
        self.connection.request("POST", "/v3/" + path, json.dumps(body))
        response = self.connection.getresponse()
        data = response.read()
        if response.status != 200:
            sys.exit(f"etcd: {path}: {data[:300]!r}")
        return json.loads(data)

    def lease(self, seconds=3600):
        return self.call("lease/grant", {"TTL": seconds})["ID"]

    def commit(self, operations):
        for start in range(0, len(operations), 120):
            self.call("kv/txn", {"success": operations[start : start + 120]})


def put(key, value, lease=None):
    request = {"key": b64(ROOT + key), "value": b64(json.dumps(value, separators=(",", ":")))}
    return {"requestPut": request | ({"lease": lease} if lease else {})}


def delete(key):
    return {"requestDeleteRange": {"key": b64(ROOT + key)}}


def mac(address):
    return "02:42:" + ":".join(f"{byte:02x}" for byte in address.packed)


def endpoint(address, name):
    return {"ip": str(address), "mac": mac(address), "names": [name]}


def fill(url, nodes, each, *networks):
    etcd, begun = Etcd(url), time.monotonic()
    nodes, each = int(nodes), int(each)
    networks = [network.split("=") for network in networks]
    # From the end: the real node has its block at the beginning.
    blocks = {name: list(ipaddress.ip_network(subnet).subnets(new_prefix=26)) for name, subnet in networks}
    cluster = {"nodes": {}, "endpoints": []}
    operations = []
    for n in range(nodes):
        node, lease = f"{0x1000000000000000 + n:016x}", etcd.lease()
        network = networks[n % len(networks)][0]
        block = blocks[network].pop()
        vtep = str(ipaddress.ip_address("198.18.0.1") + n)
        cluster["nodes"][node] = {"lease": lease, "count": each, "network": network}
        operations += [
            put(f"nodes/{node}", {"name": f"sim{n}", "vtep": vtep, "port": 4789}, lease),
            put(f"blocks/{network}/{block}", {"node": node}),
        ]
        for m, address in zip(range(each), list(block)[1:]):
            name = f"web-{n}-{m}"
            container = f"{n:08x}{m:04x}" + "c" * 52  # 64 digits, as an engine's.
            key = f"eps/{network}/{node}/{container}:eth0"
            operations.append(put(key, endpoint(address, name), lease))
            cluster["endpoints"].append([key, str(address), name, lease, network, vtep])
        if len(operations) > 2000:
            etcd.commit(operations)
            operations = []
    etcd.commit(operations)
    json.dump(cluster, open("cluster.json", "w"))
    print(json.dumps({"seconds": round(time.monotonic() - begun, 1), "endpoints": len(cluster["endpoints"])}))


def wanted():
    for _, address, _, _, network, vtep in json.load(open("cluster.json"))["endpoints"]:
        if network == os.environ["SCALE_NETWORK"]:
            print(address, mac(ipaddress.ip_address(address)), vtep)


class Table(threading.Thread):
    """What the kernel tells of its neighbours: address -> when it came or went last."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 1 << 29)  # SO_RCVBUFFORCE
        self.socket.bind((0, 4))  # RTMGRP_NEIGH
        self.seen, self.count, self.last, self.first = {}, 0, None, None
        self.start()

    def run(self):
        while True:
            data = self.socket.recv(1 << 16)
            now, at = time.monotonic(), 0
            while at + 16 <= len(data):
                length, kind = struct.unpack_from("=IH", data, at)
                family = data[at + 16]
                self.count += 1
                if kind in (28, 29):
                    self.first, self.last = self.first or now, now
                    if family == socket.AF_INET and data[at + 28 : at + 32] == b"\x08\x00\x01\x00":
                        self.seen[data[at + 32 : at + 36], kind] = now
                at += (length + 3) & ~3


NEW, GONE = 28, 29


def quantiles(delays):
    values = sorted(delays)
    pick = lambda share: round(values[min(len(values) - 1, int(len(values) * share))] * 1000, 1)
    if not values:
        return {"count": 0}
    return {"count": len(values), "median_ms": pick(0.5), "p99_ms": pick(0.99), "max_ms": pick(1)}


def events(url, seconds, rate):
    etcd, table = Etcd(url), Table()
    seconds, rate = float(seconds), float(rate)
    cluster = json.load(open("cluster.json"))
    mine = [e for e in cluster["endpoints"] if e[4] == os.environ.get("SCALE_NETWORK", e[4])]
    random.seed(1)
    random.shuffle(mine)
    batch = 20
    begun, made, asked = time.monotonic(), 0, []
    away, turn = [], 0
    longest = min(50, len(mine) // batch - 1)  # Batches which are away at a time, for a second or two.
    while time.monotonic() - begun < seconds or away:
        wait = begun + made / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        if len(away) >= longest or time.monotonic() - begun >= seconds:
            changed, kind = away.pop(0), NEW
            operations = [put(key, endpoint(ipaddress.ip_address(a), name), lease) for key, a, name, lease, *_ in changed]
        else:
            changed = [mine[(turn * batch + i) % len(mine)] for i in range(batch)]
            operations, kind, turn = [delete(e[0]) for e in changed], GONE, turn + 1
            away.append(changed)
        now = time.monotonic()
        etcd.commit(operations)
        asked += [(socket.inet_aton(e[1]), kind, now) for e in changed]
        made += len(changed)
    took = time.monotonic() - begun
    time.sleep(3)
    # What went and came before the kernel was told is nothing new to it. The same address's last change counts.
    last = {(address, kind): now for address, kind, now in asked}
    delays = [table.seen[what] - now for what, now in last.items() if table.seen.get(what, 0) > now]
    print(json.dumps({"per_second": round(made / took)} | quantiles(delays) | {"unseen": len(last) - len(delays)}))


def leave(url):
    etcd, table = Etcd(url), Table()
    cluster = json.load(open("cluster.json"))
    node, what = next((k, v) for k, v in cluster["nodes"].items() if v["network"] == os.environ.get("SCALE_NETWORK", v["network"]))
    time.sleep(0.5)
    begun = time.monotonic()
    etcd.call("lease/revoke", {"ID": what["lease"]})
    while sum(kind == GONE for _, kind in table.seen) < what["count"] and time.monotonic() - begun < 60:
        time.sleep(0.01)
    gone = [when for (_, kind), when in table.seen.items() if kind == GONE and when > begun]
    print(json.dumps({"entries": len(gone), "ms": round((max(gone, default=begun) - begun) * 1000)}))


def tables():
    """From the first change to the last, when none has come for two seconds."""
    table, begun = Table(), time.monotonic()
    print("ready", flush=True)
    while not table.last or time.monotonic() - table.last < 2:
        time.sleep(0.05)
        if time.monotonic() - begun > 300:
            break
    first, last = table.first or begun, table.last or begun
    print(json.dumps({"first_ms": round((first - begun) * 1000), "last_ms": round((last - begun) * 1000), "batch_ms": round((last - first) * 1000), "messages": table.count}))


def ask(name):
    """Until its standard input is closed."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(10)
    client.connect(("127.0.0.11", 53))
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0\0\1\0\1"
    delays, lost, wrong, number = [], 0, 0, 0
    while not ended.is_set():
        number += 1
        begun = time.monotonic()
        client.send(struct.pack("!HHHHHH", number & 0xFFFF, 0x100, 1, 0, 0, 0) + question)
        try:
            while True:
                answer = client.recv(4096)
                if answer[:2] == struct.pack("!H", number & 0xFFFF):
                    break
            delays.append(time.monotonic() - begun)
            wrong += struct.unpack_from("!H", answer, 6)[0] != 1
        except TimeoutError:
            lost += 1
        except ConnectionRefusedError:
            pass
        time.sleep(0.005)
    print(json.dumps(quantiles(delays) | {"missing": lost, "without_answer": wrong}))


globals()[sys.argv[1]](*sys.argv[2:])
