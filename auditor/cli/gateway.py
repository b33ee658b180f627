# SPDX-License-Identifier: Apache-2.0
"""`auditor gateway`: run, check, and the certificate authority. Only `add` needs an identity."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import gateway_add, output, tokens
from auditor.cli import gateway_options as options
from auditor.cli.arguments import examples
from auditor.cli.gateway_folder import gateway_config
from auditor.errors import CheckFailed

if TYPE_CHECKING:
    from auditor.gateway.check import Result


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
    group.command(
        epilog=examples(
            "auditor gateway check --config audit/gateway",
            "auditor gateway check --config audit/gateway --client openai-python",
        )
    )(check)
    group.command(
        epilog=examples(
            "auditor gateway ca --config audit/gateway                 what to do on the clients",
            "auditor gateway ca --config audit/gateway --out ca.pem    write the certificate to a file",
            "auditor gateway ca --config audit/gateway --pem           print the certificate alone",
            "auditor gateway ca --wireguard gateway.example            print what a client of mode wireguard imports",
        )
    )(ca)
    gateway_add.register(group)
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


def check(
    context: typer.Context,
    client: Annotated[
        str | None, typer.Option(metavar="NAME", help="Check this environment for one kind of client, such as curl.")
    ] = None,
) -> None:
    """Say whether the gateway could run, and what clients set.

    Looks at configuration, keys, authority, ports and store; changes nothing. With `--client`, at the variables set
    here and at the running gateway, as that program would.
    """
    from auditor.gateway import check as checks
    from auditor.gateway import clients

    config = gateway_config(context.obj)
    if client is not None:
        _say(clients.check(config, client), "This client would not be recorded.")
        if note := clients.CLIENTS[client].note:
            output.line(f"note  {note}")
        return
    report = checks.report(config)
    _say(report.results, "The gateway is not ready to run.", f"\n{report.clients}")


def _say(results: "tuple[Result, ...]", complaint: str, more: str = "") -> None:
    for result in results:
        output.line(f"{'ok  ' if result.holds else 'FAIL'}  {result.text}")
    if more:
        output.line(more)
    if not all(result.holds for result in results):
        raise CheckFailed(complaint, "Mend what the lines above mark with FAIL.")


def ca(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the certificate there.")] = None,
    pem: Annotated[bool, typer.Option("--pem", help="Print the certificate only.")] = False,
    tunnel: Annotated[
        str | None,
        typer.Option("--wireguard", metavar="HOST", help="Print a client's configuration of mode wireguard: a secret."),
    ] = None,
) -> None:
    """Print or export the authority's certificate.

    With the steps for each platform and runtime.
    """
    from auditor.gateway import authority
    from auditor.gateway import check as checks

    config = gateway_config(context.obj)
    certificate_file = authority.ensure(config.authority)
    if out is not None:
        output.note(f"The certificate is in {authority.export(config.authority, out)}.")
    elif tunnel is not None:
        from auditor.gateway import wireguard

        output.line(wireguard.client(config, tunnel).rstrip())
    elif pem:
        output.line(certificate_file.read_text().rstrip())
    else:
        output.line(f"SHA-256 fingerprint  {authority.fingerprint(authority.certificate(config.authority))}\n")
        output.line(authority.steps(certificate_file, checks.proxy(config)))
