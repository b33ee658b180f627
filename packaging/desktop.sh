#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the desktop for this machine's system: the bundle dist/ai-usage-auditor by PyInstaller, in an environment of
# its own that is thrown away, and on Debian and Ubuntu dist/ai-usage-auditor-desktop_VERSION_ARCH.deb. The bundle is
# started on a small store, and its pages compared with those of this source. Needs `make setup`.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'package: %s\n' "$*" >&2; }

name=ai-usage-auditor-desktop
version=$(.venv/bin/python -c 'import auditor; print(auditor.__version__)')
work=build/desktop
bundle=dist/ai-usage-auditor
uv=$(uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)
umask 022
rm -rf $work $bundle
mkdir -p $work dist
trap 'rm -rf $work/env $work/work' EXIT

say "installing the locked packages"
"$uv" --quiet venv --python .venv/bin/python $work/env
"$uv" --quiet pip sync --python $work/env/bin/python --require-hashes requirements/package.txt
say "building $bundle"
$work/env/bin/python packaging/desktop/icon.py $work/icons
$work/env/bin/python -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath $work/work packaging/desktop/auditor.spec
say "starting the bundle on a small store"
.venv/bin/python -m tests.packaging.bundle $bundle/auditor

if ! command -v dpkg-deb >/dev/null 2>&1; then
    say "dpkg-deb is not installed; no Debian package is built"
    exit 0
fi
architecture=$(dpkg --print-architecture)
stage=$work/deb
home=/opt/$name
share=$stage/usr/share
mkdir -p "$stage$home" $stage/DEBIAN $stage/usr/bin $share/applications $share/icons/hicolor/scalable/apps $share/doc/$name
cp -a $bundle/. "$stage$home/"
ln -s $home/auditor-desktop $stage/usr/bin/auditor-desktop
cp packaging/desktop/ai-usage-auditor.desktop $share/applications/
cp $work/icons/ai-usage-auditor.svg $share/icons/hicolor/scalable/apps/
cp LICENSE docs/user-guide.md $share/doc/$name/
cat > $stage/DEBIAN/control <<END
Package: $name
Version: $version
Architecture: $architecture
Maintainer: AI Usage Auditor <security@ai-usage-auditor.invalid>
Section: admin
Priority: optional
Depends: $(sh packaging/depends.sh "$stage$home" "$PWD/$stage$home/_internal")
Installed-Size: $(du -sk $stage | cut -f1)
Description: shows what an organisation sends to AI providers
 The desktop of AI Usage Auditor: reads the sealed record that gateways wrote, and
 flags usage that breaks the providers' terms, with clause and evidence. Brings the
 command line along: auditor-desktop --help.
END
file=dist/${name}_${version}_${architecture}.deb
say "building $file"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0) dpkg-deb --root-owner-group -Zzstd -z3 --build $stage "$file" >/dev/null
rm -rf $stage
printf '%s\n' "$file"
