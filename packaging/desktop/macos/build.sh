#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds, signs and notarises the desktop for macOS: dist/ai-usage-auditor-VERSION.dmg. On a Mac with Xcode's command line
# tools, after `make setup` (written on Linux; not yet run on a Mac). Wants
#   AUDITOR_CODESIGN_IDENTITY  "Developer ID Application: …", in the keychain; without it the app is signed ad hoc and
#                              neither notarised nor opened by other Macs
#   AUDITOR_NOTARY_PROFILE     what `xcrun notarytool store-credentials` named the account
# https://developer.apple.com/documentation/security/notarizing-macos-software-before-distribution
set -eu
cd "$(dirname "$0")/../../.."

version=$(.venv/bin/python -c 'import auditor; print(auditor.__version__)')
app="dist/AI Usage Auditor.app"
image=dist/ai-usage-auditor-$version.dmg

sh packaging/desktop.sh
codesign --verify --deep --strict "$app"
rm -f "$image"
hdiutil create -volname "AI Usage Auditor" -srcfolder "$app" -format UDZO "$image"
if [ -n "${AUDITOR_CODESIGN_IDENTITY:-}" ]; then
    codesign --sign "$AUDITOR_CODESIGN_IDENTITY" --timestamp "$image"
    xcrun notarytool submit "$image" --keychain-profile "$AUDITOR_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
    spctl --assess --type open --context context:primary-signature "$image"
fi
printf '%s\n' "$image"
