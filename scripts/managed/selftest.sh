#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2034,SC2154 # names are shared with the files that are sourced
# What scripts/submit.sh managed works out without a call: costs, keys, ages, requests, errors.
# Prints what is wrong; exit 1 if anything is.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
name=tally region=us-east-1 status=RUNNING role="arn:aws:iam::123456789012:role/tally" account=123456789012
allow_non_restored=false views="$home/flink-conf/views.yaml" reply="" said="" bucket="" key="" app=""
# shellcheck source-path=SCRIPTDIR source=errors.sh
. "$home/scripts/managed/errors.sh"
# shellcheck source-path=SCRIPTDIR source=requests.sh
. "$home/scripts/managed/requests.sh"
# shellcheck source-path=SCRIPTDIR source=state.sh
. "$home/scripts/managed/state.sh"
# shellcheck source-path=SCRIPTDIR source=doctor.sh
. "$home/scripts/managed/doctor.sh"

wrong=0
tried=0

# is WHAT EXPECTED ACTUAL
is() {
  tried=$((tried + 1))
  if [ "$2" != "$3" ]; then
    printf '%s: expected\n  %s\nbut was\n  %s\n' "$1" "$2" "$3"
    wrong=$((wrong + 1))
  fi
}

# says CODE PART TEXT: the line for TEXT has PART in it
says() {
  local why code
  tried=$((tried + 1))
  explain "$3"
  if [ "$code" != "$1" ] || [[ $why != *"$2"* ]]; then
    printf '%s:\nexpected code %s and\n  %s\nbut was code %s and\n  %s\n' "$3" "$1" "$2" "$code" "$why"
    wrong=$((wrong + 1))
  fi
}

aws_error() { printf '\nAn error occurred (%s) when calling the %s operation: %s' "$1" "$2" "$3"; }

# ---- costs, keys, times ----
is "one KPU and one for orchestration" 161 "$(cost 1 1)"
is "two and one" 241 "$(cost 2 1)"
is "three tasks on KPUs of two" 3 "$(kpus 3 2)"
is "jar key" jars/tally-abc.jar "$(jar_key abc)"
is "views key" views/abc.yaml "$(views_key abc)"
is "snapshot name" pre-1a2b3c4-20261120T180100Z-00ff "$(snapshot_name 1a2b3c4 20261120T180100Z 255)"
is "time of CLI 1" 1795197536 "$(seconds_of 1795197536.125)"
is "time of CLI 2" 1795197536 "$(seconds_of 2026-11-20T17:58:56.125000+00:00)"
is "time with an offset" 1795197536 "$(seconds_of 2026-11-20T19:28:56+01:30)"
is "time of the west" 1795197536 "$(seconds_of 2026-11-20T12:58:56-05:00)"
is "time of Z" 1795197536 "$(seconds_of 2026-11-20T17:58:56Z)"
is "young" "90 s" "$(age 90)"
is "old" "25 h" "$(age 90000)"
is "timestamp to the digit" 1795197536.123 "$(time_in '{"A": 1, "CreateTimestamp": 1795197536.123, "B": 2}' CreateTimestamp)"
is "timestamp as text" 2026-11-20T17:58:56.125000+00:00 \
  "$(time_in '{"CreateTimestamp": "2026-11-20T17:58:56.125000+00:00"}' CreateTimestamp)"
is "number sent back" '{"ApplicationName":"n","CreateTimestamp":1795197536.123}' \
  "$(with_time '{"ApplicationName":"n"}' CreateTimestamp 1795197536.123)"
is "text sent back" '{"ApplicationName":"n","CreateTimestamp":"2026-11-20T17:58:56Z"}' \
  "$(with_time '{"ApplicationName":"n"}' CreateTimestamp 2026-11-20T17:58:56Z)"
is "dashboard" https://x.amazonaws.com/flinkdashboard \
  "$(dashboard_base 'https://x.amazonaws.com/flinkdashboard/?authToken=a')"
is "dashboard with a fragment" https://x.amazonaws.com/flinkdashboard \
  "$(dashboard_base 'https://x.amazonaws.com/flinkdashboard/#/overview?authToken=a')"
is "names of the API" CreateApplicationPresignedUrl \
  "$(planned kinesisanalyticsv2 create-application-presigned-url '{}' | jq -r .operation)"

# ---- requests ----
is "no state is lost unless told" '{"AllowNonRestoredState":false}' \
  "$(run_configuration SKIP_RESTORE_FROM_SNAPSHOT | jq -c .FlinkRunConfiguration)"
is "a named snapshot" s1 \
  "$(run_configuration RESTORE_FROM_CUSTOM_SNAPSHOT s1 | jq -r .ApplicationRestoreConfiguration.SnapshotName)"
want=$(desired b jars/tally-1.jar '[{"PropertyGroupId":"tally","PropertyMap":{"a":"1"}}]' 1 1 60000)
# What the service would describe after a creation.
is_now=$(jq -c '{ApplicationConfigurationDescription: {
  ApplicationCodeConfigurationDescription: {CodeContentDescription: {S3ApplicationCodeLocationDescription: .code}},
  EnvironmentPropertyDescriptions: {PropertyGroupDescriptions: .groups},
  FlinkApplicationConfigurationDescription: {CheckpointConfigurationDescription: .checkpoint,
    MonitoringConfigurationDescription: .monitoring, ParallelismConfigurationDescription: .parallelism},
  ApplicationSnapshotConfigurationDescription: {SnapshotsEnabled: true},
  ApplicationSystemRollbackConfigurationDescription: {RollbackEnabled: true}}}' <<<"$want")
is "nothing has changed" '{"changes":[],"update":{}}' "$(difference "$want" "$is_now")"
is "only the parallelism" '["parallelism: Parallelism 1 -> 4"]' \
  "$(difference "$(desired "" "" null 4 1 "")" "$is_now" | jq -c .changes)"
is "its update" '{"ConfigurationTypeUpdate":"CUSTOM","ParallelismUpdate":4,"ParallelismPerKPUUpdate":1,"AutoScalingEnabledUpdate":false}' \
  "$(difference "$(desired "" "" null 4 1 "")" "$is_now" |
    jq -c .update.FlinkApplicationConfigurationUpdate.ParallelismConfigurationUpdate)"
is "a property" '["properties: tally a"]' \
  "$(difference "$(desired "" "" '[{"PropertyGroupId":"tally","PropertyMap":{"a":"2"}}]' "" 1 "")" "$is_now" | jq -c .changes)"
is "no empty parts" '{"ApplicationName":"tally","ConditionalToken":"t"}' "$(update_request t '{}' '{}')"

# ---- tables that do not heal ----
is "the default heals" "" "$(printf 'tables:\n  a: { name: x }\nviews:\n  b: { on-gap: fail }\n' | unhealed)"
is "fail does not" "a, c" \
  "$(printf 'tables:\n  a: { name: x, on-gap: fail }\n  b:\n    name: y\n  c:\n    name: z\n    start: latest\n' | unhealed)"
is "in a comment" "" "$(printf 'tables:\n  a: # on-gap: fail\n    name: x\n' | unhealed)"
is "in quotes" "a" "$(printf 'tables:\n  a: { name: x, "on-gap": "fail" }\n' | sed 's/"on-gap"/on-gap/' | unhealed)"

# ---- properties ----
folder=$(mktemp -d "${TMPDIR:-/tmp}/tally-selftest.XXXXXX")
trap 'rm -rf "$folder"' EXIT
mistakes_of() {
  printf '%s' "$1" >"$folder/p.json"
  property_mistakes "$folder/p.json"
}
is "good properties" "" "$(mistakes_of '[{"PropertyGroupId":"tally","PropertyMap":{"a":"1"}}]')"
is "an empty value" "tally a is empty, which the service refuses. Leave the key out." \
  "$(mistakes_of '[{"PropertyGroupId":"tally","PropertyMap":{"a":""}}]')"
is "a placeholder" "tally a still has a placeholder. Fill it in." \
  "$(mistakes_of '[{"PropertyGroupId":"tally","PropertyMap":{"a":"arn:aws:iam::<account-id>:role/x"}}]')"
is "a secret" "tally secret-key looks like a secret. Give the role the permission instead." \
  "$(mistakes_of '[{"PropertyGroupId":"tally","PropertyMap":{"secret-key":"x"}}]')"
is "views.uri is set" s3://b/v.yaml \
  "$(property_groups "$folder/p.json" s3://b/v.yaml | jq -r '.[0].PropertyMap["views.uri"]')"
printf '          - Effect: Allow\n            Action: [dynamodb:Scan, dynamodb:UpdateItem]\n            Resource:\n              - !Sub '"'"'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/t'"'"'\n' >"$folder/t.yaml"
is "permissions of a template" 'dynamodb:Scan dynamodb:UpdateItem	["arn:aws:dynamodb:us-east-1:123456789012:table/t"]' \
  "$(permissions_of "$folder/t.yaml")"

# ---- errors, in the order of their table ----
says 2 "too old" "aws: error: argument command: Invalid choice, valid choices are:"
says 2 "too old" "Invalid choice: 'kinesisanalyticsv2', maybe you meant:"
says 2 "too old" 'Parameter validation failed: Unknown parameter in input: "ApplicationSystemRollbackConfiguration"'
says 2 "FLINK-1_20" "$(aws_error ValidationException CreateApplication "Value 'FLINK-1_20' at 'runtimeEnvironment' failed to satisfy constraint")"
says 2 "aws sso login" "Unable to locate credentials. You can configure credentials by running \"aws configure\"."
says 2 "--profile" "The config profile (nobody) could not be found"
says 2 "expired" "$(aws_error ExpiredTokenException DescribeApplication 'The security token included in the request is expired')"
says 2 "does not know these credentials" "$(aws_error InvalidClientTokenId GetCallerIdentity 'The security token included in the request is invalid.')"
says 2 "nothing answers at https://x/" 'Could not connect to the endpoint URL: "https://x/"'
says 2 '"iam:PassedToService":"kinesisanalytics.amazonaws.com"' \
  "$(aws_error AccessDeniedException CreateApplication 'User: arn:aws:iam::123456789012:user/u is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/tally')"
says 2 '"Action":"kinesisanalytics:StartApplication"' \
  "$(aws_error AccessDeniedException StartApplication 'User: arn:aws:iam::123456789012:user/u is not authorized to perform: kinesisanalytics:StartApplication on resource: arn:aws:kinesisanalytics:us-east-1:123456789012:application/tally')"
says 3 "cannot read the jar" "$(aws_error InvalidArgumentException CreateApplication 'Please check the role provided or validity of S3 location you provided. We are unable to get the specified fileKey: k in the specified bucket: b')"
says 2 "application of that name exists" "$(aws_error ResourceInUseException CreateApplication 'Application with name tally already exists')"
says 3 "it is busy: RUNNING" "$(aws_error ResourceInUseException UpdateApplication 'Cannot update application tally in UPDATING state')"
says 3 "somebody else" "$(aws_error ConcurrentModificationException UpdateApplication 'The application was updated concurrently')"
says 2 "refuses the jar" "$(aws_error CodeValidationException CreateApplication 'bad jar')"
says 1 "stop --force" "Failed to take snapshot for the application tally at this moment. The application is currently experiencing downtime."
says 3 "L-3A88E041" "$(aws_error LimitExceededException UpdateApplication 'The number of KPUs 80 exceeds the limit of 64')"
says 3 "[execution.checkpointing.unaligned]" "org.apache.flink.util.FlinkRuntimeException: Not allowed configuration change(s) were detected: [execution.checkpointing.unaligned]"
says 3 "five minutes" "Flink job did not start within a total timeout of 5 minutes"
says 3 "dev/tally/job/Main is of class version 61" "java.lang.UnsupportedClassVersionError: dev/tally/job/Main has been compiled by a more recent version of the Java Runtime (class file version 61.0)"
says 3 "Java 11" "The entry point class could not be loaded due to a linkage failure"
says 3 "operator bc764cd8ddf7a0cff126f51c16239658" "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint. Cannot map checkpoint/savepoint state for operator bc764cd8ddf7a0cff126f51c16239658 to the new program"
says 3 "--allow-non-restored-state" "There is no operator for the state bc764cd8ddf7a0cff126f51c16239658"
says 3 "cannot read" "org.apache.flink.util.StateMigrationException: The new state serializer must not be incompatible"
says 3 "do not fit" "The maximum parallelism (2) with which the latest checkpoint of the execution job vertex has been taken and the current maximum parallelism (4) changed"
says 3 "does not offer" "$(aws_error UnsupportedOperationException RollbackApplication 'not supported')"
says 2 "no such snapshot" "$(aws_error ResourceNotFoundException DescribeApplicationSnapshot 'Snapshot s not found')"
says 2 "managed up" "$(aws_error ResourceNotFoundException DescribeApplication 'Application tally not found')"
says 3 "managed down" "Stack is in ROLLBACK_COMPLETE state and can not be updated."
says 3 "fewer calls" "$(aws_error ThrottlingException DescribeApplication 'Rate exceeded')"
says 2 "cannot read table x" "org.apache.flink.client.program.ProgramInvocationException: failed
Caused by: dev.tally.job.UserError: cannot read table x: there is none. Create it."
says 3 "AWS says: SomethingNewException: brand new words." "$(aws_error SomethingNewException StartApplication 'brand new words.')"
tried=$((tried + 1))
[ -z "$(own_words 'curl: x?authToken=abc')" ] || [[ $(own_words 'curl: x?authToken=abc') != *abc* ]] || {
  printf 'a token is shown\n'
  wrong=$((wrong + 1))
}

printf '%s of %s are right\n' $((tried - wrong)) "$tried"
[ "$wrong" -eq 0 ]
