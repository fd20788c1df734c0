# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# Calls of AWS and of Flink's REST interface. Answers are in $reply, complaints in $said:
# a subshell for each answer could not end the script.

reply="" said="" blind=""
app="" app_raw="" status="" version="" token=""

need_tools() {
  local tool
  for tool in jq curl; do
    command -v "$tool" >/dev/null ||
      fail "cannot run 'managed $verb': there is no $tool. Install $tool with your package manager."
  done
  command -v aws >/dev/null ||
    fail "cannot run 'managed $verb': there is no aws. Install the AWS CLI, 2.18 or newer, or 1.35 or newer."
  export AWS_PAGER=""
  region=${region:-${AWS_REGION:-${AWS_DEFAULT_REGION:-}}}
  local words=()
  [ -z "$profile" ] || words=(--profile "$profile")
  if [ -z "$region" ]; then
    region=$(aws "${words[@]+"${words[@]}"}" configure get region 2>/dev/null || true)
  fi
  if [ -z "$region" ] && $dry_run; then
    region=us-east-1
    say "no region is set: the requests name $region"
  fi
  [ -n "$region" ] ||
    fail "cannot run 'managed $verb': no region is set. Name one with --region, or set AWS_REGION."
  aws_words=(--output json --region "$region" "${words[@]+"${words[@]}"}")
  [ -z "$endpoint" ] || aws_words+=(--endpoint-url "$endpoint")
}

# call SERVICE COMMAND [REQUEST [WORD...]]
call() {
  local service=$1 command=$2 request=${3:-} input=()
  shift $(($# < 3 ? $# : 3))
  if [ -n "$request" ]; then
    printf '%s' "$request" >"$scratch/request.json"
    input=(--cli-input-json "file://$scratch/request.json")
  fi
  reply=""
  if [ -n "$blind" ]; then
    said=$blind
    return 1
  fi
  said=""
  if reply=$(aws "${aws_words[@]}" "$service" "$command" "${input[@]+"${input[@]}"}" "$@" 2>"$scratch/said"); then
    return 0
  fi
  said=$(<"$scratch/said")
  # A dry run without access asks once, and then only prints.
  if $dry_run && [[ $said == *redential* || $said == *[Tt]oken* || $said == *"connect to"* ]]; then
    blind=$said
  fi
  return 1
}

# change WHAT SERVICE COMMAND REQUEST [WORD...]: a call that changes something. With --dry-run it is only shown.
change() {
  local what=$1
  shift
  if $dry_run; then
    plan "$1" "$2" "$3"
    reply="{}"
    return
  fi
  call "$@" || refused "$what"
}

# plan SERVICE COMMAND REQUEST
plan() {
  local line
  line=$(planned "$1" "$2" "$3")
  if $json; then printf '%s\n' "$line"; else jq . <<<"$line"; fi
}

# look WHAT SERVICE COMMAND [REQUEST [WORD...]]: a call that only reads
look() {
  local what=$1
  shift
  call "$@" || refused "$what"
}

# patiently WHAT COMMAND...: with a word every ten seconds; Ctrl-C ends both
patiently() {
  local what=$1 begun=$SECONDS spoken=$SECONDS
  shift
  "$@" >"$scratch/patient.out" 2>"$scratch/said" &
  local pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - spoken)) -ge 10 ]; then
      spoken=$SECONDS
      say "  $((SECONDS - begun)) s  $what"
    fi
  done
  trap - INT TERM
  if wait "$pid"; then
    return 0
  fi
  said=$(<"$scratch/said")
  return 1
}

# ---- the application -------------------------------------------------------------------------

named() { jq -nc --arg name "$name" '{ApplicationName: $name}'; }

# Sets app, status, version and token; false if there is no such application.
describe() {
  app="" app_raw="" status=NONE version=0 token=""
  if call kinesisanalyticsv2 describe-application "$(named)"; then
    app_raw=$reply
    app=$(jq -c .ApplicationDetail <<<"$reply")
    IFS=$'\t' read -r status version token < <(
      jq -r '[.ApplicationStatus, .ApplicationVersionId, .ConditionalToken // ""] | @tsv' <<<"$app")
    return 0
  fi
  if [[ $said == *ResourceNotFoundException* ]]; then
    return 1
  fi
  if $dry_run; then
    say "cannot look at application $name: $(because). What follows is for one that does not exist yet."
    return 1
  fi
  refused "look at application $name"
}

must_exist() {
  describe || fail "cannot $1 application $name: there is none in $region. Create it with: scripts/submit.sh managed up"
}

# An application of that name may be somebody else's.
is_ours() {
  local arn
  arn=$(jq -r .ApplicationARN <<<"$app")
  look "read the tags of application $name" kinesisanalyticsv2 list-tags-for-resource \
    "$(jq -nc --arg arn "$arn" '{ResourceARN: $arn}')"
  [ "$(jq -r '[.Tags[]? | select(.Key == "tally") | .Value][0] // ""' <<<"$reply")" = "$name" ]
}

not_ours() {
  printf "it has no tag tally=%s, so it is not Tally's. Take another --name, or give it that tag if it is yours." "$name"
}

must_be_ours() {
  is_ours || fail "cannot $1 application $name: $(not_ours)"
}

# ---- Flink's REST interface ------------------------------------------------------------------

rest_base="" rest_query=""

presign() {
  call kinesisanalyticsv2 create-application-presigned-url \
    "$(named | jq -c '. + {UrlType: "FLINK_DASHBOARD_URL", SessionExpirationDurationInSeconds: 1800}')" ||
    return 1
  presigned=$(jq -r .AuthorizedUrl <<<"$reply")
  rest_base=$(dashboard_base "$presigned")
  rest_query=${presigned#*\?}
}

# rest PATH: the token goes to curl by a pipe, not where every process of the machine can read it.
rest() {
  said=""
  if reply=$(printf 'url = "%s/%s?%s"\n' "$rest_base" "$1" "$rest_query" |
    curl -sSfL --max-time 20 -b "$scratch/cookies" -c "$scratch/cookies" -K - 2>"$scratch/said"); then
    return 0
  fi
  said=$(sed 's/authToken=[^& "]*/authToken=.../g' "$scratch/said")
  return 1
}
