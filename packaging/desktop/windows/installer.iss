; SPDX-License-Identifier: Apache-2.0
; The desktop's installer for Windows, by Inno Setup 6 (https://jrsoftware.org/ishelp/). From the source's folder, with
; Python 3.12 or newer (written on Linux; not yet run on Windows):
;   py -m venv build\desktop\env
;   build\desktop\env\Scripts\pip install --require-hashes -r requirements\package.txt
;   build\desktop\env\Scripts\python packaging\desktop\icon.py build\desktop\icons
;   build\desktop\env\Scripts\pyinstaller --noconfirm packaging\desktop\auditor.spec
;   iscc /DVersion=0.1.0 packaging\desktop\windows\installer.iss
; Sign with iscc's /S option and SignTool=, so that the uninstaller is signed as well.

#ifndef Version
  #error Name the version: iscc /DVersion=...
#endif

[Setup]
AppId={{5B1C7B57-6C5E-4C5D-9B9E-2E0B7B8D3A41}
AppName=AI Usage Auditor
AppVersion={#Version}
AppPublisher=AI Usage Auditor
DefaultDirName={autopf}\AI Usage Auditor
DefaultGroupName=AI Usage Auditor
PrivilegesRequired=admin
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
SourceDir=..\..\..
LicenseFile=LICENSE
OutputDir=dist
OutputBaseFilename=ai-usage-auditor-{#Version}-setup
SetupIconFile=build\desktop\icons\ai-usage-auditor.ico
UninstallDisplayIcon={app}\auditor-desktop.exe
Compression=lzma2/normal
SolidCompression=yes
WizardStyle=modern

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "dist\ai-usage-auditor\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\AI Usage Auditor"; Filename: "{app}\auditor-desktop.exe"
Name: "{autodesktop}\AI Usage Auditor"; Filename: "{app}\auditor-desktop.exe"; Tasks: desktopicon

[Run]
Filename: "{app}\auditor-desktop.exe"; Description: "{cm:LaunchProgram,AI Usage Auditor}"; Flags: nowait postinstall skipifsilent
