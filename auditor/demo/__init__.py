# SPDX-License-Identifier: Apache-2.0
"""The tour: a mock provider, real SDK traffic through a real gateway, and a look at the result."""
