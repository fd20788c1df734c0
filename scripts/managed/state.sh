# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# start, stop, snapshot, snapshots, restore, rollback, down: what becomes of the state.

snapshots="[]"

managed_start() {
  must_exist_unless_dry start
  await_steady
  if [ "$status" = RUNNING ]; then
    verify
    finish 0 "application $name runs already: job $(words_of_health)" "$(jq -nc --argjson job "$health" '{status: "RUNNING", job: $job}')"
  fi
  begin_from_newest
  verify
  running
}

running() {
  $dry_run && finish 0 ""
  finish 0 "application $name runs: job $(words_of_health)" \
    "$(jq -nc --arg status "$status" --argjson version "$version" --argjson job "$health" '{status: $status, version: $version, job: $job}')"
}

# Sets snapshots: the newest first, each with its age in seconds.
list_snapshots() {
  if ! call kinesisanalyticsv2 list-application-snapshots "$(named | jq -c '. + {Limit: 50}')"; then
    $dry_run || refused "list the snapshots of application $name"
    reply='{"SnapshotSummaries":[]}'
  fi
  local now line stamped=""
  now=$(date +%s)
  while IFS=$'\t' read -r line at; do
    stamped+=$(jq -c --argjson age $((now - $(seconds_of "${at:-$now}"))) '. + {age: $age}' <<<"$line")$'\n'
  done < <(jq -r '.SnapshotSummaries[]? | "\(tojson)\t\(.SnapshotCreationTimestamp // "" | tostring)"' <<<"$reply")
  snapshots=$(jq -sc 'sort_by(.age)' <<<"$stamped")
}

begin_from_newest() {
  list_snapshots
  local newest
  newest=$(jq -r '[.[] | select(.SnapshotStatus == "READY")][0] | if . == null then "" else "\(.SnapshotName)\t\(.age)" end' <<<"$snapshots")
  if [ -z "$newest" ]; then
    say "there is no snapshot: it starts without state and reads the tables anew"
    begin SKIP_RESTORE_FROM_SNAPSHOT
    return
  fi
  refuse_gap "${newest#*$'\t'}" "${newest%%$'\t'*}" "start application $name"
  begin RESTORE_FROM_LATEST_SNAPSHOT
}

# begin RESTORE-TYPE [SNAPSHOT]
begin() {
  local request
  request=$(named | jq -c --argjson run "$(run_configuration "$@")" '. + {RunConfiguration: $run}')
  if $dry_run; then
    plan kinesisanalyticsv2 start-application "$request"
    return
  fi
  say "starting application $name (one to three minutes as a rule) ..."
  call kinesisanalyticsv2 start-application "$request" || refused "start application $name"
  await_operation "$(jq -r '.OperationId // ""' <<<"$reply")" "start application $name"
}

managed_stop() {
  must_exist_unless_dry stop
  if $force; then
    confirm "stop application $name by force" "It takes no snapshot: what changed since the last one is read again from the stream, if that is not older than 24 h."
  else
    await_steady
    if [ "$status" = READY ] && ! $dry_run; then
      finish 0 "application $name is stopped already" '{"status":"READY"}'
    fi
  fi
  halt "$force"
  finish 0 "$($dry_run || printf 'application %s is stopped. Start it with: scripts/submit.sh managed start' "$name")" '{"status":"READY"}'
}

# halt FORCE
halt() {
  $dry_run || say "stopping application $name $($1 && printf 'without' || printf 'with') a snapshot ..."
  change "stop application $name" kinesisanalyticsv2 stop-application \
    "$(named | jq -c --argjson force "$1" '. + {Force: $force}')"
  await_operation "$(jq -r '.OperationId // ""' <<<"$reply")" "stop application $name"
  $dry_run || { describe && await_steady; }
}

# ---- snapshots -------------------------------------------------------------------------------

managed_snapshot() {
  must_exist_unless_dry "take a snapshot of"
  await_steady
  git_sha
  local snapshot=${arguments[0]:-by-hand-$sha-$(utc)}
  [[ $snapshot =~ ^[a-zA-Z0-9_.-]{1,100}$ ]] ||
    fail "cannot take snapshot '$snapshot': a name has at most 100 letters, digits, dots, hyphens and underscores."
  take_snapshot "$snapshot"
  finish 0 "$($dry_run || printf 'snapshot %s\nrestore it with: scripts/submit.sh managed restore %s' "$snapshot" "$snapshot")" \
    "$(jq -nc --arg snapshot "$snapshot" '{snapshot: $snapshot}')"
}

take_snapshot() {
  $dry_run || say "taking snapshot $1 ..."
  change "take snapshot $1 of application $name" kinesisanalyticsv2 create-application-snapshot "$(of_snapshot "$1")"
  await_snapshot "$1"
}

# A point with a name to go back to: the service's own snapshots have none.
snapshot_before() {
  git_sha
  taken=$(snapshot_name "$sha" "$(utc)" "$RANDOM")
  take_snapshot "$taken"
}

managed_snapshots() {
  must_exist "list the snapshots of"
  list_snapshots
  if $json; then
    finish 0 "" "$(jq -nc --argjson snapshots "$snapshots" '{snapshots: $snapshots}')"
  fi
  [ "$snapshots" != '[]' ] || finish 0 "no snapshots"
  local line lines=""
  while IFS=$'\t' read -r snapshot state of seconds; do
    printf -v line '%-44s  %-8s  version %-4s  %s old' "$snapshot" "$state" "$of" "$(age "$seconds")"
    lines+=$line$'\n'
  done < <(jq -r '.[] | [.SnapshotName, .SnapshotStatus, .ApplicationVersionId, .age] | @tsv' <<<"$snapshots")
  finish 0 "${lines%$'\n'}"
}

# refuse_gap SECONDS SNAPSHOT WHAT: what changed while no stream kept it is lost, unless every table heals itself
refuse_gap() {
  [ "$1" -ge "$stream_keeps" ] || return 0
  if $accept_gap; then
    say "snapshot $2 is $(age "$1") old, a stream keeps 24 h: changes between are lost where on-gap does not read the table anew"
    return
  fi
  local lasting
  lasting=$(tables_that_do_not_heal)
  if [ -z "$lasting" ]; then
    say "snapshot $2 is $(age "$1") old, a stream keeps 24 h: every table is read anew after the start (on-gap: resnapshot)"
    return
  fi
  fail "cannot $3: snapshot $2 is $(age "$1") old, a stream keeps 24 h, and $lasting would stop at the gap or miss what changed in it. Set on-gap: resnapshot there, take a newer snapshot, or add --accept-gap."
}

# Names of the tables of the deployed views that have no on-gap: resnapshot, which is the default with start: snapshot.
tables_that_do_not_heal() {
  local file=$views uri
  uri=$(jq -r '[.ApplicationConfigurationDescription.EnvironmentPropertyDescriptions.PropertyGroupDescriptions[]?
    | select(.PropertyGroupId == "tally") | .PropertyMap["views.uri"]][0] // ""' <<<"${app:-null}")
  if [ -n "$uri" ] && [ "$(views_key "$(sha256 "$views" 2>/dev/null || true)")" != "views/${uri##*/}" ]; then
    file="$scratch/views.yaml"
    local at=${uri#s3://}
    if ! call s3api get-object "" --bucket "${at%%/*}" --key "${at#*/}" "$file"; then
      printf 'what %s names' "$uri"
      return
    fi
  fi
  unhealed <"$file"
}

# unhealed: table names in a views file that does not let every table heal. Only the mapping `tables` has these keys.
unhealed() {
  awk '
    function done() { if (table != "" && !heals()) { printf "%s%s", sep, table; sep = ", " } table = "" }
    function heals() { return gap == "" ? start == "" || start ~ /snapshot/ : gap ~ /resnapshot/ }
    function keys(text) {
      if (match(text, /on-gap:[ ]*["\047]?[a-z]+/)) gap = substr(text, RSTART, RLENGTH)
      if (match(text, /start:[ ]*["\047]?[a-z]+/)) start = substr(text, RSTART, RLENGTH)
    }
    { sub(/[ \t]#.*/, ""); sub(/^#.*/, "") }
    /^[^ ]/ { done(); inside = ($0 ~ /^tables:/); indent = 0; next }
    inside && NF {
      match($0, /[^ ]/)
      if (!indent) indent = RSTART
      if (RSTART == indent) { done(); table = $1; sub(/:.*/, "", table); gap = ""; start = "" }
      keys($0)
    }
    END { done() }'
}

# ---- back ------------------------------------------------------------------------------------

managed_restore() {
  local snapshot=${arguments[0]} of seconds code update='{}' run
  must_exist_unless_dry restore
  await_steady
  look "look at snapshot $snapshot of application $name" kinesisanalyticsv2 describe-application-snapshot "$(of_snapshot "$snapshot")"
  [ "$(jq -r .SnapshotDetails.SnapshotStatus <<<"$reply")" = READY ] ||
    fail "cannot restore snapshot $snapshot: it is $(jq -r .SnapshotDetails.SnapshotStatus <<<"$reply"). See scripts/submit.sh managed snapshots."
  of=$(jq -r .SnapshotDetails.ApplicationVersionId <<<"$reply")
  seconds=$(($(date +%s) - $(seconds_of "$(time_in "$reply" SnapshotCreationTimestamp)")))
  refuse_gap "$seconds" "$snapshot" "restore application $name"
  if $with_its_jar; then
    code_of_version "$of"
    if [ "$code" != "$(code_location "$app")" ]; then
      update=$(jq -nc --argjson code "$code" '{ApplicationCodeConfigurationUpdate: {CodeContentTypeUpdate: "ZIPFILE",
        CodeContentUpdate: {S3ContentLocationUpdate: {BucketARNUpdate: $code.BucketARN, FileKeyUpdate: $code.FileKey}}}}')
      say "with the jar of version $of: $(jq -r .FileKey <<<"$code")"
    fi
  fi
  confirm "restore application $name" "Its state goes back $(age "$seconds"); what changed since is read again from the stream."
  if [ "$status" = RUNNING ]; then
    snapshot_before
    $dry_run || say "restoring snapshot $snapshot ..."
    run=$(run_configuration RESTORE_FROM_CUSTOM_SNAPSHOT "$snapshot")
    send_update "restore snapshot $snapshot of application $name" "$update" "$run"
  else
    [ "$update" = '{}' ] || send_update "change the code of application $name" "$update" '{}'
    begin RESTORE_FROM_CUSTOM_SNAPSHOT "$snapshot"
  fi
  verify
  running
}

# {BucketARN, FileKey} of an ApplicationDetail
code_location() {
  jq -c '.ApplicationConfigurationDescription.ApplicationCodeConfigurationDescription.CodeContentDescription.S3ApplicationCodeLocationDescription
    | {BucketARN, FileKey}' <<<"$1"
}

# Sets code.
code_of_version() {
  look "look at version $1 of application $name" kinesisanalyticsv2 describe-application-version \
    "$(named | jq -c --argjson id "$1" '. + {ApplicationVersionId: $id}')"
  code=$(code_location "$(jq -c .ApplicationVersionDetail <<<"$reply")")
}

# No snapshot before this one: the service goes back to the newest, and one that the version in trouble
# has written may be what the version before cannot read.
managed_rollback() {
  must_exist_unless_dry "roll back"
  case "$status" in
    READY | ROLLED_BACK) roll_back_stopped ;;
    UPDATING | AUTOSCALING | RUNNING | NONE)
      $dry_run || say "going back to the version before $version ..."
      change "roll back application $name" kinesisanalyticsv2 rollback-application \
        "$(named | jq -c --argjson id "$version" '. + {CurrentApplicationVersionId: $id}')"
      await_operation "$(jq -r '.OperationId // ""' <<<"$reply")" "roll back application $name"
      ;;
    *) fail "cannot roll back application $name: it is $status. Wait until that is done, see scripts/submit.sh managed ops." ;;
  esac
  verify
  running
}

# A stopped application cannot be rolled back by the service: its last other jar and the newest snapshot of that.
roll_back_stopped() {
  local now code="" id=$version snapshot
  now=$(code_location "$app")
  while [ "$id" -gt 1 ] && [ $((version - id)) -lt 20 ]; do
    id=$((id - 1))
    code_of_version "$id"
    [ "$code" = "$now" ] || break
  done
  [ "${code:-$now}" != "$now" ] ||
    fail "cannot roll back application $name: no version before $version had another jar. Restore a snapshot instead: scripts/submit.sh managed snapshots."
  list_snapshots
  snapshot=$(jq -r --argjson id "$id" '[.[] | select(.SnapshotStatus == "READY" and .ApplicationVersionId <= $id)][0].SnapshotName // ""' <<<"$snapshots")
  [ -n "$snapshot" ] ||
    fail "cannot roll back application $name: there is no snapshot of version $id or older. Restore another: scripts/submit.sh managed snapshots."
  say "going back to the jar of version $id and snapshot $snapshot"
  arguments=("$snapshot")
  with_its_jar=true
  managed_restore
}
