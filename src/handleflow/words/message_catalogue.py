"""
Every sentence people read, by its id, in each language there is a file for (i18n, message catalogue).

The files are of the Fluent syntax, ``en.ftl`` and ``zh.ftl`` beside this module. They are read when a sentence is
shown for the first time: importing this package loads neither them nor their parser, and a granted act needs none.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from attrs import field

from handleflow.party import name_of
from handleflow.values import frozen
from handleflow.words.arguments import Amount, Bilingual, Fact, Facts, Labels, as_facts

if TYPE_CHECKING:
    from fluent.syntax.ast import Pattern

_ENGLISH = "en"
_APART = ("contact", "field", "how", "stage", "visibility")
"""What has words of its own for codes that mean something else elsewhere: a deputy is called, and a unit is urged."""


@frozen
class MessageCatalogue:
    """
    The library's sentences, with *added* ones: (language, text of messages), where the later go before the earlier.

    Of a language without a file, and of a sentence that its file does not have, the English is said. ``zh-CN`` is
    ``zh`` where it has no file of its own. *labels* are what a rulebook calls its codes: they go before the library's
    own words, and behind those that were added.
    """

    added: tuple[tuple[str, str], ...] = ()
    labels: Labels = field(factory=dict, repr=False)

    def adding(self, lang: str, text: str) -> MessageCatalogue:
        """
        This catalogue with the messages of *text*, in the Fluent syntax: another language, or other sentences.

        Raises:
            ValueError: when something in it is no message, with the line.
        """
        _parsed(text)
        return MessageCatalogue((*self.added, (lang, text)), self.labels)

    def naming(self, labels: Labels) -> MessageCatalogue:
        """This catalogue for what a rulebook decided: *labels* are what it calls its codes."""
        return MessageCatalogue(self.added, {**self.labels, **labels}) if labels else self

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are sentences in, by the names of their files."""
        return tuple(sorted({*_shipped(), *dict(self.added)}))

    def words(self, id: str, facts: Facts = (), lang: str = _ENGLISH) -> str:
        """The sentence *id* with its *facts* in *lang*; one that nobody wrote is its id, with its facts."""
        found = self.find(id, facts, lang)
        if found is not None:
            return found
        if own := self.labels.get(("reason", id)):
            return own.said(lang)
        given = ", ".join(f"{name}: {self.shown(value, lang)}" for name, value in facts)
        return f"{id} ({given})" if given else id

    def say(self, id: str, lang: str = _ENGLISH, /, **facts: Fact) -> str:
        """The same, with the facts by their names."""
        return self.words(id, as_facts(facts), lang)

    def find(self, id: str, facts: Facts = (), lang: str = _ENGLISH) -> str | None:
        """The same, or None where nobody wrote it; ``id.remedy`` is sought where the sentence is."""
        from handleflow.words._fluent import Saying  # noqa: PLC0415  loaded when something is shown

        for name in (*_names(lang), _ENGLISH):
            messages = _messages(name, self.added)
            if id in messages:
                return Saying(self, lang, dict(facts)).pattern(messages[id])
            if id.partition(".")[0] in messages:
                break
        return None

    def label(self, code: str, lang: str = _ENGLISH, of: str = "") -> str:
        """
        What *code* is called in *lang*; a code without words stands for itself.

        *of* says what it is the code of (``state``, ``act``, ``role``, ``term`` ...: ``handleflow.rules.LABELLED``),
        so that the words of a rulebook are found.
        """
        kind = of if of in _APART else "label"
        id, own = f"{kind}-{code or 'not_yet_received'}", self.labels.get((of, code))
        if own is not None and not any(id in _parsed(text) for name, text in self.added if name in _names(lang)):
            return own.said(lang)
        found = self.find(id, (), lang)
        return code if found is None else found

    def shown(self, value: object, lang: str) -> str:
        """A fact in *lang*: several in one line, a day as ISO writes it, what is unknown as a question mark."""
        if isinstance(value, bool):
            return self.words("truth", (("value", value),), lang)
        if isinstance(value, str | int | datetime.date):
            return name_of(value) if isinstance(value, str) else str(value)
        if isinstance(value, tuple):
            comma = self.words("list-comma", (), lang)
            return comma.join(self.shown(each, lang) for each in value) or self.words("list-none", (), lang)
        if isinstance(value, Bilingual):
            return value.said(lang)
        if isinstance(value, Amount):
            return self.words(f"amount-{value.unit}", (("n", value.n),), lang)
        return "?" if value is None else str(value)


def _names(lang: str) -> tuple[str, ...]:
    """The languages that are one with *lang*, the nearest first: ``zh-CN`` is ``zh``."""
    return tuple(dict.fromkeys((lang, lang.replace("_", "-").partition("-")[0])))


@cache
def _shipped() -> dict[str, str]:
    """The texts of the library's own files, by language."""
    from importlib.resources import files  # noqa: PLC0415  it takes a twentieth of the import

    found = (file for file in files(__package__).iterdir() if file.name.endswith(".ftl"))
    return {file.name.removesuffix(".ftl"): file.read_text(encoding="utf-8") for file in found}


@lru_cache(maxsize=64)  # a language may be whatever a browser says
def _messages(lang: str, added: tuple[tuple[str, str], ...]) -> Mapping[str, Pattern]:
    """The messages of one language; none where there is no file for it."""
    messages: dict[str, Pattern] = {}
    for text in (_shipped().get(lang, ""), *(text for name, text in added if name == lang)):
        messages |= _parsed(text)
    return messages


@cache
def _parsed(text: str) -> Mapping[str, Pattern]:
    from handleflow.words._fluent import parsed  # noqa: PLC0415  as above

    return parsed(text)


CATALOGUE = MessageCatalogue()
"""The sentences of the library."""


@frozen
class Message:
    """
    A sentence that is said when somebody reads it: its *id* in the catalogue, and the *facts* that stand in it.

    *labels* are what the rulebook calls the codes among them.
    """

    id: str
    facts: Facts = field(default=(), converter=as_facts)
    labels: Labels = field(factory=dict, kw_only=True, repr=False, eq=False)

    def text(self, lang: str = _ENGLISH, words: MessageCatalogue = CATALOGUE) -> str:
        """The sentence in *lang*."""
        return words.naming(self.labels).words(self.id, self.facts, lang)

    def __str__(self) -> str:
        return self.text()


def say(id: str, lang: str = _ENGLISH, /, **facts: Fact) -> str:
    """The sentence *id* of the library with its *facts* in *lang*."""
    return CATALOGUE.words(id, as_facts(facts), lang)


def label(code: str, lang: str = _ENGLISH) -> str:
    """What *code* is called in *lang* by the library alone; by a rulebook: ``MessageCatalogue.label``."""
    return CATALOGUE.label(code, lang)
