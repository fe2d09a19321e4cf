#!/bin/sh
# Makes sure that there is a Chromium for the tests of the portal: root on Debian is given one, others are told how.
set -eu

if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the tests of the portal, which takes about a minute ..."
    install="apt-get install -y -qq -o Dpkg::Use-Pty=0 chromium"
    export DEBIAN_FRONTEND=noninteractive
    # A fresh system has no lists of packages yet.
    $install >/dev/null 2>&1 || { apt-get update -qq >/dev/null && $install >/dev/null; } || true
fi
command -v chromium >/dev/null || {
    echo "The tests of the portal need Chromium, and there is none: run 'sudo apt-get install -y chromium'." >&2
    exit 1
}
