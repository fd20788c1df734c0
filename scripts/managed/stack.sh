# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# What stands beside the application: the stack, its template and its outputs.

# What CloudFormation takes with a request; a larger template it reads from a bucket.
most_template_bytes=51200

bucket="" role="" export_role="" log_stream="" log_group="" dashboard="" topic="" templates=""

stack_name() { printf 'tally-%s' "$name"; }

# The standing parts. Permissions follow from the views, so every deployment looks at them.
stack() {
  local what words=() from=() line
  what="make the stack $(stack_name)"
  make_template
  template_bucket
  while IFS= read -r line; do words+=("$line"); done < <(stack_parameters)
  if $dry_run; then
    plan cloudformation create-change-set "$(jq -nc --arg stack "$(stack_name)" --arg file "$template" --arg name "$name" \
      --arg bucket "$templates" \
      '{StackName: $stack, Capabilities: ["CAPABILITY_IAM"],
        Parameters: [$ARGS.positional[] | split("=") | {ParameterKey: .[0], ParameterValue: .[1]}],
        Tags: [{Key: "tally", Value: $name}]}
        + (if $bucket == "" then {TemplateBody: ("file://" + $file)}
           else {TemplateURL: "https://\($bucket).s3.amazonaws.com/\($name)/template"} end)' --args "${words[@]}")"
    plan cloudformation execute-change-set "$(jq -nc --arg stack "$(stack_name)" '{StackName: $stack}')"
  else
    say "bucket, role, logs, alarms and dashboard: stack $(stack_name) ..."
    [ -z "$templates" ] || from=(--s3-bucket "$templates" --s3-prefix "$name")
    if ! patiently "CloudFormation" aws "${aws_words[@]}" cloudformation deploy --stack-name "$(stack_name)" \
      --template-file "$template" "${from[@]+"${from[@]}"}" --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
      --parameter-overrides "${words[@]}" --tags "tally=$name"; then
      stack_failed "$what"
    fi
  fi
  outputs || finish 3 "cannot $what: it has no outputs. See its events in the CloudFormation console."
}

stack_parameters() {
  printf 'ApplicationName=%s\n' "$name"
  [ -z "$interval" ] || printf 'CheckpointInterval=%s\n' "$interval"
  [ -z "$email" ] || printf 'SnsEmail=%s\n' "$email"
  ! $create_tables || printf 'CreateTables=true\n'
}

# Sets templates, the bucket for templates that are too large to be sent: the stack's own bucket is made
# by the template. One for all applications of a region; down leaves it.
template_bucket() {
  local owner=123456789012 request
  templates=""
  [ "$(wc -c <"$template")" -gt $most_template_bytes ] || return 0
  if call sts get-caller-identity; then
    owner=$(jq -r .Account <<<"$reply")
  elif ! $dry_run; then
    refused "find out whose account it is"
  fi
  templates="tally-$owner-$region-templates"
  request=$(jq -nc --arg bucket "$templates" '{Bucket: $bucket}')
  if call s3api head-bucket "$(jq -c --arg owner "$owner" '. + {ExpectedBucketOwner: $owner}' <<<"$request")"; then
    return
  fi
  if ! $dry_run && [[ $said != *404* && $said != *"Not Found"* && $said != *NoSuchBucket* ]]; then
    refused "look at bucket $templates"
  fi
  $dry_run || say "the template is too large to be sent as it is: making bucket $templates for it ..."
  change "make bucket $templates" s3api create-bucket "$(jq -c --arg region "$region" '. + (
    if $region == "us-east-1" then {} else {CreateBucketConfiguration: {LocationConstraint: $region}} end)' <<<"$request")"
  change "close bucket $templates to the public" s3api put-public-access-block "$(jq -c '. + {PublicAccessBlockConfiguration:
    {BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}}' <<<"$request")"
}

# Generated from the views and the properties that name tables.
make_template() {
  if [ -n "$template" ]; then
    [ -f "$template" ] || fail "cannot read $template: there is no such file. Leave out --template to have it made."
    return
  fi
  need_java
  build
  template="$work/$name.yaml"
  local words=() line
  while IFS= read -r line; do words+=("-D$line"); done < <(job_properties)
  if ! (run_java managed-template --name "$name" --views "$views" "${words[@]+"${words[@]}"}") \
    >"$template" 2>"$scratch/said"; then
    fail "$(tail -n 1 "$scratch/said")"
  fi
}

job_properties() {
  jq -r '.[] | select(.PropertyGroupId == "tally") | .PropertyMap | to_entries[]
    | select(.key != "views.uri") | "\(.key)=\(.value)"' "$properties"
}

# Sets bucket, role and the like.
outputs() {
  if ! call cloudformation describe-stacks "$(jq -nc --arg stack "$(stack_name)" '{StackName: $stack}')"; then
    if $dry_run; then
      # Nobody knows the names yet that CloudFormation will give.
      bucket="$(stack_name)-codebucket" role="arn:aws:iam::123456789012:role/$(stack_name)"
      export_role=$role-export
      log_group="/aws/kinesis-analytics/$name" dashboard=$name topic=""
      log_stream="arn:aws:logs:$region:123456789012:log-group:$log_group:log-stream:application"
      return
    fi
    return 1
  fi
  read_outputs
}

# Of the answer of describe-stacks.
read_outputs() {
  local values
  values=$(jq -r '[.Stacks[0].Outputs[]? | {(.OutputKey): .OutputValue}] | add // {}
    | [.CodeBucket, .RoleArn, .ExportRoleArn, .LogStreamArn, .LogGroupName, .DashboardName, .AlarmTopicArn] | map(. // "") | .[]' <<<"$reply")
  { read -r bucket && read -r role && read -r export_role && read -r log_stream && read -r log_group && read -r dashboard && read -r topic; } <<<"$values"
  [ -n "$bucket" ] && [ -n "$role" ]
}

# CloudFormation itself only says that it failed; the first event that failed says why.
stack_failed() {
  local first=$said event
  if call cloudformation describe-stack-events "$(jq -nc --arg stack "$(stack_name)" '{StackName: $stack}')"; then
    event=$(jq -r '[.StackEvents[]? | select(.ResourceStatus | test("_FAILED$"))
      | select((.ResourceStatusReason // "") | test("cancelled"; "i") | not)] | last
      | if . == null then "" else "\(.LogicalResourceId): \(.ResourceStatusReason)" end' <<<"$reply")
    [ -z "$event" ] || first=$event
  fi
  failed_because "$1" "$first"
}
