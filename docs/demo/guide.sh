#!/bin/bash
# guide.sh BUILD IMAGES: Docker's networking guide, played with `apus`: the default bridge, links, networks of one's own, names, live
# connect and disconnect, the modes host, none and container, NAT, published ports, volumes, nginx and MySQL. Every command is shown
# before its output. All of it happens in namespaces of its own, and nothing is left behind.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo 'the demo runs containers: call it as root (sudo make demo)' >&2; exit 1; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(realpath "$1") images=$(realpath "$2")
if [ -z "${ENCLOSED:-}" ]; then exec "$top/Tests/Support/enclosure" bash "$0" "$build" "$images"; fi

place=/run/guide
mkdir "$place" && mount -t tmpfs -o mode=755 guide "$place" && mkdir "$place/plugins" && cd "$place"
sh "$top/plugins/install" "$build" "$place/plugins" >/dev/null
export PATH=$build:$PATH CNI_PATH=$place/plugins APUS_ROOT=$place/state APUS_RUN=$place/run
mkdir -p /run/netns
ip netns add outside
ip link add uplink type veth peer name eth0 netns outside
ip address add 10.0.2.15/24 dev uplink && ip link set uplink up && ip route add default via 10.0.2.2
ip -n outside address add 10.0.2.2/24 dev eth0 && ip -n outside link set eth0 up
echo 1 >/proc/sys/net/ipv4/ip_forward

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() {
    printf '$ %s\n' "$*"
    eval "$*" || printf '(exit code %s)\n' "$?"
}
# until_answers COMMAND: a server takes a moment.
until_answers() { for _ in {1..150}; do eval "$1" >/dev/null 2>&1 && return; sleep 0.2; done; }

say 'The images: Debian'"'"'s packages as archives'
for image in busybox nginx mysql; do show "apus load -q -i '$images/$image.image'"; done
show apus images

say 'The networks of a new host'
show apus network ls

say 'The default bridge: two containers reach each other by address, not by name'
show apus run -tid --name centos01 busybox
show apus run -tid --name centos02 busybox
show apus ps
show apus exec centos01 ip address
show apus exec centos01 ping -c 1 172.17.0.3
show apus exec centos01 ping -c 1 centos02
show apus network inspect bridge

say '--link: one direction, by a line in /etc/hosts'
show apus run -tid --name centos03 --link centos01 busybox
show apus exec centos03 ping -c 1 centos01
show apus exec centos03 cat /etc/hosts
show apus exec centos01 ping -c 1 centos03

say 'A network of one'"'"'s own: names'
show apus network create --driver bridge --subnet 192.168.0.0/24 --gateway 192.168.0.1 my-docker-net
show apus run -tid --network my-docker-net --name web01 busybox
show apus run -tid --network my-docker-net --name web02 busybox
show apus exec web01 ping -c 1 web02
show apus exec web01 cat /etc/resolv.conf

say 'Networks are apart; a container can be on several, from one moment to the next'
show apus exec centos01 ping -c 1 -W 1 192.168.0.2
show apus network connect my-docker-net centos01
show apus exec centos01 ip -brief address
show apus exec centos01 ping -c 1 web01
show apus network graph
show apus network disconnect my-docker-net centos01
show apus exec centos01 ip -brief address

say 'The modes host, none and container'
show "apus run --rm --network host busybox ip -brief address show uplink"
show "apus run --rm --network none busybox ip -brief address"
show "apus run --rm --network container:web01 busybox ip -brief address"

say 'A published port: nginx with three volumes'
mkdir -p "$place/nginx/html" "$place/nginx/logs"
echo '<h1>Hello from a volume</h1>' >"$place/nginx/html/index.html"
show 'apus run -d --name nginx -p 80:80 -v "$PWD/nginx/html:/usr/share/nginx/html" -v "$PWD/nginx/conf.d:/etc/nginx/conf.d.more" -v "$PWD/nginx/logs:/var/log/nginx" nginx'
until_answers 'curl -sf http://127.0.0.1/'
show apus ps
show apus port nginx
show curl -s http://127.0.0.1/
show "curl -s -g 'http://[::1]/'"
show ip netns exec outside curl -s http://10.0.2.15/
show apus exec web01 curl -s http://10.0.2.15/

say 'MySQL with its data in volumes: it outlives its container'
mysql='apus run -d --name mysql -p 3306:3306 -e MYSQL_ROOT_PASSWORD=123456 -v "$PWD/mysql/conf:/etc/mysql/conf.d" -v "$PWD/mysql/logs:/logs" -v "$PWD/mysql/data:/var/lib/mysql" mysql'
show "$mysql"
until_answers 'apus exec mysql mariadb -uroot -p123456 -e "select 1"'
show "apus exec mysql mariadb -uroot -p123456 -e 'create database shop; create table shop.item (name text); insert into shop.item values (\"swift\")'"
show apus rm -f mysql
show "$mysql"
until_answers 'apus exec mysql mariadb -uroot -p123456 -e "select 1"'
show "apus exec mysql mariadb -uroot -p123456 -e 'select * from shop.item'"
show apus ps -a

say 'Somebody flushes the firewall: it is put right'
show nft flush ruleset
show apus system check --repair
show ip netns exec outside curl -s http://10.0.2.15/

say 'Nothing is left'
show 'apus rm -f $(apus ps -aq)'
show apus network rm my-docker-net
show apus network ls
show "ip -brief link show type veth"
cd / && umount -R -l "$place" && rmdir "$place"
