#!/usr/bin/env python3
"""hostile.py ATTACK OUT: the archive of a layer which tries to do harm. CANARY is a path outside that must not come to be."""
import io, os, sys, tarfile

attack, out = sys.argv[1], sys.argv[2]
canary = os.environ.get("CANARY", "/canary")
up = "../" * 12 + canary.lstrip("/")
archive = tarfile.open(out, "w", format=tarfile.PAX_FORMAT)


def file(name, content=b"harm", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(content))


def other(name, kind, link="", **fields):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    for key, value in fields.items():
        setattr(info, key, value)
    archive.addfile(info)


folder = os.path.dirname(canary)
file("before", b"an honest file")
if attack == "absolute":
    file(canary)
elif attack == "up":
    file(up)
elif attack == "up-inside":
    file("a/../../../../../../../../../.." + canary)
elif attack == "symlink":
    other("out", tarfile.SYMTYPE, folder)
    file("out/canary")
elif attack == "symlink-relative":
    other("out", tarfile.SYMTYPE, "../" * 12 + folder.lstrip("/"))
    file("out/canary")
elif attack == "symlink-directory":
    other("out", tarfile.SYMTYPE, folder)
    other("out/canary", tarfile.DIRTYPE)
elif attack == "symlink-chain":
    other("a", tarfile.SYMTYPE, ".")
    other("a/b", tarfile.SYMTYPE, folder)
    file("a/b/canary")
elif attack == "symlink-file":
    # The second entry would write through the first: it has to take its place instead.
    other("out", tarfile.SYMTYPE, canary)
    file("out", b"replaced")
elif attack == "hardlink-absolute":
    other("passwd", tarfile.LNKTYPE, "/etc/passwd")
elif attack == "hardlink-up":
    other("passwd", tarfile.LNKTYPE, "../" * 12 + "etc/passwd")
elif attack == "hardlink-symlink":
    other("etc", tarfile.SYMTYPE, "/etc")
    other("passwd", tarfile.LNKTYPE, "etc/passwd")
elif attack == "hardlink-missing":
    other("passwd", tarfile.LNKTYPE, "not-there")
elif attack == "hardlink-directory":
    other("dir", tarfile.DIRTYPE)
    other("again", tarfile.LNKTYPE, "dir")
elif attack == "hardlink-to-symlink":
    # A second name of the link itself, through which nothing may be written.
    other("out", tarfile.SYMTYPE, canary)
    other("again", tarfile.LNKTYPE, "out")
    file("again", b"replaced")
elif attack == "whiteout-up":
    file(".wh...", b"")
elif attack == "whiteout-empty":
    file(".wh.", b"")
elif attack == "whiteout-device":
    other("gone", tarfile.CHRTYPE)
elif attack == "nul":
    file("x", pax_headers={"path": "a\0b"})
elif attack == "long":
    file("d/" * 2100 + "f")
elif attack == "long-name":
    file("n" * 256)
elif attack == "deep":
    # As deep as a path may be, and then one below.
    file("d/" * 511 + "f")
    file("d/" * 512 + "f")
elif attack == "wide":
    # Each of many directories as deep as a path may be: what is remembered of them must not cost gigabytes.
    for number in range(12000):
        other("d/" * 500 + "%d" % number, tarfile.DIRTYPE)
elif attack == "opaque-attribute":
    other("dir", tarfile.DIRTYPE, pax_headers={"SCHILY.xattr.trusted.overlay.opaque": "y",
                                               "SCHILY.xattr.user.overlay.opaque": "y",
                                               "SCHILY.xattr.trusted.overlay.redirect": "/etc",
                                               "SCHILY.xattr.security.selinux": "x",
                                               "SCHILY.xattr.user.kept": "1"})
elif attack == "root-file":
    file(".")
elif attack == "negative":
    file("x", pax_headers={"size": "-1"})
elif attack == "sparse":
    file("x", pax_headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "x"})
elif attack == "terabyte":
    info = tarfile.TarInfo("x")
    info.size = 1 << 40
    archive.addfile(info)
elif attack == "parent-is-file":
    file("before/below")
elif attack == "entries":
    for number in range(3000):
        file(f"f{number}", b"")
elif attack == "bomb":
    for number in range(64):
        file(f"f{number}", b"\0" * (1 << 20))
elif attack == "duplicates":
    other("a", tarfile.DIRTYPE)
    file("a/b", b"1")
    file("a", b"2")
    other("a", tarfile.DIRTYPE, mode=0o700)
    file("a/c", b"3")
else:
    sys.exit(f"no attack {attack}")
archive.close()
