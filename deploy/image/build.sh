#!/bin/sh
# Builds a product from the sources, and lays out its image. Runs in a build stage.
#   usage: build.sh PRODUCT ROOT
set -eu
# What build-packages.sh has kept.
tar -xf /packages.tar
# The empty files that stood for the targets while the packages were built.
find Sources \( -name main.swift -o -name Empty.swift \) -size -2c -delete
build-release.sh "$1"
root.sh "$2" ".build/release/$1"
