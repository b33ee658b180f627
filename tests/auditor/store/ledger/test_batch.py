# SPDX-License-Identifier: Apache-2.0
from auditor.store.ledger.batch import LARGE
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, completion, intent, upload


def test_large_bodies_are_written_in_pieces_and_read_as_they_were(home: Home) -> None:
    drafts = [intent(1), upload(2, LARGE), completion(3), upload(4, 3 * LARGE + 5), upload(5, LARGE), intent(6)]
    with home.writer() as writer:
        assert writer.append(drafts) == [1, 2, 3, 4, 5, 6]
    reader = home.reader()
    found = [reader.body(home.gateway, record.seq) if record.has_body else None for record in home.records()]
    assert found == [draft.body for draft in drafts]
    assert verify(home.location, home.identity).holds
