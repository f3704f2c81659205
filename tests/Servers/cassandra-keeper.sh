#!/usr/bin/env bash
# Starts a Cassandra for test processes and stops it when the last of them has ended, however it ended.
# usage: cassandra-keeper.sh SERVER_SH HOME FIRST_NODE [options of server.sh start …]
#   HOME/users/PID  a process that uses the server; whoever adds one holds the lock HOME.lock while it does
#   HOME/keeper     the process id of this script
#   HOME/ready      is there once the server answers; HOME/failed once it is clear that it will not
#   HOME.ended      the end of the log of a server that ended by itself while it was used
# Run it in a session of its own: it must outlive who started it.
set -uo pipefail
server=$1 home=$2 first=$3
shift 3
echo $$ >"$home/keeper"

if bash "$server" start --data "$home/data" --first "$first" "$@"; then touch "$home/ready"; else touch "$home/failed"; fi

exec 9>>"$home.lock"
while sleep 2; do
  flock 9
  used=0
  for user in "$home"/users/*; do
    [[ -e $user ]] || continue
    if kill -0 "$(basename "$user")" 2>/dev/null; then used=1; else rm -f "$user"; fi
  done
  if [[ $used == 0 ]]; then
    bash "$server" stop --data "$home/data"
    rm -rf "$home"
    exit 0
  fi
  for node in "$home"/data/node*; do
    # Who ends one on purpose takes its pid file away.
    if pid=$(cat "$node/pid" 2>/dev/null) && ! kill -0 "$pid" 2>/dev/null; then
      { echo "$(date -Is) $node ended while it was used:"; tail -n 30 "$node/log"; } >>"$home.ended"
      rm -f "$node/pid"
    fi
  done
  flock -u 9
done
