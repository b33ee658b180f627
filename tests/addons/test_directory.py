# SPDX-License-Identifier: Apache-2.0
"""Sign-in by a real directory: OpenLDAP's slapd, where it is installed (or named by AUDITOR_SLAPD), over TLS."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from ldap3.core.exceptions import LDAPException
from mitmproxy.exceptions import OptionsError

from addons.directory import Directory
from tests.e2e.authority import TestAuthority
from tests.ports import free_port

SLAPD = os.environ.get("AUDITOR_SLAPD") or shutil.which(
    "slapd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/lib/openldap"
)
BASE = "dc=example,dc=org"
SERVICE, SECRET = f"cn=gateway,{BASE}", "service secret"
CONFIGURATION = """
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
{modules}
TLSCertificateFile {chain}
TLSCertificateKeyFile {chain}
database ldif
suffix "{base}"
directory {folder}/data
rootdn "{service}"
rootpw "{secret}"
access to attrs=userPassword by anonymous auth by * none
access to * by * read
"""
ENTRIES = f"""dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Example

dn: cn=alice,{BASE}
objectClass: inetOrgPerson
sn: A
uid: twin
userPassword: correct horse

dn: cn=b\\2Cob (*),{BASE}
objectClass: inetOrgPerson
sn: B
uid: twin
userPassword: staple
"""


class Slapd:
    """One directory in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        assert SLAPD
        self.authority = TestAuthority(folder, ("localhost", "127.0.0.1"))
        root = Path(SLAPD).parents[2]
        modules = root / "usr/lib/ldap"
        needed = f"modulepath {modules}\n" if modules.exists() else ""
        (folder / "data").mkdir()
        (folder / "entries.ldif").write_text(ENTRIES)
        self._file = folder / "slapd.conf"
        self._file.write_text(
            CONFIGURATION.format(
                schema=root / "etc/ldap/schema" if (root / "etc/ldap/schema").exists() else "/etc/openldap/schema",
                modules=needed,
                chain=self.authority.chain,
                base=BASE,
                folder=folder,
                service=SERVICE,
                secret=SECRET,
            )
        )
        link = folder / "slapadd"
        link.symlink_to(SLAPD)
        subprocess.run([link, "-f", self._file, "-l", folder / "entries.ldif"], check=True, capture_output=True)
        self.port = free_port()
        self.start()

    def start(self) -> None:
        assert SLAPD
        line = [SLAPD, "-h", f"ldaps://127.0.0.1:{self.port}", "-f", str(self._file), "-d", "0"]
        self._process = subprocess.Popen(line, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("slapd did not start")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def line(self, more: str = "") -> str:
        """What an operator writes."""
        return f"ldaps:localhost:{self.port}:{SERVICE}:{SECRET}:{BASE}{more}"


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    if SLAPD is None:
        pytest.skip("slapd is not installed: NO sign-in by a directory was tested")
    made = Slapd(tmp_path_factory.mktemp("slapd"))
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("name", "password", "right"),
    [
        ("alice", "correct horse", True),
        ("b,ob (*)", "staple", True),
        ("alice", "staple", False),
        ("alice", "", False),
        ("*", "correct horse", False),
        ("nobody", "x", False),
        ("", "x", False),
    ],
)
def test_who_signs_in(slapd: Slapd, name: str, password: str, right: bool) -> None:
    assert Directory(slapd.line(), str(slapd.authority.ca_file))(name, password) is right


def test_a_name_that_two_bear_is_nobodys(slapd: Slapd) -> None:
    assert not Directory(slapd.line("?search_filter_key=uid"), str(slapd.authority.ca_file))("twin", "correct horse")


def test_a_directory_that_was_restarted_is_asked_again(slapd: Slapd) -> None:
    directory = Directory(slapd.line(), str(slapd.authority.ca_file))
    assert directory("alice", "correct horse")
    slapd.stop()
    with pytest.raises(LDAPException):
        directory("alice", "correct horse")
    slapd.start()
    assert directory("alice", "correct horse")


def test_a_certificate_nobody_vouches_for_gets_no_password(slapd: Slapd) -> None:
    with pytest.raises(LDAPException, match="certificate"):
        Directory(slapd.line())("alice", "correct horse")


@pytest.mark.parametrize("line", ["ldap:too:few", "ldapx:h:1:b:p:s", "ldap:h:port:b:p:s", "ldap:h:1:b:p:s?key=uid"])
def test_a_broken_line(line: str) -> None:
    with pytest.raises(OptionsError):
        Directory(line)
