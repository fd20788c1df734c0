# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # names are shared by the files that managed.sh sources
# What AWS and Flink say, and what it means. Unknown words are shown as they are, never swallowed.

# Threes: a pattern, an exit code, and why and what to do. {1} is what the first parenthesis matched,
# {name} the application. The first pattern that fits is taken, so the special ones come first.
errors=(
  'UserError: ([^'$'\n'']+)' 2
  '{1}'

  'Invalid choice: ?'"'"'?(kinesisanalyticsv2|[a-z-]+)|argument (command|operation): Invalid choice|Unknown (parameter in input|options)' 2
  'this AWS CLI is too old for it. Install AWS CLI 2.18 or newer, or 1.35 or newer (pip install --upgrade awscli).'
  'Unknown RuntimeEnvironment|'"'"'?runtimeEnvironment'"'"'? failed to satisfy' 2
  'the AWS CLI or the region does not know FLINK-1_20. Install AWS CLI 2.18 or newer, or 1.35 or newer, or take another --region.'

  'Unable to locate credentials|NoCredentials|Partial credentials|could not be found\. *$|config profile \(.*\) could not be found' 2
  'there are no credentials. Log in with "aws sso login" or "aws configure", or name a profile with --profile.'
  'Expired ?Token|[Tt]oken (included in the request )?(is|has) expired|session .*(has expired|is invalid)|Error when retrieving token from sso' 2
  'the credentials have expired. Log in anew with "aws sso login", or renew what AWS_SESSION_TOKEN holds.'
  'InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|InvalidAccessKeyId|security token included in the request is invalid' 2
  'AWS does not know these credentials. Look at "aws sts get-caller-identity" and --profile.'
  'You must specify a region' 2
  'no region is set. Name one with --region, or set AWS_REGION.'
  'Could not connect to the endpoint URL: "([^"]*)"|Failed to connect to (.*) port|Could not resolve host' 2
  'nothing answers at {1}. Look at the network, a proxy, and whether --region {region} has Managed Flink.'

  'iam:PassRole' 2
  'you may not pass its role to the service. Add to your policy: {"Effect":"Allow","Action":"iam:PassRole","Resource":"{role}","Condition":{"StringEquals":{"iam:PassedToService":"kinesisanalytics.amazonaws.com"}}}'
  'not authorized to perform: ([a-zA-Z0-9-]+:[a-zA-Z*]+) on resource: ([^ ]+)' 2
  'you may not {1}. Have {"Effect":"Allow","Action":"{1}","Resource":"{2}"} added to your policy.'
  'not authorized to perform: ([a-zA-Z0-9-]+:[a-zA-Z*]+)' 2
  'you may not {1}. Have it added to your policy.'
  'unable to get the specified fileKey|check the role provided or validity of S3 location' 3
  '{filekey}'
  'ResourceInUseException.*[Aa]lready exists' 2
  'an application of that name exists. Take another --name, or run the verb again to go on with it.'
  'ResourceInUseException' 3
  'it is busy: {status}. See scripts/submit.sh managed ops, wait for what is under way, and try again.'
  'ConcurrentModificationException' 3
  'somebody else changes it at the same time. See scripts/submit.sh managed ops, and try again.'
  'CodeValidationException' 2
  'the service refuses the jar. Look at the lines on the jar in scripts/submit.sh managed doctor, and build anew.'
  'Failed to take (a )?snapshot|[Cc]annot take (a )?snapshot|currently experiencing downtime' 1
  'its job is not healthy, so no snapshot can be taken. See scripts/submit.sh managed logs --first-failure and mend that; or go back: scripts/submit.sh managed stop --force, then restore NAME. What changed since that snapshot is read again from the stream, if it is not older than 24 h.'
  'LimitExceeded' 3
  'a quota is used up. See service kinesisanalytics in the Service Quotas console of {region} (KPUs: L-3A88E041) and ask for more, or delete old applications and snapshots.'
  'Not allowed configuration change\(s\) were detected:? ?([^'$'\n'']*)' 3
  'the code sets what the service keeps for itself: {1}. Set it only where the job runs locally, and deploy again.'
  'did not start within|total timeout of 5 minutes' 3
  'its main method took more than five minutes. Look with scripts/submit.sh managed logs what it waits for: most often a table or a permission; scripts/submit.sh managed doctor names it.'
  'UnsupportedClassVersionError:? ?([^ '$'\n'']*).*class file version ([0-9]+)' 3
  'class {1} is of class version {2}, and the service runs Java 11 (55). Build with --release 11.'
  'linkage failure|UnsupportedClassVersionError' 3
  'a class of the jar is not for Java 11 (class version 55), or lacks what it refers to. See the lines on the jar in scripts/submit.sh managed doctor.'
  '(Cannot map (checkpoint/savepoint|checkpoint|savepoint) state for|no operator for the state) (operator )?([0-9a-f]+)' 3
  'the snapshot has state of operator {4}, which this jar does not have. Restore with the jar that made it (restore NAME --with-its-jar), or give that state up with --allow-non-restored-state: what it counted is lost.'
  'StateMigrationException|new (state|key|namespace) serializer[^'$'\n'']*incompatible' 3
  'the snapshot holds state that this jar cannot read. Restore with the jar that made it (restore NAME --with-its-jar); the README says which releases read which states.'
  '[Mm]ax(imum)?[ -]?parallelism' 3
  'its parallelism and that of the snapshot do not fit: {said}. Scale to at most the maximum parallelism of the state, and do not change pipeline.max-parallelism.'
  'UnsupportedOperationException' 3
  'the service does not offer that here, or not in its present state ({status}).'
  'ResourceNotFoundException.*(Snapshot|snapshot)' 2
  'there is no such snapshot. See scripts/submit.sh managed snapshots.'
  'ResourceNotFoundException' 2
  'there is none in {region}. Create it with scripts/submit.sh managed up.'
  'ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED' 3
  'its stack is left from an attempt that failed. See its events in the CloudFormation console, then scripts/submit.sh managed down, and up again.'
  'Throttling|TooManyRequests|Rate exceeded|SlowDown' 3
  'AWS asks for fewer calls. Try again in a minute.'
  'AccessDenied|AuthorizationError|UnauthorizedOperation|403' 2
  'it is not permitted: {said}. Have that permission added to your policy.'
)

# explain TEXT: sets why and code
explain() {
  local text=$1 i match
  why="" code=3
  for ((i = 0; i < ${#errors[@]}; i += 3)); do
    if [[ $text =~ ${errors[i]} ]]; then
      match=("${BASH_REMATCH[@]}")
      code=${errors[i + 1]}
      why=${errors[i + 2]}
      break
    fi
  done
  local words
  words=$(own_words "$text")
  if [ -z "$why" ]; then
    why="AWS says: $words."
    return
  fi
  local n
  for n in 1 2 3 4; do
    why=${why//"{$n}"/${match[$n]:-}}
  done
  why=${why//'{name}'/$name}
  why=${why//'{region}'/$region}
  why=${why//'{status}'/${status:-unknown}}
  why=${why//'{said}'/$words}
  [[ $why != *'{role}'* ]] || why=${why//'{role}'/${role:-the role of the application}}
  [[ $why != *'{filekey}'* ]] || why=${why//'{filekey}'/$(why_no_code)}
}

# own_words TEXT: the message of an AWS error, or the last cause of a stack trace, in one line
own_words() {
  local line
  line=$(grep -E '^(Caused by: )?[a-zA-Z0-9.$]+(Exception|Error)(: |$)' <<<"$1" | tail -n 1)
  [ -n "$line" ] || line=$(grep -v '^[[:space:]]*$' <<<"$1" | tail -n 1)
  sed -E 's/^Caused by: //; s/^An error occurred \(([A-Za-z]+)\) when calling the ([A-Za-z]+) operation( \(reached max retries: [0-9]+\))?: /\1: /; s/authToken=[^& "]*/authToken=.../g; s/[. ]+$//' <<<"$line"
}

because() {
  explain "$said"
  printf '%s' "${why%.}"
}

# refused WHAT: a call has failed; says why and ends
refused() {
  explain "$said"
  end_with "$1"
}

# failed_because WHAT TEXT: an operation or a job has failed
failed_because() {
  explain "$2"
  end_with "$1"
}

end_with() {
  # An error of the job itself is in house form already.
  if [[ $why == cannot\ * ]]; then
    finish "$code" "$why"
  fi
  finish "$code" "cannot $1: $why"
}

# Looks at what the service only guesses at: the jar, the bucket's region, its key, the role's age.
why_no_code() {
  local bucket=${bucket:-} key=${key:-} place
  if [ -z "$bucket" ] || [ -z "$key" ]; then
    printf 'the service cannot read the jar. Look at the bucket and the role in scripts/submit.sh managed doctor.'
    return
  fi
  if ! call s3api head-object "$(jq -nc --arg b "$bucket" --arg k "$key" '{Bucket: $b, Key: $k}')"; then
    if [[ $said == *404* || $said == *"Not Found"* || $said == *NoSuchKey* ]]; then
      printf 'there is no s3://%s/%s. Upload it with scripts/submit.sh managed up.' "$bucket" "$key"
    else
      printf 's3://%s/%s cannot be read (%s). Have s3:GetObject on it added to your policy and to the role.' \
        "$bucket" "$key" "$(own_words "$said")"
    fi
    return
  fi
  if [[ $(jq -r '.ServerSideEncryption // ""' <<<"$reply") == aws:kms* ]]; then
    printf 's3://%s/%s is encrypted with a KMS key that the role may not use. Add kms:Decrypt on that key to the role.' "$bucket" "$key"
    return
  fi
  place=""
  if call s3api get-bucket-location "$(jq -nc --arg b "$bucket" '{Bucket: $b}')"; then
    place=$(jq -r '.LocationConstraint // "us-east-1"' <<<"$reply")
  fi
  if [ -n "$place" ] && [ "$place" != "$region" ]; then
    printf 'bucket %s is in %s, and the application in %s. Use one region.' "$bucket" "$place" "$region"
    return
  fi
  printf 'the jar is there, so the role %s may not read it, or is too new. Try again in a minute; then look at s3:GetObject of that role.' "${role##*/}"
}
