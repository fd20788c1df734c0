# shellcheck shell=bash
# shellcheck disable=SC2154 # home, cluster, say, fail and the like are those of who sources this
# Of submit.sh cluster: the processes of a cluster on this machine, from up to down.

# A process is known by its id and when it began: an id alone may be somebody else's by now.
# One that has ended and was not yet collected by its parent still has an id.
began() { ps -o stat= -o lstart= -p "$1" 2>/dev/null | awk '$1 !~ /^Z/ { print $2, $3, $4, $5, $6 }'; }

pid_of() { sed -n 1p "$cluster/pids/$1" 2>/dev/null; }

runs() {
  local pid
  pid=$(pid_of "$1") && [ -n "$pid" ] && [ "$(began "$pid")" = "$(sed -n 2p "$cluster/pids/$1")" ]
}

# start NAME JVM-OPTION... CLASS ARGUMENT...
start() {
  local name=$1
  shift
  if runs "$name"; then
    return
  fi
  say "starting $name ..."
  # shellcheck disable=SC2046 # options are words
  (cd "$cluster" && exec java $(java_options) -XX:+UseSerialGC \
    -Dlog4j2.configurationFile="$home/flink-conf/log4j-cluster.properties" \
    -cp "$flink_lib/*" "$@" </dev/null >>"$cluster/logs/$name.log" 2>&1) &
  local pid=$!
  printf '%s\n%s\n' "$pid" "$(began "$pid")" >"$cluster/pids/$name"
}

cluster_up() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --ui-port) need_value "$@" && ui_port=$2 && shift 2 ;;
      *) refuse up "$1" ;;
    esac
  done
  need_java
  build
  local_credentials
  mkdir -p "$cluster/conf" "$cluster/pids" "$cluster/logs" "$cluster/zookeeper"
  runs zookeeper || configure
  trap '' INT
  start zookeeper -Xmx64m org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.quorum.QuorumPeerMain \
    "$cluster/conf/zoo.cfg"
  await zookeeper zookeeper_answers
  local name
  for name in jobmanager-1 jobmanager-2; do
    start "$name" -Xmx512m -XX:MaxMetaspaceSize=256m \
      org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
      --configDir "$cluster/conf" --host 127.0.0.1
  done
  for name in taskmanager-1 taskmanager-2; do
    start "$name" -Xmx896m -XX:MaxDirectMemorySize=384m -XX:MaxMetaspaceSize=256m \
      org.apache.flink.runtime.taskexecutor.TaskManagerRunner \
      --configDir "$cluster/conf" "-Dtaskmanager.resource-id=$name"
  done
  trap - INT
  await jobmanager-1 two_taskmanagers
  say "Flink UI   http://127.0.0.1:$(rest_port)"
  say "logs       .tally/cluster/logs"
}

# AWS's own client finds nothing without a region and keys; DynamoDB Local takes any.
local_credentials() {
  if [ -n "${AWS_ACCESS_KEY_ID:-}${AWS_PROFILE:-}${AWS_WEB_IDENTITY_TOKEN_FILE:-}" ] || [ -d "$HOME/.aws" ]; then
    return
  fi
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION="${AWS_REGION:-us-east-1}"
}

# Every memory part is fixed: a TaskManager that no script of Flink's has sized wants it so.
configure() {
  local port
  port=$(free_port 2181)
  cat >"$cluster/conf/zoo.cfg" <<TEXT
clientPort=$port
clientPortAddress=127.0.0.1
dataDir=$cluster/zookeeper
tickTime=1000
admin.enableServer=false
TEXT
  { cat "$home/flink-conf/config.yaml" && cat <<TEXT; } >"$cluster/conf/config.yaml"

# What scripts/submit.sh cluster up adds.
high-availability.type: zookeeper
high-availability.zookeeper.quorum: 127.0.0.1:$port
high-availability.zookeeper.client.session-timeout: 10 s
high-availability.storageDir: file://$cluster/ha
execution.checkpointing.dir: file://$cluster/checkpoints
execution.checkpointing.savepoint-dir: file://$cluster/savepoints
jobmanager.bind-host: 127.0.0.1
jobmanager.rpc.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.address: 127.0.0.1
rest.bind-port: $ui_port-$((ui_port + 18))
taskmanager.bind-host: 127.0.0.1
taskmanager.host: 127.0.0.1
taskmanager.cpu.cores: 2
taskmanager.memory.framework.heap.size: 128 mb
taskmanager.memory.task.heap.size: 768 mb
taskmanager.memory.framework.off-heap.size: 128 mb
taskmanager.memory.task.off-heap.size: 0 mb
taskmanager.memory.network.min: 128 mb
taskmanager.memory.network.max: 128 mb
taskmanager.memory.managed.size: 512 mb
taskmanager.memory.jvm-metaspace.size: 256 mb
taskmanager.memory.jvm-overhead.min: 192 mb
taskmanager.memory.jvm-overhead.max: 192 mb
TEXT
}

free_port() {
  local port=$1
  while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    port=$((port + 1))
  done
  printf '%s' "$port"
}

zookeeper_port() { sed -n 's/^clientPort=//p' "$cluster/conf/zoo.cfg"; }

zookeeper_answers() { (: <"/dev/tcp/127.0.0.1/$(zookeeper_port)") 2>/dev/null; }

# Of the JobManager that began last to listen; one in reserve passes questions on to the leader.
rest_port() {
  sed -n 's/.*Rest endpoint listening at 127\.0\.0\.1:\([0-9]*\).*/\1/p' \
    "$cluster/logs/jobmanager-1.log" 2>/dev/null | tail -n 1
}

two_taskmanagers() {
  local port
  port=$(rest_port)
  [ -n "$port" ] && [ "$(ask "$port" /taskmanagers | grep -o '"slotsNumber"' | wc -l)" -ge 2 ]
}

# A GET, without a program for it.
ask() {
  {
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
    timeout 5 cat <&3
  } 2>/dev/null
}

# await PROCESS CONDITION: at most three minutes, with a word every five seconds.
await() {
  local begun=$SECONDS said=$SECONDS
  until "$2"; do
    runs "$1" || fail "cannot start $1: it ended at once. What it said is in .tally/cluster/logs/$1.log."
    [ $((SECONDS - begun)) -lt 180 ] ||
      fail "cannot start the cluster: it is not ready after three minutes. The logs are in .tally/cluster/logs."
    if [ $((SECONDS - said)) -ge 5 ]; then
      said=$SECONDS
      say "  $((SECONDS - begun)) s  waiting for $1"
    fi
    sleep 0.3
  done
}

cluster_down() {
  [ $# -eq 0 ] || refuse down "$1"
  local name ended=0 deadline=$((SECONDS + 10))
  # ZooKeeper last, so that the others can take their leave.
  for name in taskmanager-1 taskmanager-2 jobmanager-1 jobmanager-2 zookeeper; do
    if runs "$name"; then
      kill "$(pid_of "$name")"
      ended=$((ended + 1))
      while runs "$name" && [ $SECONDS -lt $deadline ]; do sleep 0.1; done
      ! runs "$name" || kill -9 "$(pid_of "$name")"
    fi
    rm -f "$cluster/pids/$name"
  done
  if [ $ended -eq 0 ]; then
    say "no cluster ran here"
  else
    say "ended $ended processes. A job that was not stopped goes on with the next 'cluster up'."
  fi
}
