#!/usr/bin/env bash
# Finds the Kafka broker that the tests run, or installs it. The last line on stdout is the folder of its jars; progress goes to stderr.
#
#     java -cp "$(scripts/install-kafka.sh)/*" kafka.Kafka server.properties
#
# Maven fetches what scripts/kafka/pom.xml lists into $EDGESPAN_TOOLS (default: .tools/ in the checkout): 43 MB in half a minute, once.
# Two runs at the same time are safe: the second waits.
#
# Needs: bash, Java 17 or later (to run it); to install: mvn, and access to Maven Central. As root on Debian, this script installs Java
# and mvn.
set -euo pipefail

version=4.1.1

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

# The pom is compared too: after a change of a version in it, that version is installed.
is_pinned() { [[ -s $1/lib/kafka_2.13-$version.jar ]] && cmp -s "$1/pom.xml" "$checkout/scripts/kafka/pom.xml"; }

provide java default-jre-headless "Kafka $version runs on Java 17 or later"
java_version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
((${java_version:-0} >= 17)) || die "Kafka $version needs Java 17 or later, this is '$(java -version 2>&1 | head -n 1)'"

home=$tools/kafka-$version
if missing "kafka-$version" is_pinned "$home"; then
	provide mvn maven "it installs Kafka $version"
	say "fetching Kafka $version with mvn into $home"
	staged=$(mktemp -d "$tools/.kafka-$version.XXXXXX")
	trap 'rm -rf "$staged"' EXIT
	cp "$checkout/scripts/kafka/pom.xml" "$staged/"
	mvn --quiet --batch-mode --file "$staged/pom.xml" \
		org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
		-DincludeScope=runtime -DoutputDirectory="$staged/lib" >&2
	is_pinned "$staged" || die "mvn fetched no kafka_2.13-$version.jar: check the version in scripts/kafka/pom.xml"
	place "$staged" "$home"
fi
say "Kafka $version is installed"
echo "$home/lib"
