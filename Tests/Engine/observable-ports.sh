#!/bin/bash
# What a user sees of isolation, NAT and published ports: the lines O-36 to O-52 of the guide.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin observable-ports
image_root && cp "$BUILD/peer-tool" "$scratch/rootfs/bin/"
image busybox
# A web server that tells who asks.
image nginx '.config.Cmd = ["busybox", "httpd", "-f", "-p", "80", "-h", "/var/www"] | .config.ExposedPorts = {"80/tcp": {}}'
x() { apus exec "$@"; }
pings() { x "$1" ping -c 1 -W 1 "$2" >/dev/null 2>&1 && echo yes || echo no; }
# web NAME FLAG...: a container that answers its name, and who asked at /cgi-bin/who.
web() {
    local name=$1
    shift
    apus run -d --name "$name" "$@" nginx >/dev/null || return
    x "$name" sh -c 'mkdir -p /var/www/cgi-bin; hostname >/var/www/index.html; printf "#!/bin/sh\nprintf \"Content-Type: text/plain\\r\\n\\r\\n\$REMOTE_ADDR\\n\"\n" >/var/www/cgi-bin/who; chmod +x /var/www/cgi-bin/who'
    soon '[ "$(x '"$name"' curl -s 127.0.0.1)" != "" ]'
}
name_of() { x "$1" hostname; }
x_get() { x "$1" curl -sgf -m 2 "http://$2:${3:-80}/${4-}" || echo nothing; }
# An IPv4 client as a socket of both families shows him.
plain() { sed -E "s/\[::ffff:(.*)\]/\1/"; }
gone() { apus rm -f "$@" >/dev/null; }
export -f plain x pings web name_of x_get gone
apus network create --subnet 192.168.0.0/24 one >/dev/null
apus network create --subnet 192.168.1.0/24 two >/dev/null

check "O-36: containers of different networks do not reach each other" '
    web aa --network one; web bb --network two; web cc --network one
    same "$(pings cc "$(address aa one)")" yes && same "$(pings bb "$(address aa one)")" no && same "$(x_get bb "$(address aa one)")" nothing && same "$(pings aa "$(address bb two)")" no'
check "O-37: but every gateway of the host" 'same "$(pings aa 192.168.0.1) $(pings aa 192.168.1.1)" "yes yes"'
check "O-38: what goes out has the host's address" 'same "$(x_get aa 10.0.2.2 80 cgi-bin/who | plain)" client=10.0.2.15'
check "O-39: an internal network" '
    apus network create --internal in0 >/dev/null; web ii --network in0; web jj --network in0
    same "$(pings ii "$(address jj in0)")" yes && same "$(x ii ip route | grep -c default)" 0 && same "$(pings ii "$(apus network inspect in0 | jq -r ".[0].IPAM.Config[0].Gateway")")" yes && same "$(x_get ii 10.0.2.2)" nothing
    x ii curl -s -m 2 http://10.0.2.2/; same $? 7; code=$?; gone ii jj; apus network rm in0 >/dev/null; exit $code'
check "O-40: forwarding is switched on where a network has a way out, as the page says; no other table is touched" '
    nft add table ip others && nft add chain ip others forward "{ type filter hook forward priority 0; policy accept; }" && nft list table ip others >before
    echo 0 >/proc/sys/net/ipv4/ip_forward; apus run --rm --network one busybox true || exit 1; now=$(cat /proc/sys/net/ipv4/ip_forward); echo 1 >/proc/sys/net/ipv4/ip_forward
    same "$now" 1 && grep -q "net.ipv4.ip_forward" "$top/docs/apus.md" && same "$(nft list table ip others)" "$(cat before)"; code=$?; nft delete table ip others; exit $code'
check "O-41: there is a place for a person's own rules" '
    nft add table inet mine && nft add chain inet mine forward "{ type filter hook forward priority -10; }" && nft add rule inet mine forward ip saddr 192.168.0.0/24 ip daddr 10.0.2.2 drop
    same "$(x_get aa 10.0.2.2)" nothing; code=$?; nft delete table inet mine; exit $code'
check "O-42: a neighbour who routes straight to a container gets nothing; the host gets everything" '
    web pp --network one -p 8080:80; outside ip route add 192.168.0.0/24 via 10.0.2.15; at=$(address pp one)
    same "$(outside get "$at")" nothing && same "$(get "$at")" "$(name_of pp)"; code=$?; outside ip route del 192.168.0.0/24; gone pp; exit $code'
check "O-43: icc=false" '
    apus network create -o com.docker.network.bridge.enable_icc=false quiet >/dev/null; web qq --network quiet; web rr --network quiet
    same "$(pings qq "$(address rr quiet)")" no && same "$(x qq dig +short rr)" "$(address rr quiet)"; code=$?; gone qq rr; apus network rm quiet >/dev/null; exit $code'

check "O-44, O-45: a published port answers on all eight paths, and by IPv6" '
    web nn --network one -p 80:80; want=$(name_of nn); own=192.168.1.1
    for got in "$(get 127.0.0.1)" "$(get "[::1]")" "$(get 10.0.2.15)" "$(get 172.17.0.1)" "$(outside get 10.0.2.15)" "$(x_get nn 10.0.2.15)" "$(x_get bb 10.0.2.15)" "$(x_get bb $own)" "$(x_get bb 172.17.0.1)" "$(outside get "[fd00:2::15]")" "$(get "[fd00:2::15]")"; do
        paths=$((${paths:-0} + 1)); same "$got" "$want" || { echo "path $paths"; exit 1; }
    done'
check "O-44: the port is bound, for both families" '
    ss -Hlnt "sport = :80" | grep -q "0.0.0.0:80" && ss -Hlnt "sport = :80" | grep -qE "\[::\]:80|\*:80"'
check "O-46: who asks is seen, where it can be" '
    same "$(outside get 10.0.2.15 80 cgi-bin/who | plain)" 10.0.2.2'
check "O-47, O-48: ps and port" '
    same "$(apus ps --format "{{.Ports}}" -f name=^nn$)" "0.0.0.0:80->80/tcp, [::]:80->80/tcp" || exit 1
    same "$(apus port nn)" "80/tcp -> 0.0.0.0:80
80/tcp -> [::]:80" || exit 1
    same "$(apus port nn 80)" "0.0.0.0:80
[::]:80" || exit 1
    apus port nn 3306 2>said; same $? 1 && grep -q "3306" said || exit 1
    same "$(apus ps --format "{{.Ports}}" -f name=^aa$)" "80/tcp"'
check "O-47: ports in a row are one" '
    web row --network one -p 8000-8003:8000-8003 -p 9000:80; same "$(apus ps --format "{{.Ports}}" -f name=^row$)" "80/tcp, 0.0.0.0:8000-8003->8000-8003/tcp, [::]:8000-8003->8000-8003/tcp, 0.0.0.0:9000->80/tcp, [::]:9000->80/tcp" ||
        same "$(apus ps --format "{{.Ports}}" -f name=^row$)" "0.0.0.0:8000-8003->8000-8003/tcp, [::]:8000-8003->8000-8003/tcp, 0.0.0.0:9000->80/tcp, [::]:9000->80/tcp"; code=$?; gone row; exit $code'
check "O-49: a port that is taken" '
    apus run -d --name late -p 80:80 nginx >id 2>said; same $? 125 || exit 1
    grep -qE "^[0-9a-f]{64}$" id && grep -q "driver failed programming external connectivity on endpoint late (" said && grep -q "Bind for 0.0.0.0:80 failed: port is already allocated" said || { cat said; exit 1; }
    same "$(apus ps -a --format "{{.Status}}" -f name=^late$)" Created && gone late'
check "O-49: a port a program of the host has" '
    busybox nc -l -p 8081 >/dev/null & nc=$!; soon "ss -Hlnt \"sport = :8081\" | grep -q ." ; apus run -d --name late -p 8081:80 nginx >/dev/null 2>said; code=$?; kill $nc; gone late; cat said; same $code 125 && grep -q "8081" said'
check "O-50: a port out of the kernel's range, the same for both families" '
    web any --network one -p 80; ports=$(apus port any 80 | sed "s/.*://" | sort -u); gone any; same "$(wc -l <<<"$ports")" 1 && [ "$ports" -ge 32768 ] && [ "$ports" -le 60999 ]'
check "O-50: the first free of a range; wrong ranges" '
    web first -p 8100-8103:80; web second -p 8100-8103:80; same "$(apus port first 80 | head -n 1) $(apus port second 80 | head -n 1)" "0.0.0.0:8100 0.0.0.0:8101" || exit 1; gone first second
    apus run --rm -p 8000-8003:80-81 nginx true 2>said; same $? 125 || exit 1; apus run --rm -p 70000:80 nginx true 2>>said; same $? 125; cat said'
check "O-50: to one address alone, by datagrams, and -P" '
    web own -p 127.0.0.1:8085:80 && same "$(get 127.0.0.1 8085) $(outside get 10.0.2.15 8085)" "$(name_of own) nothing" || exit 1; gone own
    web all -P; port=$(apus port all 80 | head -n 1 | sed "s/.*://"); same "$(outside get 10.0.2.15 "$port")" "$(name_of all)"; code=$?; gone all; [ $code = 0 ] || exit 1
    apus run -d --name uu -p 5300:53/udp busybox peer-tool serve hello 53 >/dev/null; for _ in {1..20}; do answer=$(outside "$BUILD/peer-tool" ask udp 10.0.2.15 5300); [ "$answer" != nothing ] && break; done; gone uu; same "$answer" "hello 10.0.2.2"'
check "O-51: modes that publish nothing" '
    apus run --rm --network container:nn -p 81:80 nginx true 2>said; same $? 125 && grep -q "conflicting options: port publishing and the container type network mode" said || exit 1
    apus run --rm --network host -p 81:80 nginx true 2>said; same $? 0 && grep -q "Published ports are discarded when using host network mode" said || exit 1
    apus run --rm --network none -p 81:80 nginx true 2>said; same "$? $(cat said)" "0 "'
check "O-52: a port follows the container, and the default route" '
    apus restart -t 0 nn >/dev/null; soon "[ \"\$(outside get 10.0.2.15)\" != nothing ]" || exit 1
    apus network connect two nn; soon "[ \"\$(outside get 10.0.2.15)\" != nothing ]" || exit 1
    apus network disconnect one nn; soon "[ \"\$(outside get 10.0.2.15)\" != nothing ]" || exit 1
    x nn ip route show default | grep -q "via 192.168.1.1"'
check "a stopped container's port is free" 'apus stop -t 0 nn >/dev/null; same "$(outside get 10.0.2.15)" nothing && ! ss -Hlnt "sport = :80" | grep -q . && web mm -p 80:80 && gone mm nn'
check "all of it can be removed" 'gone aa bb cc; apus network rm one two >/dev/null && same "$(apus ps -aq)" "" && stop_daemon'
finish '^apus0$|^br_?'
