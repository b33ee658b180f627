# SPDX-License-Identifier: Apache-2.0
"""National identifiers by their published forms: country, kind, expression, checksum, and whether the form suffices.

Checksums are python-stdnum's (https://arthurdejong.org/python-stdnum/); forms it does not have are written out here
with their source beside them. A form that stands anywhere (`unique`) is rarer than one in a thousand random strings
of its shape; the others need a label, or a text that is nothing else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from stdnum import luhn


@dataclass(frozen=True, slots=True)
class Format:
    """One form of an identifier. `expression` has no look-around; it is matched in any case where `caseless`."""

    name: str
    expression: str
    check: Callable[[str], bool]
    unique: bool = False
    caseless: bool = True

    def fits(self, value: str) -> bool:
        """Whether a whole value has this form and passes its checksum."""
        flags = re.IGNORECASE if self.caseless else 0
        return re.fullmatch(self.expression, value, flags) is not None and self.check(value)


def stdnum_check(module: str) -> Callable[[str], bool]:
    """The checksum of a python-stdnum module, which is imported when it is first needed."""

    def check(value: str) -> bool:
        return bool(import_module(f"stdnum.{module}").is_valid(value))

    return check


def _always(_value: str) -> bool:
    return True


def _compact(value: str) -> str:
    return "".join(filter(str.isalnum, value)).upper()


def _us_ssn(value: str) -> bool:
    """https://secure.ssa.gov/poms.nsf/lnx/0110201035: no area 000 or 666, no group 00, no serial 0000."""
    digits = _compact(value)
    fixed = digits in {"123456789", "987654321", "078051120", "219099999"} or len(set(digits)) == 1
    return digits[:3] not in {"000", "666"} and digits[3:5] != "00" and digits[5:] != "0000" and not fixed


def _us_npi(value: str) -> bool:
    """https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand: 80840."""
    return bool(luhn.is_valid("80840" + _compact(value)))


def _us_dea(value: str) -> bool:
    """The check digit of DEA registration numbers: odd digits plus twice the even ones."""
    digits = [int(each) for each in value[-7:]]
    return (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10 == digits[6]


def _gb_nino(value: str) -> bool:
    """https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110: prefixes never allocated."""
    return _compact(value)[:2] not in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}


def _gb_driver(value: str) -> bool:
    """Month (plus 50 for women) and day of birth lie inside a driver number."""
    month, day = int(value[6:8]), int(value[8:10])
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31


def _de_pension(value: str) -> bool:
    """Rentenversicherungsnummer: https://de.wikipedia.org/wiki/Versicherungsnummer, weights 2 1 2 5 7 1 2 1 2 1 2 1."""
    text = _compact(value)
    digits = f"{text[:8]}{ord(text[8]) - 64:02d}{text[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(d) * w, 10)) for d, w in zip(digits, weights, strict=True))
    return total % 10 == int(text[-1])


def _de_insured(value: str) -> bool:
    """Krankenversichertennummer: letter as two digits, then Luhn-like weights 1 2 from the left."""
    text = _compact(value)
    digits = f"{ord(text[0]) - 64:02d}{text[1:9]}"
    total = sum(sum(divmod(int(d) * (1 + place % 2), 10)) for place, d in enumerate(digits))
    return total % 10 == int(text[-1])


def _de_doctor(value: str) -> bool:
    """Lebenslange Arztnummer: weights 4 9 over six digits, the seventh completes to ten."""
    total = sum(int(d) * (4 if place % 2 == 0 else 9) for place, d in enumerate(value[:6]))
    return (10 - total % 10) % 10 == int(value[6]) and len(set(value)) > 1


def _fi_hetu(value: str) -> bool:
    """With the numbers for temporary use, which python-stdnum knows and by default refuses."""
    return bool(import_module("stdnum.fi.hetu").is_valid(value, allow_temporary=True))


def _kr_resident(value: str) -> bool:
    """Date of birth and century digit; numbers issued since October 2020 have no check digit."""
    digits = _compact(value)
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31 and digits[6] in "12345678"


def _tw_identity(value: str) -> bool:
    """National identification card of Taiwan: the letter counts as two digits, weights 1 9 8 … 1 1."""
    letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
    text = value.upper()
    number = letters.index(text[0]) + 10
    total = (
        number // 10
        + number % 10 * 9
        + sum(int(d) * w for d, w in zip(text[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True))
    )
    return total % 10 == 0


def _hk_identity(value: str) -> bool:
    """Hong Kong identity card: letters count 10…35, a blank 36, weights 9…2, remainder of 11."""
    text = _compact(value).rjust(9)
    total = sum((36 if c == " " else int(c, 36)) * w for c, w in zip(text[:8], range(9, 1, -1), strict=True))
    return (total + (10 if text[8] == "A" else int(text[8], 36))) % 11 == 0


def _ru_snils(value: str) -> bool:
    """https://www.consultant.ru/document/cons_doc_LAW_92490/: weights 9…1, modulo 101."""
    digits = _compact(value)
    total = sum(int(d) * w for d, w in zip(digits[:9], range(9, 0, -1), strict=True))
    return total % 101 % 100 == int(digits[9:])


def _au_medicare(value: str) -> bool:
    """Weights 1 3 7 9 1 3 7 9 over eight digits, the ninth is the remainder of ten."""
    digits = _compact(value)
    weights = (1, 3, 7, 9, 1, 3, 7, 9)
    return sum(int(d) * w for d, w in zip(digits[:8], weights, strict=True)) % 10 == int(digits[8])


_MBI = "[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]"
FORMATS: tuple[Format, ...] = (
    Format("us.ssn", r"\d{3}[. ]?\d{2}[. ]?\d{4}", _us_ssn),
    Format("us.ein", r"\d{2}-\d{7}", _always),
    Format("us.ssn", r"\d{3}-\d{2}-\d{4}", _us_ssn, unique=True),
    Format("us.itin", r"9\d{2}[- ]?(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])[- ]?\d{4}", _always),
    Format("us.mbi", rf"[1-9]{_MBI}(?:{_MBI}|\d)\d-?{_MBI}(?:{_MBI}|\d)\d-?{_MBI}{{2}}\d{{2}}", _always, unique=True),
    Format("us.npi", r"[12]\d{9}", _us_npi),
    Format("us.dea", r"[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}", _us_dea),
    Format("us.dea", r"[A-Z]\d{8}", _us_dea),
    Format("gb.nino", r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", _gb_nino, unique=True),
    Format("gb.nhs", r"\d{3}[- ]?\d{3}[- ]?\d{4}", stdnum_check("gb.nhs")),
    Format("gb.driver", r"[A-Z][A-Z9]{4}\d{6}[A-Z9]{2}[A-Z0-9]{3}", _gb_driver, unique=True),
    Format("gb.plate", r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7]\d) ?[A-HJ-PR-Z]{3}", _always),
    Format("de.pension", r"\d{2}(?:0[1-9]|[1-7]\d|8[0-2])(?:0[1-9]|1[0-2])\d{2}[A-Z]\d{3}", _de_pension),
    Format("de.pension", r"\d{2} ?[0-8]\d[01]\d{3} ?[A-Z] ?\d{3}", _de_pension, unique=True),
    Format("de.insured", r"[A-Z]\d{9}", _de_insured, unique=True, caseless=False),
    Format("de.doctor", r"\d{9}", _de_doctor),
    Format("de.tax", r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", stdnum_check("de.idnr")),
    Format("de.passport", r"[CFGHJKL](?=[CFGHJKLMNPRTVWXYZ]*\d)[CFGHJKLMNPRTVWXYZ0-9]{8}", _always),
    Format("es.nif", r"\d{8}-?[A-Z]", stdnum_check("es.nif"), unique=True),
    Format("es.nie", r"[XYZ]-?\d{7}-?[A-Z]", stdnum_check("es.nie"), unique=True),
    Format("es.passport", r"[A-Z]{3}\d{6}[A-Z]?", _always),
    Format("it.codicefiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", _always, unique=True),
    Format("it.iva", r"\d{11}", stdnum_check("it.iva")),
    Format("it.driver", r"(?:[A-Z]{2}\d{7}|U1[A-Z0-9]{7})[A-Z]", _always),
    Format("fi.hetu", r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", _fi_hetu, unique=True),
    Format("se.personnummer", r"(?:\d{2})?\d{6}[-+]\d{4}", stdnum_check("se.personnummer"), unique=True),
    Format("se.personnummer", r"(?:\d{2})?\d{10}", stdnum_check("se.personnummer")),
    Format("se.orgnr", r"\d{6}-?\d{4}", stdnum_check("se.orgnr")),
    Format("no.fodselsnummer", r"\d{6} ?\d{5}", stdnum_check("no.fodselsnummer"), unique=True),
    Format("dk.cpr", r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}", _always, unique=True),
    Format("is.kennitala", r"\d{6}-\d{4}", stdnum_check("is_.kennitala"), unique=True),
    Format("nl.bsn", r"\d{9}", stdnum_check("nl.bsn")),
    Format("be.nn", r"\d{2}\.\d{2}\.\d{2}-\d{3}[.-]\d{2}", stdnum_check("be.nn"), unique=True),
    Format("fr.nir", r"[1278] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}", stdnum_check("fr.nir"), unique=True),
    Format("ch.ssn", r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}", stdnum_check("ch.ssn"), unique=True),
    Format("pl.pesel", r"\d{11}", stdnum_check("pl.pesel"), unique=True),
    Format("cz.rc", r"\d{6}/\d{3,4}", stdnum_check("cz.rc"), unique=True),
    Format("ro.cnp", r"[1-9]\d{12}", stdnum_check("ro.cnp")),
    Format("bg.egn", r"\d{10}", stdnum_check("bg.egn")),
    Format("hr.oib", r"\d{11}", stdnum_check("hr.oib")),
    Format("gr.amka", r"\d{11}", stdnum_check("gr.amka"), unique=True),
    Format("ie.pps", r"\d{7}[A-W][A-IW]?", stdnum_check("ie.pps")),
    Format("tr.tckimlik", r"[1-9]\d{10}", stdnum_check("tr.tckimlik"), unique=True),
    Format(
        "tr.plate",
        r"(?:0[1-9]|[1-7]\d|8[01]) ?"
        r"(?:[A-Z] ?\d{4,5}|[A-Z]{2} ?\d{3,4}|[A-Z]{3} ?\d{2,4}|[A-Z] ?\d{2,4})",
        _always,
    ),
    Format("ru.snils", r"\d{3}-\d{3}-\d{3}[- ]\d{2}", _ru_snils, unique=True),
    Format("kr.rrn", r"\d{6}-[1-8]\d{6}", _kr_resident, unique=True),
    Format("kr.rrn", r"\d{6}[1-8]\d{6}", _kr_resident),
    Format("kr.brn", r"\d{3}-?\d{2}-?\d{5}", stdnum_check("kr.brn")),
    Format("kr.driver", r"(?:1[1-9]|2[0-8])-\d{2}-\d{6}-\d{2}", _always, unique=True),
    Format("cn.ric", r"[1-9]\d{16}[\dX]", stdnum_check("cn.ric"), unique=True),
    Format("tw.identity", r"[A-Z][1289]\d{8}", _tw_identity, unique=True, caseless=False),
    Format("hk.identity", r"[A-Z]{1,2}\d{6}\([\dA]\)", _hk_identity, unique=True, caseless=False),
    Format("jp.in", r"\d{4}[- ]?\d{4}[- ]?\d{4}", stdnum_check("jp.in_")),
    Format("in.aadhaar", r"[2-9]\d{3}[-: ]\d{4}[-: ]\d{4}", stdnum_check("in_.aadhaar"), unique=True),
    Format("in.aadhaar", r"[2-9]\d{3}[-: ]?\d{4}[-: ]?\d{4}", stdnum_check("in_.aadhaar")),
    Format("in.pan", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", _always, unique=True, caseless=False),
    Format("in.pan", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", _always),
    Format("in.gstin", r"(?:[0-2]\d|3[0-8])[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[\dA-Z]", _always, unique=True),
    Format("in.voter", r"[A-Z]{3}\d{7}", _always),
    Format("in.plate", r"[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{4}", _always),
    Format("sg.nric", r"[STFGM]\d{7}[A-Z]", _always, unique=True, caseless=False),
    Format("sg.nric", r"[STFGM]\d{7}[A-Z]", _always),
    Format("sg.uen", r"\d{8,9}[A-Z]|[RST]\d{2}[A-Z]{2}\d{4}[A-Z]", stdnum_check("sg.uen")),
    Format("th.pin", r"[1-8]-\d{4}-\d{5}-\d{2}-\d", stdnum_check("th.pin"), unique=True),
    Format("th.pin", r"[1-8]\d{12}", stdnum_check("th.pin")),
    Format("my.nric", r"\d{6}-\d{2}-\d{4}", stdnum_check("my.nric"), unique=True),
    Format("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}", stdnum_check("br.cpf"), unique=True),
    Format("br.cpf", r"\d{11}", stdnum_check("br.cpf")),
    Format("br.cnpj", r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", stdnum_check("br.cnpj"), unique=True),
    Format("mx.curp", r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d", stdnum_check("mx.curp"), unique=True),
    Format("ar.cuit", r"\d{2}-\d{8}-\d", stdnum_check("ar.cuit"), unique=True),
    Format("cl.rut", r"\d{1,2}\.\d{3}\.\d{3}-[\dK]", stdnum_check("cl.rut"), unique=True),
    Format("za.idnr", r"\d{6} ?\d{4} ?\d{3}", stdnum_check("za.idnr")),
    Format("ng.plate", r"[A-Z]{3}-?\d{3}[A-Z]{2}", _always),
    Format("au.abn", r"\d{2} \d{3} \d{3} \d{3}", stdnum_check("au.abn"), unique=True),
    Format("au.acn", r"\d{3} ?\d{3} ?\d{3}", stdnum_check("au.acn")),
    Format("au.tfn", r"\d{3} ?\d{3} ?\d{3}", stdnum_check("au.tfn")),
    Format("au.medicare", r"[2-6]\d{3} ?\d{5} ?\d(?:[ /-]?\d)?", _au_medicare),
    Format("ca.sin", r"\d{3}[- ]?\d{3}[- ]?\d{3}", stdnum_check("ca.sin")),
)  # fmt: skip
