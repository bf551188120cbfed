"""churn.py SECONDS RATE HELD RUN...: attachments to the network blue which come and go, on each host in turns.

RUN is a host's run directory. RATE attachments are made each second, over all hosts, and as many given up again. What the plugins overlay and
dns do is done here: a record is written, the daemon is told; the file is removed, the daemon is told. Each address that is given is looked for in the
directory HELD, where whoever has one keeps a directory called like it. Prints the figures as JSON.
"""
import asyncio
import collections
import json
import os
import sys
import time

NETWORK = os.environ.get("CHURN_NETWORK", "blue")
SUBNET = os.environ.get("CHURN_SUBNET", "10.20.0.0/16")
WORKERS = 32  # On each host; each makes one call after the other.
HOLD = 0.1  # Seconds a container lives.

seconds, rate, held, runs = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:]
figures = collections.Counter()
delays = {"attach": [], "detach": []}
begun = time.monotonic()
turn = 0


async def call(connection, kind, record):
    reader, writer = connection
    writer.write(json.dumps({"do": "sync", "kind": kind, "record": record}).encode() + b"\n")
    answer = json.loads(await asyncio.wait_for(reader.readline(), 20))
    if not answer.get("ok"):
        figures["refused"] += 1
        print("refused:", kind, record, json.dumps(answer), file=sys.stderr)
    return answer


def write(path, record):
    with open(path + ".new", "w") as file:
        json.dump(record, file)
    os.rename(path + ".new", path)


async def one(connection, run, host, number):
    name = f"x{host}-{number}"
    file = f"{NETWORK}:{name}:eth0.json"
    base = {"containerID": name, "interface": "eth0", "namespace": f"/run/netns/c{host}"}
    write(f"{run}/overlay/{file}", base | {"network": {"name": NETWORK, "subnet": SUBNET}})
    start = time.monotonic()
    answer = await call(connection, "overlay", file)
    delays["attach"].append(time.monotonic() - start)
    named = number % 10 == 0
    address = None
    if answer.get("ok"):
        figures["attached"] += 1
        address = answer["assignment"]["address"].split("/")[0]
        try:
            os.mkdir(f"{held}/{address}")
        except FileExistsError:
            figures["twice"] += 1
            print("given twice:", address, name, file=sys.stderr)
        if named:
            write(f"{run}/dns/{file}", base | {"network": NETWORK, "names": [name], "addresses": [address]})
            await call(connection, "dns", file)
    await asyncio.sleep(HOLD)
    if address:
        os.rmdir(f"{held}/{address}")
        if named:
            os.remove(f"{run}/dns/{file}")
            await call(connection, "dns", file)
    os.remove(f"{run}/overlay/{file}")
    start = time.monotonic()
    await call(connection, "overlay", file)
    delays["detach"].append(time.monotonic() - start)
    figures["detached"] += 1


async def worker(run, host):
    global turn
    connection = await asyncio.open_unix_connection(f"{run}/netd.sock")
    while time.monotonic() - begun < seconds:
        number, turn = turn, turn + 1
        wait = begun + number / rate - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        await one(connection, run, host, number)
    connection[1].close()


def quantile(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * share))] * 1000, 1) if values else None


async def main():
    for run in runs:
        for kind in ("overlay", "dns"):
            os.makedirs(f"{run}/{kind}", exist_ok=True)
    hosts = list(enumerate(runs, 1))
    await asyncio.gather(*(worker(run, host) for _ in range(WORKERS) for host, run in hosts))
    took = time.monotonic() - begun
    result = dict(figures) | {"seconds": round(took, 1), "rate": round(figures["attached"] / took, 1)}
    for what, values in delays.items():
        result[what + "_ms"] = {"median": quantile(values, 0.5), "p99": quantile(values, 0.99)}
    print(json.dumps(result))


asyncio.run(main())
