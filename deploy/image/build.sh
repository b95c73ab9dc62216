#!/bin/sh
# Builds a program as it ships and lays out its image's file system: the program, the shared libraries it
# loads, certificates, and the few files that the C library looks for. Runs in a build stage.
#   usage: build.sh PROGRAM FOLDER
set -eu
program=$1
root=$2
swift build -c release --static-swift-stdlib --product "$program"
install -D -s ".build/release/$program" "$root/usr/local/bin/$program"
# The libraries that the loader loads, wherever they are.
ldd ".build/release/$program" | grep -o '/[^ ]*' | sort -u | while read -r library; do
  install -D "$(readlink -f "$library")" "$root$library"
done
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$root/etc" "$root/tmp" "$root/app/runs" "$root/app/state"
echo 'nobody:x:65532:65532:nobody:/app:/sbin/nologin' > "$root/etc/passwd"
echo 'nobody:x:65532:' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
# Any uid may write results: some clusters choose one at random, in group 0.
chown -R 65532:0 "$root/app"
chmod -R g=u "$root/app"
chmod 1777 "$root/app/runs" "$root/app/state"
