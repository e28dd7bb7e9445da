"""Refusal: what an answer of "no" is made of."""

from __future__ import annotations

from typing import Any

from attrs import Attribute, field

from handleflow.errors._failures import HandleflowError, OutsideCalendar, UnknownChoice
from handleflow.values import frozen
from handleflow.words import CATALOGUE, Bilingual, Facts, Labels, MessageCatalogue, as_facts, plain_facts

REASON_KINDS = ("who", "state", "value", "race", "warning")
"""
What stands in the way of an act: who asks, how far the life is, what was said, or that somebody was first; or, of a
warning, nothing.
"""


def _is_a_kind(instance: object, attribute: Attribute[Any], value: str) -> None:
    if value not in REASON_KINDS:
        raise UnknownChoice(f"a reason is of one of the kinds {', '.join(REASON_KINDS)}, not of {value!r}")


@frozen
class Reason:
    """
    One reason why an act may not be.

    *rule* is a permanent id; *facts* are what was compared, as (name, value). Its words are made of both when
    somebody reads them, in each language of the catalogue. *citation* names the source and article as a rulebook
    writes them (``DBF25 51``, or ``host``), or is empty. *labels* are what the rulebook that refuses calls its codes.

    A reason of a host's own brings its words, *en* and *zh*, and those of what would make it pass, *remedy_en* and
    *remedy_zh*; or they stand under its rule in a text that ``CATALOGUE.adding`` was given.

    *kind* says what stands in the way: ``who`` asks, another could; the ``state``, which does not allow it now; a
    ``value``, other words or days could pass; a ``race``, since what is asked for has been done already, by somebody
    who was first: load the suggestion anew and look. A ``warning`` is told, and the act is granted.

    Raises:
        UnknownChoice: when *kind* is none of ``REASON_KINDS``.
    """

    rule: str
    facts: Facts = field(default=(), converter=as_facts)
    kind: str = field(default="state", validator=_is_a_kind)
    citation: str = ""
    labels: Labels = field(factory=dict, kw_only=True, repr=False, eq=False)
    _en: str = field(default="", kw_only=True, repr=False, alias="en")  # type checkers strip no underscore
    _zh: str = field(default="", kw_only=True, repr=False, alias="zh")
    _remedy_en: str = field(default="", kw_only=True, repr=False, alias="remedy_en")
    _remedy_zh: str = field(default="", kw_only=True, repr=False, alias="remedy_zh")

    @property
    def refuses(self) -> bool:
        """Whether it stands in the way; a warning does not."""
        return self.kind != "warning"

    def words(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """Why not, in *lang*, fit for the person refused."""
        own = Bilingual(self._en, self._zh).said(lang)
        return own or words.naming(self.labels).words(self.rule, self.facts, lang)

    def remedy(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """What would make it pass, in *lang*; empty where nothing simple would."""
        own = Bilingual(self._remedy_en, self._remedy_zh).said(lang)
        return own or words.naming(self.labels).find(f"{self.rule}.remedy", self.facts, lang) or ""

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """The reason as one line in *lang*, with its remedy and citation."""
        text = self.words(lang, words)
        if remedy := self.remedy(lang, words):
            text = words.words("reason-remedy", (("words", text), ("remedy", remedy)), lang)
        return (
            words.words("reason-cited", (("words", text), ("citation", self.citation)), lang)
            if self.citation
            else text
        )

    def as_dict(self) -> dict[str, object]:
        """All of it as JSON holds it: the words in both languages, and the facts."""
        return {
            "rule": self.rule,
            "kind": self.kind,
            "facts": plain_facts(self.facts),
            "citation": self.citation,
            **{lang: self.words(lang) for lang in ("en", "zh")},
            **{f"remedy_{lang}": self.remedy(lang) for lang in ("en", "zh")},
        }


def in_both(error: HandleflowError) -> Bilingual:
    """What an error says in both languages, as a fact of a reason."""
    return Bilingual(error.text("en"), error.text("zh"))


def reason_outside(outside: OutsideCalendar) -> Reason:
    """Why an act is refused from which no days can be counted."""
    return Reason("outside_calendar", {"why": in_both(outside)}, "value")


class Refused(HandleflowError):
    """
    An act was asked for and may not be. An answer, not a failure: nothing was recorded.

    Carries every reason at once. The same object serves the API, a disabled button, an audit
    line and a test.
    """

    def __init__(self, suggestion_id: str, verb: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(suggestion_id, verb, reasons)
        self.suggestion_id = suggestion_id
        self.verb = verb
        self.reasons = reasons

    def __str__(self) -> str:
        return self.text()

    @property
    def rules(self) -> tuple[str, ...]:
        """The rule ids of the reasons, in order."""
        return tuple(reason.rule for reason in self.reasons)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What stands in the way, by each reason, in order: ``who``, ``state``, ``value`` or ``race``."""
        return tuple(reason.kind for reason in self.reasons)

    def text(self, lang: str = "en", words: MessageCatalogue = CATALOGUE) -> str:
        """What the person refused should read, in *lang*: a language of *words*, else English."""
        for reason in self.reasons:
            words = words.naming(reason.labels)
        reasons = words.words("reasons-comma", (), lang).join(reason.text(lang, words) for reason in self.reasons)
        return words.words("refused", (("verb", self.verb), ("id", self.suggestion_id), ("reasons", reasons)), lang)
