#!/usr/bin/env bash
# Makes .venv with a Python that is new enough, or says what is missing and how to get it.
set -euo pipefail
python=$1
if ! command -v "$python" >/dev/null; then
    echo "Python is missing: there is no '$python'. On Debian or Ubuntu: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; '$python' is $("$python" -V 2>&1). Name another: make PYTHON=python3.12 ..." >&2
    exit 1
fi
if ! "$python" -m venv .venv; then
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Debian's python3-venv ..."
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv .venv
    else
        echo "The venv module of Python is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
fi
