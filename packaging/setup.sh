#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sets up the development and demo environment in .venv: uv where it is missing, a Python of at least 3.12,
# the locked packages, this project, and Qt's system libraries. Safe to run again: a second run takes a second.
set -eu
cd "$(dirname "$0")/.."

lock=requirements/dev.txt
stamp=.venv/.ready
say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 4; }

# The tables of patterns are compiled once a machine, and again where they changed; better now than in front of a call.
patterns=$(find auditor/detectors -type f ! -name "*.pyc" -exec cat {} + 2>/dev/null | cksum)
compile_patterns() {
    [ "$(cat .venv/.patterns 2>/dev/null)" = "$patterns" ] && return
    .venv/bin/python -c 'from auditor.detectors import Scanner; Scanner().scan("```\nx = 1;\ny = 2;\nz = 3;\n```")' || fail "the detectors could not be started"
    printf '%s' "$patterns" > .venv/.patterns
}

fresh=$(cat pyproject.toml "$lock" packaging/setup.sh | cksum)
if [ -x .venv/bin/auditor ] && [ "$(cat "$stamp" 2>/dev/null)" = "$fresh" ]; then
    compile_patterns
    exit 0
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1
    fi
}

apt_updated=no
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ $apt_updated = no ]; then as_root apt-get -qq update >/dev/null || return 1; apt_updated=yes; fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" >/dev/null
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

find_python() {
    for python in python3.13 python3.14 python3.12 python3; do
        if new_enough "$python"; then command -v "$python"; return 0; fi
    done
    return 1
}

# A uv of our own, in its own environment, when the machine has none that runs.
find_uv() {
    if uv --version >/dev/null 2>&1; then command -v uv; return 0; fi
    if [ ! -x .uv/bin/uv ]; then
        host=$(find_python || command -v python3) || return 1
        say "fetching uv"
        rm -rf .uv
        "$host" -m venv .uv >/dev/null 2>&1 || { apt_install python3-venv && "$host" -m venv .uv >&2; } || return 1
        .uv/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/uv.txt >&2 || return 1
    fi
    printf '%s\n' "$PWD/.uv/bin/uv"
}

uv=$(find_uv) || fail "uv could not be installed; install it (https://docs.astral.sh/uv/) or python3-venv, then run this again"
# Without a Python 3.12+ on the machine, uv brings one of its own.
python=$(find_python) || python=$(cat .python-version)
if ! new_enough .venv/bin/python; then
    say "creating .venv with $python"
    "$uv" --quiet venv --clear --python "$python" .venv || fail "no Python 3.12 or newer could be found or fetched; install python3.13 and run this again"
fi
say "installing the locked packages"
# Compiled now: where Python may not or does not write its bytecode, every start would compile anew, for seconds.
"$uv" --quiet pip sync --compile-bytecode --python .venv/bin/python --require-hashes "$lock" || fail "the locked packages could not be installed; see the message above"
"$uv" --quiet pip install --python .venv/bin/python --no-deps --no-build-isolation --editable . || fail "the project itself could not be installed; see the message above"

# Qt's shared libraries, by their Debian names in packaging/qt-libraries.txt. Without those of the xcb platform no
# window opens, but the desktop still renders offscreen.
qt_libraries=$(grep -v '^#' packaging/qt-libraries.txt)
qt_loads() { QT_QPA_PLATFORM=offscreen .venv/bin/python -c 'from PySide6 import QtWidgets; QtWidgets.QApplication([])' >/dev/null 2>&1; }
xcb_lacks() {
    command -v ldd >/dev/null 2>&1 || return 1
    ldd .venv/lib/python3*/site-packages/PySide6/Qt/plugins/platforms/libqxcb.so 2>/dev/null | grep -q 'not found'
}
if ! qt_loads || xcb_lacks; then
    say "installing the system libraries Qt needs"
    # shellcheck disable=SC2086 # one word a package
    apt_install $qt_libraries || say "could not install: $(echo $qt_libraries)"
    # The name of GLib's package changed with Debian 13's time_t transition.
    qt_loads || apt_install libglib2.0-0t64 2>/dev/null || apt_install libglib2.0-0 || true
    qt_loads || fail "Qt cannot start; install these packages and run this again: $(echo $qt_libraries) libglib2.0-0"
    if xcb_lacks; then say "no window can be opened before these are installed: $(echo $qt_libraries)"; fi
fi
.venv/bin/python -m compileall -q auditor addons ui || true
compile_patterns
printf '%s' "$fresh" > "$stamp"
say "ready: .venv/bin/auditor --help"
