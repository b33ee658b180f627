# SPDX-License-Identifier: Apache-2.0
"""Wire formats: one file each turns an exchange into calls."""
