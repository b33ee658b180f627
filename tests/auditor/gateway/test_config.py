# SPDX-License-Identifier: Apache-2.0
"""A gateway's settings: the file, the command line above it, and one sentence where they are wrong."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from auditor.errors import InputError
from auditor.gateway.config import FILE, GatewayConfig, host_port


def written(folder: Path, text: str = 'store = "../store"\n') -> Path:
    (folder / FILE).write_text(text)
    return folder


def test_what_init_wrote_is_enough(tmp_path: Path) -> None:
    config = GatewayConfig.load(written(tmp_path))
    assert config.store == str(tmp_path.parent / "store")
    assert config.listen == ("127.0.0.1", 8080)
    assert (config.settings.intent, config.settings.on_store_failure) == ("wait", "block")
    assert config.metrics is None
    assert config.authority == tmp_path / "ca"


def test_the_command_line_is_above_the_file(tmp_path: Path) -> None:
    folder = written(tmp_path, 'store = "s"\n[proxy]\nlisten = "0.0.0.0:1"\nintent = "queue"\n')
    config = GatewayConfig.load(folder, {"listen": "[::1]:2", "intent": None, "provider_host": ("llm.local=openai",)})
    assert config.listen == ("::1", 2)
    assert config.settings.intent == "queue"
    assert [(one.host, one.dialect) for one in config.provider_hosts] == [("llm.local", "openai")]


def test_a_running_gateway_follows_some_settings_and_names_the_others(tmp_path: Path) -> None:
    began = GatewayConfig.load(written(tmp_path))
    text = 'store = "other"\n[proxy]\nmode = "transparent"\nheartbeat = 5.0\nintent = "queue"\ngrace = 1.0\n'
    followed, waiting = began.following(GatewayConfig.load(written(tmp_path, text)))
    assert waiting == ("mode", "heartbeat", "store")
    assert (followed.settings.intent, followed.settings.grace) == ("queue", 1.0)
    assert (followed.settings.mode, followed.settings.heartbeat) == ("regular", 60.0)
    assert followed.store == began.store
    assert began.following(began) == (began, ())


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("x")
    folder = written(tmp_path, 'store = "s"\n[proxy]\nupstream_ca = "own.pem"\n')
    config = GatewayConfig.load(folder)
    assert config.store == str(tmp_path / "s")
    assert config.settings.upstream_ca == str(tmp_path / "own.pem")


def test_a_server_to_ship_to(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2\n")
    ship = '[ship]\nto = "postgresql://gw@db:5433/audit"\npassword_file = "password"\n'
    config = GatewayConfig.load(written(tmp_path, f'store = "s"\n{ship}'))
    assert config.ship is not None
    assert config.ship.url(tmp_path) == "postgresql+psycopg://gw:hunter2@db:5433/audit"
    assert "hunter2" not in msgspec.json.encode(config).decode()
    assert msgspec.json.decode(msgspec.json.encode(config), type=GatewayConfig) == config


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('store = "postgresql+psycopg://h/d"\n', "[ship]"),
        ('store = "s"\n[ship]\n', "to"),
        ('store = "s"\n[ship]\nto = "mysql://h/d"\n', "mysql"),
        ('store = "s"\n[ship]\nto = "postgresql://h/d"\nevery = 0\n', "every"),
        ('store = "s"\n[ship]\nto = "postgresql://h/d"\nfrom = 0\n', "from"),
        ('store = "s"\n[proxy]\npublish = "8443"\n', "publish"),
    ],
)
def test_a_wrong_way_out_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        GatewayConfig.load(written(tmp_path, text))
    assert said in caught.value.diagnostics()


def test_it_travels_as_json(tmp_path: Path) -> None:
    config = GatewayConfig.load(written(tmp_path), {"resolve": ["a:1=b"]})
    assert msgspec.json.decode(msgspec.json.encode(config), type=GatewayConfig) == config


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"listen": "8080"}, "listen: '8080' is no HOST:PORT"),
        ({"metrics": "localhost:99999"}, "metrics: "),
        ({"mode": "sideways"}, "mode 'sideways'"),
        ({"workers": 0}, "workers"),
        ({"intent": "maybe"}, "intent"),
        ({"provider_host": ("nonsense",)}, "provider_host"),
        ({"resolve": ("host",)}, "resolve 'host'"),
        ({"upstream_ca": "/nowhere.pem"}, "upstream_ca"),
        ({"patience": 0.0}, "patience"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(tmp_path: Path, overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as failure:
        GatewayConfig.load(written(tmp_path), overrides)
    assert said in failure.value.message
    assert str(tmp_path) in failure.value.message
    assert "\n" not in failure.value.message


@pytest.mark.parametrize("text", ["store = ", "[proxy]\n", 'store = "s"\nproxy = 1\n', "\x00"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=FILE):
        GatewayConfig.load(written(tmp_path, text))


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as failure:
        GatewayConfig.load(tmp_path)
    assert "auditor init" in failure.value.advice


def test_host_and_port() -> None:
    assert host_port(":80") == ("", 80)
    assert host_port("[::]:80") == ("::", 80)
    for wrong in ("", "a", "a:", "a:b", "::1:80", "a:-1"):
        with pytest.raises(ValueError, match="HOST:PORT"):
            host_port(wrong)
