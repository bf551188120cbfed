#!/usr/bin/env python3
"""image.py SHAPE OUT NAME LAYER...: an image of layers, in one of the shapes programs write.

layout    a directory, as umoci and skopeo make it     oci       the same as an archive
docker20  what docker save wrote before 25             docker29  what it writes now: a layout with manifest.json

Environment: GZIP=1 or ZSTD=1 compresses layers of layouts; DIFFID=..., SIZE=..., DIGEST=1 make the first layer a lie;
PLATFORM=os/arch[/variant] is what it is for; CMD is what it runs; CUT=N takes N bytes from an archive's end.
"""
import gzip, hashlib, io, json, os, subprocess, sys, tarfile

shape, out, name, layers = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
lie = os.environ.get
blobs = {}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def add(data):
    blobs[digest(data)] = data
    return digest(data)


def packed(data):
    if lie("GZIP"):
        return gzip.compress(data, mtime=0), "+gzip"
    if lie("ZSTD"):
        return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout, "+zstd"
    return data, ""


contents = [open(layer, "rb").read() for layer in layers]
diff_ids = ["sha256:" + digest(data) for data in contents]
if lie("DIFFID"):
    diff_ids[0] = "sha256:" + lie("DIFFID") * 64
words = lie("PLATFORM", "linux/" + {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]).split("/")
config = {"architecture": words[1], "os": words[0], "created": "2024-01-01T00:00:00Z",
          "config": {"Env": ["PATH=/bin"], "Cmd": [lie("CMD", "/bin/sh")], "ExposedPorts": {"80/tcp": {}}},
          "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": [{"created_by": "image.py"}]}
if len(words) > 2:
    config["variant"] = words[2]
config = json.dumps(config).encode()
files = {}
order = []


def put(path, data):
    files[path] = data
    order.append(path)


if shape == "docker20":
    paths = []
    for data, diff in zip(contents, diff_ids):
        folder = digest(diff.encode())
        put(folder + "/VERSION", b"1.0")
        put(folder + "/json", b"{}")
        put(folder + "/layer.tar", data)
        paths.append(folder + "/layer.tar")
    put(digest(config) + ".json", config)
    put("manifest.json", json.dumps([{"Config": digest(config) + ".json", "RepoTags": [name] if name else None,
                                      "Layers": paths}]).encode())
    put("repositories", b"{}")
else:
    entries = []
    for data in contents:
        data, suffix = packed(data)
        entries.append({"mediaType": "application/vnd.oci.image.layer.v1.tar" + suffix,
                        "digest": "sha256:" + add(data), "size": len(data)})
    if lie("SIZE"):
        entries[0]["size"] += int(lie("SIZE"))
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                                      "digest": "sha256:" + add(config), "size": len(config)},
                           "layers": entries}).encode()
    entry = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:" + add(manifest),
             "size": len(manifest)}
    if name:
        entry["annotations"] = {"org.opencontainers.image.ref.name": name}
    if shape == "docker29":
        full = "docker.io/library/" + name
        entry["annotations"] = {"io.containerd.image.name": full, "org.opencontainers.image.ref.name": name.split(":")[-1]}
    if lie("DIGEST"):
        first = entries[0]["digest"][7:]
        blobs[first] = blobs[first][:-1] + b"x"
    for key in sorted(blobs):
        put("blobs/sha256/" + key, blobs[key])
    put("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
    put("index.json", json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode())
    if shape == "docker29":
        put("manifest.json", json.dumps([{"Config": "blobs/sha256/" + digest(config), "RepoTags": [name],
                                          "Layers": ["blobs/sha256/" + e["digest"][7:] for e in entries],
                                          "LayerSources": {d: e for d, e in zip(diff_ids, entries)}}]).encode())

if shape == "layout":
    for path in order:
        os.makedirs(os.path.dirname(os.path.join(out, path)), exist_ok=True)
        open(os.path.join(out, path), "wb").write(files[path])
else:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w") as archive:
        for path in order:
            info = tarfile.TarInfo(path)
            info.size = len(files[path])
            archive.addfile(info, io.BytesIO(files[path]))
    data = memory.getvalue()
    open(out, "wb").write(data[: len(data) - int(lie("CUT", "0"))])
