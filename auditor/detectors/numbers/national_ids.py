# SPDX-License-Identifier: Apache-2.0
"""National identifiers: persons' and companies' numbers, tax, health, driving, passports, plates.

Four ways to be one: a form that stands anywhere; a form behind its own name ("PESEL: …"), checked by that name's
rules; any number of a usual shape right behind a general label ("passport number", "national ID"); and a text that is
nothing but such a number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module, resources

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.numbers.id_formats import FORMATS, Format
from auditor.detectors.patterns import Confirm, Family, Pattern, context
from auditor.detectors.view import View

_NAMED_REACH = 110
"""Characters behind the name of a document within which its number stands."""
_LABELLED_REACH = 40
"""The same behind a mere label, such as “ID no.”."""
_PIECE = r"[A-Z]{0,5}\d[\dA-Z]*"
_CANDIDATE = re.compile(
    rf"(?<![A-Za-z\d])(?:[A-Z]{{1,5}}[ -])?(?:[A-Z][ -])?{_PIECE}(?:(?:[./:'-]| ?[/-] ?| ){_PIECE}|"
    rf"[-. ]?[A-Z]{{1,3}}\b(?!\w))*",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?<![\w@])(?-i:[A-Z]{1,4}[- ]?)?(?=[A-Z\d]*\d)[A-Z\d]+(?:[-./ ]?[A-Z]?\d[\dA-Z]*)*", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"[\w .()'’/#°º№\"*`_,-]{0,40}?(?:[:=#：>|]|\bis\b|\bist\b|\best\b|\bes\b|\bno\b\.?|\bnumber\b|nr\.?|"
    r"^)[\s\"'`*_>|]{0,4}$",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,3}(?:\.\d{1,3}){3}")
"""Dates and internet addresses."""
_MOST_TRIMS = 6
"""Beginnings of a candidate that are tried, the longest first."""


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Names of identifiers as they are written, and who checks them."""
    lines = resources.files("auditor.detectors.data").joinpath("id_names.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {name: tuple(modules.split()) for name, modules in rows}


@cache
def _checkers() -> Mapping[str, tuple[str, ...]]:
    """Who checks a name, by the name in lower case."""
    return {name.lower(): modules for name, modules in names().items()}


def _name_patterns() -> tuple[Pattern, ...]:
    """Short names only as they are written, long ones in any case."""
    short = [name for name in names() if len(name) < 5 and name.isascii() and name.isalnum()]
    long = [re.escape(name).replace("\\ ", "[ _]") for name in names() if name not in short]
    return (
        Pattern("context.id.name.short", rf"\b(?:{'|'.join(short)})\b", words="id.name"),
        *context("id.name", *long),
    )


def _unique(form: Format) -> Confirm:
    def confirm(view: View, start: int, end: int) -> Iterable[Match]:
        value = view.text[start:end]
        if not _stands_apart(view, start, end) or not form.check(value):
            return ()
        return (_match(view, start, end, form.name, 0.87),)

    return confirm


def _stands_apart(view: View, start: int, end: int) -> bool:
    before, after = view.before(start, 2), view.after(end, 2)
    if not view.stands_alone(start, end) or (before[-1:] in ("/", "=", "$", "#") and not before[:-1].strip(":\"' ")):
        return False
    return not (before[-1:] in ("-", ".") or (after[:1] in ("-", ".", "/") and after[1:].isalnum()))


def _named(view: View) -> Iterator[Match]:
    """Values behind the name of their kind, by that kind's rules."""
    for start, end in view.paced(view.words("id.name")):
        modules = _checkers().get(view.text[start:end].strip("_").replace("_", " ").lower(), ())
        stop = min(view.line_end(end, _NAMED_REACH), end + _NAMED_REACH)
        for candidate in _CANDIDATE.finditer(view.text, end, min(len(view.text), stop + 30)):
            if candidate.start() >= stop:
                break
            match = _checked(view, candidate.start(), candidate.end(), modules)
            if match:
                yield match
                break


def _checked(view: View, start: int, end: int, modules: tuple[str, ...]) -> Match | None:
    """The longest beginning of a candidate that one of the modules accepts."""
    value = view.text[start:end]
    cuts = [len(value), *(m.start() for m in re.finditer(r"[ ./:-]", value))]
    heads = [0, *(m.end() for m in re.finditer(r"[A-Z]{2,5}[ -]", value[:7], re.IGNORECASE))]
    for head in heads:
        for cut in sorted(cuts, reverse=True)[:_MOST_TRIMS]:
            if cut - head < 4:
                continue
            name = _accepting(value[head:cut], modules)
            if name:
                return _match(view, start + head, start + cut, name, 0.96)
    return None


def _accepting(value: str, modules: tuple[str, ...]) -> str | None:
    for module in modules:
        forms = [form for form in FORMATS if form.name == module.replace("_.", ".")]
        if any(form.fits(value) for form in forms) or (not forms and _stdnum(module, value)):
            return module.replace("_.", ".")
        if forms and _stdnum(module, value):
            return module.replace("_.", ".")
    return None


def _stdnum(module: str, value: str) -> bool:
    try:
        return bool(import_module(f"stdnum.{module}").is_valid(value))
    except ImportError:  # a name of ours without a module
        return False


def _labelled(view: View) -> Iterator[Match]:
    """Numbers of a usual shape right behind a general label."""
    for _, end in view.paced(view.words("id")):
        stop = min(view.line_end(end, _LABELLED_REACH), end + _LABELLED_REACH)
        candidate = _LABELLED.search(view.text, end, min(len(view.text), stop + 30))
        if candidate and candidate.start() < stop and _BETWEEN.match(view.text[end : candidate.start()]):
            yield from _plausible(view, candidate.start(), candidate.end())


def _field(view: View, start: int, end: int) -> Iterable[Match]:
    candidate = _LABELLED.match(view.text, start, min(end, start + 40))
    return _plausible(view, candidate.start(), candidate.end()) if candidate else ()


def _plausible(view: View, start: int, end: int) -> Iterable[Match]:
    value = view.text[start:end]
    digits = sum(map(str.isdigit, value))
    if not 5 <= digits <= 20 or 5 * digits < 2 * len(value) or _OTHER.fullmatch(value) or len(set(value)) < 3:
        return ()
    if not _stands_apart(view, start, end):
        return ()
    form = next((form.name for form in FORMATS if form.fits(value)), None)
    if form is None and (re.fullmatch(r"\d{3}-\d{2}-\d{4}", value) and value[:3] in ("000", "666")):
        return ()
    return (_match(view, start, end, form, 0.92),)


def _whole(view: View) -> Iterator[Match]:
    """A text that is nothing but an identifier."""
    text = view.text.strip(" \t\r\n.,;\"'")
    if not 6 <= len(text) <= 24 or not any(map(str.isdigit, text)):
        return  # there is a digit in every form
    start = view.text.index(text)
    for form in FORMATS:
        if form.fits(text):
            yield _match(view, start, start + len(text), form.name, 0.8)
            return


def _match(view: View, start: int, end: int, name: str | None, score: float) -> Match:
    return found("NATIONAL_ID", start, end, view.text[start:end], name, score)


NATIONAL_IDS = Family(
    types=frozenset({"NATIONAL_ID"}),
    patterns=(
        *(
            Pattern(f"id.{form.name}.{number}", rf"\b(?:{form.expression})", _unique(form), caseless=form.caseless)
            for number, form in enumerate(FORMATS)
            if form.unique
        ),
        *_name_patterns(),
        *context(
            "id",
            "ssn\\b|ssn_|social[ _-]?security|national[ _-]?(?:id|identi|insurance)|identity[ _-]?(?:card|number|"
            "no|code|document)",
            "identification[ _-]?(?:number|no|code|document)|id[ _-]?(?:card|number|no\\.)|"
            "personal[ _-]?(?:id\\b|identity|number|code)",
            "passport|tax[ _-]?(?:id|number|no\\b|payer|identification|file|code)|driv(?:er|"
            "ing)(?:'?s)?[ _-]?(?:licen[cs]e|permit)",
            "licen[cs]e (?:plate|number)|number plate|plate number|vehicle reg|registration (?:number|plate)|"
            "health (?:card|insurance) (?:number|no)",
            "medicare|medicaid|nationalid|insurance[ _-]?(?:id|number|no\\b)|nin\\b|nid\\b|"
            "citizen(?:ship)?[ _-]?(?:id|card|number|service)|resident[ _-]?(?:id|registration|identity)|"
            "residence permit",
            "voter|aadhaar|green card|alien (?:registration )?number|employer identification|provider identifier|"
            "national provider",
            "ausweis|personalausweis|reisepass|passnummer|pass-nr|steuer-?id|steuer(?:identifikations)?nummer|"
            "sozialversicherung|führerschein|versichertennummer|krankenversicherung|kennzeichen|"
            "rentenversicherung",
            "dni\\b|nie\\b|nif\\b|c[eé]dula|carn[eé] de identidad|documento de identidad|documento nacional|"
            "pasaporte|seguridad social|n[uú]mero de identificaci[oó]n|licencia de conducir|permiso de conducir|"
            "curp",
            "carte d'identit[eé]|carte nationale|passeport|num[eé]ro de s[eé]curit[eé]|s[eé]curit[eé] sociale|"
            "permis de conduire|num[eé]ro fiscal|num[eé]ro national|immatriculation",
            "codice fiscale|carta d'identit[aà]|passaporto|patente di guida|patente n|tessera sanitaria|"
            "partita iva|targa\\b",
            "cpf\\b|cnpj\\b|rg\\b|carteira de identidade|identidade|passaporte|bilhete de identidade|"
            "cart[aã]o de cidad[aã]o|contribuinte|t[ií]tulo de eleitor|cnh\\b",
            "bsn\\b|burgerservicenummer|paspoort|rijbewijs|identiteits|rijksregister|personnummer|personnr|"
            "organisationsnummer|k[oö]rkort|f[oø]dselsnummer|f[oø]dselsnr|cpr\\b|personalnumer|kennitala|"
            "henkil[oö]tunnus|hetu|passinumero",
            "pesel|dow[oó]d osobisty|numer dowodu|paszport|prawo jazdy|rodn[eé] [cč][ií]slo|ob[cč]ansk|"
            "cestovn[ií] pas|szem[eé]lyi|ad[oó]azonos[ií]t[oó]|taj[ -]?sz[aá]m|[uú]tlev[eé]l|cnp\\b|buletin|"
            "pa[sș]aport|oib\\b|jmbg|emšo|osobna iskaznica|putovnica|matični broj",
            "asmens kodas|personas kods|isikukood|egn\\b|амка|αμκα|αφμ|ταυτότητα|διαβατήρι|α\\.φ\\.μ",
            "паспорт|инн|снилс|удостоверени|водительск|личен номер|егн|лична карта|матични број|јмбг|рнокпп|іпн|"
            "посвідчення",
            "t\\.?c\\.? ?kimlik|kimlik|ehliyet|vergi (?:kimlik )?no|pasaport|plaka\\b",
            "身份证|身分證|護照|护照|社保|驾驶证|マイナンバー|個人番号|旅券|運転免許|パスポート|주민등록|"
            "외국인등록|여권|운전면허|사업자",
            "رقم الهوية|الهوية|الرقم القومي|الرقم الوطني|جواز|رخصة القيادة|کد ملی|شماره ملی|גذרנامه|תעודת זהות|"
            "ת\\.ז|דרכון|רישיון",
            "บัตรประชาชน|ประจำตัวประชาชน|หนังสือเดินทาง|nik\\b|ktp\\b|npwp|paspor|căn cước|cccd|cmnd|chứng minh|"
            "hộ chiếu|kitambulisho|आधार|पासपोर्ट|पैन|மின்|ఆధార్|জাতীয় পরিচয়|"
            "পাসপোর্ট|பாஸ்போர்ட்|ಆಧಾರ್|ആധാർ|આધાર|ਆਧਾਰ|පාස්පෝට්|national insurance|ni number|nino\\b|s\\.i\\.n\\b|tfn\\b|"
            "ird\\b|pps\\b|ppsn|umid|sss\\b|philhealth|nric\\b|fin\\b|f[iİ]n\\b|emso|emšo|ahv|avs\\b|"
            "numéro avs|nas\\b|rut\\b|cuil|cuit|kra pin|mykad|ic number|kad pengenalan|id[- ]?nummer|"
            "num[eé]ro d'identit[eé]|n[uú]mero de c[eé]dula|numri personal|nid[- ]?number|isikukood|henkilökortti|"
            "პირადი ნომერი|პასპორტ|անձնագիր|անձնագրի|паспорта|удостоверен|документ серия|особ[ои]в|ДРФО|身份証|身分証|"
            "居留|居民身份|統一編號|统一社会信用|健保|保険証|在留カード|免許証|등록번호|운전면허",
        ),
    ),
    fields={"id": _field},
    readers=(_named, _labelled, _whole),
)
