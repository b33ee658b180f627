# SPDX-License-Identifier: Apache-2.0
"""The same tables on a PostgreSQL server, and what travels there."""
