"""Is everything people read in the catalogue, in each language, with the facts it is given and no others?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from types import SimpleNamespace

import attrs
import pytest
from fluent.syntax import FluentParser, ast

from handleflow.acts import ACTS, EVENTS
from handleflow.acts.receiving import MATTERS, TREATED_AS, VISIBILITIES
from handleflow.acts.succeeding import HOW
from handleflow.cli import _demo, _rulebooks, _shipped, _stores
from handleflow.core.explain import STEP_FACTS
from handleflow.legal_time.span import UNITS
from handleflow.model import ROLES
from handleflow.model.corrections import RightTime
from handleflow.model.nouns import GRADES, PARTS, STAGES, Part, Promise
from handleflow.model.term import ENDS, Extension, Pause
from handleflow.model.why import WHY_DROPPED, WHY_LAPSED, WHY_MOVED
from handleflow.rulebooks import load_preset, names
from handleflow.rules.term_rules import BUILTIN_TERMS
from handleflow.views.board import BOARD_COLUMNS
from handleflow.views.report import LINES, LINES_OF_DAYS
from handleflow.views.summary import UNKNOWN
from handleflow.views.workload import WORKLOAD_COLUMNS
from handleflow.words import CATALOGUE, Fact, Facts, MessageCatalogue
from handleflow.words._fluent import parsed
from tests.sentences import said_in, text_of

TEXTS = {lang: text_of(lang) for lang in CATALOGUE.languages}
LONGEST = 240
"""How many characters a sentence has at most, with short facts in it."""
CHINESE = re.compile("[\u4e00-\u9fff]")
HALF_WIDTH = re.compile("[\u4e00-\u9fff”’）] ?[,;:!?()]|[,;:!?()] ?[\u4e00-\u9fff“‘（]")
"""Punctuation of another script beside a Chinese character."""


def step_facts() -> dict[str, frozenset[str]]:
    """What a step of an explanation is given, by what it is."""
    extension = {"by_consent": True, "until": "", "within": None}
    about = SimpleNamespace(**extension, start="", end="", is_announced=False, span="", base="")
    heard = {what: frozenset(dict(facts(about))) for what, facts in STEP_FACTS.items()}
    own = {"unknown": frozenset[str](), "fixed": frozenset[str](), "result": frozenset({"is_provisional"})}
    own |= {"calendar": frozenset({"name", "version", "known_through"}), "standing": frozenset({"start"})}
    own |= {"granted": frozenset({"mode", "asked_on"}), "missed": frozenset({"entry"})}
    own |= {"rebutted": frozenset({"entry", "cause", "kind"})}
    return {f"step-{what}": facts | {"on"} for what, facts in (heard | own).items()}


def labels() -> set[str]:
    """Every code that people meet: of the library, of the rulebooks that ship, and the colour most hosts have."""
    rulebooks = [load_preset(name) for name in names()]
    of_acts = {act.verb for act in ACTS} | {event.kind for event in EVENTS}
    of_rules = {rule.id for rules in rulebooks for rule in rules.terms} | {rule.id for rule in BUILTIN_TERMS}
    of_days = {*ENDS, "not_due", "due_today", "overdue", "paused"}
    of_states = {state for rules in rulebooks for state in rules.lifecycle.states} | {"not_yet_received"}
    of_speaking = {channel for rules in rulebooks for channel in rules.channels}
    of_speaking |= {light.colour for rules in rulebooks for light in rules.lights} | {"blue"}
    return of_acts | of_rules | of_days | of_states | of_speaking | {*ROLES, *GRADES, *PARTS, *MATTERS, *TREATED_AS}


def fields() -> set[str]:
    """Every field of an event, and those of what it holds."""
    found, kinds = set[str](), [*EVENTS, Part, Promise, RightTime, Extension, Pause]
    for kind in kinds:
        found |= {each.name for each in attrs.fields(kind)}
    return found


APART: Mapping[str, Iterable[str]] = {
    "contact-": ("ledger", "letter", "meeting", "phone", "platform", "visit"),
    "field-": fields(),
    "how-": HOW,
    "stage-": STAGES,
    "visibility-": VISIBILITIES,
}
"""What codes are called that mean something else elsewhere."""
FAMILIES: Mapping[str, Mapping[str, frozenset[str]] | tuple[str, ...]] = {
    "amount-": UNITS,
    "board-column_": BOARD_COLUMNS,
    "cli-demo_": _demo.DEMO_COLUMNS,
    "cli-rulebooks_": (*_rulebooks.RULEBOOK_COLUMNS, *_shipped.PAGE_COLUMNS),
    "cli-show_": _stores.SHOWN,
    "cli-sweep_": _stores.SWEEP_COLUMNS,
    "cli-terms_": _stores.TERM_COLUMNS,
    "report-": (*LINES, *LINES_OF_DAYS, "answered_late"),
    "units-column_": WORKLOAD_COLUMNS,
    "unknown-": tuple(UNKNOWN),
    "why-": tuple(
        {*WHY_MOVED, *WHY_DROPPED, *WHY_LAPSED} - {"adopted", "corrected", "over", "time_corrected", "unknown_rule"}
    ),
}
"""Sentences of which the sources work out the end of the id, by its beginning."""


CITED = ("citation-article", "citation-host")


@cache
def sayable() -> dict[str, frozenset[str]]:
    """Every sentence that the library can say, with the facts it is given."""
    found = {f"label-{code}": frozenset[str]() for code in labels()} | step_facts()
    found |= {f"{kind}{code}": frozenset[str]() for kind, codes in APART.items() for code in codes}
    found |= {id: frozenset({"source", "article"} if id == "citation-article" else ()) for id in CITED}
    for sentence in said_in():
        if not sentence.id.endswith("*"):
            found[sentence.id] = sentence.facts
        elif (beginning := sentence.id.removesuffix("*")) in FAMILIES:
            found |= {f"{beginning}{end}": sentence.facts for end in FAMILIES[beginning]}
    return found


def walk(node: object) -> Iterator[object]:
    """A node of a file, and all that is in it."""
    if isinstance(node, list):
        for each in node:
            yield from walk(each)
    elif isinstance(node, ast.BaseNode):
        yield node
        for each in vars(node).values():
            yield from walk(each)


class Spoken:
    """What a message is given, on which values it chooses what to say, and what is written out in it."""

    def __init__(self, message: ast.Message) -> None:
        nodes = list(walk(message))
        self.names = {node.id.name for node in nodes if isinstance(node, ast.VariableReference)}
        self.written = [node.value for node in nodes if isinstance(node, ast.TextElement | ast.StringLiteral)]
        self.keys = dict[str, list[Fact]]()
        for node in nodes:
            if isinstance(node, ast.SelectExpression) and isinstance(node.selector, ast.VariableReference):
                self.keys.setdefault(node.selector.id.name, []).extend(_values(node.variants))


def _values(variants: list[ast.Variant]) -> Iterator[Fact]:
    """A value for each variant that takes it; a number, where any of them is one."""
    keys: dict[str, Fact] = {"none": None, "yes": True, "no": False}
    if any(isinstance(each.key, ast.NumberLiteral) for each in variants):
        keys["other"] = 7
    for each in variants:
        if isinstance(each.key, ast.NumberLiteral):
            yield int(each.key.value)
        else:
            yield keys.get(each.key.name, each.key.name)


def messages(text: str) -> list[ast.Message]:
    return [entry for entry in FluentParser().parse(text).body if isinstance(entry, ast.Message)]


SPOKEN_OF: tuple[Fact, ...] = ("水务局", 2, ("水务局", "公路局"), None)


def ways(message: ast.Message) -> Iterator[tuple[str, Facts]]:
    """Every way to say a message and what it says beside, such as its remedy: what is said, and with which facts."""
    spoken = Spoken(message)
    named = sorted(spoken.names)
    ids = [message.id.name, *(f"{message.id.name}.{attribute.id.name}" for attribute in message.attributes)]
    for other in SPOKEN_OF:
        for values in product(*(spoken.keys.get(name, [other]) for name in named)):
            yield from ((id, tuple(zip(named, values, strict=True))) for id in ids)


def faults(lang: str, text: str) -> list[str]:
    """Whatever is wrong with the sentences of a language, in words."""
    try:
        parsed(text)
    except ValueError as error:
        return [str(error)]
    wanted, found = sayable(), messages(text)
    ids = [message.id.name for message in found]
    wrong = [f"{id} stands there twice" for id, times in Counter(ids).items() if times > 1]
    wrong += [f"{id} is not there" for id in sorted(wanted.keys() - set(ids))]
    wrong += [f"{id} is said nowhere" for id in ids if id not in wanted]
    for message in found:
        wrong += _faults_of_one(
            lang, message, wanted.get(message.id.name, frozenset()), MessageCatalogue(((lang, text),))
        )
    return wrong


def _faults_of_one(
    lang: str, message: ast.Message, given: frozenset[str], catalogue: MessageCatalogue
) -> Iterator[str]:
    id, spoken = message.id.name, Spoken(message)
    may_be_left_out = {"on"} if id.startswith("step-") else set()
    if spoken.names | may_be_left_out != given | may_be_left_out:
        yield f"{id} speaks of {sorted(spoken.names)}, given is {sorted(given)}"
    for said, facts in ways(message):
        words = catalogue.words(said, facts, lang)
        if "{" in words or not words.strip():
            yield f"{said} is said so: {words!r}"
        if len(words) > LONGEST:
            yield f"{said} is of {len(words)} characters"
    if lang == "zh" and any(HALF_WIDTH.search(written) for written in spoken.written):
        yield f"{id} has half-width punctuation beside Chinese"
    if CHINESE.search("".join(spoken.written)) and lang != "zh":
        yield f"{id} is Chinese"


@pytest.mark.parametrize("lang", TEXTS)
def test_every_sentence_the_library_can_say_is_there_with_its_facts_and_no_other(lang: str) -> None:
    assert faults(lang, TEXTS[lang]) == []


@pytest.mark.parametrize(
    ("lang", "old", "new", "fault"),
    [
        pytest.param("en", "{ $unit } has not accepted it", "it is not accepted", "speaks of []", id="missing"),
        pytest.param("en", "{ $unit } has not acc", "{ $units } has not acc", "speaks of ['units']", id="misspelt"),
        pytest.param("zh", "没有主办单位\n", "{ $unit }没有主办单位\n", "no_lead speaks of ['unit']", id="extra"),
        pytest.param("zh", "no_lead = ", "no_leads = ", "no_lead is not there", id="an id that is not there"),
        pytest.param("zh", "no_lead = ", "no_leads = ", "no_leads is said nowhere", id="an id nobody says"),
        pytest.param("en", "accept first", "accept { $unit", "is no message: Expected token", id="no message"),
        pytest.param("en", "no_lead = it", "no_lead = x\nno_lead = it", "no_lead stands there twice", id="twice"),
        pytest.param("en", "LABEL($grade", "LABLE($grade", "is said so: 'a rating of {???}", id="a function"),
        pytest.param(
            "en", "{ board-unjudged }", "{ board-judged }", "'水务局: {board-judged}", id="another sentence"
        ),
        pytest.param("en", "is a lead; it", f"is {'long ' * 60}; it", "not_a_co_unit is of 3", id="too long"),
        pytest.param("zh", "是主办单位，应", "是主办单位, 应", "not_a_co_unit has half-width", id="half-width"),
        pytest.param("en", "accept first", "先签收", "not_accepted is Chinese", id="another language"),
    ],
)
def test_a_slip_in_a_file_is_found(lang: str, old: str, new: str, fault: str) -> None:
    assert TEXTS[lang].count(old) == 1
    assert [each for each in faults(lang, TEXTS[lang].replace(old, new)) if fault in each] != []


@pytest.mark.parametrize("lang", TEXTS)
def test_sentences_stand_in_groups_under_a_heading_each_in_the_order_of_their_ids(lang: str) -> None:
    group, groups = list[str](), [list[str]()]
    for entry in FluentParser().parse(TEXTS[lang]).body:
        if isinstance(entry, ast.GroupComment):
            groups.append(group := [])
        if isinstance(entry, ast.Message):
            group.append(entry.id.name)

    assert [group for group in groups if group != sorted(group)] == []
    assert groups[0] == []


def test_every_language_has_the_same_groups_of_the_same_sentences_in_one_order() -> None:
    orders = {lang: [message.id.name for message in messages(text)] for lang, text in TEXTS.items()}

    assert [lang for lang in orders if orders[lang] != orders["en"]] == []
