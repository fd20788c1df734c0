# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# Requests, keys, costs and ages: all of it without a call, tried by selftest.sh.

# One KPU-hour in us-east-1, in cents; a month has 730 hours.
price_cents=11
# A DynamoDB stream keeps its records for a day.
stream_keeps=86400

result() {
  jq -nc --arg verb "$1" --arg name "$2" --argjson code "$3" --arg text "$4" --argjson facts "$5" \
    '{verb: $verb, name: $name, ok: ($code == 0), exit: $code, message: $text}
     + (if $facts == null then {} else $facts end)'
}

# planned SERVICE COMMAND REQUEST: by the names of the API
planned() {
  jq -nc --arg service "${1/s3api/s3}" --arg command "$2" --argjson request "$3" \
    '{service: $service,
      operation: ($command | split("-") | map((.[:1] | ascii_upcase) + .[1:]) | join("")),
      request: $request}'
}

kpus() { printf '%s' $((($1 + $2 - 1) / $2 + 1)); }

# cost PARALLELISM PER-KPU: dollars a month, rounded
cost() { printf '%s' $((($(kpus "$1" "$2") * price_cents * 730 + 50) / 100)); }

cost_line() {
  printf '%s KPUs (one of them for orchestration), about $%s a month at the price of us-east-1' \
    "$(kpus "$1" "$2")" "$(cost "$1" "$2")"
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

jar_key() { printf 'jars/tally-%s.jar' "$1"; }
views_key() { printf 'views/%s.yaml' "$1"; }

utc() { date -u +%Y%m%dT%H%M%SZ; }

# snapshot_name SHA TIME NUMBER: names of snapshots are at most 100 of these characters; the number
# tells those of one second apart.
snapshot_name() { printf 'pre-%s-%s-%04x' "$1" "$2" "$3"; }

# seconds_of TIME: AWS CLI 1 writes seconds, 2 writes ISO 8601 with any offset.
seconds_of() {
  jq -rn --arg time "$1" '
    if ($time | test("^[0-9.]+$")) then $time | tonumber | floor
    else ($time | capture("^(?<t>[0-9-]+T[0-9:]+)([.][0-9]+)?(Z|(?<s>[+-])(?<h>[0-9]{2}):?(?<m>[0-9]{2}))$")) as $at
      | ($at.t + "Z" | fromdateiso8601)
        - (if $at.s == null then 0
           else (if $at.s == "-" then -1 else 1 end) * (($at.h | tonumber) * 3600 + ($at.m | tonumber) * 60) end)
    end'
}

# age SECONDS: for people
age() {
  if [ "$1" -lt 120 ]; then printf '%s s' "$1"
  elif [ "$1" -lt 7200 ]; then printf '%s min' $(($1 / 60))
  else printf '%s h' $(($1 / 3600)); fi
}

# time_in JSON KEY: as it was written, for the service wants its own timestamps back to the digit
time_in() {
  sed -n 's/.*"'"$2"'": *"\{0,1\}\([^",}]*\).*/\1/p' <<<"${1//,/,$'\n'}" | head -n 1
}

# with_time REQUEST KEY TIME
with_time() {
  local quote=""
  [[ $3 =~ ^[0-9.]+$ ]] || quote='"'
  printf '%s,"%s":%s%s%s}' "${1%\}}" "$2" "$quote" "$3" "$quote"
}

# The address of Flink's REST interface in that of its web UI.
dashboard_base() {
  local base=${1%%\?*}
  base=${base%%#*}
  while [[ $base == */ ]]; do base=${base%/}; done
  printf '%s' "$base"
}

# property_groups FILE VIEWS-URI: what the job reads on the service; group tally names views.yaml
property_groups() {
  jq -c --arg uri "$2" '
    (if any(.[]; .PropertyGroupId == "tally") then . else . + [{PropertyGroupId: "tally", PropertyMap: {}}] end)
    | map(if .PropertyGroupId == "tally" then .PropertyMap["views.uri"] = $uri else . end)' "$1"
}

run_configuration() {
  jq -nc --argjson lose "$allow_non_restored" --arg type "$1" --arg snapshot "${2:-}" '
    {FlinkRunConfiguration: {AllowNonRestoredState: $lose},
     ApplicationRestoreConfiguration: ({ApplicationRestoreType: $type}
       + (if $snapshot == "" then {} else {SnapshotName: $snapshot} end))}'
}

# desired BUCKET JAR-KEY GROUPS PARALLELISM PER-KPU INTERVAL: parts that are "" or null stay as they are
desired() {
  jq -nc --arg bucket "$1" --arg key "$2" --argjson groups "$3" --arg parallelism "$4" --arg per "$5" \
    --arg interval "$6" '
    {code: (if $key == "" then null else {BucketARN: ("arn:aws:s3:::" + $bucket), FileKey: $key} end),
     groups: $groups,
     checkpoint: (if $interval == "" then null else
       {ConfigurationType: "CUSTOM", CheckpointingEnabled: true, CheckpointInterval: ($interval | tonumber),
        MinPauseBetweenCheckpoints: 5000} end),
     parallelism: (if $parallelism == "" then null else
       {ConfigurationType: "CUSTOM", Parallelism: ($parallelism | tonumber), ParallelismPerKPU: ($per | tonumber),
        AutoScalingEnabled: false} end),
     monitoring: {ConfigurationType: "CUSTOM", MetricsLevel: "APPLICATION", LogLevel: "INFO"}}'
}

# create_request DESIRED ROLE LOG-STREAM DESCRIPTION
create_request() {
  jq -nc --argjson want "$1" --arg role "$2" --arg stream "$3" --arg about "$4" --arg name "$name" '
    {ApplicationName: $name, ApplicationDescription: $about, RuntimeEnvironment: "FLINK-1_20",
     ApplicationMode: "STREAMING", ServiceExecutionRole: $role,
     CloudWatchLoggingOptions: [{LogStreamARN: $stream}], Tags: [{Key: "tally", Value: $name}],
     ApplicationConfiguration: {
       ApplicationCodeConfiguration: {CodeContentType: "ZIPFILE", CodeContent: {S3ContentLocation: $want.code}},
       FlinkApplicationConfiguration: {CheckpointConfiguration: $want.checkpoint,
         MonitoringConfiguration: $want.monitoring, ParallelismConfiguration: $want.parallelism},
       EnvironmentProperties: {PropertyGroups: $want.groups},
       ApplicationSnapshotConfiguration: {SnapshotsEnabled: true},
       ApplicationSystemRollbackConfiguration: {RollbackEnabled: true}}}'
}

# difference DESIRED APPLICATION: {changes: [a line each], update: ApplicationConfigurationUpdate}
difference() {
  jq -nc --argjson want "$1" --argjson app "$2" '
    def as_update: with_entries(.key += "Update");
    def differs($is): . as $w | $w != null and ([$w | keys[] | select($is[.] != $w[.])] | length > 0);
    def words($is): . as $w | [keys[] | select($is[.] != $w[.]) | "\(.) \($is[.] // "unset") -> \($w[.])"] | join(", ");
    ($app.ApplicationConfigurationDescription // {}) as $is
    | ($is.ApplicationCodeConfigurationDescription.CodeContentDescription.S3ApplicationCodeLocationDescription // {}) as $code
    | ($is.FlinkApplicationConfigurationDescription // {}) as $flink
    | ($flink.CheckpointConfigurationDescription // {}) as $checkpoint
    | ($flink.ParallelismConfigurationDescription // {}) as $parallelism
    | ($flink.MonitoringConfigurationDescription // {}) as $monitoring
    | ($is.EnvironmentPropertyDescriptions.PropertyGroupDescriptions // []) as $groups
    | {properties: ($want.groups != null and ($want.groups | sort_by(.PropertyGroupId)) != ($groups | sort_by(.PropertyGroupId))),
       code: ($want.code | differs($code)), checkpoint: ($want.checkpoint | differs($checkpoint)),
       parallelism: ($want.parallelism | differs($parallelism)), monitoring: ($want.monitoring | differs($monitoring)),
       snapshots: ($is.ApplicationSnapshotConfigurationDescription.SnapshotsEnabled != true),
       rollback: ($is.ApplicationSystemRollbackConfigurationDescription.RollbackEnabled != true)} as $d
    | ((if $d.checkpoint then {CheckpointConfigurationUpdate: ($want.checkpoint | as_update)} else {} end)
       + (if $d.monitoring then {MonitoringConfigurationUpdate: ($want.monitoring | as_update)} else {} end)
       + (if $d.parallelism then {ParallelismConfigurationUpdate: ($want.parallelism | as_update)} else {} end)) as $f
    | {changes: [
         (if $d.code then "code: \($want.code | words($code))" else empty end),
         (if $d.properties then "properties: " + ([
            ([$want.groups, $groups] | map(map(.PropertyGroupId as $g | .PropertyMap | to_entries[] | {"\($g) \(.key)": .value}) | add // {})) as [$w, $i]
            | ($w + $i | keys[]) | select($w[.] != $i[.])] | join(", ")) else empty end),
         (if $d.checkpoint then "checkpoints: \($want.checkpoint | words($checkpoint))" else empty end),
         (if $d.parallelism then "parallelism: \($want.parallelism | words($parallelism))" else empty end),
         (if $d.monitoring then "monitoring: \($want.monitoring | words($monitoring))" else empty end),
         (if $d.snapshots then "snapshots: on" else empty end),
         (if $d.rollback then "roll back of failed updates: on" else empty end)],
       update: ((if $d.code then {ApplicationCodeConfigurationUpdate: {CodeContentTypeUpdate: "ZIPFILE",
           CodeContentUpdate: {S3ContentLocationUpdate: ($want.code | as_update)}}} else {} end)
         + (if $d.properties then {EnvironmentPropertyUpdates: {PropertyGroups: $want.groups}} else {} end)
         + (if $f == {} then {} else {FlinkApplicationConfigurationUpdate: $f} end)
         + (if $d.snapshots then {ApplicationSnapshotConfigurationUpdate: {SnapshotsEnabledUpdate: true}} else {} end)
         + (if $d.rollback then {ApplicationSystemRollbackConfigurationUpdate: {RollbackEnabledUpdate: true}} else {} end))}'
}

# update_request TOKEN UPDATE RUN-CONFIGURATION: an empty object is left out
update_request() {
  jq -nc --arg name "$name" --arg token "$1" --argjson update "$2" --argjson run "$3" '
    {ApplicationName: $name, ConditionalToken: $token}
    + (if $update == {} then {} else {ApplicationConfigurationUpdate: $update} end)
    + (if $run == {} then {} else {RunConfigurationUpdate: $run} end)'
}
