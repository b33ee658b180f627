# SPDX-License-Identifier: Apache-2.0
"""Distillation and lineage: a provider's outputs gathered to train a model, and outputs that come back in an upload.

`analyze` is the front door. Inside, everything but `reading` is pure, over one group of originators in time order:

- `windows` which calls are weighed together, and which are looked at; `observation` what is looked at in a call;
- `sinks` and `rows` where training data goes and what is in it;
- `lineage`, `hits` rows of an upload traced to the outputs they were first seen in;
- `skeletons`, `intent` the constant part of prompts and what it asks for; `harvest` how the calls hang together;
- `gate` what the terms say; `scoring` points and grades; `report` findings;
- `weighing`, `analysis` the order of it all for one group; `spread` templates over all actors.
"""

from auditor.distillation.reading import analyze

__all__ = ["analyze"]
