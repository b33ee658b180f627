# SPDX-License-Identifier: Apache-2.0
"""`auditor gateway`: run, check, and the certificate authority. None of it needs an identity or a passphrase."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import gateway_options as options
from auditor.cli import output, tokens
from auditor.cli.arguments import examples
from auditor.cli.gateway_folder import gateway_config
from auditor.errors import CheckFailed


def register(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(
        help="The proxy that records AI calls.",
        epilog=examples("auditor gateway check --config audit/gateway", "auditor gateway run --config audit/gateway"),
        rich_markup_mode=None,
    )
    group.command(
        epilog=examples(
            "auditor gateway run --config audit/gateway --listen 127.0.0.1:8080",
            "auditor gateway run --config audit/gateway --mode reverse:https://api.openai.com",
            "auditor gateway run --config audit/gateway --proxy-auth @users.htpasswd",
            "auditor gateway run --config audit/gateway --provider-host llm.example.org:8000=openai",
        )
    )(run)
    group.command(epilog=examples("auditor gateway check --config audit/gateway"))(check)
    group.command(
        epilog=examples(
            "auditor gateway ca --config audit/gateway                 what to do on the clients",
            "auditor gateway ca --config audit/gateway --out ca.pem    write the certificate to a file",
            "auditor gateway ca --config audit/gateway --pem           print the certificate alone",
        )
    )(ca)
    tokens.register(group)
    app.add_typer(group, name="gateway")


def run(
    context: typer.Context,
    listen: options.Listen = None,
    mode: options.Mode = None,
    provider_host: options.ProviderHosts = None,
    resolve: options.Resolve = None,
    upstream_ca: options.UpstreamCa = None,
    intent: options.IntentOption = None,
    on_store_failure: options.OnStoreFailureOption = None,
    metrics: options.Metrics = None,
    publish: options.Publish = None,
    workers: options.Workers = None,
    proxy_auth: options.ProxyAuth = None,
    upstream_auth: options.UpstreamAuth = None,
    client_certs: options.ClientCerts = None,
    allow_network: options.AllowNetworks = None,
    log_format: options.LogFormatOption = None,
) -> int:
    """Run the gateway until it is told to stop.

    SIGTERM drains it: running calls end and every record is durable. SIGHUP reloads its configuration.
    """
    from auditor.gateway import supervisor

    given = {name: value for name, value in locals().items() if name in options.SETTINGS and value is not None}
    overrides = {name: options.as_setting(name, value) for name, value in given.items()}
    return supervisor.run(gateway_config(context.obj, overrides), overrides)


def check(context: typer.Context) -> None:
    """Say whether the gateway could run, and what clients set.

    Looks at configuration, keys, authority, ports and store; changes nothing.
    """
    from auditor.gateway import check as checks

    report = checks.report(gateway_config(context.obj))
    for result in report.results:
        output.line(f"{'ok  ' if result.holds else 'FAIL'}  {result.text}")
    output.line(f"\n{report.clients}")
    if not report.holds:
        raise CheckFailed("The gateway is not ready to run.", "Mend what the lines above mark with FAIL.")


def ca(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the certificate there.")] = None,
    pem: Annotated[bool, typer.Option("--pem", help="Print the certificate only.")] = False,
) -> None:
    """Print or export the authority's certificate.

    With the steps for each platform and runtime.
    """
    from auditor.gateway import authority

    config = gateway_config(context.obj)
    certificate_file = authority.ensure(config.authority)
    if out is not None:
        output.note(f"The certificate is in {authority.export(config.authority, out)}.")
    elif pem:
        output.line(certificate_file.read_text().rstrip())
    else:
        host, port = config.listen
        output.line(f"SHA-256 fingerprint  {authority.fingerprint(authority.certificate(config.authority))}\n")
        output.line(authority.steps(certificate_file, f"http://{host}:{port}"))
