# SPDX-License-Identifier: Apache-2.0
"""One file per page; a page depends on the session and the models, never on another page."""
