# SPDX-License-Identifier: Apache-2.0
"""A loopback mock of the providers: their formats, streaming, errors and TLS, with answers of our own.

It is a yardstick for the gateway and the dialects, so it shares no code with them: every format here is written from
the provider's own documentation. It listens on loopback only and never talks to anyone.
"""
