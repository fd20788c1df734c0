# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# Waiting for the service, and the proof that the job works: the service says RUNNING of a job that
# fails and starts again for ever, so tasks and checkpoints are looked at through Flink itself.

begin_wait() { wait_begun=$SECONDS wait_spoken=$SECONDS; }

# pause WHAT: once round; with a word every ten seconds, and an end
pause() {
  local waited=$((SECONDS - wait_begun))
  [ $waited -lt "$timeout" ] || {
    finish 4 "cannot wait any longer for $1: $waited s have passed. Look with scripts/submit.sh managed status and ops, and run the same command again to go on; --timeout SECONDS waits longer."
  }
  if [ $((SECONDS - wait_spoken)) -ge 10 ]; then
    wait_spoken=$SECONDS
    say "  $waited s  waiting for $1"
  fi
  sleep "$poll"
}

transient() {
  case "$1" in
    READY | RUNNING | ROLLED_BACK | NONE) return 1 ;;
    *) return 0 ;;
  esac
}

# Until nothing is under way; leaves a fresh description.
await_steady() {
  $dry_run && return
  transient "$status" || return 0
  say "application $name is $status: waiting until that is done ..."
  begin_wait
  while transient "$status"; do
    pause "the end of $status"
    describe || return 0
  done
}

# await_operation ID WHAT: fails with what the service says of it
await_operation() {
  local id=$1 what=$2 state text undo
  $dry_run && return
  begin_wait
  if [ -z "$id" ]; then
    describe || true
    await_steady
    return
  fi
  while :; do
    look "$what" kinesisanalyticsv2 describe-application-operation \
      "$(named | jq -c --arg id "$id" '. + {OperationId: $id}')"
    state=$(jq -r .ApplicationOperationInfoDetails.OperationStatus <<<"$reply")
    [ "$state" = IN_PROGRESS ] || break
    pause "the service to $what"
  done
  [ "$state" != SUCCESSFUL ] || return 0
  text=$(jq -r '.ApplicationOperationInfoDetails.OperationFailureDetails.ErrorInfo.ErrorString // "it gives no reason"' <<<"$reply")
  undo=$(jq -r '.ApplicationOperationInfoDetails.OperationFailureDetails.RollbackOperationId // ""' <<<"$reply")
  if [ -n "$undo" ]; then
    say "the update has failed; the service goes back to the version before ..."
    await_undo "$undo"
    explain "$text"
    [ "$code" -ne 1 ] || code=3
    finish "$code" "cannot $what: ${why%.}. The version before ($version) is $status."
  fi
  [ "$state" != CANCELLED ] || finish 3 "cannot $what: it was cancelled. See scripts/submit.sh managed ops."
  explain "$text"
  [ "$code" -ne 1 ] || [[ $text == *snapshot* || $text == *downtime* ]] || code=3
  end_with "$what"
}

# The end of a roll back that the service does by itself; its own failure leaves the application READY.
await_undo() {
  while :; do
    call kinesisanalyticsv2 describe-application-operation \
      "$(named | jq -c --arg id "$1" '. + {OperationId: $id}')" || break
    [ "$(jq -r .ApplicationOperationInfoDetails.OperationStatus <<<"$reply")" = IN_PROGRESS ] || break
    pause "the service to go back"
  done
  describe || true
  await_steady
}

# await_snapshot NAME
await_snapshot() {
  local state
  $dry_run && return
  begin_wait
  while :; do
    look "look at snapshot $1" kinesisanalyticsv2 describe-application-snapshot "$(of_snapshot "$1")"
    state=$(jq -r .SnapshotDetails.SnapshotStatus <<<"$reply")
    case "$state" in
      READY) return ;;
      CREATING) pause "snapshot $1" ;;
      *) failed_because "take snapshot $1 of application $name" "Failed to take snapshot" ;;
    esac
  done
}

of_snapshot() { named | jq -c --arg snapshot "$1" '. + {SnapshotName: $snapshot}'; }

# ---- health ----------------------------------------------------------------------------------

# Sets health (a JSON object) and cause (a stack trace, if there is one).
look_at_job() {
  local job detail
  cause="" health='{"job":null}'
  rest jobs || return 1
  job=$(jq -r '[.jobs[]? | select(.status != "FINISHED" and .status != "CANCELED")][0].id // .jobs[0].id // ""' <<<"$reply")
  [ -n "$job" ] || return 0
  rest "jobs/$job" || return 1
  detail=$reply
  rest "jobs/$job/checkpoints" || reply='{}'
  # A checkpoint counts if it was begun after the job last began to run: a restart sets that anew.
  health=$(jq -nc --argjson job "$detail" --argjson checkpoints "$reply" '
    ($job.timestamps.RUNNING // $job["start-time"] // 0) as $since
    | ($checkpoints.latest.completed.trigger_timestamp // 0) as $last
    | {job: $job.jid, state: $job.state, tasks: ($job.vertices | length),
       running: ([$job.vertices[]? | select(.status == "RUNNING")] | length),
       others: ([$job.vertices[]? | select(.status != "RUNNING" and .status != "FINISHED") | .status] | unique),
       checkpoints: ($checkpoints.counts.completed // 0), failedCheckpoints: ($checkpoints.counts.failed // 0),
       lastCheckpoint: (if $last > 0 then $last else null end),
       checkpointed: ($last > 0 and $last >= $since)}
    | .healthy = (.state == "RUNNING" and .tasks > 0 and .others == [] and .checkpointed)')
  if [ "$(jq -r .healthy <<<"$health")" = true ]; then
    return
  fi
  failures=0
  if rest "jobs/$job/exceptions"; then
    failures=$(jq -r '(.exceptionHistory.entries // []) | length' <<<"$reply")
    # The newest comes first; the oldest is what began it.
    cause=$(jq -r '((.exceptionHistory.entries // []) | last | .stacktrace // .exceptionName) // .["root-exception"] // ""' <<<"$reply")
  fi
}

# In words that follow "its job is".
words_of_health() {
  jq -r 'if .job == null then "no job yet" else
    "\(.state), \(.running) of \(.tasks) tasks run, "
    + (if .checkpointed then "a checkpoint has completed" else "no checkpoint since the start" end) end' <<<"$health"
}

# Believes RUNNING only after all tasks run and a checkpoint was begun and completed since.
verify() {
  $dry_run && return
  describe || fail "cannot verify application $name: it is gone."
  begin_wait
  await_steady
  [ "$status" = RUNNING ] ||
    finish 3 "cannot verify application $name: it is $status, not RUNNING. See scripts/submit.sh managed ops and logs --first-failure."
  say "the service says RUNNING; waiting until all tasks run and a checkpoint has completed ..."
  begin_wait
  until presign; do
    [[ $said == *ResourceInUse* || $said == *Throttl* ]] || refused "open Flink's REST interface of application $name"
    pause "Flink's REST interface"
  done
  while :; do
    if look_at_job; then
      if [ "$(jq -r .healthy <<<"$health")" = true ]; then
        say "job $(words_of_health)"
        return
      fi
      unhealthy_for_good
    elif [[ $said == *40[13]* ]]; then
      presign || true
    fi
    if [ $((SECONDS - wait_begun)) -ge "$timeout" ]; then
      unhealthy "in $timeout s no checkpoint has completed with all tasks running (job $(words_of_health))"
    fi
    pause "all tasks and a checkpoint: $(words_of_health)"
  done
}

# A job that has failed three times since its start fails for the same reason the fourth time.
unhealthy_for_good() {
  if [ "$(jq -r .state <<<"$health")" = FAILED ]; then
    unhealthy "its job has failed"
  fi
  if [ "${failures:-0}" -ge 3 ] && [ "$(jq -r .healthy <<<"$health")" != true ]; then
    unhealthy "it is RUNNING for the service, but fails and starts again"
  fi
}

unhealthy() {
  local facts
  facts=$(jq -nc --argjson job "$health" --arg status "$status" '{status: $status, job: $job}')
  if [ -z "$cause" ]; then
    finish 4 "cannot say that application $name works: $1. See scripts/submit.sh managed logs --errors; --timeout SECONDS waits longer." "$facts"
  fi
  explain "$cause"
  if [[ $why == "AWS says: "* ]]; then
    why="the first cause is ${why#AWS says: } See scripts/submit.sh managed logs --first-failure."
  fi
  finish 1 "cannot keep application $name running: $1. $why" "$facts"
}
