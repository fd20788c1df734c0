# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# up, deploy, config, scale: from what is in this folder to what runs.

# What is deployed by default, and the largest parallelism that the state can ever be read at.
default_parallelism=1
default_interval=60000
parallelism_per_kpu=1
most_parallelism=128

key="" views_at="" groups=null sha=""

managed_up() {
  need_files
  if ! $dry_run; then
    say "looking at everything that can be known before a start ..."
    doctor_lines || finish 2 "cannot put application $name up: what doctor names above is to be mended first."
  fi
  prepare_code
  stack
  upload
  if describe; then
    must_be_ours "put up"
    await_steady
    update "put up" all
    if [ "$status" != RUNNING ]; then
      begin_from_newest
    fi
  else
    create
    begin SKIP_RESTORE_FROM_SNAPSHOT
  fi
  verify
  up_is_done
}

managed_deploy() {
  need_files
  refuse_dirty
  must_exist_unless_dry deploy
  prepare_code
  stack
  upload
  change_running "deploy to" all
}

managed_config() {
  need_files
  must_exist_unless_dry configure
  stack
  jar=""
  upload
  change_running configure config
}

managed_scale() {
  [ -n "$parallelism" ] || fail "cannot scale application $name: name what to. Add --parallelism N."
  [ "$parallelism" -le $most_parallelism ] ||
    fail "cannot scale application $name to $parallelism: its state has $most_parallelism key groups, so that is the most. Add --parallelism N of at most $most_parallelism."
  must_exist_unless_dry scale
  change_running scale scale
}

must_exist_unless_dry() {
  if $dry_run; then
    describe || true
  else
    must_exist "$1"
    must_be_ours "$1"
  fi
}

# change_running WHAT PARTS: one update, so one restart; and the proof that the job goes on
change_running() {
  if [ -z "$app" ]; then
    finish 0 "nothing exists yet: 'scripts/submit.sh managed up --dry-run' prints what would be made."
  fi
  await_steady
  update "$1" "$2"
  if [ "$changed" != 0 ] && [ "$status" = RUNNING ]; then
    verify
  fi
  finish 0 "$(outcome)" "$(jq -nc --argjson changes "$changes" --arg status "$status" '{status: $status, changes: $changes}')"
}

outcome() {
  if $dry_run; then return; fi
  if [ "$changed" = 0 ]; then
    printf 'nothing has changed: application %s is %s' "$name" "$status"
  elif [ "$status" = RUNNING ]; then
    printf 'application %s runs: job %s' "$name" "$(words_of_health)"
  else
    printf 'application %s is changed and %s. Start it with: scripts/submit.sh managed start' "$name" "$status"
  fi
}

# ---- what is deployed ------------------------------------------------------------------------

need_files() {
  [ -f "$views" ] || fail "cannot read $views: there is no such file. Name the views file with --views."
  [ -f "$properties" ] ||
    fail "cannot read $properties: there is no such file. Take it from the project: it holds what the job reads on the service."
  jq -e 'type == "array" and length > 0 and all(.[]; (.PropertyGroupId | type) == "string" and (.PropertyMap | type) == "object")' \
    "$properties" >/dev/null 2>&1 ||
    fail "cannot use $properties: it must be a JSON array of {\"PropertyGroupId\": ..., \"PropertyMap\": {...}}."
}

git_sha() {
  sha=$(git -C "$home" rev-parse --short=7 HEAD 2>/dev/null || printf 'nogit')
  if [ "$sha" != nogit ] && [ -n "$(git -C "$home" status --porcelain 2>/dev/null)" ]; then
    sha+=-dirty
  fi
}

refuse_dirty() {
  git_sha
  [[ $sha != *-dirty ]] || $allow_dirty ||
    fail "cannot deploy what is not committed: nobody could tell later what ran. Commit it, or add --allow-dirty."
}

prepare_code() {
  git_sha
  if $jar_given; then
    [ -f "$jar" ] || fail "cannot read $jar: there is no such file. Name the jar with --jar, or leave that out to build it."
  else
    need_java
    build
  fi
}

# Code and views by the hash of what is in them: what is there is never replaced.
upload() {
  local hash
  if [ -n "$jar" ]; then
    hash=$(sha256 "$jar")
    key=$(jar_key "$hash")
    upload_once "$key" "$jar" application/java-archive
  fi
  local views_file
  views_file=$(views_key "$(sha256 "$views")")
  upload_once "$views_file" "$views" application/yaml
  views_at="s3://$bucket/$views_file"
  groups=$(property_groups "$properties" "$views_at")
}

# upload_once KEY FILE TYPE
upload_once() {
  local request
  request=$(jq -nc --arg b "$bucket" --arg k "$1" '{Bucket: $b, Key: $k}')
  if call s3api head-object "$request"; then
    say "s3://$bucket/$1 is there already"
    return
  fi
  if ! $dry_run && [[ $said != *404* && $said != *"Not Found"* && $said != *NoSuchKey* ]]; then
    refused "look at s3://$bucket/$1"
  fi
  local put
  put=$(jq -c --arg type "$3" --arg git "$sha" '. + {ContentType: $type, Metadata: {git: $git}}' <<<"$request")
  if $dry_run; then
    plan s3api put-object "$(jq -c --arg file "$2" '. + {Body: $file}' <<<"$put")"
    return
  fi
  say "uploading $(($(wc -c <"$2") / 1024)) KiB to s3://$bucket/$1 ..."
  printf '%s' "$put" >"$scratch/put.json"
  patiently "the upload" aws "${aws_words[@]}" s3api put-object --body "$2" --cli-input-json "file://$scratch/put.json" ||
    refused "upload $2 to s3://$bucket/$1"
}

# ---- the application -------------------------------------------------------------------------

create() {
  local want request tries=0
  want=$(desired "$bucket" "$key" "$groups" "${parallelism:-$default_parallelism}" $parallelism_per_kpu \
    "${interval:-$default_interval}")
  request=$(create_request "$want" "$role" "$log_stream" "git $sha")
  if $dry_run; then
    plan kinesisanalyticsv2 create-application "$request"
    return
  fi
  say "creating application $name ..."
  until call kinesisanalyticsv2 create-application "$request"; do
    # A role takes some seconds until the whole of AWS knows it.
    if [[ $said == *"specified fileKey"* || $said == *"check the role"* ]] && [ $tries -lt 10 ] && role_is_new; then
      tries=$((tries + 1))
      sleep "$poll"
      continue
    fi
    refused "create application $name"
  done
  describe || fail "cannot create application $name: it is gone again."
}

role_is_new() {
  local why=$said made
  call iam get-role "$(jq -nc --arg role "${role##*/}" '{RoleName: $role}')" || { said=$why && return 1; }
  made=$(seconds_of "$(time_in "$reply" CreateDate)")
  said=$why
  [ $(($(date +%s) - made)) -lt $((60 + 10 * poll)) ]
}

# update WHAT all|config|scale: sets changed and changes. One request, whatever has changed.
update() {
  local what=$1 want parts
  case "$2" in
    all) want=$(desired "$bucket" "$key" "$groups" "$parallelism" $parallelism_per_kpu "$interval") ;;
    config) want=$(desired "$bucket" "" "$groups" "$parallelism" $parallelism_per_kpu "$interval") ;;
    scale) want=$(desired "" "" null "$parallelism" "$(per_kpu)" "") ;;
  esac
  parts=$(difference "$want" "$app")
  changes=$(jq -c .changes <<<"$parts")
  changed=$(jq length <<<"$changes")
  if [ "$changed" = 0 ]; then
    $dry_run || [ "$verb" != up ] || say "nothing has changed; no update is made"
    return
  fi
  jq -r '.changes[] | "  " + .' <<<"$parts" >&2
  if [ "$status" = RUNNING ]; then
    snapshot_before
    say "updating: the service takes a snapshot, stops, changes and restores ..."
    send_update "$what application $name" "$(jq -c .update <<<"$parts")" "$(run_configuration RESTORE_FROM_LATEST_SNAPSHOT)"
  else
    send_update "$what application $name" "$(jq -c .update <<<"$parts")" '{}'
  fi
}

per_kpu() {
  jq -r '.ApplicationConfigurationDescription.FlinkApplicationConfigurationDescription.ParallelismConfigurationDescription.ParallelismPerKPU // 1' <<<"${app:-null}"
}

# send_update WHAT UPDATE RUN-CONFIGURATION: with the token of a fresh look, three times if somebody else is at it too
send_update() {
  local tries=0 request complaint
  while :; do
    describe || $dry_run || fail "cannot $1: it is gone."
    request=$(update_request "$token" "$2" "$3")
    if $dry_run; then
      plan kinesisanalyticsv2 update-application "$request"
      return
    fi
    call kinesisanalyticsv2 update-application "$request" && break
    complaint=$said
    tries=$((tries + 1))
    if [[ $said == *ConcurrentModificationException* && $tries -lt 3 ]]; then
      say "somebody else has changed it; looking again ..."
    elif [[ $said == *ResourceInUseException* && $tries -lt 3 ]] && describe && transient "$status"; then
      await_steady
    else
      said=$complaint
      refused "$1"
    fi
  done
  await_operation "$(jq -r '.OperationId // ""' <<<"$reply")" "$1"
  describe || true
  await_steady
}

up_is_done() {
  local now each base facts
  $dry_run && finish 0 ""
  now=$(now_parallelism)
  each=$(per_kpu)
  base="https://$region.console.aws.amazon.com"
  facts=$(jq -nc --arg status "$status" --argjson version "$version" --argjson job "$health" --argjson cost "$(cost "$now" "$each")" \
    --arg dashboard "$dashboard" --arg logs "$log_group" --arg topic "$topic" \
    '{status: $status, version: $version, job: $job, dollarsAMonth: $cost, dashboard: $dashboard, logGroup: $logs, alarmTopic: $topic}')
  finish 0 "application $name runs: job $(words_of_health)
  dashboard  $base/cloudwatch/home?region=$region#dashboards/dashboard/$dashboard
  alarms     topic $topic; a mail from each: managed up --email you@example.com
  logs       scripts/submit.sh managed logs --errors        (group $log_group)
  Flink UI   scripts/submit.sh managed ui
  costs      $(cost_line "$now" "$each"), and what tables, streams and logs cost
  rows       committed rows are as old as a checkpoint: $(($(checkpoint_interval) / 1000)) s
  take down  scripts/submit.sh managed down" "$facts"
}

checkpoint_interval() {
  jq -r '.ApplicationConfigurationDescription.FlinkApplicationConfigurationDescription.CheckpointConfigurationDescription.CheckpointInterval // 60000' <<<"$app"
}
