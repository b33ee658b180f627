# SPDX-License-Identifier: Apache-2.0
"""Windows in front of the window: each asks for one thing, and is forgotten when closed."""
