# shellcheck shell=bash
# shellcheck disable=SC2154 # home, say, fail and the like are those of submit.sh, which sources this
# submit.sh cluster up | run | list | savepoint | stop | down.

cluster="$home/.tally/cluster"
flink_lib="$home/job/target/cluster/lib"
client_log="$home/.tally/client.log"
jobmanager=""
ui_port=8081

cluster_usage() {
  cat <<'TEXT'
usage: scripts/submit.sh cluster <verb> [--jobmanager HOST:PORT] [options]

  up                  start a small cluster of separate processes here: ZooKeeper, two
                      JobManagers, two TaskManagers, one of them in reserve
                        --ui-port N
  run                 submit Tally
                        --views FILE  --pipeline FILE  --create-tables  --parallelism N
                        --application-properties FILE (as on Amazon Managed Flink)
                        --from-savepoint PATH  --dynamodb-endpoint URL  --kinesis-endpoint URL
                        -Dkey=value (of pipeline.yaml, or of Flink)
  list                show jobs
  savepoint [JOB]     take a savepoint; the job goes on
  stop [JOB]          stop with a savepoint, and say how to resume
                        --savepoint-dir DIR (also of savepoint)
  down                end the processes that up has started

With --jobmanager, or FLINK_HOME set, that cluster is used; else the one that up has started.
TEXT
}

cluster_main() {
  local verb=${1:-help}
  [ $# -eq 0 ] || shift
  local words=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --jobmanager) need_value "$@" && jobmanager=$2 && shift 2 ;;
      *) words+=("$1") && shift ;;
    esac
  done
  set -- "${words[@]+"${words[@]}"}"
  case "$verb" in
    up | down) own_cluster_only "$verb" ;;
    run | list | savepoint | stop) some_cluster "$verb" ;;
    help | -h | --help) cluster_usage && return ;;
    *) fail "cannot run 'cluster $verb': there are up, run, list, savepoint, stop and down." ;;
  esac
  "cluster_$verb" "$@"
}

need_value() {
  [ $# -ge 2 ] || fail "cannot use $1: it needs a value."
}

refuse() {
  fail "cannot use '$2' with 'cluster $1'. Its options are in: scripts/submit.sh cluster help."
}

own_cluster_only() {
  [ -z "$jobmanager" ] ||
    fail "cannot run 'cluster $1' with --jobmanager: that cluster is somebody else's to start and end."
  [ -z "${FLINK_HOME:-}" ] ||
    fail "cannot run 'cluster $1' with FLINK_HOME set: use its own bin/start-cluster.sh and bin/stop-cluster.sh, or unset FLINK_HOME."
}

some_cluster() {
  [ -z "${FLINK_HOME:-}" ] || [ -x "$FLINK_HOME/bin/flink" ] ||
    fail "cannot use FLINK_HOME: there is no $FLINK_HOME/bin/flink. Set it to the folder of a Flink 1.20."
  [ -n "$jobmanager$(printenv FLINK_HOME || true)" ] || runs zookeeper ||
    fail "cannot run 'cluster $1': no cluster runs here. Start one with scripts/submit.sh cluster up, or name one with --jobmanager HOST:PORT or FLINK_HOME."
  if [ -n "$jobmanager" ]; then
    [[ $jobmanager =~ ^[^:]+:[0-9]+$ ]] ||
      fail "cannot use --jobmanager $jobmanager: it must be HOST:PORT, with the port of Flink's web UI."
    # Flink's client would try for a minute.
    timeout 5 bash -c ": <'/dev/tcp/${jobmanager%:*}/${jobmanager##*:}'" 2>/dev/null ||
      fail "cannot run 'cluster $1': nothing answers at $jobmanager. Look whether Flink runs there; the port is that of its web UI."
  fi
  need_java
  build
  mkdir -p "$home/.tally"
}

# ---- processes -------------------------------------------------------------------------------

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

# ---- Flink's client --------------------------------------------------------------------------

flink() {
  local verb=$1
  shift
  local to=()
  [ -z "$jobmanager" ] || to=(-m "$jobmanager")
  if [ -n "${FLINK_HOME:-}" ]; then
    JVM_ARGS="${JVM_ARGS:-} -Dtally.home=$home" "$FLINK_HOME/bin/flink" "$verb" "${to[@]+"${to[@]}"}" "$@"
    return
  fi
  local conf="$home/flink-conf"
  [ -n "$jobmanager" ] || conf="$cluster/conf"
  # shellcheck disable=SC2046 # options are words
  FLINK_CONF_DIR="$conf" java $(java_options) -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m \
    -Dtally.home="$home" -Dlog4j2.configurationFile="$home/flink-conf/log4j-cluster.properties" \
    -cp "$flink_lib/*" org.apache.flink.client.cli.CliFrontend "$verb" "${to[@]+"${to[@]}"}" "$@"
}

# Runs Flink's client with its output in a file, and says every ten seconds that it still does.
flink_quietly() {
  flink "$@" >"$client_log" 2>&1 &
  local client=$! begun=$SECONDS said=$SECONDS
  trap 'kill "$client" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$client" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - said)) -ge 10 ]; then
      said=$SECONDS
      say "  $((SECONDS - begun)) s  waiting for Flink's client"
    fi
  done
  trap - INT TERM
  wait "$client"
}

# failed WHAT: Flink's client has; says why in a line, and ends.
failed() {
  local mistake
  mistake=$(awk '
    found && /^(\tat |[ \t]*\.\.\. |Caused by: )/ { exit }
    sub(/^.*dev\.tally\.job\.UserError: /, "") { found = 1 }
    found' "$client_log")
  [ -z "$mistake" ] || fail "$mistake"
  if grep -qE 'Connection refused|Could not (connect|retrieve the leader)|LeaderRetrievalException|UnknownHostException|TimeoutException' "$client_log"; then
    fail "cannot $1: Flink does not answer${jobmanager:+ at $jobmanager}. Look whether it runs, and whether that is the port of its web UI."
  fi
  mistake=$(grep -E '^(Caused by: )?[a-zA-Z.$]+(Exception|Error): ' "$client_log" | tail -n 1 |
    sed -E 's/^(Caused by: )?([a-zA-Z.$]+: )+//; s/[.]+$//')
  fail "cannot $1: ${mistake:-Flink\'s client failed}. All it said is in .tally/client.log."
}

# The settings of flink-conf/config.yaml that belong to the job, for clusters that have others.
job_settings() {
  awk '
    /^[ ]*(#|$)/ { next }
    {
      depth = match($0, /[^ ]/) - 1
      line = substr($0, depth + 1)
      key = line; sub(/:.*/, "", key)
      value = line; sub(/^[^:]*:[ ]*/, "", value)
      path[depth] = (depth == 0 ? "" : path[depth - 2] ".") key
      if (value != "" && path[depth] ~ /^(pipeline|state|execution|restart-strategy)\./)
        print "-D" path[depth] "=" value
    }' "$home/flink-conf/config.yaml"
}

absolute() { if [ -e "$1" ]; then realpath "$1"; else printf '%s' "$1"; fi; }

cluster_run() {
  local flags=(-d) words=(run) line
  while IFS= read -r line; do flags+=("$line"); done < <(job_settings)
  while [ $# -gt 0 ]; do
    case "$1" in
      --from-savepoint) need_value "$@" && flags+=(-s "$(absolute "$2")") && shift 2 ;;
      --parallelism) need_value "$@" && flags+=(-p "$2") && shift 2 ;;
      --views | --pipeline | --application-properties | --dynamodb-endpoint | --kinesis-endpoint | --resnapshot | --drop)
        need_value "$@" && words+=("$1" "$2") && shift 2
        ;;
      -Dpipeline.* | -Dstate.* | -Dexecution.* | -Drestart-strategy.*) flags+=("$1") && shift ;;
      --create-tables | --replay | -D*) words+=("$1") && shift ;;
      *) refuse run "$1" ;;
    esac
  done
  local_credentials
  say "submitting ..."
  flink_quietly run "${flags[@]}" "$home/job/target/tally.jar" "${words[@]}" || failed "submit the job"
  local job
  job=$(sed -n 's/^Job has been submitted with JobID \([0-9a-f]*\).*/\1/p' "$client_log" | tail -n 1)
  [ -n "$job" ] || failed "submit the job"
  say "job $job is submitted"
  say "stop it with: scripts/submit.sh cluster stop${jobmanager:+ --jobmanager $jobmanager} $job"
}

# id, state and name of each job that has not ended
jobs_here() {
  flink_quietly list || failed "list the jobs"
  sed -n 's/^[0-9. :]* : \([0-9a-f]\{32\}\) : \(.*\) (\([A-Z]*\))$/\1  \3  \2/p' "$client_log"
}

cluster_list() {
  [ $# -eq 0 ] || refuse list "$1"
  local jobs
  jobs=$(jobs_here)
  printf '%s\n' "${jobs:-no job runs}"
}

# The job that was named, else the only one there is.
job_or_only() {
  if [ -n "$1" ]; then
    [[ $1 =~ ^[0-9a-f]{32}$ ]] ||
      fail "cannot $2 the job '$1': that is no job id. See scripts/submit.sh cluster list."
    printf '%s' "$1"
    return
  fi
  local jobs
  jobs=$(jobs_here)
  [ -n "$jobs" ] || fail "cannot $2 a job: none runs."
  [ "$(wc -l <<<"$jobs")" -eq 1 ] || fail "cannot $2 a job: several run. Name one of
$jobs"
  printf '%s' "${jobs%% *}"
}

# Sets folder and job from the options of savepoint and stop.
savepoint_options() {
  local verb=$1
  shift
  folder="" job=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --savepoint-dir) need_value "$@" && folder=$2 && shift 2 ;;
      --drain) fail "cannot drain a job: it would tell every stage that its table is gone. Stop it without --drain." ;;
      -*) refuse "$verb" "$1" ;;
      *) job=$1 && shift ;;
    esac
  done
  [ -n "$folder" ] || [ -n "$jobmanager${FLINK_HOME:-}" ] || folder="$cluster/savepoints"
  job=$(job_or_only "$job" "$verb")
}

cluster_savepoint() {
  local folder job
  savepoint_options savepoint "$@"
  say "taking a savepoint of job $job ..."
  flink_quietly savepoint "$job" ${folder:+"$folder"} || failed "take a savepoint of job $job"
  local path
  path=$(sed -n 's/^Savepoint completed. Path: //p' "$client_log")
  say "savepoint $path"
  say "start from it with: $(resume "$path")"
}

resume() {
  printf '%s' "scripts/submit.sh cluster run${jobmanager:+ --jobmanager $jobmanager} --from-savepoint $1"
}

cluster_stop() {
  local folder job path
  savepoint_options stop "$@"
  say "stopping job $job ..."
  if flink_quietly stop ${folder:+--savepointPath "$folder"} "$job"; then
    path=$(sed -n 's/^Savepoint completed. Path: //p' "$client_log")
    say "stopped with savepoint $path"
    say "resume with: $(resume "$path")"
    return
  fi
  # Flink calls a job failed whose last rows could not be written, although nothing is lost.
  path=$(sed -n 's/.*[Ss]avepoint has been created at: \([^ ,]*\),.*/\1/p' "$client_log" | head -n 1)
  [ -n "$path" ] || failed "stop job $job"
  fail "job $job has stopped as FAILED: its savepoint is good, but its last rows could not be written. They are written by: $(resume "$path")"
}
