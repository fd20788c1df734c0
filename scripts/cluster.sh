# shellcheck shell=bash
# shellcheck disable=SC2154 # home, say, fail and the like are those of submit.sh, which sources this
# submit.sh cluster up | run | list | savepoint | stop | down.

cluster="$home/.tally/cluster"
flink_lib="$home/job/target/cluster/lib"
client_log="$home/.tally/client.log"
jobmanager=""
ui_port=8081

# shellcheck source-path=SCRIPTDIR source=cluster/processes.sh
. "$home/scripts/cluster/processes.sh"

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
