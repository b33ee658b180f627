# SPDX-License-Identifier: Apache-2.0
"""Names of persons, at medium confidence: a gazetteer, and what surrounds a name.

Sure are names behind a title, a label, an introduction or above a signature; likely is a given name followed by
another capitalised word; a given name alone counts in running text only.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.names import Names, load
from auditor.detectors.patterns import Family, context
from auditor.detectors.uncased import cjk_names, spaced_names
from auditor.detectors.view import View
from auditor.detectors.words import words


def _ranges(upper: bool) -> str:
    """Upper-case or lower-case letters of the cased scripts, as ranges of a character class."""
    letters = [chr(code) for code in range(0x41, 0x588) if (chr(code).isupper() if upper else chr(code).islower())]
    return "".join(re.escape(letter) for letter in letters)


_UP, _LOW = _ranges(True), _ranges(False)
_REST = rf"[{_UP}{_LOW}\u02bc]*(?:['’][{_UP}][{_UP}{_LOW}]+)?"
_WORD = rf"[{_UP}]{_REST}"
_NAME = rf"{_WORD}(?:[-‑]{_WORD})*"
_PARTICLE = (
    r"(?:van der|van den|van de|van 't|von der|von dem|von|van|de la|de las|de los|de le|de|del|della|di|da|dos|"
    r"das|do|du|"
    r"des|le|la|el|al|bin|bint|ibn|ben|ter|ten|zu|af|av|y|e|bte|ap|mac|st\.)"
)
_RUN = re.compile(  # what must not stand ahead is asked behind the first letter, so that the letter is looked for first
    rf"[{_UP}](?<![\w@#$/\\.&-].){_REST}(?:[-‑]{_WORD})*(?:[ \u00a0](?:[{_UP}]\.(?:[ ]?[{_UP}]\.)*|{_NAME})){{0,9}}"
)
_JOINED = re.compile(rf"[ \u00a0]{_PARTICLE}[ \u00a0]{_NAME}(?:[ \u00a0]{_NAME})*")
_NO_END = re.compile(r"[\w@]|['’]t\b|\.\w|://|\(")
_TOKEN = re.compile(r"\S+")
_TITLE = re.compile(
    r"(?:mrs?|ms|miss|mx|dr|prof|professor|doctor|sir|madam|rev|hon|judge|senator|herr|frau|hr|fru|dhr|mevr|"
    r"mevrouw|mme|mlle|"
    r"monsieur|madame|mademoiselle|maître|sra?|srta|señora?|senhora?|doña|dona|sig|sig\.ra|sig\.na|signora?|dott|"
    r"dott\.ssa|dr\.ssa|"
    r"avv|ing|mag|pan[ií]?|pán|paní|mgr|mudr|bc|bay|bayan|sayın|lic|arq|abg|datuk|dato|puan|bapak|ibu|ông|bà|"
    r"mzee|bwana|"
    r"г-н|г-жа|пан|пані|κος|κα)\.?",
    re.IGNORECASE,
)
_TITLE_WORDS = (
    "mrs?\\.?|ms\\.?|miss|mx\\.?|dr\\.?|prof\\.?|professor|doctor|sir|madam|rev\\.|hon\\.|judge|senator|herr|"
    "frau|hr\\.?|fru|dhr\\.?|"
    "mevr\\.?|mevrouw|mme\\.?|mlle\\.?|monsieur|madame|mademoiselle|ma(?:î|i)tre|sra?\\.?|srta\\.?|se(?:ñ|n)ora?|"
    "senhora?|do(?:ñ|n)a|sig\\.?|"
    "sig\\.ra|sig\\.na|signora?|dott\\.?|dott\\.ssa|dr\\.ssa|avv\\.|ing\\.?|mag\\.|pan|pani|p(?:á|a)n|pan(?:í|i)|"
    "mgr\\.|mudr\\.|bay|bayan|"
    "say(?:ı|i)n|lic\\.|arq\\.|abg\\.|datuk|dato|puan|bapak|ibu|(?:ô|o)ng|b(?:à|a)|mzee|bwana|m\\.|d\\.",
    "г-н|г-жа|пан|пані|κος|κα|κ\\.",
)
_GREETING = words(
    "Hi Hello Hey Dear Thanks Thank Best Kind Regards Liebe Lieber Cher Chère Querido Querida Estimado Estimada "
    "Caro Cara Beste Geachte Hallo Hola Bonjour Ciao Kjære Kære Hej Hei Drogi Droga Milý Milá Kedves Dragă Dragi "
    "Draga Sevgili"
)
_SPEECH = re.compile(r"\b(?:said|says|told|asked|replied|explained|added|wrote|named|called)[ ]$")
_ORGANISATION = words(
    "Inc Inc. Corp Corp. Corporation Ltd Ltd. LLC LLP PLC GmbH AG KG SA SAS SARL SpA Srl BV NV AB ASA ApS Oy Oyj "
    "Co Co. Company Group Industries Systems Solutions Holding Holdings Partners Bank University College School "
    "Institute Hospital Foundation Association Services Technologies Enterprises International Global Department "
    "Ministry Committee Council Agency Team Project License Street Avenue Road Boulevard Lane Drive Court Place "
    "Square City County State Airport Station River Lake Mountain Island Valley Park Bridge Church Hotel "
    "Restaurant Theatre Museum Library Prize Award Cup League"
)
_SENTENCE = re.compile(rf"[{_LOW}]{{2,}}[,;:]?[ ]$|^$|[.!?,;:\"“»)]['\"]?[ \n]+$|[>\n*-][ ]*$|[\"“«(]$")
_CODE_NEXT = re.compile(r"[=(\[{_/\\<@]|\.\w|::|->|:\w|\w")
_STRONG, _LIKELY, _GIVEN = 0.72, 0.62, 0.5


def _runs(view: View) -> Iterator[Match]:
    """Runs of capitalised words with a name among them."""
    names, given, titles = load(), load().given, view.word_ends("person.title")
    for run in view.paced(_RUN.finditer(view.text)):
        text = run[0]
        if (" " in text or text in given or run.start() - 1 in titles) and not _NO_END.match(view.text, run.end()):
            yield from _in_run(view, names, run.start(), text, run.start() - 1 in titles)


def _in_run(view: View, names: Names, start: int, text: str, titled: bool) -> Iterator[Match]:
    tokens = [(token.start(), token.end(), token[0]) for token in _TOKEN.finditer(text)]
    if text.isupper() and not (
        len(tokens) in (2, 3) and names.is_given(tokens[0][2]) and names.is_family(tokens[-1][2])
    ):
        return
    place = 0
    while place < len(tokens) and tokens[place][2] in _GREETING:
        place += 1
    title = place if place < len(tokens) and _TITLE.fullmatch(tokens[place][2]) else None
    place += title is not None
    ahead = _title_ahead(view, start) if titled and place == 0 else None
    if (
        place < len(tokens)
        and (title is not None or ahead is not None)
        and not _is_organisation(text)
        and (not names.is_common(tokens[place][2]) or place + 1 < len(tokens) or names.is_family(tokens[place][2]))
    ):
        yield _person(view, ahead if ahead is not None else start + tokens[title or 0][0], start + len(text), 0.85)
        return
    for index in range(place, len(tokens)):
        score = _score(view, names, tokens, index, start, text)
        if score:
            if not _is_organisation(text):
                yield _person(view, start + tokens[index][0], start + _name_end(names, tokens, index), score)
            return


def _is_organisation(text: str) -> bool:
    """Whether a word of the run is one that organisations and places carry."""
    return not _ORGANISATION.isdisjoint(text.replace(",", " ").split())


def _title_ahead(view: View, start: int) -> int:
    """Where the title ahead of a name begins."""
    word = view.before(start, 16)[:-1].rpartition(" ")[2].rpartition("\n")[2].lstrip("(\"'>*")
    return start - 1 - len(word)


def _score(
    view: View, names: Names, tokens: list[tuple[int, int, str]], index: int, start: int, text: str
) -> float | None:
    """How sure a name begins at this word, if it does."""
    word = tokens[index][2]
    later = (token for _, _, token in islice(tokens, index + 1, index + 4))
    following = next((token for token in later if len(token.rstrip(".")) > 1 and token[0].isupper()), None)
    if names.is_given(word):
        sure = not names.is_common(word)
        if following is not None:
            if names.is_family(following) and (sure or not names.is_common(following)):
                return _STRONG
            if sure and not names.is_common(following) and not _is_heading(view, start, text):
                return _LIKELY
            return None
        if sure and index == 0 and len(word) > 2 and not word.isupper() and _in_prose(view, start, start + len(text)):
            return _GIVEN
        return None
    if index == 0 and not names.is_common(word) and not word.isupper() and _SPEECH.search(view.before(start, 12)):
        return _GIVEN
    if following is not None and names.is_family(following) and not names.is_common(following):
        known = following in names.family and len(following) > 3
        if known and not names.is_common(word) and word.isalpha() and not word.isupper() and len(tokens) == index + 2:
            return _GIVEN if _in_prose(view, start, start + len(text)) else None
    return None


def _name_end(names: Names, tokens: list[tuple[int, int, str]], index: int) -> int:
    end = tokens[index][1]
    for _, stop, word in tokens[index + 1 : index + 6]:
        if word in names.common and not (names.is_family(word) or names.is_given(word)):
            break
        end = stop
    return end


def _is_heading(view: View, start: int, text: str) -> bool:
    """More than four capitalised words in a row are a heading or a list, unless they fill a line."""
    return text.count(" ") > 4


def _in_prose(view: View, start: int, end: int) -> bool:
    """Whether a place lies in running text, not in code."""
    before, after = view.before(start, 24), view.after(end, 3)
    if _CODE_NEXT.match(after) or before[-1:] in tuple("._-/\\@#$=<[{&|+~^%"):
        return False
    if _SENTENCE.search(before) is None:
        return False
    line = view.text[view.line_start(start, 160) : view.line_end(end, 160)]
    return sum(map(line.count, "(){}[]=<>;_/\\|`")) < 3


def _person(view: View, start: int, end: int, score: float) -> Match:
    joined = _JOINED.match(view.text, end, end + 60)
    text = view.text[start : joined.end() if joined else end].rstrip(".,;: ")
    return found("PERSON", start, start + len(text), text, None, score)


def _field(view: View, start: int, end: int) -> Iterable[Match]:
    """The value behind a label for persons' names."""
    return _labelled(view, start, end, 0.9)


def _weak_field(view: View, start: int, end: int) -> Iterable[Match]:
    """The value behind a label that often, not always, names a person: a known name must be in it."""
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", view.text[start:end])
    names = load()
    if not 1 < len(words) <= 5:
        return ()
    known = any((names.is_given(word) or names.is_family(word)) and not names.is_common(word) for word in words)
    usual = names.is_given(words[0]) and names.is_family(words[-1])
    unknown = all(word[0].isupper() and not word.isupper() and not names.is_common(word) for word in words)
    return _labelled(view, start, end, 0.8) if known or usual or unknown else ()


_VALUE = re.compile(r"[^\W\d_][^\d\n,;:|<>(){}\[\]\"=@/\\_]{1,60}")


def _labelled(view: View, start: int, end: int, score: float) -> Iterable[Match]:
    value = _VALUE.match(view.text, start, min(end, start + 62))
    if value is None:
        return ()
    text = value[0].strip(" \t'`*.")
    words = text.split()
    if text[:1].islower() and not load().is_given(words[0].title()):
        return ()
    if not text or len(words) > 6 or _is_organisation(text) or view.after(value.end(), 1) in tuple("(=@_/\\[{"):
        return ()
    if text.lower() in _NO_NAMES or (len(words) == 1 and (text.islower() or text in load().common)):
        return ()
    if (
        len(words) > 1
        and text.islower()
        and not all(word.title() in load().given | load().family for word in words[:1])
    ):
        return ()
    begin = view.text.index(text, start)
    return (found("PERSON", begin, begin + len(text), text, None, score),)


_NO_NAMES = words("none null n/a unknown anonymous name value string text yes no true false admin user")


def _introduced(view: View) -> Iterator[Match]:
    """Names behind "my name is" and above the end of a letter."""
    for _, end in view.words("person.intro"):
        lead = _LEAD.match(view.text, end)
        begin = lead.end() if lead else end
        run = _RUN.match(view.text, begin, begin + 80)
        if run:
            tokens = run[0].split()
            plain = tokens[0] in load().common and not load().is_given(tokens[0])
            if not plain and not (len(tokens) == 1 and tokens[0].isupper()) and tokens[0].lower() not in _NO_NAMES:
                yield _person(view, begin, run.end(), 0.88)
        elif view.text[begin : begin + 1].isalpha() and not _is_cased(view.text[begin]):
            yield from _uncased_value(view, begin)
    for _, end in view.words("person.close"):
        yield from _signature(view, end)


_LEAD = re.compile(rf"[\s:,\"'*]{{1,4}}(?:[{_UP}][{_LOW}]{{0,4}}\.[ ])*")


def _is_cased(letter: str) -> bool:
    return letter.isupper() or letter.islower()


_UNCASED = re.compile(r"[^\W\d_a-zA-Z]+(?:[ \u200c-][^\W\d_a-zA-Z]+){0,4}")


def _uncased_value(view: View, begin: int) -> Iterator[Match]:
    value = _UNCASED.match(view.text, begin, begin + 40)
    if value and view.after(value.end(), 1) in (",", "", "\n", "،", "、", "。", ".", "|"):
        yield found("PERSON", begin, value.end(), value[0], None, 0.7)


def _signature(view: View, end: int) -> Iterator[Match]:
    """The line below a closing formula, where it holds nothing but a few words."""
    below = re.compile(r"[^\n]{0,20}[,!.]?[ \t]*\n\s{0,4}([^\W\d_][^\n\d<>@]{1,50}?)[ \t.,]*(?=\n|$)").match(
        view.text, end
    )
    if below and len(below[1].split()) <= 6 and not _is_organisation(below[1]) and not below[1].islower():
        yield found("PERSON", below.start(1), below.end(1), below[1], None, 0.8)


def _lower_case(view: View) -> Iterator[Match]:
    """A short text without capitals, read as if it had them."""
    text = view.text
    if len(text) > 2_000 or not view.is_lower:
        return
    titled = text.title()
    if len(titled) != len(text):
        return
    names = load()
    words = [(word.start(), word[0]) for word in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*", titled)]
    for (start, first), (last_start, last) in pairwise(words):
        known = names.is_given(first) and names.is_family(last)
        plain = names.is_common(first) or names.is_common(last) or len(first) < 3
        if last_start - start == len(first) + 1 and known and not plain:
            end = last_start + len(last)
            yield found("PERSON", start, end, text[start:end], None, _LIKELY)


PERSONS = Family(
    types=frozenset({"PERSON"}),
    patterns=(
        *context("person.title", *_TITLE_WORDS),
        *context(
            "person",
            "full[ _-]?name|first[ _-]?name|last[ _-]?name|given[ _-]?name|family[ _-]?name|display[ _-]?name|"
            "surname|middle[ _-]?name",
            "customer[ _-]?name|patient(?:[ _-]?name)?|employee(?:[ _-]?name)?|client[ _-]?name|"
            "contact[ _-]?(?:name|person)|claimant|applicant|insured|beneficiary|account[ _-]?holder|"
            "card[ _-]?holder|recipient|sender|addressee|student[ _-]?name|passenger|guest[ _-]?name|spouse|"
            "next of kin|emergency contact|attn",
            "nachname|vorname|familienname|vollständiger name|ansprechpartner|empfänger|kundenname|versicherte|"
            "nom complet|nom de famille|pr[eé]nom|destinataire|nombre completo|nombre y apellidos|nombres|"
            "apellidos?|titular|paciente|nome completo|sobrenome|nome e cognome|cognome|paziente|volledige naam|"
            "voornaam|achternaam|naam|fullst[aä]ndigt namn|förnamn|efternamn|fornavn|etternavn|efternavn|"
            "koko nimi|etunimi|sukunimi|imi[eę] i nazwisko|nazwisko|jm[eé]no|příjmení|meno a priezvisko|"
            "priezvisko|teljes név|vezetéknév|keresztnév|prenume|nume complet|ime i prezime|prezime|ad soyad|"
            "ad[ıi] soyad[ıi]|isim|soyad",
            "ονοματεπώνυμο|όνομα|επώνυμο|фио|ф\\.и\\.о|имя|фамилия|ім'я|прізвище|піб|име|презиме|氏名|お名前|名前|姓名|名字|"
            "이름|성명|성함|الاسم|الإسم|اسم|نام و نام خانوادگی|نام|שם מלא|שם|ชื่อ|họ và tên|họ tên|tên|nama lengkap|"
            "nama|jina|नाम|নাম|பெயர்|పేరు|სახელი|անուն",
        ),
        *context(
            "person.weak",
            "name|customer|client|contact|to|from|by|author|owner|assignee|attendees?|user|buyer|seller|payee|"
            "payer|doctor|physician|teacher|manager|ordered by|prepared by|signed|bill to|ship to|nom|nombre|"
            "nome|namn|navn|nimi|nazwa|kunde|kunden|cliente|klant|empleado|employ[eé]|mitarbeiter|medewerker",
            label=True,
        ),
        *context(
            "person.intro",
            "my name is|my name's|calls? me|maiden name is|mein name ist|ich hei(?:ß|ss)e|je m'appelle|"
            "mon nom est|me llamo|mi nombre es|meu nome é|me chamo|chamo-me|mi chiamo|il mio nome è|mijn naam is|"
            "ik heet|jag heter|mitt namn är|jeg heter|jeg hedder|mit navn er|navnet mitt er|nimeni on|"
            "nazywam się|mam na imię|jmenuji se|mé jméno je|volám sa|a nevem|mă numesc|numele meu este|zovem se|"
            "moje ime je|ime mi je|benim adım|adım|mano vardas|mani sauc|minu nimi on|ég heiti|nama saya|tôi là|"
            "tên tôi là|jina langu ni",
            "με λένε|ονομάζομαι|меня зовут|моё имя|мене звати|моє ім'я|казвам се|зовем се|се викам|私の名前は|"
            "私は|我叫|"
            "我的名字是|我是|제 이름은|저는|اسمي|أنا|نام من|اسم من|שמי|קוראים לי|ผมชื่อ|ดิฉันชื่อ|ฉันชื่อ|मेरा नाम|আমার নাম|"
            "என் பெயர்|నా పేరు|ჩემი სახელია|իմ անունն է",
        ),
        *context(
            "person.close",
            "regards|sincerely|yours truly|yours faithfully|best wishes|cheers|many thanks|freundlichen grüßen|"
            "grü(?:ß|ss)e|hochachtungsvoll|cordialement|bien à vous|salutations|un saludo|saludos|atentamente|"
            "cordialmente|atenciosamente|cumprimentos|abraços|cordiali saluti|distinti saluti|saluti|"
            "vriendelijke groet|groeten|vänlig hälsning|vänliga hälsningar|hälsningar|vennlig hilsen|"
            "venlig hilsen|hilsen|terveisin|poważaniem|pozdrawiam|pozdravem|pozdravom|üdvözlettel|tisztelettel|"
            "cu stimă|srdačan pozdrav|poštovanjem|saygılarımla|pagarbiai|ar cieņu|lugupidamisega|kveðja|"
            "hormat saya|trân trọng|wako wa",
            "με εκτίμηση|с уважением|з повагою|с поштовањем|敬具|よろしくお願いいたします|此致|敬上|감사합니다|드림|"
            "مع خالص التحية|تحياتي|"
            "با احترام|בברכה|ขอแสดงความนับถือ|धन्यवाद|भवदीय|ধন্যবাদ|പატივისცემით|პატივისცემით|հարգանքով",
        ),
    ),
    fields={"person": _field, "person.weak": _weak_field},
    readers=(_introduced, _runs, _lower_case, spaced_names, cjk_names),
)
assert sys.maxunicode  # the classes above cover the cased scripts below U+0588
