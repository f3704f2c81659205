#!/usr/bin/env bash
# Time from the start of a node's process to its first 200 on /readyz, in milliseconds, five times. Build in Release before.
#   bench/start.sh DATA_DIR    (a directory that is missing or empty: an empty node, made anew each time)
set -euo pipefail
data=${1:?usage: bench/start.sh DATA_DIR}
node="$(dirname "$0")/../src/Node/bin/Release/net10.0/Discord.Node.dll"
port=$((20000 + RANDOM % 10000))
[ -e "$data/discord.db" ] && empty=0 || empty=1
for _ in 1 2 3 4 5; do
    [ "$empty" = 1 ] && rm -rf "$data"
    begun=$(date +%s%N)
    dotnet "$node" --port 0 --ops-port "$port" --data-dir "$data" > "${TMPDIR:-/tmp}/start-$port.log" 2>&1 &
    pid=$!
    until { exec 3<> "/dev/tcp/127.0.0.1/$port"; } 2> /dev/null \
        && printf 'GET /readyz HTTP/1.0\r\nHost: x\r\n\r\n' >&3 && head -1 <&3 | grep -q ' 200 '; do
        kill -0 "$pid" 2> /dev/null || { cat "${TMPDIR:-/tmp}/start-$port.log" >&2; exit 1; }
        sleep 0.005
    done
    echo "$((($(date +%s%N) - begun) / 1000000)) ms, load average $(cut -d' ' -f1 /proc/loadavg)"
    kill "$pid"
    wait "$pid" || true
done
