#!/bin/sh
# Builds the packages that a product depends on, and keeps what was built in an archive: a layer rounds
# the times of its files to seconds, and the next build would take every file for a changed one.
#   usage: build-packages.sh PRODUCT
set -eu
build-release.sh "$1"
tar --format=posix -cf /packages.tar .build
rm -rf .build
