#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the Debian packages whose shared libraries the files of a folder load: `depends.sh FOLDER LIBRARIES`, where
# LIBRARIES is the folder of those it brings itself.
set -eu
find "$1" -type f \( -name '*.so*' -o -perm -u+x \) -exec env LD_LIBRARY_PATH="$2" ldd {} + 2>/dev/null |
    sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | grep -v "^$PWD" | sort -u |
    while read -r file; do dpkg -S "$(realpath "$file")" "$file" 2>/dev/null | head -n 1 | cut -d: -f1; done | sort -u | paste -sd, | sed 's/,/, /g'
