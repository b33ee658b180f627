# SPDX-License-Identifier: Apache-2.0
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from auditor.errors import InputError
from ui.background import Background, Job


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    return QObject()


def test_work_runs_elsewhere_and_answers_here(background: Background, owner: QObject, qtbot: QtBot) -> None:
    here = threading.get_ident()
    answers: list[tuple[int, int]] = []
    background.query(
        owner, lambda _: threading.get_ident(), lambda there: answers.append((there, threading.get_ident()))
    )
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[0][0] != here
    assert answers[0][1] == here


def test_a_newer_query_of_a_topic_replaces_the_older(background: Background, owner: QObject, qtbot: QtBot) -> None:
    gate = threading.Event()
    answers: list[str] = []
    background.query(owner, lambda _: gate.wait(20) and "first", answers.append, topic="count")
    background.query(owner, lambda _: "second", answers.append, topic="count")
    background.query(owner, lambda _: "third", answers.append, topic="count")
    background.query(owner, lambda _: "other", answers.append, topic="other")
    gate.set()
    qtbot.waitUntil(lambda: background.idle)
    assert answers == ["third", "other"]


def test_cancelling_interrupts_the_work(background: Background, owner: QObject, qtbot: QtBot) -> None:
    running, interrupted = threading.Event(), threading.Event()
    answers: list[bool] = []

    def work(job: Job) -> bool:
        job.interrupt = interrupted.set
        running.set()
        return interrupted.wait(20)

    job = background.query(owner, work, answers.append)
    assert running.wait(20)
    job.cancel()
    qtbot.waitUntil(lambda: background.idle)
    assert interrupted.is_set()
    assert answers == []


def test_reporting_after_a_cancel_ends_the_work(background: Background, owner: QObject, qtbot: QtBot) -> None:
    running, cancelled = threading.Event(), threading.Event()
    reached: list[str] = []

    def work(job: Job) -> None:
        running.set()
        cancelled.wait(20)
        job.report(1, 2)
        reached.append("beyond")

    job = background.command(owner, work, reached.append)
    assert running.wait(20)
    job.cancel()
    cancelled.set()
    qtbot.waitUntil(lambda: background.idle)
    assert reached == []


def test_progress_arrives(background: Background, owner: QObject, qtbot: QtBot) -> None:
    begin = threading.Event()
    job = background.query(owner, lambda job: begin.wait(20) and job.report(3, 7), lambda _: None)
    with qtbot.waitSignal(job.progressed, check_params_cb=lambda done, total: (done, total) == (3, 7)):
        begin.set()


def test_a_known_failure_goes_to_its_handler_or_to_all(background: Background, owner: QObject, qtbot: QtBot) -> None:
    def fail(_: Job) -> None:
        raise InputError("It cannot be read.")

    own: list[InputError] = []
    background.query(owner, fail, lambda _: None, own.append)
    with qtbot.waitSignal(background.failed) as told:
        background.query(owner, fail, lambda _: None)
    qtbot.waitUntil(lambda: bool(own))
    assert [error.message for error in own] == ["It cannot be read."]
    assert told.args is not None
    assert told.args[0].message == "It cannot be read."


def test_a_defect_surfaces_on_the_main_thread(background: Background, owner: QObject, qtbot: QtBot) -> None:
    with capture_exceptions() as caught:
        background.query(owner, lambda _: 1 // 0, lambda _: None)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_an_answer_to_a_deleted_owner_is_dropped(background: Background, qtbot: QtBot) -> None:
    gate = threading.Event()
    answers: list[int] = []
    owner = QObject()
    background.query(owner, lambda _: gate.wait(20) and 1, answers.append)
    owner.deleteLater()
    qtbot.waitSignal(owner.destroyed).wait()
    gate.set()
    qtbot.waitUntil(lambda: background.idle)
    assert answers == []


def test_closing_ends_the_threads(background: Background, owner: QObject) -> None:
    background.query(owner, lambda _: 1, lambda _: None)
    background.close()
    assert background.query(owner, lambda _: 1, lambda _: None).cancelled
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("reader", "writer"))]
