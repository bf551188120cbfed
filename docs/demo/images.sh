#!/bin/bash
# images.sh DIR: makes the images of the guide out of Debian's packages, as archives `apus load` takes: DIR/busybox.image, DIR/nginx.image
# and DIR/mysql.image (MariaDB). What is there already is kept. As root; needs mmdebstrap, python3, jq and busybox-static.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# archive NAME ROOT JQ
archive() {
    tar -C "$2" --sort=name --numeric-owner -c . >"$scratch/layer.tar"
    python3 "$top/Tests/Engine/image.py" "$scratch/layer.tar" "$1" "$3" "$scratch/$1.image"
    mv "$scratch/$1.image" "$out/$1.image"
}
# root NAME: the directories and accounts every image has; prints the root's path.
root() {
    local root=$scratch/$1 name
    mkdir -p "$root"/{bin,dev,etc,proc,root,run,sys,tmp,var/log}
    chmod 1777 "$root/tmp"
    cp "$(command -v busybox)" "$root/bin/busybox"
    for name in $("$root/bin/busybox" --list); do [ -e "$root/bin/$name" ] || [ -e "$root/usr/bin/$name" ] || ln -s busybox "$root/bin/$name"; done
    printf 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/bin/false\nmysql:x:100:101:mysql:/var/lib/mysql:/bin/false\n' >"$root/etc/passwd"
    printf 'root:x:0:\nwww-data:x:33:\nmysql:x:101:\n' >"$root/etc/group"
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
    echo "$root"
}
# debian NAME PACKAGE...: unpacks Debian's packages, and what they depend on, into the root; nothing of them is run.
debian() {
    local root=$scratch/$1 release
    shift
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mmdebstrap --quiet --mode=root --variant=extract --include="$(tr ' ' , <<<"$*")" "$release" "$scratch/packages.tar" 2>"$scratch/log" || { cat "$scratch/log" >&2; return 1; }
    mkdir -p "$root" && tar -C "$root" -xf "$scratch/packages.tar" --exclude=./dev/'*'
    rm -rf "$root"/usr/share/{doc,man,locale,info,lintian} "$root"/var/cache/apt
}

if [ ! -e "$out/busybox.image" ]; then
    debian busybox iputils-ping iproute2 libc-bin curl
    archive busybox "$(root busybox)" '.config.Cmd = ["sh"]'
fi
if [ ! -e "$out/nginx.image" ]; then
    debian nginx nginx-light curl
    place=$(root nginx)
    mkdir -p "$place/usr/share/nginx/html" "$place/var/log/nginx" "$place/var/lib/nginx" "$place/etc/nginx/conf.d"
    echo '<h1>Welcome to nginx!</h1>' >"$place/usr/share/nginx/html/index.html"
    ln -sf /dev/stdout "$place/var/log/nginx/access.log" && ln -sf /dev/stderr "$place/var/log/nginx/error.log"
    printf 'server {\n    listen 80;\n    location / { root /usr/share/nginx/html; index index.html; }\n}\n' >"$place/etc/nginx/conf.d/default.conf"
    sed -i '/sites-enabled/d; s/^worker_processes.*/worker_processes 1;/' "$place/etc/nginx/nginx.conf"
    archive nginx "$place" '.config.Cmd = ["nginx", "-g", "daemon off;"] | .config.ExposedPorts = {"80/tcp": {}} | .config.StopSignal = "SIGQUIT"'
fi
if [ ! -e "$out/mysql.image" ]; then
    debian mysql mariadb-server-core mariadb-client-core libc-bin
    place=$(root mysql)
    mkdir -p "$place"/{var/lib/mysql,run/mysqld,etc/mysql/conf.d,usr/local/bin} && chown 100:101 "$place"/{var/lib/mysql,run/mysqld}
    printf '[mariadbd]\nskip-name-resolve\nbind-address = 0.0.0.0\nsocket = /run/mysqld/mysqld.sock\n!includedir /etc/mysql/conf.d\n[client]\nsocket = /run/mysqld/mysqld.sock\n' >"$place/etc/mysql/my.cnf"
    install -m 755 "$here/mysql-entrypoint" "$place/usr/local/bin/docker-entrypoint.sh"
    archive mysql "$place" '.config.Entrypoint = ["docker-entrypoint.sh"] | .config.Cmd = ["mariadbd", "--user=mysql"] | .config.Volumes = {"/var/lib/mysql": {}} | .config.ExposedPorts = {"3306/tcp": {}, "33060/tcp": {}}'
fi
