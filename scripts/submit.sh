#!/usr/bin/env bash
# Runs Tally: local | cluster | managed | check | verify | audit | dead-letters. The README lists the options.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lib="$home/job/target/local/lib"
native="$home/job/target/local/native"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 2; }

usage() {
  cat <<'TEXT'
usage: scripts/submit.sh <command> [options]

  local    run everything here: DynamoDB Local, Kinesis, Flink, demo traffic
             --views FILE  --no-demo  --duration 60s  --from-savepoint PATH
             --savepoint-dir DIR  --dynamodb-endpoint URL  --kinesis-endpoint URL  --aws
             --dynamodb-port N  --ui-port N  --metrics-port N  --parallelism N
             -Dkey=value
             with a savepoint: --resnapshot TABLE  --replay  --drop NAME
  cluster  run on a Flink cluster: up | run | list | savepoint | stop | down
             --jobmanager HOST:PORT; more with: scripts/submit.sh cluster help
  managed  run on Amazon Managed Flink: doctor | up | deploy | scale | status | restore | ... | down
             --dry-run prints every request; more with: scripts/submit.sh managed help
  check    check views.yaml against the tables; writes nothing
             --views FILE  --pipeline FILE  --dynamodb-endpoint URL  --kinesis-endpoint URL
  verify   recount the source tables and compare every row; exit 1 if any differs
             --repair  --read-capacity UNITS_A_SECOND
             --views FILE  --pipeline FILE  --dynamodb-endpoint URL  --kinesis-endpoint URL
  audit    recount a table and compare anybody's counters; reads only; exit 1 if any differs
             --table NAME  --group-by A,B  --against TABLE.ATTRIBUTE
             --where JSON  --measure count|sum:A|avg:A|min:A|max:A|count-distinct:A
             --key 'PK=LIST#{ListId}'  --examples N  --read-capacity UNITS_A_SECOND
             --region REGION  --dynamodb-endpoint URL
  dead-letters [list | reapply]
           what could not be used, by reason; or try it again and remove what is done
             --views FILE  --pipeline FILE  --dynamodb-endpoint URL  -Ddead-letters.table=NAME
  managed-template
           print the CloudFormation template of what stands beside an application on Amazon
           Managed Flink: bucket, role, logs, alarms, dashboard; asks nothing of AWS
             --name APPLICATION  --views FILE  --pipeline FILE  -Dkey=value

All but audit take --application-properties FILE too: options as Amazon Managed Flink hands them on.
TEXT
}

need_java() {
  command -v java >/dev/null || fail "cannot run Tally: there is no java. Install JDK 17."
  local version
  version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${version:-0}" -ge 17 ] ||
    fail "cannot run Tally: java is version ${version:-unknown}. Install JDK 17 and put it first on PATH."
}

# Builds when there is no build yet or a source file is newer than it.
build() {
  local stamp="$home/job/target/tally.jar"
  if [ -f "$stamp" ] &&
    [ -z "$(find "$home/pom.xml" "$home"/*/pom.xml "$home"/*/src/main -newer "$stamp" -type f -print -quit)" ]; then
    return
  fi
  command -v mvn >/dev/null || fail "cannot build Tally: there is no mvn. Install Maven 3.8 or newer."
  say "building Tally (the first time this takes a few minutes) ..."
  mkdir -p "$home/.tally"
  (cd "$home" && exec mvn -B -DskipTests package) >"$home/.tally/build.log" 2>&1 &
  if ! show_build $!; then
    tail -n 30 "$home/.tally/build.log" >&2
    fail "cannot build Tally: Maven failed. All it said is in .tally/build.log."
  fi
  touch "$stamp"
}

# Waits for Maven and says every ten seconds where it is; Ctrl-C ends both.
show_build() {
  local maven=$1 begun=$SECONDS said=$SECONDS
  trap 'kill "$maven" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$maven" 2>/dev/null; do
    sleep 0.5
    if [ $((SECONDS - said)) -ge 10 ]; then
      said=$SECONDS
      say "  $((SECONDS - begun)) s  $(sed -n 's/^\[INFO\] \(Building .*[^ ]\) *\[.*/\1/p' "$home/.tally/build.log" | tail -n 1)"
    fi
  done
  trap - INT TERM
  wait "$maven"
}

# Kinesis is an npm package; without Node the feed goes to files, and the program says so.
install_kinesis() {
  local folder="$home/scripts/kinesis-local"
  if [ -d "$folder/node_modules/kinesis-local" ] || ! command -v npm >/dev/null; then
    return
  fi
  say "installing kinesis-local ..."
  mkdir -p "$home/.tally"
  if ! (cd "$folder" && npm ci --no-audit --no-fund) >"$home/.tally/npm.log" 2>&1; then
    say "cannot install kinesis-local: npm failed, see .tally/npm.log. Feeds go to files."
  fi
}

java_options() {
  local opens=""
  local package
  for package in java.util java.lang java.net java.nio sun.nio.ch java.time \
    java.util.concurrent java.util.concurrent.atomic; do
    opens+=" --add-opens=java.base/$package=ALL-UNNAMED"
  done
  printf '%s' "$opens"
}

run_java() {
  local compilers=-XX:+TieredCompilation
  case "$1" in
    # Over within seconds: half of their processor time would be the second compiler's.
    check | managed-template) compilers=-XX:TieredStopAtLevel=1 ;;
  esac
  # shellcheck disable=SC2046 # options are words
  exec java $(java_options) "$compilers" -Xmx2g -XX:+UseSerialGC \
    -Dsqlite4java.library.path="$native" \
    -Dlog4j2.configurationFile="$home/flink-conf/log4j-local.properties" \
    -Dtally.home="$home" \
    -cp "$home/job/target/classes:$lib/*" dev.tally.job.Main "$@"
}

# Java runs in a process group of its own: Ctrl-C reaches this script only, which asks for an
# orderly stop by a file; a second Ctrl-C ends it at once.
run_local() {
  local stop
  stop=$(mktemp -u "${TMPDIR:-/tmp}/tally-stop.XXXXXX")
  set -m
  run_java local --stop-file "$stop" "$@" </dev/null &
  local java=$!
  set +m
  trap 'if [ -e "$stop" ]; then kill -TERM "$java" 2>/dev/null; else touch "$stop"; fi' INT TERM
  local status=0
  while :; do
    status=0
    wait "$java" || status=$?
    kill -0 "$java" 2>/dev/null || break
  done
  rm -f "$stop"
  exit "$status"
}

command=${1:-help}
[ $# -eq 0 ] || shift
case "$command" in
  local)
    need_java
    build
    install_kinesis
    run_local "$@"
    ;;
  cluster)
    # shellcheck source-path=SCRIPTDIR source=cluster.sh
    . "$home/scripts/cluster.sh"
    cluster_main "$@"
    ;;
  managed)
    # shellcheck source-path=SCRIPTDIR source=managed.sh
    . "$home/scripts/managed.sh"
    managed_main "$@"
    ;;
  check | verify | audit | dead-letters | managed-template)
    need_java
    build
    run_java "$command" "$@"
    ;;
  help | -h | --help)
    usage
    ;;
  *)
    usage >&2
    fail "cannot run the command '$command': there are local, cluster, managed, check, verify, audit and dead-letters."
    ;;
esac
