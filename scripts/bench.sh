#!/usr/bin/env bash
# Measures Tally and what people would use instead, on the same changes. bench/README.md says how to read it.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 2; }

usage() {
  cat <<'TEXT'
usage: scripts/bench.sh [options]

  --part A,B   engine         Tally on all workloads
               alternatives   Flink SQL, Kafka Streams and loops beside Tally
               wire           from the bytes of stream pages to rows, read by Tally and by the SDK
               local          end to end on DynamoDB Local: latencies, catching up, requests
               drift          groups that are wrong at the end, Tally's and others'
               loops          what is done for each record, by JMH
               all of them when not given
  --rounds N   rounds of all runs, one after the other in each; 3 when not given
  --quick      fewer changes: to see that it works
  --long       also the workload of ten million items
  --only RE    only runs whose name the regular expression finds, such as 'sql-b1-mini W1 full rocks'

The results are in bench/target/results: a table in Markdown and plots for each part.
TEXT
}

for option in "$@"; do
  case "$option" in
    -h | --help | help)
      usage
      exit 0
      ;;
  esac
done

command -v java >/dev/null || fail "cannot run the bench: there is no java. Install JDK 17."

# Builds when there is no build yet or a source file is newer than it.
stamp="$home/bench/target/built"
if [ ! -f "$stamp" ] ||
  [ -n "$(find "$home"/pom.xml "$home"/*/pom.xml "$home"/bench/kafka/pom.xml "$home"/*/src/main "$home"/bench/kafka/src/main \
    -newer "$stamp" -type f -print -quit)" ]; then
  command -v mvn >/dev/null || fail "cannot build the bench: there is no mvn. Install Maven 3.8 or newer."
  say "building the bench (the first time this takes a few minutes) ..."
  mkdir -p "$home/.tally"
  (cd "$home" && mvn -B -Pbench -pl bench,bench/kafka -am -DskipTests package) >"$home/.tally/bench-build.log" 2>&1 || {
    tail -n 30 "$home/.tally/bench-build.log" >&2
    fail "cannot build the bench: Maven failed. All it said is in .tally/bench-build.log."
  }
  touch "$stamp"
fi

cd "$home"
exec java -Xmx512m -Djava.awt.headless=true -cp "bench/target/classes:bench/target/lib/*" dev.tally.bench.Bench "$@"
