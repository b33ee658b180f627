# SPDX-License-Identifier: Apache-2.0
"""What is found, near misses of it, and what must hold for every text. All material is made up here."""

import gc
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detectors import Scanner
from auditor.detectors.table import FAMILIES, TYPES
from auditor.errors import InputError

SCANNER = Scanner()
SPAN = "S3cr3tkE9xQ2vLw8Zt"


def values(text: str, type_: str) -> list[str]:
    return [text[m.start : m.end] for m in SCANNER.scan(text) if m.type == type_]


FOUND = [
    ("EMAIL", "write to jörg.weiß+news@post.example.org, please", "jörg.weiß+news@post.example.org"),
    ("IP_ADDRESS", "from 203.0.113.77 port 22", "203.0.113.77"),
    ("IP_ADDRESS", "via 2001:db8:85a3::8a2e:370:7334 today", "2001:db8:85a3::8a2e:370:7334"),
    ("PAYMENT_CARD", "card 4111 1111 1111 1111, thanks", "4111 1111 1111 1111"),
    ("PAYMENT_CARD", "κάρτα: 4222222222222", "4222222222222"),
    ("PAYMENT_CARD", "ref,card,sum\n7,501800000009,3\n", "501800000009"),
    ("IBAN", "to GB82 WEST 1234 5698 7654 32 by Friday", "GB82 WEST 1234 5698 7654 32"),
    ("PHONE", "ring +49 30 901820 tomorrow", "+49 30 901820"),
    ("PHONE", "Tel.: 040 / 123 456-0 (Büro)", "040 / 123 456-0"),
    ("PHONE", "mobile;name\n07700 900123;Ann\n07700 900456;Bob\n", "07700 900123"),
    ("PHONE", "call (+358) 40 1234567 now", "(+358) 40 1234567"),
    ("DATE_OF_BIRTH", "Дата на раждане: 03.05.1971", "03.05.1971"),
    ("DATE_OF_BIRTH", "Sünniaeg: 1971-05-03", "1971-05-03"),
    ("DATE_OF_BIRTH", "geboren am 3. März 1961 in Kiel", "3. März 1961"),
    ("DATE_OF_BIRTH", '{"dateOfBirth": "1980-02-29"}', "1980-02-29"),
    ("NATIONAL_ID", "PESEL: 44051401359", "44051401359"),
    ("NATIONAL_ID", "passport number: K8120934", "K8120934"),
    ("NATIONAL_ID", "DNI 12345678Z caducado", "12345678Z"),
    ("NATIONAL_ID", "СНИЛС: 112-233-445 95", "112-233-445 95"),
    ("NATIONAL_ID", "জাতীয় পরিচয়: 9855809317", "9855809317"),
    ("NATIONAL_ID", "জাতীয় পরিচয়: 9855809317", "9855809317"),
    ("PERSON", "id,full_name,mail\n1,周凯,a@example.org\n2,孙强,b@example.org\n", "孙强"),
    ("PERSON", "my name is Wilhelmina Ortega, hello", "Wilhelmina Ortega"),
    ("PERSON", "Kind regards\nTomasz Zieliński\n", "Tomasz Zieliński"),
    ("ADDRESS", "Goethestraße 14, 60313 Frankfurt", "Goethestraße 14, 60313 Frankfurt"),
    ("ADDRESS", "I live at 77 Harbour Road, Springfield", "77 Harbour Road, Springfield"),
    ("ADDRESS", "Asun osoitteessa Orapihlajabulevardi 9, 09411 Karvia", "Orapihlajabulevardi 9, 09411 Karvia"),
    ("ADDRESS", "ที่อยู่ 98/87 ถ.ถนัดอักษร ชัยภูมิ 91110", "98/87 ถ.ถนัดอักษร ชัยภูมิ 91110"),
    ("HEALTH", "Diagnosis: Psoriatic Arthritis\n", "Psoriatic Arthritis"),
    ("SECRET", f'client_secret = "{SPAN}"', SPAN),
    ("SECRET", "AKIAQZ7XWPLMN3RT2VKB in the log", "AKIAQZ7XWPLMN3RT2VKB"),
    ("PASSWORD", "DB_PASSWORD=vq7Lpz!rw", "vq7Lpz!rw"),
    ("PASSWORD", "postgres://app:kq9-wzXt@db.internal/x", "app:kq9-wzXt"),
    ("HEALTH", "диагноз: гипертония", "гипертония"),
    ("HEALTH", "Sie ist schwanger seit Mai", "schwanger"),
    ("HEALTH", "HbA1c: 8.2 last week", "HbA1c: 8.2"),
    ("CONFIDENTIAL_MARK", "SECRET//NOFORN", "SECRET//NOFORN"),
    ("CONFIDENTIAL_MARK", "VS-NUR FÜR DEN DIENSTGEBRAUCH", "VS-NUR FÜR DEN DIENSTGEBRAUCH"),
    ("CONFIDENTIAL_MARK", "This document is confidential and meant for you.", "This document is confidential"),
    ("CONFIDENTIAL_MARK", "Classification: Confidential\n", "Confidential"),
    ("CONFIDENTIAL_MARK", "Dienesta vajadzībām\n\nPlāns", "Dienesta vajadzībām"),
    ("CONFIDENTIAL_MARK", "Page 2 of 7\nFORTROLIGT\n", "FORTROLIGT"),
    ("CONFIDENTIAL_MARK", "HİZMETE ÖZEL\n\nToplantı", "HİZMETE ÖZEL"),
    ("CONFIDENTIAL_MARK", "Διαβάθμιση: ΕΜΠΙΣΤΕΥΤΙΚΟ\n", "ΕΜΠΙΣΤΕΥΤΙΚΟ"),
    ("CONFIDENTIAL_MARK", "Shared as TLP:AMBER+STRICT with members", "TLP:AMBER+STRICT"),
]


@pytest.mark.parametrize(("type_", "text", "value"), FOUND)
def test_finds(type_: str, text: str, value: str) -> None:
    assert value in values(text, type_)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("EMAIL", "decorate with @dataclass.field and icon@2x.png"),
        ("IP_ADDRESS", "version 10.2.3.4 of the firmware, OID 1.3.6.1.4.1"),
        ("IP_ADDRESS", "use std::vector and values[::2]"),
        ("PAYMENT_CARD", "card 4111 1111 1111 1112"),
        ("IBAN", "GB82 WEST 1234 5698 7654 33"),
        ("PHONE", "released 2024-05-17, build 20240517"),
        ("DATE_OF_BIRTH", "released on 1980-02-29"),
        ("NATIONAL_ID", "order number 44051401358 shipped"),
        ("PERSON", "The Quick Start Guide explains Every Option"),
        ("HEALTH", "the condition: callable, treatment of errors"),
        ("HEALTH", "diagnosis: str = x"),
        ("CONFIDENTIAL_MARK", "This library contains proprietary extensions. Confidential computing!"),
        ("PERSON", "# Copyright 2019 Wilhelmina Ortega\nx = 1\n"),
        ("PERSON", "[Wilhelmina Ortega](https://example.org/wo) wrote the parser"),
        ("SECRET", 'api_key = "YOUR_API_KEY_HERE"'),
        ("SECRET", "token = get_token(request)"),
        ("PASSWORD", 'password = "changeme"'),
        ("PASSWORD", "label_password: Enter your password"),
        ("CONFIDENTIAL_MARK", "- TLP:RED: named people\n- TLP:AMBER: their organisation\n- TLP:GREEN: the community\n"),
        ("CONFIDENTIAL_MARK", "Sigriet tal-familja huwa sabiħ."),
        ("CONFIDENTIAL_MARK", "all answers will be kept strictly confidential by us"),
        ("SOURCE_CODE", "We met in the park.\nIt was a long day.\nThen we went home.\n"),
    ],
)
def test_leaves_near_misses_alone(type_: str, text: str) -> None:
    assert values(text, type_) == []


def test_source_code_has_its_language() -> None:
    text = (
        "Look:\n\n"
        "import sys\n\ndef main():\n    for name in sys.argv:\n        print(name)\n    return 0\n\nThanks, all!\n"
    )
    found = [m for m in SCANNER.scan(text) if m.type == "SOURCE_CODE"]
    assert [m.subtype for m in found] == ["Python"]


def test_private_key_reaches_to_its_footer() -> None:
    kind = "EC PRIVATE " + "KEY"
    text = f"-----BEGIN {kind}-----\nMHcCAQEEIBkg4LVWM9nuwNSk3yByxZpYRTBnVJk5oAoGCCqGSM49\n-----END {kind}-----"
    assert values(f"a {text} b", "PRIVATE_KEY") == [text]


def test_unknown_type_is_refused() -> None:
    with pytest.raises(InputError):
        SCANNER.scan("x", types={"SHOE_SIZE"})


@settings(max_examples=40)
@given(st.lists(st.sampled_from([text for _, text, _ in FOUND]) | st.text(), max_size=12))
def test_texts_searched_together_give_what_each_gives_alone(texts: list[str]) -> None:
    assert SCANNER.examine_all(texts) == [SCANNER.examine(text) for text in texts]


def test_texts_beyond_a_block_keep_their_order() -> None:
    texts = [f"mail{number}@example.org " + "plain words " * 3_000 for number in range(5)]
    assert [one.matches[0].end for one in SCANNER.examine_all(texts)] == [17] * 5


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_every_type_can_be_looked_for_alone(type_: str) -> None:
    text = "\n".join(text for _, text, _ in FOUND)
    assert {m.type for m in SCANNER.scan(text, types={type_})} <= {type_}


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40), st.sampled_from(FOUND))
def test_offsets_are_exact_behind_any_prefix(prefix: str, case: tuple[str, str, str]) -> None:
    _, text, _ = case
    whole = f"{prefix}\n\n{text}"
    assert all(0 <= m.start < m.end <= len(whole) for m in SCANNER.scan(whole))
    email = "\n\n<eve@mail.example.net>\n"
    assert "eve@mail.example.net" in values(prefix + email, "EMAIL")


def test_lone_surrogates_do_not_shift_offsets() -> None:
    text = "\ud800\udc99 é eve@mail.example.net"
    assert values(text, "EMAIL") == ["eve@mail.example.net"]


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "key=",
        "password='x1y2z3' ",
        "Aa Bb ",
        "John Smith ",
        "name,phone\n",
        "12 Main Street ",
        "村上陽子",
        "Mr. ",
        "::",
    ],
)
def test_floods_are_bounded_and_told(piece: str) -> None:
    result = SCANNER.examine(piece * (200_000 // len(piece)))
    assert len(result.matches) <= 20_000


def test_a_spent_budget_is_told() -> None:
    assert SCANNER.examine("Call 030 123456. " * 2_000, budget_s=0.0).truncated


def test_expressions_keep_to_bytes() -> None:
    """In bytes, a class stands for one byte: no character beyond ASCII may be in one."""
    for pattern in (p for family in FAMILIES for p in family.patterns):
        inside = [part.split("]")[0] for part in pattern.expression.replace("\\[", "").split("[")[1:]]
        assert all(part.isascii() for part in inside), pattern.name


LANGUAGES_SEEN = [
    "(ns app.core\n  (:require [clojure.string :as str]))\n\n(defn greet [name]\n  (println (str name)))\n",
    "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. HELLO.\n       PROCEDURE DIVISION.\n           DISPLAY 'HI'.\n"
    "           STOP RUN.\n",
    "parent(ann, bob).\nparent(bob, eve).\ngrand(X, Y) :-\n    parent(X, Z),\n    parent(Z, Y).\n",
    "Public Sub Main()\n    Dim total As Integer\n    total = 3\n    Call Show(total)\nEnd Sub\n",
    "section .text\n_start:\n    mov eax, 4\n    xor ebx, ebx\n    int 0x80\n    jmp _start\n",
    'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
]


@pytest.mark.parametrize("text", LANGUAGES_SEEN)
def test_source_code_of_less_common_languages(text: str) -> None:
    assert [m.type for m in SCANNER.scan(text, {"SOURCE_CODE"})] == ["SOURCE_CODE"]


@pytest.mark.parametrize(
    "text", ["tel 011 2 555 1", "fax: +999 123456", "01 12 33 44 55 66", *(text for _, text, _ in FOUND)]
)
def test_a_scan_leaves_no_cycle_that_holds_its_caller(text: str) -> None:
    """An error that a library kept held every frame it had passed, and with them a body of 50 MB for many minutes."""

    class Body:
        pass

    def search() -> weakref.ref[Body]:
        body = Body()
        SCANNER.scan(text)
        return weakref.ref(body)

    gc.disable()
    try:
        assert search()() is None
    finally:
        gc.enable()
