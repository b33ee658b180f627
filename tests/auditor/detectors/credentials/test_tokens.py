# SPDX-License-Identifier: Apache-2.0
"""Tokens are known by their form alone, wherever they stand. All of them are made up here, at random."""

import random
import re
import string

import pytest

from auditor.detectors import Scanner
from auditor.detectors.credentials.token_sources import AGREED, TOKEN_SOURCES
from auditor.detectors.credentials.tokens import TOKENS

SCANNER = Scanner()
CHANCE = random.Random(5)
ALPHABETS = {
    "H": "0123456789abcdef",
    "L": string.ascii_lowercase + string.digits,
    "U": string.ascii_uppercase + string.digits,
    "A": string.ascii_letters + string.digits,
    "Z": string.ascii_letters,
}
FORMS = [
    ("anyscale", "esecret_L26"),
    ("baidu", "bce-v3/ALTAK-A21/H40"),
    ("clickup", "pk_72736627_U32"),
    ("alibaba", "sk-ws-H.ABCDEFG.A4.A90"),
    ("axiom", "xaat-H8-H4-H4-H4-H12"),
    ("castai", "castai_v1_A64_A8"),
    ("e2b", "e2b_H40"),
    ("github", "ghp_A36"),
    ("gitlab", "glpat-A20"),
    ("helicone", "sk-helicone-L7-L7-L7-L7"),
    ("helicone", "sk-helicone-cp-L7-L7-L7-L7"),
    ("honeycomb", "hcaik_L58"),
    ("honeycomb", "hcbmk_L26:L32"),
    ("huggingface", "hf_Z34"),
    ("infisical", "st.H24.H32.H32"),
    ("inngest", "signkey-prod-H64"),
    ("key", "key_H64"),
    ("klaviyo", "pk_H34"),
    ("twitter", "AAAAAAAAAAAAAAAAAAAAA%A78"),
    ("n8n", "n8n_api_H40"),
    ("n8n", "n8n_api_H80"),
    ("neon", "napi_L64"),
    ("packagist", "packagist_uut_H68"),
    ("paddle", "pdl_live_apikey_L26_A22_A3"),
    ("paddle", "pdl_ntfset_L26_A32"),
    ("splunk", "Splunk H8-H4-H4-H4-H12"),
    ("trigger.dev", "tr_prod_A20"),
    ("azure", "https://house.blob.core.windows.net/c/f?sv=2022-11-02&sp=r&sig=A43%3D"),
]


def made(form: str) -> str:
    """A value of a form: a letter of an alphabet and a count stand for so many of its characters."""
    return re.sub(r"(?<![A-Za-z0-9])([HLUAZ])([0-9]+)(?![A-Za-z0-9])", _drawn, form)


def _drawn(place: re.Match[str]) -> str:
    return "".join(CHANCE.choices(ALPHABETS[place[1]], k=int(place[2])))


@pytest.mark.parametrize(("kind", "form"), FORMS, ids=[form for _, form in FORMS])
@pytest.mark.parametrize("around", ["{}", "Use {} for that.", '["{}"]', "a\n{}\nb"])
def test_a_token_is_known_by_its_form(kind: str, form: str, around: str) -> None:
    token = made(form)
    text = around.format(token)
    (match,) = SCANNER.scan(text, {"SECRET"})
    assert match.subtype == kind
    assert token.endswith(text[match.start : match.end])
    assert len(match.masked) <= 1 + (match.end - match.start) // 4


def test_words_and_examples_are_no_tokens() -> None:
    for text in ("hf_transformers_model_for_token_class", "pk_primary_key_of_the_table", "napi_create_function_value"):
        assert SCANNER.scan(text, {"SECRET"}) == ()


def test_every_source_belongs_to_a_token() -> None:
    assert TOKEN_SOURCES.keys() <= {token.kind for token in TOKENS}
    assert all(source.startswith("https://") or source == AGREED for source in TOKEN_SOURCES.values())
