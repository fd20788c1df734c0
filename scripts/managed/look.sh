# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# status, ops, logs, ui, export, replay, down.

managed_status() {
  describe || finish 1 "there is no application $name in $region. Create it with: scripts/submit.sh managed up" '{"status":"NONE"}'
  health='{"job":null}' cause=""
  if [ "$status" = RUNNING ] && presign; then
    look_at_job || say "Flink's REST interface does not answer: $(own_words "$said")"
  fi
  local facts ok
  last_operations 5
  facts=$(jq -nc --argjson app "$app" --argjson job "$health" --argjson operations "$operations" '
    ($app.ApplicationConfigurationDescription // {}) as $c | ($c.FlinkApplicationConfigurationDescription // {}) as $f
    | {status: $app.ApplicationStatus, version: $app.ApplicationVersionId, runtime: $app.RuntimeEnvironment,
       jar: $c.ApplicationCodeConfigurationDescription.CodeContentDescription.S3ApplicationCodeLocationDescription.FileKey,
       views: ([$c.EnvironmentPropertyDescriptions.PropertyGroupDescriptions[]? | select(.PropertyGroupId == "tally") | .PropertyMap["views.uri"]][0]),
       parallelism: $f.ParallelismConfigurationDescription.Parallelism,
       currentParallelism: $f.ParallelismConfigurationDescription.CurrentParallelism,
       parallelismPerKpu: $f.ParallelismConfigurationDescription.ParallelismPerKPU,
       checkpointInterval: $f.CheckpointConfigurationDescription.CheckpointInterval,
       job: $job, operations: $operations}')
  ok=$(jq -r '.status == "RUNNING" and .job.healthy == true' <<<"$facts")
  if [ "$ok" = true ]; then
    finish 0 "$(if $json; then printf 'healthy'; else words_of_status "$facts"; fi)" "$facts"
  fi
  local text="application $name is $status"
  [ "$status" != RUNNING ] || text="application $name is not healthy: its job $(words_of_health)"
  if [ -n "$cause" ]; then
    explain "$cause"
    text+=". The first cause: ${why#AWS says: }"
  fi
  if ! $json; then
    words_of_status "$facts"
    printf '\n'
  fi
  finish 1 "$text" "$facts"
}

words_of_status() {
  jq -r --arg name "$name" --arg region "$region" --arg job "$(words_of_health)" '
    "application  \($name) in \($region): \(.status), version \(.version), \(.runtime)",
    "job          \($job)",
    "code         \(.jar)",
    "views        \(.views)",
    "parallelism  \(.parallelism), \(.parallelismPerKpu) a KPU; a checkpoint each \((.checkpointInterval // 0) / 1000) s",
    (.operations[] | "operation    \(.start)  \(.operation)  \(.status)")' <<<"$1"
  printf 'costs        %s' "$(cost_line "$(jq -r '.parallelism // 1' <<<"$1")" "$(jq -r '.parallelismPerKpu // 1' <<<"$1")")"
}

# last_operations N: sets operations
last_operations() {
  operations="[]"
  if call kinesisanalyticsv2 list-application-operations "$(named | jq -c --argjson n "$1" '. + {Limit: $n}')"; then
    operations=$(jq -c '[.ApplicationOperationInfoList[]? | {operation: .Operation, id: .OperationId, status: .OperationStatus,
      start: (.StartTime // "" | if type == "number" then floor | todate else tostring | .[:19] + .[-6:] end), end: .EndTime}]' <<<"$reply")
  else
    say "the operations cannot be listed: $(because)"
  fi
}

managed_ops() {
  must_exist "list the operations of"
  last_operations 50
  if $json; then
    finish 0 "" "$(jq -nc --argjson operations "$operations" '{operations: $operations}')"
  fi
  local failed
  failed=$(jq -r '[.[] | select(.status == "FAILED")][0].id // ""' <<<"$operations")
  finish 0 "$(jq -r '.[] | "\(.start)  \(.status | (. + "            ")[:12])  \(.operation)  \(.id)"' <<<"$operations")$(why_failed "$failed")"
}

why_failed() {
  [ -n "$1" ] || return 0
  call kinesisanalyticsv2 describe-application-operation "$(named | jq -c --arg id "$1" '. + {OperationId: $id}')" || return 0
  explain "$(jq -r '.ApplicationOperationInfoDetails.OperationFailureDetails.ErrorInfo.ErrorString // "no reason is given"' <<<"$reply")"
  printf '\nthe newest failure, %s: %s' "$1" "$why"
}

managed_ui() {
  must_exist "open the web UI of"
  [ "$status" = RUNNING ] || finish 1 "cannot open the web UI of application $name: it is $status, and only a RUNNING one has a web UI."
  presign || refused "open the web UI of application $name"
  say "open it within three minutes; it works for half an hour, for everybody who has it:"
  finish 0 "$presigned" "$(jq -nc --arg url "$presigned" '{url: $url}')"
}

# ---- logs ------------------------------------------------------------------------------------

managed_logs() {
  must_exist "read the logs of"
  local stream_arn pattern="" since more=()
  stream_arn=$(jq -r '.CloudWatchLoggingOptionDescriptions[0].LogStreamARN // ""' <<<"$app")
  [ -n "$stream_arn" ] || attach_logs
  log_group=${stream_arn#*:log-group:}
  log_group=${log_group%%:*}
  since=$(($(date +%s) - 3600))
  case "$log_view" in
    errors)
      pattern='{ $.messageType = "ERROR" }'
      since=$((since - 23 * 3600))
      ;;
    first-failure)
      # A loop hides what began it: the first failure since the last start is the one to mend.
      pattern='{ $.throwableInformation = "*" }'
      last_start
      more=(--max-items 1)
      ;;
  esac
  if [ "$log_view" = follow ]; then
    follow
  fi
  log_events "$since" "$pattern" "${more[@]+"${more[@]}"}"
  local lines
  lines=$(words_of_events)
  if $json; then
    finish 0 "" "$(jq -c '{events: [.events[]? | (.message | fromjson? // .)]}' <<<"$reply")"
  fi
  finish 0 "${lines:-no such lines in $log_group}"
}

# log_events SECONDS PATTERN [WORD...]
log_events() {
  local request since=$1 pattern=$2 tries=0
  shift 2
  request=$(jq -nc --arg group "$log_group" --argjson since $((since * 1000)) --arg pattern "$pattern" \
    '{logGroupName: $group, startTime: $since} + (if $pattern == "" then {} else {filterPattern: $pattern} end)')
  until call logs filter-log-events "$request" "$@"; do
    [[ $said == *ResourceNotFoundException* && $tries -eq 0 ]] || refused "read log group $log_group"
    tries=1
    attach_logs
  done
}

# Without group and stream the service drops every line and says nothing.
attach_logs() {
  local stream=application option
  log_group=${log_group:-/aws/kinesis-analytics/$name}
  if [ -n "${stream_arn:-}" ]; then stream=${stream_arn##*:log-stream:}; fi
  say "there is no log group $log_group with stream $stream: making it"
  make_log logs create-log-group "$(jq -nc --arg g "$log_group" '{logGroupName: $g}')"
  make_log logs create-log-stream "$(jq -nc --arg g "$log_group" --arg s "$stream" '{logGroupName: $g, logStreamName: $s}')"
  if [ -z "${stream_arn:-}" ]; then
    must_be_ours "attach logs to"
    stream_arn="$(jq -r .ApplicationARN <<<"$app" | sed 's/:kinesisanalytics:/:logs:/; s/:application\/.*//'):log-group:$log_group:log-stream:$stream"
    describe || true
    change "attach logs to application $name" kinesisanalyticsv2 add-application-cloud-watch-logging-option \
      "$(named | jq -c --arg token "$token" --arg arn "$stream_arn" '. + {ConditionalToken: $token, CloudWatchLoggingOption: {LogStreamARN: $arn}}')"
  fi
}

make_log() {
  if $dry_run; then
    plan "$@"
  elif ! call "$@" && [[ $said != *ResourceAlreadyExists* ]]; then
    refused "make log group $log_group"
  fi
}

last_start() {
  local at
  last_operations 50
  at=$(jq -r '[.[] | select(.operation | test("Start|Update|Rollback"))][0].start // ""' <<<"$operations")
  [ -z "$at" ] || since=$(seconds_of "$at")
}

# Time, level, logger and message of each line, and of a stack trace its first and its last cause.
words_of_events() {
  jq -r '.events[]? | .timestamp as $at | (.message | fromjson? // {message: .})
    | "\($at / 1000 | floor | todate)  \(.messageType // "")  \((.logger // "") | split(".") | last // "")  \(.message // "")"
      + ((.throwableInformation // "") | if type == "array" then join("\n") else tostring end | split("\n")
         | (if .[0] == "" or .[0] == null then "" else "\n    " + .[0] end)
           + ([.[1:][] | select(startswith("Caused by: "))] | last | if . == null then "" else "\n    " + . end))' <<<"$reply"
}

follow() {
  local seen=$(($(date +%s) - 60)) lines last=""
  say "following $log_group; Ctrl-C ends"
  while :; do
    log_events "$seen" ""
    # Events of the second that was looked at last come again: what was shown is not shown twice.
    lines=$(words_of_events)
    diff <(printf '%s\n' "$last") <(printf '%s\n' "$lines") | sed -n 's/^> //p' | grep -v '^$' || true
    last=$lines
    seen=$(jq -r --argjson seen "$seen" '[.events[]?.timestamp] | max // 0 | . / 1000 | floor | [., $seen] | max' <<<"$reply")
    sleep "$poll"
  done
}

# ---- a snapshot on the desk ------------------------------------------------------------------

managed_export() {
  export_snapshot "${arguments[0]}"
  finish 0 "snapshot ${arguments[0]} is in s3://$bucket/$exported
replay it with: scripts/submit.sh managed replay ${arguments[0]}" "$(jq -nc --arg uri "s3://$bucket/$exported" '{uri: $uri}')"
}

no_export() {
  finish 2 "cannot export snapshot $1: $2 Its state stays with the service: restore it there with scripts/submit.sh managed restore $1, or look at the tables from here with scripts/submit.sh local --aws; a savepoint of another cluster replays with scripts/submit.sh managed replay PATH."
}

# Sets exported: the folder in the bucket. Only enhanced snapshots can be exported, and older clients do not know how.
export_snapshot() {
  local snapshot=$1 id state
  call kinesisanalyticsv2 export-snapshot "" --generate-cli-skeleton ||
    no_export "$snapshot" "this AWS CLI does not know export-snapshot."
  outputs || fail "cannot export snapshot $snapshot: there is no stack $(stack_name), whose bucket would take it. Make it with: scripts/submit.sh managed up"
  [ -n "$export_role" ] ||
    fail "cannot export snapshot $snapshot: the stack $(stack_name) is older than its role for exports. Renew it with: scripts/submit.sh managed deploy"
  exported="exports/"
  if $dry_run; then
    plan kinesisanalyticsv2 export-snapshot "$(export_request "$snapshot")"
    finish 0 ""
  fi
  if ! call kinesisanalyticsv2 export-snapshot "$(export_request "$snapshot")"; then
    [[ $said != *UnsupportedOperation* && $said != *ResourceNotFound* ]] ||
      no_export "$snapshot" "the service has no enhanced snapshot of that name here."
    refused "export snapshot $snapshot"
  fi
  id=$(jq -r .SnapshotOperationId <<<"$reply")
  begin_wait
  while :; do
    look "export snapshot $snapshot" kinesisanalyticsv2 describe-snapshot-operation "$(jq -nc --arg id "$id" '{SnapshotOperationId: $id}')"
    state=$(jq -r '[.. | .SnapshotOperationStatus? // .OperationStatus? | strings][0] // ""' <<<"$reply")
    case "$state" in
      IN_PROGRESS) pause "the export" ;;
      SUCCESSFUL) break ;;
      *) failed_because "export snapshot $snapshot" "$(jq -r '[.. | .ErrorString? | strings][0] // "it gives no reason"' <<<"$reply")" ;;
    esac
  done
  exported=$(jq -r --arg id "$id" '[.. | .ExportedPrefix? | strings][0] // "exports/\($id)"' <<<"$reply")
}

export_request() {
  jq -nc --arg snapshot "$1" --arg bucket "arn:aws:s3:::$bucket" --arg prefix "$exported" --arg role "$export_role" \
    '{SnapshotName: $snapshot, ExportDestinationConfiguration: {DestinationType: "S3", ExportRoleArn: $role,
      DestinationS3PrefixLocation: {BucketARN: $bucket, KeyPrefix: $prefix}}}'
}

managed_replay() {
  local path=${arguments[0]}
  if [ ! -e "$path" ]; then
    [[ $path != */* ]] || fail "cannot replay $path: there is no such folder. Name a savepoint's folder, or a snapshot."
    export_snapshot "$path"
    local folder="$work/replay/$path"
    say "fetching s3://$bucket/$exported ..."
    patiently "the download" aws "${aws_words[@]}" s3 sync --only-show-errors "s3://$bucket/${exported%/}/" "$folder/" ||
      refused "fetch s3://$bucket/$exported"
    path=$folder
  fi
  # Flink's folder is where _metadata is, and an export has its own name above it.
  if [ -d "$path" ] && [ ! -f "$path/_metadata" ]; then
    local inner
    inner=$(find "$path" -name _metadata -print -quit)
    [ -n "$inner" ] || fail "cannot replay $path: no _metadata is in it, so it is no savepoint. Name the folder that has it."
    path=${inner%/_metadata}
  fi
  if $dry_run; then
    finish 0 "scripts/submit.sh local --from-savepoint $path --replay"
  fi
  say "replaying $path here ..."
  rm -rf "$scratch"
  trap - EXIT
  exec "$home/scripts/submit.sh" local --from-savepoint "$path" --replay --views "$views" \
    ${parallelism:+--parallelism "$parallelism"}
}

# ---- the end ---------------------------------------------------------------------------------

managed_down() {
  local code_bucket
  confirm "take down application $name" "It deletes the application with all its snapshots, the stack with role, logs, alarms and dashboard$($keep_data || printf ', and every jar and views file'). Tables of rows stay. What a snapshot holds cannot be had again: export one first if you need it (scripts/submit.sh managed export NAME)."
  if describe; then
    must_be_ours "take down"
    await_steady
    # Nothing will be restored, so there is no need of a last snapshot, nor of a healthy job.
    [ "$status" = READY ] || halt true
    delete_application
  elif ! $dry_run; then
    say "there is no application $name"
  fi
  if outputs; then
    code_bucket=$bucket
    $dry_run || say "deleting the stack $(stack_name) ..."
    change "delete the stack $(stack_name)" cloudformation delete-stack "$(jq -nc --arg stack "$(stack_name)" '{StackName: $stack}')"
    $dry_run || patiently "CloudFormation" aws "${aws_words[@]}" cloudformation wait stack-delete-complete --stack-name "$(stack_name)" ||
      stack_failed "delete the stack $(stack_name)"
    $keep_data || empty_bucket "$code_bucket"
  elif [[ $said != *"does not exist"* ]]; then
    refused "look at the stack $(stack_name)"
  fi
  if $dry_run; then finish 0 ""; fi
  finish 0 "application $name is down$(! $keep_data || printf '; its code stays in bucket %s' "${code_bucket:-}")" '{"status":"NONE"}'
}

delete_application() {
  local request
  request=$(with_time "$(named)" CreateTimestamp "$(time_in "$app_raw" CreateTimestamp)")
  $dry_run || say "deleting application $name ..."
  change "delete application $name" kinesisanalyticsv2 delete-application "$request"
  $dry_run && return
  begin_wait
  while describe; do
    pause "the end of application $name"
  done
}

# All versions, a thousand at a time; then the bucket itself, which the stack leaves.
empty_bucket() {
  local batch
  $dry_run || say "deleting bucket $1 ..."
  while call s3api list-object-versions "$(jq -nc --arg b "$1" '{Bucket: $b, MaxKeys: 1000}')" --no-paginate; do
    batch=$(jq -c --arg b "$1" '{Bucket: $b, Delete: {Quiet: true, Objects: [(.Versions[]?, .DeleteMarkers[]?) | {Key, VersionId}]}}' <<<"$reply")
    [ "$(jq '.Delete.Objects | length' <<<"$batch")" -gt 0 ] || break
    change "empty bucket $1" s3api delete-objects "$batch"
    ! $dry_run || break
  done
  [[ $said != *NoSuchBucket* ]] || return 0
  change "delete bucket $1" s3api delete-bucket "$(jq -nc --arg b "$1" '{Bucket: $b}')"
}
