# SPDX-License-Identifier: Apache-2.0
"""How records look: layout, sealing, Merkle tree, checkpoints, signatures, tables."""
