# SPDX-License-Identifier: Apache-2.0
"""mitmproxy's filter language uses names that pyparsing deprecates: loaded here once, so that it fails no test."""

import importlib
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    importlib.import_module("mitmproxy.flowfilter")
