#!/bin/sh
# Builds a program as it is released: with Swift's libraries inside, and without full Foundation.
#   usage: build-release.sh PRODUCT [OPTION...]
set -eu
product=$1
shift
set -- -c release --static-swift-stdlib \
  -Xswiftc -module-alias -Xswiftc Foundation=EssentialFoundation "$@"
# First, since packages that import it in Foundation's place do not name it as a dependency.
swift build --target EssentialFoundation "$@"
swift build --product "$product" "$@"
