# SPDX-License-Identifier: Apache-2.0
"""Wire formats: one file each turns an exchange into calls.

`parse(exchange, providers)` is the front door; it never raises and gives one reading per call. `carried` finds the
bytes of a picture or a document that a reading describes.

How it is laid out:

- `framing/` takes bytes apart (content encodings, event streams, JSON streams, AWS event streams, forms);
- `wire.py` makes an exchange readable, decoding each body once;
- `values.py` reads decoded JSON tolerantly; `media.py` describes inline media; `errors.py` takes codes, never texts;
- `facts.py` says what a dialect is: `ask` reads a request, `answer` an answer, `assemble` puts a stream together into
  the body a plain answer would have had, so that both are read by the same code, `converse` reads a socket;
- one module per wire format holds its `DIALECT`; what several share lies in a module named `…_common`;
- `routing/` is the table from provider, method and path to dialect and operation;
- `parsing.py` builds the calls; `cost.py` prices them.

To add a format: write a module with a `DIALECT`, add a row in `routing/`, write exchanges for its test.
"""

from auditor.dialects.carried import carried
from auditor.dialects.parsing import parse

__all__ = ["carried", "parse"]
