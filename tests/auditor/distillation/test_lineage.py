# SPDX-License-Identifier: Apache-2.0
"""Outputs that come back in a training upload: found through editing and dilution, never where people wrote."""

import json

from auditor.findings import Kind
from tests.auditor.distillation.material import (
    FIREWORKS,
    OPENAI,
    TOGETHER,
    Traffic,
    answered,
    chat_row,
    edited,
    foreign,
    prose,
)


def test_a_copied_upload_is_evidenced_and_names_rows_and_calls() -> None:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows)
    (found,) = traffic.findings()
    assert found.grade.value == "evidenced"
    assert found.kind is Kind.LINEAGE
    assert found.actor == "a-one"
    assert found.clause is not None
    assert found.clause.id == "openai.competing_model_training.1"
    assert {f"call-{n}" for n in range(13)} <= set(found.calls)
    rows_named = [one.text for one in found.evidence if one.text.startswith("Row ")]
    assert len(rows_named) == 12
    assert "not a verdict" in found.explanation


def test_edited_and_diluted_uploads_are_found() -> None:
    traffic, _ = answered("a-one", 20)
    copies = [chat_row("x", edited(prose(("a", n)), 0.3, n)) for n in range(20)]
    traffic.upload("a-one", [*copies, *foreign(30)], base=FIREWORKS)
    assert traffic.grades("a-one") == {"evidenced"}


def test_people_s_own_rows_are_never_accused() -> None:
    traffic, _ = answered("a-one", 20)
    traffic.upload("a-one", list(foreign(40)))
    assert not traffic.grades("a-one") & {"evidenced", "probable"}


def test_outputs_that_quote_their_prompt_prove_nothing() -> None:
    traffic = Traffic()
    texts = [prose(("own", n), 90) for n in range(12)]
    for text in texts:
        traffic.chat("a-one", f"Repeat the paragraph that matters: {text}", text)
    traffic.upload("a-one", [chat_row("Summarise", text) for text in texts])
    assert not traffic.grades("a-one") & {"evidenced", "probable"}


def test_what_came_in_before_it_came_out_is_nobody_s() -> None:
    traffic = Traffic()
    texts = [prose(("own", n), 90) for n in range(8)]
    for text in texts:
        traffic.chat("a-one", f"Proofread: {text}", "Fine.")
    for number, text in enumerate(texts):
        traffic.chat("a-one", f"What did I write in part {number}?", text)
    traffic.upload("a-one", [chat_row("x", text) for text in texts])
    assert "evidenced" not in traffic.grades("a-one")


def test_formulaic_text_over_one_schema_is_no_copy() -> None:
    traffic = Traffic()
    schema = "CREATE TABLE ships (id, name, tonnage); CREATE TABLE ports (id, city); CREATE TABLE visits (ship, port)"
    query = (
        "SELECT T1.name FROM ships AS T1 JOIN visits AS T2 ON T1.id = T2.ship JOIN ports AS T3 ON T2.port = T3.id"
        " WHERE T1.tonnage > {} GROUP BY T1.name ORDER BY count(*) DESC LIMIT {}"
    )
    for number in range(20):
        traffic.chat("a-one", f"{schema} Ships above {number}?", query.format(number, number))
    rows = [chat_row(f"Ships above {n}?", query.format(n + 100, n)) for n in range(30)]
    traffic.upload("a-one", rows)
    assert "evidenced" not in traffic.grades("a-one")


def test_generated_questions_betray_rows_with_one_word_answers() -> None:
    traffic, rows = Traffic(), []
    for number in range(15):
        questions = [f"What {prose(('gq', number, n), 7)}?" for n in range(3)]
        names = [prose(("name", number, n), 1) for n in range(3)]
        listed = json.dumps([{"question": q, "answer": a} for q, a in zip(questions, names, strict=True)])
        traffic.chat("a-one", f"Questions on {prose(('doc', number), 200)}", listed)
        rows += map(chat_row, questions, names)
    traffic.upload("a-one", rows)
    assert "evidenced" in traffic.grades("a-one")


def test_another_actor_s_upload_accuses_nobody_yet() -> None:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-two", rows)
    assert not traffic.grades("a-two")


def test_other_purposes_and_one_s_own_provider_stay_quiet() -> None:
    for purpose in ("batch", "assistants", "evals", "user_data", "vision"):
        traffic, rows = answered("a-one", 12)
        traffic.upload("a-one", rows, base=OPENAI, purpose=purpose)
        assert not traffic.sinks()
        assert not traffic.grades("a-one") & {"evidenced", "probable"}
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows, base=OPENAI)
    assert traffic.grades("a-one") == {"informational"}


def test_one_teacher_s_permission_does_not_cover_another_s_outputs() -> None:
    traffic, rows = answered("a-one", 12, model="deepseek-chat", base="https://api.deepseek.com/v1")
    for number in range(12):
        traffic.chat("a-one", f"Also {prose(('p', number), 6)}", prose(("other", number)))
        rows.append(chat_row("x", prose(("other", number))))
    traffic.upload("a-one", rows, base=TOGETHER)
    assert traffic.grades("a-one") == {"informational", "evidenced"}


def test_the_results_of_a_batch_are_followed_and_other_files_are_not() -> None:
    answers = [prose(("batch", number)) for number in range(12)]
    rows = [chat_row(prose(("q", number), 6), text) for number, text in enumerate(answers)]
    traffic = Traffic()
    traffic.results("a-one", answers)
    traffic.upload("a-one", rows)
    assert traffic.grades("a-one") == {"evidenced"}


def test_every_candidate_is_followed() -> None:
    traffic, rows = Traffic(), []
    for number in range(8):
        answers = [prose(("candidate", number, n)) for n in range(3)]
        traffic.chat("a-one", f"Tell me about {prose(('q', number), 6)}", *answers)
        rows.append(chat_row(prose(("own", number), 6), answers[2]))
    traffic.upload("a-one", rows)
    assert traffic.grades("a-one") == {"evidenced"}
