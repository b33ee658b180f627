# SPDX-License-Identifier: Apache-2.0
"""The analysis as a whole: grades by behaviour and terms, windows, templates over many actors, sameness of two runs."""

from datetime import timedelta
from unittest import mock

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from auditor.calls import Call
from auditor.distillation import windows
from auditor.distillation.windows import Group, Plan
from auditor.findings import Grade, Kind, Level
from auditor.policy import Policy, Team, Training
from auditor.terms import Registry
from auditor.terms.ranking import held
from tests.auditor.distillation.material import (
    FIREWORKS,
    T0,
    TOGETHER,
    Traffic,
    answered,
    chat_row,
    foreign,
    form,
    prose,
)
from tests.auditor.documents.test_tables import parquet

ASK = "Invent a new prompt that a user could give to an AI assistant, different from the ones before, about {}"


def generated(actor: str = "a-one", count: int = 12, **how: str) -> Traffic:
    """A generator of prompts whose prompts are then answered."""
    traffic = Traffic()
    for number in range(count):
        task = f"Please tell me {prose((actor, 'task', number), 9)}"
        traffic.chat(actor, ASK.format(prose((actor, "seed", number), 5)), task, **how)
        traffic.chat(actor, task, prose((actor, "answer", number), 150), **how)
    return traffic


def test_generating_and_answering_prompts_is_probable_without_a_sink() -> None:
    (found,) = generated().findings()
    assert found.grade.value == "probable"
    assert found.kind.value == "distillation"
    assert found.clause is not None
    kinds = {one.kind for one in found.evidence}
    assert kinds >= {"intent", "pattern", "config"}
    assert "(generator.answered, +13 points)" in " ".join(one.text for one in found.evidence)


def test_the_same_at_a_provider_that_permits_it_is_informational() -> None:
    traffic = generated(model="deepseek-chat", base="https://api.deepseek.com/v1")
    (found,) = traffic.findings()
    assert (found.grade.value, found.rule.level.value) == ("informational", "informational")
    assert found.clause is not None
    assert found.clause.id == "deepseek.permission.2"


def test_where_only_an_older_text_was_seen_the_evidence_counts_and_the_level_does_not() -> None:
    base = "https://generativelanguage.googleapis.com/v1beta/openai"
    traffic, rows = answered("a-one", 12, model="gemini-2.5-pro", base=base)
    traffic.upload("a-one", rows)
    (found,) = (held(one, Registry.load()) for one in traffic.findings())
    assert (found.grade, found.rule.level) == (Grade.EVIDENCED, Level.INFORMATIONAL)
    assert "must be read" in found.explanation


def test_bare_gathering_of_long_answers_is_inconclusive() -> None:
    traffic = Traffic()
    for number in range(30):
        traffic.chat("a-one", f"{prose(('p', number), 12)}?", prose(("a", number), 150))
    assert traffic.grades("a-one") == {"inconclusive"}


def test_a_conversation_with_history_is_nothing() -> None:
    traffic = Traffic()
    for number in range(12):
        traffic.chat("a-one", f"And {prose(('turn', number), 8)}?", prose(("a", number), 20), system="Be kind.")
    assert traffic.findings() == []


def test_an_upload_without_lineage_speaks_for_the_actor() -> None:
    traffic = generated()
    traffic.upload("a-one", list(foreign(20)), base=FIREWORKS)
    (found,) = traffic.findings()
    assert found.grade.value == "probable"
    assert "hold no text of recorded outputs" in " ".join(one.text for one in found.evidence)


def test_a_classifier_trained_on_labels_is_permitted_at_openai() -> None:
    traffic, rows = Traffic(), []
    for number in range(20):
        message, label = prose(("m", number), 30), ("spam", "ham")[number % 2]
        traffic.chat("a-one", f"Label the message to train our spam classifier, spam or ham: {message}", label)
        rows.append(chat_row(message, label))
    assert traffic.grades("a-one") <= {"informational"}
    traffic.upload("a-one", rows)
    assert traffic.grades("a-one") <= {"informational"}


def test_what_the_policy_says_is_trained_decides_at_openai() -> None:
    traffic = generated()
    private = Training(name="ranker", kind="classifier", distributed=False, actors=("a-one",))
    for training, grade in (
        (private, "informational"),
        (msgspec.structs.replace(private, distributed=None), "probable"),
        (msgspec.structs.replace(private, kind="generator"), "probable"),
        (msgspec.structs.replace(private, actors=("a-two",)), "probable"),
        (msgspec.structs.replace(private, actors=()), "probable"),
    ):
        (found,) = traffic.findings(Policy(training=(training,)))
        assert found.grade.value == grade


def test_a_template_split_over_many_actors_is_found_for_all_of_them() -> None:
    traffic = Traffic()
    ask = "Make training examples for the student model, at least five of them, on the subject of {}"
    for number in range(10):
        traffic.chat(f"a-{number}", ask.format(prose(("seed", number), 6)), prose(("answer", number), 90))
    (found,) = traffic.findings()
    assert found.actor is None
    assert found.grade.value == "probable"
    assert found.count == 10


def test_two_runs_give_identical_findings() -> None:
    traffic = generated()
    traffic.upload("a-one", [chat_row("x", prose(("a-one", "answer", n), 150)) for n in range(12)])
    assert msgspec.json.encode(traffic.findings()) == msgspec.json.encode(traffic.findings())


def test_a_window_ends_with_its_week_and_lineage_reaches_over_it() -> None:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows)
    traffic.move(-1, timedelta(days=20))
    graded = [one for one in traffic.findings() if one.grade.value == "evidenced"]
    assert [one.first_seen for one in graded] == [traffic.entries[-1][0].call.time]


def test_a_short_burst_shows_in_a_busy_week() -> None:
    traffic = Traffic()
    for number in range(30):
        traffic.chat("a-one", ASK.format(prose(("seed", number), 5)), f"Please tell {prose(('task', number), 9)}")
    for number in range(600):
        traffic.chat("a-one", f"{prose(('q', number), 9)}?", prose(("w", number), 6))
        traffic.move(-1, timedelta(days=number % 5))
    (found,) = traffic.findings()
    assert (found.grade, found.actor) == (Grade.PROBABLE, "a-one")
    assert found.first_seen.date() == found.last_seen.date() == T0.date()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(2, 12))
def test_a_long_window_keeps_a_bounded_number_of_calls(days: list[int], most: int) -> None:
    plan = Plan(Group(members=("a-one",)), Registry.load())
    with mock.patch.object(windows, "KEPT", most):
        for number, day in enumerate(sorted(days)):
            time = T0 + timedelta(days=day, seconds=number)
            call = Call(id=f"c{number}", time=time, actor="a-one", operation="chat", provider="openai")
            plan.take(msgspec.structs.replace(call, request_model="gpt-4o"))
    assert sum(one.week.count for one in plan.windows.values()) == len(days)
    for one in plan.windows.values():
        assert min(one.week.count, most // 2) <= len(one.week.ids) <= most
        assert all(min(day.count, most // 2) <= len(day.ids) <= most for day in one.days.values())
        assert len(one.kept()) <= most * (1 + len(one.days))


def test_what_one_of_a_team_gathers_and_another_uploads_is_joined() -> None:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-two", rows)
    assert not any(one.kind is Kind.LINEAGE for one in traffic.findings())
    team = Policy(team=(Team(name="research", actors=("a-one", "a-two", "a-three")),))
    (found,) = (one for one in traffic.findings(team) if one.kind is Kind.LINEAGE)
    assert (found.actor, found.grade) == ("a-two", Grade.EVIDENCED)
    assert "2 actors of the team research" in found.explanation


def test_a_chain_over_a_team_is_reported_for_the_team_and_members_alone_where_they_suffice() -> None:
    def shared(asks: str, answers: str) -> Traffic:
        traffic = Traffic()
        for number in range(12):
            task = f"Please tell me {prose(('task', number), 9)}"
            traffic.chat(asks, f"Write a new instruction like this one: {prose(('cue', number), 9)}", task)
            traffic.chat(answers, task, prose(("answer", number), 150))
        return traffic

    team = Policy(team=(Team(name="research", actors=("a-one", "a-two")),))
    assert not any(one.grade is Grade.PROBABLE for one in shared("a-one", "a-two").findings())
    (found,) = (one for one in shared("a-one", "a-two").findings(team) if one.grade is Grade.PROBABLE)
    assert (found.actor, found.count) == (None, 24)
    assert "team research" in found.explanation
    (alone,) = (one for one in shared("a-one", "a-one").findings(team) if one.grade is Grade.PROBABLE)
    assert alone.actor == "a-one"


def test_texts_made_for_a_small_classifier_are_permitted_at_openai() -> None:
    traffic, rows = Traffic(), []
    for number in range(20):
        text = prose(("text", number), 60)
        traffic.chat("a-one", f"Write a message of the kind that {prose(('kind', number), 4)}", text)
        rows.append({"text": text, "label": ("spam", "ham")[number % 2]})
    traffic.upload("a-one", rows)
    assert traffic.grades("a-one") == {"informational"}
    job = b'{"training_file": "file-1", "model": "microsoft/deberta-v3-small"}'
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows)
    traffic.exchange("a-one", f"{TOGETHER}/fine-tunes", job, "application/json", {"id": "j"})
    assert traffic.grades("a-one") == {"informational"}


def test_uploads_that_cannot_be_read_are_counted_and_shown_as_that() -> None:
    traffic, _ = answered("a-one", 4)
    for number in range(2):
        body, kind = form(b"PAR1 and what follows", "fine-tune")
        traffic.exchange("a-one", f"{TOGETHER}/files/upload", body, kind, {"id": f"file-{number}"})
    (found,) = traffic.findings()
    assert (found.grade, found.actor) == (Grade.INCONCLUSIVE, "a-one")
    assert "cannot be read" in found.explanation
    (point,) = (one.text for one in found.evidence if "sink.blind" in one.text)
    assert "2 times: a training file in a form that is not read" in point


def test_rows_of_a_parquet_file_are_traced() -> None:
    traffic, rows = answered("a-one", 12)
    talks = [row["messages"] for row in rows]
    columns = {name: [talk[n]["content"] for talk in talks] for n, name in enumerate(("prompt", "completion"))}  # type: ignore[index]
    body, kind = form(parquet(columns), "fine-tune")
    traffic.exchange("a-one", f"{TOGETHER}/files/upload", body, kind, {"id": "file-1"})
    (found,) = traffic.findings()
    assert found.grade is Grade.EVIDENCED


def test_a_job_is_joined_to_the_file_it_uses() -> None:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows)
    body = b'{"training_file": "file-1", "model": "meta-llama/Llama-3-8b", "suffix": "house"}'
    traffic.exchange("a-one", f"{TOGETHER}/fine-tunes", body, "application/json", {"id": "j"})
    (found,) = traffic.findings()
    (proof,) = (one.text for one in found.evidence if "(lineage," in one.text)
    assert "a tuning job on meta-llama/Llama-3-8b uses the file" in proof
    traffic = generated()
    traffic.upload("a-one", list(foreign(20)))
    traffic.exchange("a-one", f"{TOGETHER}/fine-tunes", body, "application/json", {"id": "j"})
    other = body.replace(b"file-1", b"file-7")
    traffic.exchange("a-one", f"{TOGETHER}/fine-tunes", other, "application/json", {"id": "k"})
    (found,) = traffic.findings()
    jobs = [one.text for one in found.evidence if "(sink.job," in one.text]
    assert ["the upload of 20 rows" in text for text in jobs] == [True, False]
    assert "a file whose upload is not among these calls" in jobs[1]
