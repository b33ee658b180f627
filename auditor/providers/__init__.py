# SPDX-License-Identifier: Apache-2.0
"""Who is behind a host: providers, their endpoints and regions, as data with a lookup."""
