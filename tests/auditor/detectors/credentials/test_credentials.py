# SPDX-License-Identifier: Apache-2.0
"""Values behind names, in every dialect that joins them. All material is made up here."""

import pytest

from auditor.detectors import Scanner

SCANNER = Scanner()
KEY = "q7Rk2vXw9LmT4zBn8HsD"
TYPES = frozenset({"SECRET", "PASSWORD"})
DIALECTS = [
    'api_key = "{value}"',
    "apiKey: {value}",
    '"client_secret": "{value}",',
    '\\"auth_token\\": \\"{value}\\"',
    "export SERVICE_TOKEN={value}",
    "ENV SERVICE_TOKEN {value}",
    "<accessToken>{value}</accessToken>",
    '<add key="AuthToken" value="{value}"/>',
    '<string name="api_key">{value}</string>',
    "- name: API_TOKEN\n  value: {value}",
    '{{"name": "API_TOKEN", "value": "{value}"}}',
    'variable "api_token" {{\n  type    = string\n  default = "{value}"\n}}',
    "secret_key =>  '{value}'",
    'signing_key := "{value}"',
    'private token?: string = "{value}"',
    'token: Optional[str] = "{value}"',
    'config["webhook_secret"] = "{value}"',
    "run --access-token {value} now",
    'getenv("API_TOKEN", "{value}")',
    'process.env.API_TOKEN ?? "{value}"',
    "${{API_TOKEN:-{value}}}",
    "| api_token | {value} |",
    'the access token is "{value}"',
    'access_token:\n    "{value}"',
    "merchant_key = '{value}'",
    "curl -H 'X-Api-Key: {value}' https://service.example",
]
PASSWORDS = [
    ('db_password = "hunter2!x"', "hunter2!x"),
    ("spring.datasource.password=Kolibri7", "Kolibri7"),
    ("smtpPass: Kolibri7\n", "Kolibri7"),
    ("Server=db;User Id=app;Password=kq9-wzXt;", "kq9-wzXt"),
    ("<password>kq9wzXt</password>", "kq9wzXt"),
    ("ALTER USER app IDENTIFIED BY 'kolibri7x'", "kolibri7x"),
    ("- name: DB_PASSWORD\n  value: Kolibri7x", "Kolibri7x"),
    ("mysqldump --all-databases -u root -p'Kolibri7!x' > all.sql", "Kolibri7!x"),
    ("mysql -pKolibri7x -h db shop", "Kolibri7x"),
]
NONE = [
    'password = "required"',
    "You pass `[search_type]` as well",
    "token = tokens.next_token",
    "secret = oauth2_client_secret",
    'plugin = "loading.identity.v3:Password"',
    'label: "Password!"',
    '<input name="password" type="password">',
    'mechanism = "authmechanism=MONGODB-X509"',
    'cache_key = "user-profile-settings-v2"',
    "primary_key: 9f8e7d6c5b4a39281706",
    "auth_time = '2014-08-05T18:36:14.032Z'",
    "password: ${DB_PASSWORD}",
    "api_key: <your key here>",
    'admin password="#request.adminPassword#"',
    "set PWD=%~dp0",
    'echo "DB_PASSWORD=sua_senha"',
    "spring.datasource.password=votre_mot_de_passe",
    'connect(user="MY_DB_USERNAME", pwd="MY_DB_PASSWORD")',
    "if (pwd!=cfpwd) {",
    'mysqldump -u root --password="$ROOT" all',
    "mysql -u app -p$PASSWORD shop",
    "mysql -u app -p shop",
]


@pytest.mark.parametrize("form", DIALECTS)
def test_a_key_is_found_in_every_dialect(form: str) -> None:
    text = f"# settings\n{form.format(value=KEY)}\nother: line\n"
    assert KEY in [text[m.start : m.end] for m in SCANNER.scan(text, TYPES)]


@pytest.mark.parametrize(("text", "value"), PASSWORDS)
def test_a_password_is_found(text: str, value: str) -> None:
    assert value in [text[m.start : m.end] for m in SCANNER.scan(text, {"PASSWORD"})]


@pytest.mark.parametrize("text", NONE)
def test_names_and_placeholders_are_left_alone(text: str) -> None:
    assert [text[m.start : m.end] for m in SCANNER.scan(text, TYPES)] == []
