#!/bin/bash
# The guide's deployments, on images made of Debian's packages: nginx and MySQL (MariaDB) with their volumes.
# IMAGES is a folder with the archives of docs/demo/images.sh; they are made when they are not there.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
IMAGES=${IMAGES:-$top/.build/images}
# Made outside of the enclosure: it has no way to a mirror.
if [ -z "${ENCLOSED-}" ] && [ "$(id -u)" = 0 ]; then bash "$top/docs/demo/images.sh" "$IMAGES" || { echo "not ok 1 - the images can be made"; echo 1..1; exit 1; }; fi
begin guide
x() { apus exec "$@"; }
long() { local _; for _ in {1..150}; do eval "$1" >/dev/null 2>&1 && return; sleep 0.2; done; echo "not within thirty seconds: $1"; return 1; }
sql() { x mysql mariadb -uroot -p123456 -N -e "$1"; }
export -f x long sql
for name in busybox nginx mysql; do check "the image $name is loaded" "apus load -i '$IMAGES/$name.image' | grep -q 'Loaded image: $name:latest'"; done

check "nginx with a published port and three volumes" '
    mkdir -p html logs conf; echo hello >html/index.html
    printf "server { listen 80; location / { root /usr/share/nginx/html; index index.html; } location /mine { return 200 mine; } }\n" >conf/default.conf
    apus run -d --name nginx -p 80:80 -v "$PWD/html:/usr/share/nginx/html" -v "$PWD/conf:/etc/nginx/conf.d" -v "$PWD/logs:/logs" nginx >/dev/null && long "curl -sf http://127.0.0.1/" || { apus logs nginx; exit 1; }
    same "$(get 127.0.0.1) $(outside get 10.0.2.15) $(get "[::1]") $(get 127.0.0.1 80 mine)" "hello hello hello mine"'
check "its log is what apus logs shows" 'soon "apus logs nginx 2>&1 | grep -q \"GET / HTTP/1.1\"" && apus logs nginx | grep "GET /" | grep -q "^10.0.2.2 "'
check "what is changed outside is seen inside" 'echo changed >html/index.html; same "$(get 127.0.0.1)" changed'
check "it ends by its own signal" 'started=$SECONDS; apus stop nginx >/dev/null && [ $((SECONDS - started)) -lt 5 ] && apus ps -a --format "{{.Status}}" -f name=nginx | grep -q "^Exited (0)"'
check "it starts again, with its port" 'apus start nginx >/dev/null && long "[ \$(get 127.0.0.1) = changed ]" && apus rm -f nginx >/dev/null && [ -f html/index.html ]'

check "MySQL without a password says why it ends" 'apus run --rm --name mysql mysql >said 2>&1; same $? 1 && grep -q "MYSQL_ROOT_PASSWORD is not set" said'
check "MySQL: data outlives the container" '
    new() { apus run -d --name mysql -p 3306:3306 -e MYSQL_ROOT_PASSWORD=123456 -v "$PWD/mysql/conf:/etc/mysql/conf.d" -v "$PWD/mysql/logs:/logs" -v "$PWD/mysql/data:/var/lib/mysql" mysql >/dev/null; }
    new && long "sql \"select 1\"" || { apus logs mysql 2>&1 | tail -n 20; exit 1; }
    sql "create database shop; create table shop.item (name text); insert into shop.item values (\"swift\")" && apus rm -f mysql >/dev/null && new && long "sql \"select 1\"" && same "$(sql "select name from shop.item")" swift'
check "the guide's columns, with its ports" '
    apus ps -a --no-trunc | grep -q "docker-entrypoint.sh mariadbd --user=mysql" && apus ps -a | tail -n 1 | grep -q "0.0.0.0:3306->3306/tcp, \[::\]:3306->3306/tcp" && apus ps -a | tail -n 1 | grep -q "33060/tcp"'
check "MySQL is reached through its port" '
    apus network create --subnet 192.168.9.0/24 other >/dev/null; IMAGE=mysql; apus run --rm --network other --entrypoint mariadb mysql -h10.0.2.15 -uroot -p123456 -N -e "select name from shop.item" >got; same "$(cat got)" swift; code=$?; apus network rm other >/dev/null; exit $code'
check "MySQL in a volume by name" '
    apus rm -f mysql >/dev/null; apus run -d --name mysql -e MYSQL_ROOT_PASSWORD=123456 -v shop-data:/var/lib/mysql mysql >/dev/null && long "sql \"select 1\"" && sql "create database kept" && apus restart mysql >/dev/null && long "sql \"select 1\"" && sql "show databases" | grep -q kept
    code=$?; apus rm -f mysql >/dev/null; apus volume rm shop-data >/dev/null; exit $code'
check "all of it can be removed" 'same "$(apus ps -aq)" "" && apus rmi busybox nginx mysql >/dev/null && same "$(apus images -q)" "" && stop_daemon'
finish '^apus0$|^br_?'
