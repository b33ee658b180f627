#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds dist/ai-usage-auditor-gateway_VERSION_ARCH.deb: the gateway in an environment of its own below
# /opt/ai-usage-auditor, with its interpreter, locked packages, a user and a hardened service. Needs `make setup` and dpkg-deb.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'package: %s\n' "$*" >&2; }
fail() { say "$*"; exit 4; }
command -v dpkg-deb >/dev/null 2>&1 || fail "dpkg-deb is not installed; build the package on Debian or Ubuntu"

name=ai-usage-auditor-gateway
version=$(.venv/bin/python -c 'import auditor; print(auditor.__version__)')
architecture=$(dpkg --print-architecture)
stage=build/deb
home=/opt/ai-usage-auditor
inside=$stage$home
uv=$(uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)
umask 022
rm -rf $stage
mkdir -p "$inside" $stage/DEBIAN $stage/usr/bin $stage/usr/lib/systemd/system $stage/usr/share/doc/$name dist

say "copying the interpreter"
base=$(.venv/bin/python -c 'import sys; print(sys.base_prefix)')
python=python$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
mkdir -p "$inside/bin" "$inside/lib"
cp "$(.venv/bin/python -c 'import os, sys; print(os.path.realpath(sys.executable))')" "$inside/bin/$python"
cp -a "$base"/lib/libpython3*.so* "$inside/lib/" 2>/dev/null || true
library=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
(cd "$(dirname "$library")" && tar -c --exclude=__pycache__ --exclude=site-packages --exclude=dist-packages \
    --exclude='*/test' --exclude='*/tests' --exclude=idlelib --exclude=tkinter --exclude=turtledemo --exclude=ensurepip \
    --exclude='config-*' --exclude='_tkinter*' --exclude='_test*' --exclude='xxlimited*' "$(basename "$library")") | tar -x -C "$inside/lib"
mkdir -p "$inside/lib/$python/site-packages"

say "installing the locked packages"
site=$inside/lib/$python/site-packages
"$uv" --quiet pip install --python .venv/bin/python --target "$site" --require-hashes -r requirements/gateway.txt
"$uv" --quiet build --wheel --no-build-isolation --python .venv/bin/python --out-dir build/wheel . 2>/dev/null ||
    .venv/bin/python -m hatchling build -t wheel -d build/wheel >/dev/null
"$uv" --quiet pip install --python .venv/bin/python --target "$site" --no-deps build/wheel/ai_usage_auditor-"$version"-*.whl
rm -rf "$site/bin" "$site/ui"

say "adding the service"
cat > $stage/usr/bin/auditor <<END
#!/bin/sh
exec env LD_LIBRARY_PATH=$home/lib PYTHONNOUSERSITE=1 $home/bin/$python -P -m auditor "\$@"
END
chmod 755 $stage/usr/bin/auditor
cp packaging/gateway/$name.service $stage/usr/lib/systemd/system/
# The guide with what it links to and names.
(cd docs && cp operator-guide.md benchmarks.md clients.md security.md user-guide.md "../$stage/usr/share/doc/$name/")
(cd packaging/gateway && cp alerts.yml grafana-dashboard.json haproxy.cfg transparent.nft "../../$stage/usr/share/doc/$name/")
cp LICENSE $stage/usr/share/doc/$name/
cp packaging/gateway/debian/* $stage/DEBIAN/
chmod 755 $stage/DEBIAN/postinst $stage/DEBIAN/prerm $stage/DEBIAN/postrm

cat > $stage/DEBIAN/control <<END
Package: $name
Version: $version
Architecture: $architecture
Maintainer: AI Usage Auditor <security@ai-usage-auditor.invalid>
Section: net
Priority: optional
Depends: adduser, $(sh packaging/depends.sh "$inside" "$PWD/$inside/lib")
Installed-Size: $(du -sk $stage | cut -f1)
Description: records an organisation's calls to AI providers
 The gateway of AI Usage Auditor: a proxy that records calls to AI providers in a
 sealed ledger it cannot read back itself. Runs as a service of its own user.
END
file=dist/${name}_${version}_${architecture}.deb
say "building $file"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0) dpkg-deb --root-owner-group -Zxz -z1 --build $stage "$file" >/dev/null
printf '%s\n' "$file"
