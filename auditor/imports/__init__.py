# SPDX-License-Identifier: Apache-2.0
"""Files in: HAR, mitmproxy flows and NDJSON become exchanges."""
