# SPDX-License-Identifier: Apache-2.0
"""The core: captured exchanges become calls, sealed and searchable. Knows neither Qt nor the proxy."""

__version__ = "0.1.0"
