# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.policy import POLICY, UNSAID, Standing, load, loading, of_folder
from auditor.policy.model import Policy

KEY, ALICE, BOB = "k-" + "a" * 16, "a-" + "b" * 16, "a-" + "c" * 16


def written(folder: Path, text: str) -> Path:
    path = folder / POLICY
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        load(written(folder, text))
    return caught.value.message


def test_a_folder_without_a_policy_says_nothing(tmp_path: Path) -> None:
    assert of_folder(tmp_path) == UNSAID == Policy()


def test_the_documentations_policy_can_be_used(tmp_path: Path) -> None:
    documented = (loading.__doc__ or "").partition("\n\n")[2]
    text = documented.replace("k-19ab…", KEY).replace("a-7f3k…", ALICE)
    policy = load(written(tmp_path, "\n".join(line.removeprefix("    ") for line in text.splitlines())))
    assert policy.standing("openai", "gpt-4o-mini") is Standing.SANCTIONED
    account = policy.account_of(KEY)
    assert account is not None
    assert (account.owner, account.tier, account.baa) == ("data platform", "enterprise", False)
    assert [one.name for one in policy.trainings(ALICE)] == ["ticket router"]
    assert policy.trainings(BOB) == ()
    assert policy.data.pattern[0].expression == r"\bKD-[0-9]{6}\b"


def test_the_guides_policy_can_be_used(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "user-guide.md").read_text()
    assert load(written(tmp_path, guide.partition("```toml\n")[2].partition("```")[0])).team[0].name == "support"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[organisation]\nname = 3\n", 2, "Expected `str | null`"),
        ('[[provider]]\nname = "a"\n\n[[provider]]\nname = "b"\nstanding = "liked"\n', 6, "liked"),
        ('[organisation]\n[[account]]\n# none\nkey = "x"\n', 4, "unknown field `key`"),
        ('[[account]]\nowner = "x"\n', 1, "missing required field `credential`"),
        ('[providers]\nname = "x"\n', 1, "unknown field `providers`"),
        ('[[data.dictionary]]\nname = "x"\n[[data.dictionary]]\nname = "y"\nmatch_case = 1\n', 5, "match_case"),
        (f'[[account]]\ncredential = "{KEY}"\n[[account]]\ncredential = "{KEY}"\n', 4, "occurs twice"),
        ('[[account]]\ncredential = "sk-secret"\n', 2, "never by the key itself"),
        ('[[training]]\nname = "x"\nteams = ["nobody"]\n', 3, "no team nobody"),
        ('[[team]]\nname = "x"\nactors = ["alice"]\n', 3, "no actor's pseudonym"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    said = refused(tmp_path, text)
    assert said.startswith(f"{tmp_path / POLICY}, line {line}: ")
    assert what in said


def test_a_key_written_into_a_policy_is_not_repeated(tmp_path: Path) -> None:
    assert "sk-secret" not in refused(tmp_path, '[[account]]\ncredential = "sk-secret"\n')


def test_an_actor_belongs_to_one_team(tmp_path: Path) -> None:
    text = f'[[team]]\nname = "x"\nactors = ["{ALICE}"]\n[[team]]\nname = "y"\nactors = ["{ALICE}"]\n'
    assert "is in team x, too" in refused(tmp_path, text)


@pytest.mark.parametrize(("content", "what"), [(b"\xff", "no text in UTF-8"), (b"[a", "no TOML")])
def test_what_is_no_policy_at_all_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / POLICY).write_bytes(content)
    with pytest.raises(InputError, match=what):
        of_folder(tmp_path)


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / POLICY)
