"""Does our own saying of the files agree with Mozilla's runtime, which is the reference?"""

from __future__ import annotations

from typing import Any

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentType

from handleflow.words import CATALOGUE
from handleflow.words._fluent import FUNCTIONS, Saying, _wanted
from tests.unit.words.test_catalogue import TEXTS, messages, ways


class Given(FluentType):
    """A fact that Mozilla's runtime does not know, shown and compared as ours does it."""

    def __init__(self, value: object, lang: str) -> None:
        self.value, self.lang = value, lang

    def format(self, locale: object) -> str:
        return CATALOGUE.shown(self.value, self.lang)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other == _wanted(self.value)

    def __hash__(self) -> int:
        return hash(self.value)


def given_to_mozilla(value: object, lang: str) -> object:
    return value if isinstance(value, str) or type(value) is int else Given(value, lang)


def mozillas(lang: str) -> FluentBundle:
    """Mozilla's own runtime over the same file."""

    def called(name: str) -> Any:
        def call(*values: Any) -> object:
            own = [getattr(value, "value", int(value) if isinstance(value, int) else value) for value in values]
            found = FUNCTIONS[name](saying, *own)
            return str(found) if isinstance(found, int) else given_to_mozilla(found, lang)

        return call

    saying = Saying(CATALOGUE, lang, {})
    bundle = FluentBundle([lang], functions={name: called(name) for name in FUNCTIONS}, use_isolating=False)
    bundle.add_resource(FluentResource(TEXTS[lang]))
    return bundle


@pytest.mark.parametrize("lang", TEXTS)
def test_mozillas_runtime_says_every_sentence_in_every_way_as_ours_does(lang: str) -> None:
    bundle, differing = mozillas(lang), []
    for message in messages(TEXTS[lang]):
        found = bundle.get_message(message.id.name)
        for id, facts in ways(message):
            pattern = found.attributes[id.partition(".")[2]] if "." in id else found.value
            given = {name: given_to_mozilla(value, lang) for name, value in facts}
            theirs, errors = bundle.format_pattern(pattern, given)  # type: ignore[arg-type]
            if theirs != CATALOGUE.words(id, facts, lang) or errors:
                differing.append((id, facts, theirs, errors))

    assert differing == []
