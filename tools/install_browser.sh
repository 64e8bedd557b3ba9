#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs one; fails with a sentence when it cannot.
set -u
bin=$1
if "$bin/python" -m tools.browser >/dev/null 2>&1; then
    exit 0
fi
echo "Installing Chromium for the browser tests (a minute or two) ..."
become=""
[ "$(id -u)" = 0 ] || become="sudo -n"
if command -v apt-get >/dev/null && { [ -z "$become" ] || $become true 2>/dev/null; }; then
    # Ubuntu's package of this name is only a pointer to a snap, which needs a daemon; the check below sees that.
    $become apt-get update -qq && DEBIAN_FRONTEND=noninteractive $become apt-get install -y -qq chromium >/dev/null
fi
if ! "$bin/python" -m tools.browser >/dev/null 2>&1; then
    "$bin/python" -m playwright install chromium && $become "$bin/python" -m playwright install-deps chromium
fi
if ! "$bin/python" -m tools.browser; then
    echo "The tests need a Chromium, and none could be installed. Install the package 'chromium' (Debian) or set" >&2
    echo "CAUSEWAY_TEST_BROWSER to the path of one, and run 'make test' again." >&2
    exit 1
fi
