# SPDX-License-Identifier: Apache-2.0
"""Signs: what the texts of a call ask for, where provider terms care, kept as labels of the call.

A sign is a phrase somebody wrote ("rank these candidates"), not a purpose: rules that rest on one say so, and rank
low. Only the instructions and what the user said last are read, since a conversation repeats its history at every
turn. Phrases are RE2's (https://github.com/google/re2/wiki/Syntax) in any case, all of them in one pass over a text.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, Literal, NamedTuple

import re2

from auditor.calls import AnyPart, Blob, Content, Exchange, Message, Uri
from auditor.privacy.texts import text_of

MOST: Final = 1 << 15
"""Characters read of the instructions, and of the last message."""

OAUTH: Final = "subscription-token"
"""Label of a call whose key is the token of a person's subscription, by its beginning."""
_OAUTH_PREFIX: Final = "sk-ant-oat"

type Where = Literal["instructions", "message", "picture"]


class Sign(NamedTuple):
    """One sign: its label, what it says, where its phrases count (`picture`: in a message with one), and these."""

    label: str
    says: str
    where: Where
    phrases: tuple[str, ...]


_THESE: Final = r"(this|these|those|the|each|every|following|all|my|our)( following| two| three)?"
_DETERMINER: Final = r"(the|this|that|his|her|their|my|our|a|an|each)"

SIGNS: Final[tuple[Sign, ...]] = (
    Sign(
        "poses-as-human",
        "The instructions ask the model to pass for a person.",
        "instructions",
        (
            r"\b(pretend|claim) (to be|that you are|you are|you're) a (real |living )?(human( being)?|person)\b",
            r"\byou are (really )?a (real )?human( being)?\s*[.,;!]",
            r"\b(never|don't|do not|must not) (ever )?(reveal|admit|say|mention|disclose|acknowledge|tell \w+( \w+)?)"
            r" (that )?you('re| are) an? (ai|bot|chatbot|language model|artificial|machine)",
            r"\bdeny (being|that you are) an? (ai|bot|chatbot|machine)\b",
            r"\b(gib|geben sie) dich (nie|niemals|nicht) als (ki|bot)\b|\bdu bist ein (echter )?mensch\s*[.,;!]",
        ),
    ),
    Sign(
        "for-children",
        "The instructions speak of a service for children.",
        "instructions",
        (
            r"\b(children|kids|pupils|students|learners) (aged|between|under|from) (the ages? of )?(\d|1[0-7])\b",
            r"\b(tutor|assistant|companion|chatbot|teacher|friend|app|game) (for|who helps|that helps)"
            r" (\w+ )?(children|kids|toddlers|preschoolers|minors|primary school)",
            r"\b(kinder|schüler) (von|zwischen|unter|ab) (\d|1[0-7])\b",
        ),
    ),
    Sign(
        "jailbreak",
        "A message uses a phrase made to get round safeguards.",
        "message",
        (
            r"\b(ignore|disregard|forget) (all )?(of )?(your |the |my )?(previous|prior|above|earlier|preceding|safety)"
            r" (instructions|rules|guidelines|prompts|directions)\b",
            r"\bdo anything now\b|\byou are (now )?(going to act as )?\(?dan\b",
            r"\bdeveloper mode (is )?(now )?(enabled|on|activated)\b",
            r"\bwithout (any )?(ethical|moral|safety|content)( \w+)? (restrictions|filters|guidelines|limits)\b",
            r"\b(bypass|evade|circumvent|disable) (your|the model's|all) (safety|content|moderation)( \w+)?"
            r" ?(filters?|guidelines|polic(y|ies)|measures|rules)\b",
            r"\bact as (an? )?(unrestricted|uncensored|unfiltered|amoral|jailbroken)\b",
            r"\bpretend (that )?you have no (restrictions|rules|filters|guidelines|limits)\b",
        ),
    ),
    Sign(
        "asks-internals",
        "A message asks for the model's hidden instructions, weights or training data.",
        "message",
        (
            r"\b(reveal|print|repeat|show|output|display|give me|tell me|dump) (me )?(your|the)"
            r" ((full|entire|hidden|initial|original|complete|exact|secret) )*"
            r"(system|developer) (prompt|message|instructions)",
            r"\brepeat (everything|all( of)? the (text|words)|the words) above\b",
            r"\b(list|dump|extract|print|give me|reproduce|reveal) (your|the model's) "
            r"((exact|internal|hidden) )*(weights|parameters|training data|embedding matrix)\b",
        ),
    ),
    Sign(
        "decides-on-person",
        "A message asks for a decision on a person: work, credit, housing, schooling, health or a claim.",
        "message",
        (
            rf"\b(approve|deny|reject|decline|accept|grant)( or (approve|deny|reject|decline|accept|grant))?"
            rf" {_DETERMINER} (\w+ )?"
            r"(loan|credit|mortgage|visa|insurance|claim|benefit|asylum|rental|housing|tenancy|job)"
            r"( application| request| claim)?\b",
            rf"\b(rank|score|screen|shortlist|grade|rate) {_THESE} (job |loan |rental )?"
            r"(applicants?|candidates?|cvs?|resumes?|résumés?|tenants?|borrowers?)\b",
            r"\b(should|shall) we (hire|fire|dismiss|lay off|admit|promote|lend to|evict)\b",
            rf"\bdecide (whether|if) {_DETERMINER} (applicant|candidate|patient|student|tenant|employee|claimant)\b",
            rf"\btriage {_THESE} patients?\b",
        ),
    ),
    Sign(
        "asks-advice",
        "A message asks for personal legal, medical or financial advice.",
        "message",
        (
            r"\b(diagnose me|what is my diagnosis|which (drug|medication|medicine|dose) should i take)\b",
            r"\bshould i (stop taking|increase the dose|sue|plead guilty|sign this settlement)\b",
            r"\b(am i (legally )?liable|can my (landlord|employer) (legally )?(evict|fire|dismiss|sue) me)\b",
            r"\b(which (stocks|shares|funds) should i buy|how should i invest my (savings|pension|money))\b",
        ),
    ),
    Sign(
        "benchmark-item",
        "A message is written like an item of a public benchmark.",
        "message",
        (
            r"\bthe following are multiple choice questions \(with answers\) about\b",
            r"\bthe last line of your response should be of the following format: '?answer: \$?letter",
            r"\b(mmlu|gpqa|gsm8k|hellaswag|truthfulqa|humaneval|swe-bench|mt-bench|big-bench)[ _-]?"
            r"(item|question|task|problem|sample|prompt|id)\b",
            r"\bdef (has_close_elements|separate_paren_groups|truncate_number|below_zero|mean_absolute_deviation)\(",
        ),
    ),
    Sign(
        "identifies-person",
        "A message with a picture asks who somebody is, or what they feel or believe.",
        "picture",
        (
            r"\bwho (is|are) (this|that|these|those|the) (\w+ )?"
            r"(person|people|man|woman|men|women|guy|girl|boy|face|faces)\b",
            r"\b(identify|recogni[sz]e|name|match|track) (this|that|these|those|the|every|all) (\w+ )?"
            r"(person|people|man|woman|faces?|individuals?|employees?|suspects?)\b",
            r"\b(emotions?|mood|ethnicity|race|religion|sexual orientation|political views?) of "
            r"(this|that|these|the) (\w+ )?"
            r"(person|people|man|woman|faces?|employees?|students?|candidates?)\b",
            r"\bwer (ist|sind) (diese|dieser|die|der) (person|personen|mann|frau)\b",
        ),
    ),
    Sign(
        "child-data",
        "A message speaks of a child below 13.",
        "message",
        (
            r"\b(my|our|his|her|their|the|this|a|an) (\w+, )?([1-9]|1[0-2])[- ]years?[- ]old "
            r"(son|daughter|child|boy|girl|pupil|patient|student|kid|grandson|granddaughter)\b",
            r"\b(child|pupil|patient|son|daughter|boy|girl)( \w+)?( \w+)?,? (is )?aged? ([1-9]|1[0-2])\b",
        ),
    ),
    Sign(
        "export-controlled",
        "A message bears a mark of export control.",
        "message",
        (
            r"\bitar[- ](controlled|restricted)\b|\bexport[- ]controlled (technical data|information|document)\b",
            r"\b22 cfr (parts? )?(120|121|125)\b|\busml category\b|\beccn:? ?\d[a-e]\d{3}\b",
        ),
    ),
)


def labels(content: Content) -> tuple[str, ...]:
    """The labels of a call's content, in the order of the table; what pictures and recordings it sent comes first."""
    last = _last_message(content)
    kinds = _media(last)
    read = {
        "instructions": "\n".join(map(text_of, _instructions(content))),
        "message": "\n".join(map(text_of, last.parts)) if last else "",
    }
    met = {where: _met(text) for where, text in read.items()}
    if not kinds and not any(met.values()):  # as nearly all are
        return ()
    asked = [SIGNS[number].label for number in sorted(set[int]().union(*met.values())) if _counts(number, met, kinds)]
    return (*(f"{kind}-sent" for kind in kinds), *asked)


def presented(exchange: Exchange) -> tuple[str, ...]:
    """What the form of the credential tells; to be asked before it is taken out."""
    values = (value for name, value in exchange.request.headers if name.lower() == "authorization")
    return (OAUTH,) if any(_OAUTH_PREFIX in value[:40] for value in values) else ()


def _instructions(content: Content) -> Iterator[AnyPart]:
    """The parts of the instructions, which some dialects place among the messages."""
    yield from content.system_instructions
    for message in content.input_messages:
        if message.role == "system":
            yield from message.parts


def _last_message(content: Content) -> Message | None:
    """What was said last by the user or a tool."""
    return next((one for one in reversed(content.input_messages) if one.role in ("user", "tool")), None)


def _media(message: Message | None) -> tuple[str, ...]:
    """The kinds of media a message carries, `audio` and `image`."""
    parts = message.parts if message else ()
    kinds = {part.modality for part in parts if isinstance(part, Blob | Uri)}
    return tuple(kind for kind in ("audio", "image") if kind in kinds)


def _counts(number: int, met: Mapping[str, set[int]], kinds: tuple[str, ...]) -> bool:
    where = SIGNS[number].where
    if where == "picture":
        return "image" in kinds and number in met["message"]
    return number in met[where]


def _met(text: str) -> set[int]:
    """The numbers of the signs whose phrases a text holds."""
    if not text:
        return set()
    machine, owners = _machine()
    return {owners[index] for index in machine.Match(text[:MOST].encode("utf-8", "replace")) or ()}


def _phrases() -> Iterator[tuple[int, str]]:
    for number, sign in enumerate(SIGNS):
        for phrase in sign.phrases:
            yield number, phrase


@cache
def _machine() -> tuple[Any, tuple[int, ...]]:
    """All phrases in one machine, and the sign each belongs to."""
    options = re2.Options()
    options.case_sensitive = False
    machine = re2.Set.SearchSet(options)
    owners = []
    for number, phrase in _phrases():
        machine.Add(phrase)
        owners.append(number)
    machine.Compile()
    return machine, tuple(owners)
