# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # names are shared by the files that managed.sh sources
# Everything that can be known before a start. It only reads; each line says what to do about it.

findings="[]"

managed_doctor() {
  local bad=false text
  doctor_lines || bad=true
  if $bad; then
    finish 2 "cannot start application $name yet: $(jq -r '[.[] | select(.state == "not ok") | .about] | unique | join(", ")' <<<"$findings") to be mended, as said above." \
      "$(jq -nc --argjson findings "$findings" '{findings: $findings}')"
  fi
  finish 0 "all is well; nothing was changed" "$(jq -nc --argjson findings "$findings" '{findings: $findings}')"
}

# doctor_lines: false if anything is not ok
doctor_lines() {
  findings="[]"
  doctor_tools
  doctor_properties
  doctor_jar
  if doctor_access; then
    doctor_stack
    doctor_application
    doctor_caller
    doctor_role
    doctor_quota
    doctor_tables
  fi
  doctor_cost
  ! jq -e 'any(.[]; .state == "not ok")' <<<"$findings" >/dev/null
}

ok() { finding ok "$1" "$2"; }
bad() { finding "not ok" "$1" "$2"; }
note() { finding note "$1" "$2"; }

finding() {
  findings=$(jq -c --arg state "$1" --arg about "$2" --arg text "$3" '. + [{state: $state, about: $about, text: $text}]' <<<"$findings")
  say "$(printf '%-6s  %-12s %s' "$1" "$2" "$3")"
}

# ---- here ------------------------------------------------------------------------------------

doctor_tools() {
  local java skeleton
  if skeleton=$(aws kinesisanalyticsv2 create-application --generate-cli-skeleton 2>"$scratch/said") &&
    [[ $skeleton == *RollbackEnabled* ]]; then
    ok tools "aws, jq, curl: $(aws --version 2>&1 | cut -d' ' -f1)"
  else
    bad tools "the AWS CLI does not know all of kinesisanalyticsv2. Install AWS CLI 2.18 or newer, or 1.35 or newer."
  fi
  if $jar_given && [ -n "$template" ]; then
    return
  fi
  java=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  if [ "${java:-0}" -ge 17 ]; then
    ok tools "JDK $java"
  else
    bad tools "java is ${java:-not there}. Install JDK 17 and put it first on PATH."
  fi
  if command -v mvn >/dev/null; then
    ok tools "Maven"
  elif [ ! -f "$jar" ]; then
    bad tools "there is no mvn. Install Maven 3.8 or newer, or name a built jar with --jar."
  fi
}

doctor_properties() {
  local mistakes
  need_files
  mistakes=$(property_mistakes "$properties")
  if [ -z "$mistakes" ]; then
    ok properties "$(jq '[.[].PropertyMap | length] | add' "$properties") of $(basename "$properties")"
  else
    while IFS= read -r line; do bad properties "$line"; done <<<"$mistakes"
  fi
}

# property_mistakes FILE: a line each
property_mistakes() {
  jq -r '
    def at($g; $k): "\($g) \($k)";
    (if length > 50 then "there are \(length) groups. Take at most 50." else empty end),
    (group_by(.PropertyGroupId)[] | select(length > 1) | "group \(.[0].PropertyGroupId) is there twice. Make one of them."),
    (.[] | .PropertyGroupId as $g | .PropertyMap
      | (if length > 50 then "group \($g) has \(length) keys. Take at most 50." else empty end),
        (if length == 0 then "group \($g) is empty. Leave it out." else empty end),
        (to_entries[]
          | if (.value | type) != "string" then "\(at($g; .key)) is no text. Put it in quotes."
            elif .value == "" then "\(at($g; .key)) is empty, which the service refuses. Leave the key out."
            elif (.value | length) > 2048 or (.key | length) > 2048 then "\(at($g; .key)) has more than 2048 characters. Shorten it."
            elif (.value | test("<[a-z-]+>")) then "\(at($g; .key)) still has a placeholder. Fill it in."
            elif (.value | test("(AKIA|ASIA)[0-9A-Z]{16}")) or (.key | test("secret|password|access.?key"; "i"))
              then "\(at($g; .key)) looks like a secret. Give the role the permission instead."
            else empty end))' "$1"
}

doctor_jar() {
  local names main bytes worst
  if [ ! -f "$jar" ]; then
    if $jar_given; then
      bad jar "there is no $jar. Name the jar with --jar, or leave that out to build it."
    else
      note jar "is not built yet; up and deploy build it"
    fi
    return
  fi
  bytes=$(wc -c <"$jar")
  if [ "$bytes" -gt $((512 * 1024 * 1024)) ]; then
    bad jar "has $((bytes / 1048576)) MiB, the service takes 512. Leave out what the service has."
  elif [ "$bytes" -gt $((100 * 1024 * 1024)) ]; then
    note jar "has $((bytes / 1048576)) MiB: above 100 every start takes longer"
  fi
  if ! command -v unzip >/dev/null; then
    note jar "is not looked into: there is no unzip. Install it to have that done."
    return
  fi
  if ! unzip -Z1 "$jar" >"$scratch/names" 2>/dev/null; then
    bad jar "$jar is no jar. Delete it and have it built anew."
    return
  fi
  main=$(unzip -p "$jar" META-INF/MANIFEST.MF 2>/dev/null | tr -d '\r' | sed -n 's/^Main-Class: *//p')
  [ -n "$main" ] || bad jar "its manifest has no Main-Class. Build it with mvn package."
  [ -z "$main" ] || grep -qxF "${main//.//}.class" "$scratch/names" ||
    bad jar "its Main-Class $main is not in it. Build it with mvn clean package."
  names=$(grep -E '^META-INF/[^/]*\.(SF|DSA|RSA)$' "$scratch/names" | head -n 1 || true)
  [ -z "$names" ] || bad jar "is signed ($names), and after shading no signature fits. Leave those files out."
  names=$(grep -E '^org/apache/(flink/(core|runtime|streaming/api|api/java)|logging/log4j)/|^org/slf4j/' "$scratch/names" | head -n 1 || true)
  [ -z "$names" ] || bad jar "has what the service has ($names). Mark it as provided."
  worst=$(newest_class "$jar")
  if [ -n "$worst" ]; then
    bad jar "class ${worst% *} is of class version ${worst##* }, the service runs Java 11 (55). Build with --release 11."
  elif ! jq -e 'any(.[]; .about == "jar" and .state == "not ok")' <<<"$findings" >/dev/null; then
    ok jar "$((bytes / 1048576)) MiB, main class $main, class version 55 or less"
  fi
}

# newest_class JAR: a class of more than version 55 and its version. Versions of the JDK's own choice do not count.
newest_class() {
  local folder="$scratch/classes"
  mkdir -p "$folder"
  unzip -qo "$1" '*.class' -x 'META-INF/*' '*module-info.class' -d "$folder" 2>/dev/null || true
  (cd "$folder" && find . -name '*.class' | LC_ALL=C sort >"$scratch/list" &&
    tr '\n' '\0' <"$scratch/list" | xargs -0 head -qc 8 | od -An -v -tu1 -w8 |
    awk -v names="$scratch/list" '{ getline name <names } $8 > 55 { sub(/^\.\//, "", name); print name, $8; exit }')
  rm -rf "$folder"
}

# ---- at AWS ----------------------------------------------------------------------------------

doctor_access() {
  if ! call sts get-caller-identity; then
    bad access "$(because)."
    return 1
  fi
  caller=$(jq -r .Arn <<<"$reply")
  account=$(jq -r .Account <<<"$reply")
  ok access "${caller##*:} in region $region"
}

doctor_stack() {
  has_stack=false
  if ! call cloudformation describe-stacks "$(jq -nc --arg stack "$(stack_name)" '{StackName: $stack}')"; then
    if [[ $said == *"does not exist"* ]]; then
      note stack "there is no stack $(stack_name) yet; up makes it"
    else
      bad stack "$(because)."
    fi
    return
  fi
  local state
  state=$(jq -r '.Stacks[0].StackStatus' <<<"$reply")
  case "$state" in
    ROLLBACK_COMPLETE | ROLLBACK_FAILED | DELETE_FAILED | CREATE_FAILED)
      bad stack "$(stack_name) is $state. See its events in the CloudFormation console, then scripts/submit.sh managed down."
      ;;
    *_IN_PROGRESS) bad stack "$(stack_name) is $state. Wait until that is done." ;;
    *)
      ok stack "$(stack_name) is $state"
      read_outputs && has_stack=true
      ;;
  esac
}

doctor_application() {
  app=""
  if ! call kinesisanalyticsv2 describe-application "$(named)"; then
    if [[ $said == *ResourceNotFoundException* ]]; then
      note application "there is no $name yet; up creates it"
    else
      bad application "$(because)."
    fi
    return
  fi
  app=$(jq -c .ApplicationDetail <<<"$reply")
  status=$(jq -r .ApplicationStatus <<<"$app")
  if ! is_ours; then
    bad application "$(not_ours)"
    return
  fi
  if transient "$status"; then
    last_operations 5
    note application "is $status$(jq -r '[.[] | select(.status == "IN_PROGRESS")][0] | if . == null then "" else ": \(.operation) since \(.start)" end' <<<"$operations"); every verb waits until that is done"
  elif [ "$status" = RUNNING ] && presign && look_at_job; then
    if [ "$(jq -r .healthy <<<"$health")" = true ]; then
      ok application "is RUNNING, its job $(words_of_health)"
    else
      note application "is RUNNING, but its job $(words_of_health): a snapshot of it, and so an update, will fail. See scripts/submit.sh managed logs --first-failure."
    fi
  else
    ok application "is $status"
  fi
  doctor_logs
}

doctor_logs() {
  local arn group stream
  arn=$(jq -r '.CloudWatchLoggingOptionDescriptions[0].LogStreamARN // ""' <<<"$app")
  group=${arn#*:log-group:}
  group=${group%%:*}
  stream=${arn##*:log-stream:}
  if [ -z "$arn" ]; then
    bad logs "the application has no log stream, so every line is lost. Attach one with: scripts/submit.sh managed logs"
  elif call logs describe-log-streams "$(jq -nc --arg g "$group" --arg s "$stream" '{logGroupName: $g, logStreamNamePrefix: $s}')"; then
    if [ "$(jq --arg s "$stream" 'any(.logStreams[]?; .logStreamName == $s)' <<<"$reply")" = true ]; then
      ok logs "$group"
    else
      bad logs "there is no stream $stream in $group, so every line is lost. Make it with: scripts/submit.sh managed logs"
    fi
  elif [[ $said == *ResourceNotFound* ]]; then
    bad logs "there is no group $group, so every line is lost. Make it with: scripts/submit.sh managed logs"
  else
    note logs "not looked at: $(because)"
  fi
}

# What the one who calls needs; a user without permission to ask is told so.
doctor_caller() {
  local principal=$caller denied
  if [[ $caller == *:assumed-role/* ]]; then
    principal="${caller%%:sts:*}:iam::$account:role/$(cut -d/ -f2 <<<"$caller")"
  fi
  if [[ $caller == *:root ]]; then
    note permissions "you are the root user of the account: use a role"
    return
  fi
  denied=$(denied_of "$principal" '["*"]' kinesisanalytics:CreateApplication kinesisanalytics:DescribeApplication \
    kinesisanalytics:UpdateApplication kinesisanalytics:StartApplication kinesisanalytics:StopApplication \
    kinesisanalytics:RollbackApplication kinesisanalytics:DeleteApplication \
    kinesisanalytics:CreateApplicationSnapshot kinesisanalytics:DescribeApplicationSnapshot \
    kinesisanalytics:ListApplicationSnapshots kinesisanalytics:ListApplicationOperations \
    kinesisanalytics:DescribeApplicationOperation kinesisanalytics:DescribeApplicationVersion \
    kinesisanalytics:CreateApplicationPresignedUrl kinesisanalytics:TagResource kinesisanalytics:ListTagsForResource \
    iam:PassRole s3:PutObject s3:GetObject cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet \
    cloudformation:DescribeStacks)
  case "$denied" in
    "?"*) note permissions "yours are not looked at: ${denied#\?}" ;;
    "") ok permissions "yours" ;;
    *iam:PassRole*) bad permissions "you may not $denied. Have them added to your policy; iam:PassRole as {\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"${role:-*}\",\"Condition\":{\"StringEquals\":{\"iam:PassedToService\":\"kinesisanalytics.amazonaws.com\"}}}" ;;
    *) bad permissions "you may not $denied. Have them added to your policy." ;;
  esac
}

# denied_of PRINCIPAL RESOURCES ACTION...: those that are denied; "?" and a reason if nobody can say
denied_of() {
  local principal=$1 resources=$2
  shift 2
  # The service is told, for iam:PassRole depends on it.
  if ! call iam simulate-principal-policy "$(jq -nc --arg p "$principal" --argjson r "$resources" \
    '{PolicySourceArn: $p, ActionNames: $ARGS.positional, ResourceArns: $r,
      ContextEntries: [{ContextKeyName: "iam:PassedToService", ContextKeyValues: ["kinesisanalytics.amazonaws.com"],
        ContextKeyType: "string"}]}' --args "$@")"; then
    printf '?%s' "$(because)"
    return
  fi
  jq -r '[.EvaluationResults[]? | select(.EvalDecision != "allowed") | .EvalActionName] | unique | join(", ")' <<<"$reply"
}

# The role: who may take it, and whether what the views need is allowed to it at their very tables. A
# sink that is denied tries for ever, and nobody sees a failure.
doctor_role() {
  $has_stack || return 0
  local trusted actions resources denied all=true
  if ! call iam get-role "$(jq -nc --arg r "${role##*/}" '{RoleName: $r}')"; then
    note role "is not looked at: $(because)"
    return
  fi
  trusted=$(jq -r '[.Role.AssumeRolePolicyDocument.Statement[]? | .Principal.Service | if type == "array" then .[] else . end] | join(" ")' <<<"$reply")
  [[ " $trusted " == *" kinesisanalytics.amazonaws.com "* ]] ||
    bad role "${role##*/} is not trusted to kinesisanalytics.amazonaws.com (without v2). Have up make the stack anew."
  make_template
  while IFS=$'\t' read -r actions resources; do
    # shellcheck disable=SC2086 # actions are words
    denied=$(denied_of "$role" "$resources" $actions)
    if [[ $denied == "?"* ]]; then
      note role "its permissions are not looked at: ${denied#\?}"
      return
    elif [ -n "$denied" ]; then
      all=false
      bad role "may not $denied on $(jq -r 'join(", ")' <<<"$resources"). up and deploy give it what the views need; if they did, look for a permissions boundary or an organization's policy."
    fi
  done < <(permissions_of "$template")
  ! $all || ok role "${role##*/} may do what the views need"
}

# permissions_of TEMPLATE: for each generated statement its actions and, as JSON, its ARNs
permissions_of() {
  awk -v region="$region" -v account="$account" '
    function flush() { if (actions != "" && arns != "") printf "%s\t[%s]\n", actions, arns; actions = arns = "" }
    /^ *- Effect:/ { flush() }
    /^ *Action: \[(dynamodb|kinesis|sts)/ {
      actions = $0; sub(/.*\[/, "", actions); sub(/\].*/, "", actions); gsub(/, */, " ", actions)
    }
    /^ *- !Sub / && actions != "" {
      arn = $0; sub(/.*!Sub /, "", arn); gsub(/\047|"/, "", arn)
      gsub(/\$\{AWS::Partition\}/, "aws", arn); gsub(/\$\{AWS::Region\}/, region, arn)
      gsub(/\$\{AWS::AccountId\}/, account, arn)
      arns = arns (arns == "" ? "" : ",") "\"" arn "\""
    }
    /^  [A-Za-z]/ { flush() }
    END { flush() }' "$1"
}

doctor_quota() {
  local want most
  want=$(($(kpus "${parallelism:-$(now_parallelism)}" "$(per_kpu)") - 1))
  if [ "${parallelism:-1}" -gt "$most_parallelism" ]; then
    bad quota "the state has $most_parallelism key groups, so that is the largest parallelism. Add --parallelism N of at most $most_parallelism."
  fi
  if ! call service-quotas get-service-quota '{"ServiceCode":"kinesisanalytics","QuotaCode":"L-3A88E041"}'; then
    note quota "of KPUs is not looked at: $(because)"
    return
  fi
  most=$(jq -r '.Quota.Value | floor' <<<"$reply")
  if [ "$want" -gt "$most" ]; then
    bad quota "$want KPUs are wanted, $most allowed. Ask for more of L-3A88E041 in the Service Quotas console, or take a smaller --parallelism."
  else
    ok quota "$want of $most KPUs"
  fi
}

now_parallelism() {
  jq -r '.ApplicationConfigurationDescription.FlinkApplicationConfigurationDescription.ParallelismConfigurationDescription.Parallelism // 1' <<<"${app:-null}"
}

# Views against the live tables, by the command that does that everywhere.
doctor_tables() {
  local words=(check --views "$views") line
  if [ -n "$endpoint" ] && [ -z "$dynamodb_endpoint" ]; then
    note tables "are not looked at: with --endpoint-url they need --dynamodb-endpoint and --kinesis-endpoint"
    return
  fi
  if ! command -v java >/dev/null; then return; fi
  build
  [ -z "$dynamodb_endpoint" ] || words+=(--dynamodb-endpoint "$dynamodb_endpoint")
  [ -z "$kinesis_endpoint" ] || words+=(--kinesis-endpoint "$kinesis_endpoint")
  while IFS= read -r line; do words+=("-D$line"); done < <(job_properties)
  if (
    export AWS_REGION="$region"
    [ -z "$profile" ] || export AWS_PROFILE="$profile"
    run_java "${words[@]}"
  ) >"$scratch/check" 2>"$scratch/said"; then
    while IFS= read -r line; do ok tables "$line"; done < <(grep -E '^(table|view|feed) ' "$scratch/check")
  elif $create_tables && grep -qE 'there is no (such )?(table|stream)|does not exist' "$scratch/said"; then
    note tables "$(tail -n 1 "$scratch/said") (--create-tables makes it)"
  else
    while IFS= read -r line; do bad tables "$line"; done < <(grep -v '^$' "$scratch/said" | tail -n 5)
  fi
}

doctor_cost() {
  note cost "$(cost_line "${parallelism:-$(now_parallelism)}" "$(per_kpu)")"
  git_sha
  [[ $sha != *-dirty ]] || note code "there is work that is not committed: deploy refuses it without --allow-dirty"
}
