# SPDX-License-Identifier: Apache-2.0
"""The official SDKs `openai`, `anthropic` and `google-genai`, driven alike: an `Ask` in, what the SDK held out."""
