# SPDX-License-Identifier: Apache-2.0
"""mitmproxy's languages use names that pyparsing deprecates: loaded here once, so that it fails no test."""

import importlib
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    for name in ("mitmproxy.flowfilter", "mitmproxy.addons"):
        importlib.import_module(name)
