# SPDX-License-Identifier: Apache-2.0
"""Where the forms of tokens are published that GitHub's list of patterns does not spell out.

Compared in November 2026: the issuer's own documentation or code where it states the form, else a public rule set, else
`AGREED`: the issuer names a prefix at most, and several public scanners have the same prefix, alphabet and length.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AGREED: Final = "public scanners that agree"
_GITLEAKS: Final = "https://github.com/gitleaks/gitleaks/tree/master/cmd/generate/config/rules"
_TRUFFLEHOG: Final = "https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors"

TOKEN_SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "adyen": AGREED,
        "alibaba": AGREED,
        "anyscale": AGREED,
        "axiom": AGREED,
        "azure": AGREED,
        "baidu": AGREED,
        "castai": _GITLEAKS,
        "clickup": "https://developer.clickup.com/docs/authentication",
        "e2b": AGREED,
        "google": AGREED,
        "helicone": "https://github.com/Helicone/helicone",
        "honeycomb": "https://github.com/honeycombio/husky",
        "infisical": "https://infisical.com/docs/internals/service-tokens",
        "inngest": AGREED,
        "key": AGREED,
        "klaviyo": _TRUFFLEHOG,
        "litellm": "https://docs.litellm.ai/docs/proxy/config_settings",
        "modal": AGREED,
        "mollie": "https://github.com/mollie/mollie-api-php",
        "n8n": "https://github.com/n8n-io/n8n",
        "neon": AGREED,
        "packagist": _GITLEAKS,
        "paddle": "https://developer.paddle.com/api-reference/about/api-keys",
        "splunk": AGREED,
        "stytch": _TRUFFLEHOG,
        "tinybird": AGREED,
        "trigger.dev": AGREED,
        "twitter": _GITLEAKS,
        "windsurf": AGREED,
    }
)
"""By the kind of a token."""
