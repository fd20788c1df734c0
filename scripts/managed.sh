# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # home, say and the like are those of submit.sh, which sources this
# submit.sh managed <verb>: Tally on Amazon Managed Service for Apache Flink.

work="$home/.tally/managed"
name=tally
region="" profile="" endpoint=${TALLY_AWS_ENDPOINT:-}
views="$home/flink-conf/views.yaml"
properties="$home/flink-conf/application_properties.json"
jar="$home/job/target/tally.jar"
jar_given=false
template="" email="" create_tables=false
parallelism="" interval=""
timeout=1800
poll=${TALLY_POLL_SECONDS:-5}
dry_run=false yes=false json=false force=false keep_data=false
allow_non_restored=false accept_gap=false allow_dirty=false with_its_jar=false
log_view=recent
dynamodb_endpoint="" kinesis_endpoint=""
arguments=()
verb=help
finished=""

# shellcheck source-path=SCRIPTDIR source=managed/errors.sh
. "$home/scripts/managed/errors.sh"
# shellcheck source-path=SCRIPTDIR source=managed/aws.sh
. "$home/scripts/managed/aws.sh"
# shellcheck source-path=SCRIPTDIR source=managed/requests.sh
. "$home/scripts/managed/requests.sh"
# shellcheck source-path=SCRIPTDIR source=managed/wait.sh
. "$home/scripts/managed/wait.sh"
# shellcheck source-path=SCRIPTDIR source=managed/stack.sh
. "$home/scripts/managed/stack.sh"
# shellcheck source-path=SCRIPTDIR source=managed/deploy.sh
. "$home/scripts/managed/deploy.sh"
# shellcheck source-path=SCRIPTDIR source=managed/state.sh
. "$home/scripts/managed/state.sh"
# shellcheck source-path=SCRIPTDIR source=managed/look.sh
. "$home/scripts/managed/look.sh"
# shellcheck source-path=SCRIPTDIR source=managed/doctor.sh
. "$home/scripts/managed/doctor.sh"

managed_usage() {
  cat <<'TEXT'
usage: scripts/submit.sh managed <verb> [options]

  doctor              everything that can be known before a start, each with its remedy
  up                  from nothing to a running, verified application; goes on where it stopped
  deploy              a new jar, views.yaml and configuration in one update, state kept
  config              views.yaml, properties and checkpoints only
  scale               --parallelism N
  start               from the newest snapshot
  stop [--force]      with a snapshot; --force without one
  status              application, tasks, checkpoints, the last operations
  snapshot [NAME]     take one
  snapshots           list them
  restore NAME        go back to a snapshot; --with-its-jar: and to the jar that made it
  rollback            go back to the version before
  ops                 what was done to the application
  logs                of the last hour; --errors, --first-failure, --follow
  ui                  a link to Flink's web UI, for half an hour. Whoever has it may look
  export NAME         copy a snapshot to the code bucket, where the service offers that
  replay NAME|PATH    restore an exported snapshot here, with scripts/submit.sh local
  down [--keep-data]  delete the application, its stack and its code; --keep-data keeps the code

options of all
  --name N            of the application (tally)
  --region R  --profile P
  --views F           (flink-conf/views.yaml)
  --parallelism N     at creation 1, later as it is
  --checkpoint-interval MS
                      at creation 60000, later as it is: committed rows are that old
  --dry-run           print the requests that would change something, and make none of them
  --yes               do not ask
  --timeout SECONDS   of each wait (1800)
  --json              the result as JSON on standard output, talk on standard error
  --endpoint-url U    of every AWS service, for tests; --dynamodb-endpoint and
                      --kinesis-endpoint for the tables and streams that doctor looks at
  --email A           gets a mail from every alarm
  --create-tables     the stack makes targets, status table and streams
  --jar F  --template F
                      take these instead of building them
  --allow-dirty       deploy what is not committed
  --allow-non-restored-state
                      start although state of the snapshot has no operator: it is lost
  --accept-gap        restore a snapshot older than a stream keeps, although changes are lost

A template of more than 51,200 bytes (some five tables with views) goes through a bucket
tally-<account>-<region>-templates, which is made if it is missing and which down leaves.
The stack is changed before the application: what a removed view wrote with fails for the
minutes until the old job stops, and is nothing that the new one needs.

exit codes: 0 done; 1 the application is not healthy; 2 your side: tools, arguments,
configuration, permissions; 3 the service refused, or an operation failed; 4 timed out

examples
  scripts/submit.sh managed up --dry-run
  scripts/submit.sh managed up --region eu-west-1 --views my-views.yaml --parallelism 2
  scripts/submit.sh managed restore pre-1a2b3c4-20261120T180100Z-3f0c --with-its-jar
TEXT
}

managed_main() {
  verb=${1:-help}
  [ $# -eq 0 ] || shift
  case "$verb" in
    doctor | up | deploy | config | scale | start | stop | status | snapshot | snapshots | restore | \
      rollback | ops | logs | ui | export | replay | down) ;;
    help | -h | --help) managed_usage && return ;;
    *) fail "cannot run 'managed $verb': the verbs are in scripts/submit.sh managed help." ;;
  esac
  managed_options "$@"
  mkdir -p "$work"
  scratch=$(mktemp -d "$work/run.XXXXXX")
  trap 'managed_exit $?' EXIT
  need_tools
  "managed_$verb"
}

managed_options() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --name) need_value "$@" && name=$2 && shift 2 ;;
      --region) need_value "$@" && region=$2 && shift 2 ;;
      --profile) need_value "$@" && profile=$2 && shift 2 ;;
      --views) need_value "$@" && views=$2 && shift 2 ;;
      --parallelism) need_value "$@" && parallelism=$2 && shift 2 ;;
      --checkpoint-interval) need_value "$@" && interval=$2 && shift 2 ;;
      --timeout) need_value "$@" && timeout=$2 && shift 2 ;;
      --endpoint-url) need_value "$@" && endpoint=$2 && shift 2 ;;
      --dynamodb-endpoint) need_value "$@" && dynamodb_endpoint=$2 && shift 2 ;;
      --kinesis-endpoint) need_value "$@" && kinesis_endpoint=$2 && shift 2 ;;
      --email) need_value "$@" && email=$2 && shift 2 ;;
      --create-tables) create_tables=true && shift ;;
      --jar) need_value "$@" && jar=$2 && jar_given=true && shift 2 ;;
      --template) need_value "$@" && template=$2 && shift 2 ;;
      --dry-run) dry_run=true && shift ;;
      --yes) yes=true && shift ;;
      --json) json=true && shift ;;
      --force) only stop "$1" && force=true && shift ;;
      --keep-data) only down "$1" && keep_data=true && shift ;;
      --with-its-jar) only restore "$1" && with_its_jar=true && shift ;;
      --errors | --first-failure | --follow) only logs "$1" && log_view=${1#--} && shift ;;
      --allow-dirty) allow_dirty=true && shift ;;
      --allow-non-restored-state) allow_non_restored=true && shift ;;
      --accept-gap) accept_gap=true && shift ;;
      -h | --help) managed_usage && exit 0 ;;
      -*) fail "cannot use '$1' with 'managed $verb'. Its options are in: scripts/submit.sh managed help." ;;
      *) arguments+=("$1") && shift ;;
    esac
  done
  [[ $name =~ ^[a-zA-Z0-9-]{1,40}$ ]] ||
    fail "cannot use the name '$name': an application, its bucket and its role are named by it. Take at most 40 letters, digits and hyphens."
  positive --parallelism "$parallelism" 256
  positive --checkpoint-interval "$interval" 86400000
  positive --timeout "$timeout" 86400
  local most=0
  case "$verb" in
    restore | export | replay) most=1 ;;
    snapshot) most=1 ;;
  esac
  [ ${#arguments[@]} -le $most ] ||
    fail "cannot use '${arguments[$most]}' with 'managed $verb'. Its options are in: scripts/submit.sh managed help."
  case "$verb" in
    restore | export | replay)
      [ ${#arguments[@]} -eq 1 ] ||
        fail "cannot $verb a snapshot: none was named. See scripts/submit.sh managed snapshots."
      ;;
  esac
}

only() {
  [ "$verb" = "$1" ] || fail "cannot use $2 with 'managed $verb': it belongs to 'managed $1'."
}

positive() {
  [ -z "$2" ] || { [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] && [ "$2" -le "$3" ]; } ||
    fail "cannot use $1 $2: it must be a whole number from 1 to $3."
}

need_value() {
  [ $# -ge 2 ] || fail "cannot use $1: it needs a value."
}

# finish CODE TEXT [JSON]: the only way out with a result. Text goes to people, JSON to programs.
finish() {
  local code=$1 text=$2 facts=${3:-}
  if $json; then
    [ "$code" -eq 0 ] || say "$text"
    finished=$(result "$verb" "$name" "$code" "$text" "${facts:-null}")
    printf '%s\n' "$finished"
  elif [ "$code" -eq 0 ]; then
    [ -z "$text" ] || printf '%s\n' "$text"
  else
    say "$text"
  fi
  finished=yes
  exit "$code"
}

fail() {
  if [ "${json:-false}" = true ] && command -v jq >/dev/null; then
    finish 2 "$*"
  fi
  say "$*"
  finished=yes
  exit 2
}

# Also when something unforeseen ended the script, a program must get its answer.
managed_exit() {
  rm -rf "$scratch"
  if $json && [ -z "$finished" ] && [ "$1" -ne 0 ]; then
    result "$verb" "$name" "$1" "cannot go on: ended with code $1." null
  fi
}

# confirm WHAT LOSS: a tty is asked, everybody else must have said --yes.
confirm() {
  if $yes || $dry_run; then
    return
  fi
  if [ ! -t 0 ]; then
    fail "cannot $1: nobody was asked. $2 If that is meant, add --yes."
  fi
  say "$2"
  local typed
  read -r -p "To $1, type its name ($name): " typed
  [ "$typed" = "$name" ] || fail "cannot $1: its name was not typed."
}
