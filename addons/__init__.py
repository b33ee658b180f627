# SPDX-License-Identifier: Apache-2.0
"""The proxy's side, on mitmproxy: what to decrypt, what passed, and the process that runs it."""
