# SPDX-License-Identifier: Apache-2.0
"""The recorder process, its configuration and health; no mitmproxy."""
