# SPDX-License-Identifier: Apache-2.0
"""The gateway's certificate authority, and how clients come to trust it.

Files as mitmproxy names them (https://docs.mitmproxy.org/stable/concepts/certificates/), so that it finds them:
`mitmproxy-ca.pem` holds key and certificate and is readable by its owner only; `mitmproxy-ca-cert.pem` is what clients
need, `ca-bundle.pem` the same with the public authorities, for programs that can only replace their list. The key is
P-256: mitmproxy signs every handshake with it, in its event loop. An authority that is there is never replaced: every
client would stop working.
"""

import datetime
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from auditor.errors import EnvironmentFailure, InputError
from auditor.store import files

KEY_FILE = "mitmproxy-ca.pem"
CERTIFICATE_FILE = "mitmproxy-ca-cert.pem"
BUNDLE_FILE = "ca-bundle.pem"
_PROXY = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "wss_proxy")
VALID_FOR = datetime.timedelta(days=5 * 365)


def ensure(folder: Path, organisation: str = "AI Usage Auditor") -> Path:
    """Make the authority in `folder` where there is none, and what clients need; returns the certificate's path."""
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        message = f"The certificate authority cannot be written to {folder}: {error.strerror}."
        raise EnvironmentFailure(message, "Check the folder and your rights.") from error
    if not (folder / KEY_FILE).exists():
        key, made = _create(organisation)
        files.write(folder / KEY_FILE, _private(key) + made.public_bytes(serialization.Encoding.PEM), files.PRIVATE)
    public = certificate(folder).public_bytes(serialization.Encoding.PEM)
    for name, content in ((CERTIFICATE_FILE, public), (BUNDLE_FILE, Path(certifi.where()).read_bytes() + public)):
        if not (folder / name).exists() or (folder / name).read_bytes() != content:
            files.write(folder / name, content)
    return folder / CERTIFICATE_FILE


def certificate(folder: Path) -> x509.Certificate:
    """The authority's certificate; raises `InputError` where it is missing or broken."""
    path = folder / KEY_FILE
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.", "It is made by the first `auditor gateway run` or `ca`.") from None
    except (OSError, ValueError):
        raise InputError(f"{path} holds no readable certificate.", "Restore it from a backup.") from None


def fingerprint(made: x509.Certificate) -> str:
    """SHA-256 in the form operating systems show it."""
    return made.fingerprint(hashes.SHA256()).hex(":").upper()


def export(folder: Path, target: Path) -> Path:
    """Copy the certificate (never the key) to a file."""
    data = ensure(folder).read_bytes()
    try:
        target.write_bytes(data)
    except OSError as error:
        raise EnvironmentFailure(f"{target} cannot be written: {error.strerror}.") from error
    return target


def environment(certificate_file: Path, proxy: str | None) -> dict[str, str]:
    """What programs need in their environment to go through the gateway and to trust it, by variable; to trust it alone
    where no proxy is named."""
    path, bundle = str(certificate_file), str(certificate_file.with_name(BUNDLE_FILE))
    named = {} if proxy is None else dict.fromkeys(_PROXY, proxy) | {"NODE_USE_ENV_PROXY": "1"}
    return named | {
        "SSL_CERT_FILE": bundle,
        "REQUESTS_CA_BUNDLE": bundle,
        "AWS_CA_BUNDLE": bundle,
        "CURL_CA_BUNDLE": bundle,
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": bundle,
        "NODE_EXTRA_CA_CERTS": path,
        "DENO_CERT": path,
        "CODEX_CA_CERTIFICATE": path,
    }


STEPS = """\
Trust this authority on the machines whose AI calls pass the gateway. The certificate: {path}

Debian, Ubuntu   cp {path} /usr/local/share/ca-certificates/ai-usage-auditor.crt && update-ca-certificates
Fedora, RHEL     cp {path} /etc/pki/ca-trust/source/anchors/ai-usage-auditor.pem && update-ca-trust
macOS            security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {path}
Windows          certutil -addstore -f ROOT {path}
Firefox          Settings, Privacy & Security, Certificates, View Certificates, Authorities, Import
Java             keytool -importcert -cacerts -storepass changeit -alias ai-usage-auditor -file {path}

Many runtimes bring certificates of their own and follow these variables instead. Those that replace the whole list of
authorities name a bundle of the public ones and this one, so that hosts the gateway only tunnels stay reachable; add
your organisation's own authorities to it if you have some.

{variables}

aiohttp heeds them only with trust_env=True; Node before 24 ignores proxies in the environment.
"""


def steps(certificate_file: Path, proxy: str | None) -> str:
    """What to do on the clients, by platform and runtime; `proxy` is its URL in modes whose clients name one."""
    variables = "\n".join(f"{name}={value}" for name, value in environment(certificate_file, proxy).items())
    return STEPS.format(path=certificate_file, variables=variables)


def _create(organisation: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{organisation} gateway"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, builder.sign(key, hashes.SHA256())


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
