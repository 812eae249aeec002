#!/bin/bash
# Runs all tests. Needs Rust and a Debian userland; what else the tests want is installed first (as root, or with sudo):
#
#   tests/run.sh                    everything
#   tests/run.sh ARGUMENTS…         handed to `cargo test`: tests/run.sh --test it browser
#   tests/run.sh --screenshots      makes the pictures in docs/images anew, and tests nothing
#
# What cannot be installed is said in one line, with the tests that skip then. The browser's and the counterparts' tests
# may skip only in that case: where those are there they must run. Works from any directory, without a terminal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PATH:$HOME/.cargo/bin:/usr/sbin:/sbin"

missing=()
need() { command -v "$1" > /dev/null || missing+=("$2"); }
need cc gcc
[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
need chromium chromium
need chromedriver chromium-driver
need mkfs.ext4 e2fsprogs
need mount mount
need python3 python3
/usr/bin/python3 -c 'import ensurepip' 2> /dev/null || missing+=(python3-venv)

# `sudo` may ask for a password only where somebody can type it.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@"
    fi
}

if [ ${#missing[@]} -gt 0 ]; then
    echo "tests/run.sh: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if ! { as_root apt-get update && as_root apt-get install --yes --no-install-recommends "${missing[@]}"; } > "$log" 2>&1; then
        tail -n 5 "$log" >&2
    fi
    rm -f "$log"
fi

if [ -x /usr/bin/chromium ] && [ -x /usr/bin/chromedriver ]; then
    export SWITCHBOARD_REQUIRE_BROWSER=1
else
    echo "tests/run.sh: could not install chromium and chromium-driver; the browser tests skip" >&2
fi
if ! command -v mkfs.ext4 > /dev/null || ! command -v mount > /dev/null; then
    echo "tests/run.sh: could not install e2fsprogs and mount; the power-cut tests skip" >&2
fi

. tests/counterparts/install.sh

if [ "${1:-}" = --screenshots ]; then
    exec cargo test --locked --test it -- --ignored --exact browser::pictures::the_pictures_of_the_documentation
fi
exec cargo test --locked "$@"
