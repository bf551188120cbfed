"""image.py LAYER NAME JQ OUT: a docker archive OUT with one image NAME on the layer archive LAYER; JQ changes its configuration."""
import hashlib, io, json, subprocess, sys, tarfile

layer_file, name, change, out = sys.argv[1:]
digest = hashlib.sha256(open(layer_file, "rb").read()).hexdigest()
configuration = {
    "architecture": "amd64", "os": "linux", "created": "2024-01-02T03:04:05Z",
    "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "Cmd": ["sh"]},
    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest]},
    "history": [{"created": "2024-01-02T03:04:05Z", "created_by": "a test"}],
}
text = subprocess.run(["jq", "-c", change], input=json.dumps(configuration).encode(), stdout=subprocess.PIPE, check=True).stdout.strip()
identifier = hashlib.sha256(text).hexdigest()
tag = name if ":" in name else name + ":latest"
manifest = [{"Config": identifier + ".json", "RepoTags": [tag], "Layers": ["layer.tar"]}]
with tarfile.open(out, "w") as archive:
    def add(file, content):
        entry = tarfile.TarInfo(file)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    add("manifest.json", json.dumps(manifest).encode())
    add(identifier + ".json", text)
    archive.add(layer_file, "layer.tar")
