"""Why is it due on that day? Step by step, each with its day, its words and its article."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handleflow.core.due_day import compute_due_day
from handleflow.legal_time import Convention, Day, Span, WorkCalendar, count
from handleflow.model import Term
from handleflow.model.term import COMMITMENT, Extension, Pause
from handleflow.rules import Citation, Rulebook
from handleflow.values import frozen
from handleflow.words import listed, listed_zh

TraceStep = tuple[str, Day, object]


@frozen
class Step:
    """
    One step of a reckoning: *what* was done, the day it led to, words for it, and its ground.

    *what* is ``anchor``, ``counted``, ``clipped``, ``rolled``, ``extended``, ``paused``, ``notice``,
    ``late_notice``, ``fixed``, ``unknown`` or, last of all, ``result``.
    """

    what: str
    on: Day | None
    en: str
    zh: str
    citation: str = ""


def explain(rules: Rulebook, term: Term) -> tuple[Step, ...]:
    """
    How the due day of *term* came about under *rules*; its last step is the recorded day.

    It is reckoned anew by the code that reckoned it, not read from the history. A term with a day of its
    own (a promise, an answer asked for) says so; one whose anchor nobody knows has no day.

    Raises:
        OutsideCalendar: when the calendar does not reach that far.
    """
    if term.anchor_on is None or term.span is None:
        return _of_its_own(term)
    heard: list[TraceStep] = []
    counted = compute_due_day(
        rules,
        term.anchor_on,
        term.span,
        term.notice_on,
        term.extensions,
        term.pauses,
        lambda what, on, about: heard.append((what, on, about)),
    )
    rule = rules.term_rule(term.key.rule)
    return steps_of(heard, counted.due_on, counted.is_provisional, rules.convention_citation, _grounds(rule, term))


def explain_count(
    anchor: Day, span: Span, convention: Convention, calendar: WorkCalendar, citation: Citation | None = None
) -> tuple[Step, ...]:
    """How *span* from *anchor* comes to its last day, without any suggestion; *citation* is the convention's."""
    heard: list[TraceStep] = []
    counted = count(anchor, span, convention, calendar, lambda what, on, about: heard.append((what, on, about)))
    return steps_of(heard, counted.due_on, counted.is_provisional, citation, {})


def _grounds(rule: object, term: Term) -> dict[str, str]:
    """The citations of the steps that a term's own rule stands behind."""
    long_span, long_citation = getattr(rule, "long_span", None), getattr(rule, "long_citation", None)
    extension, citation = getattr(rule, "extension", None), getattr(rule, "citation", None)
    counted = long_citation if long_span is not None and term.span == long_span else citation
    return {
        "counted": str(counted) if counted else "",
        "extended": str(extension.citation) if extension else "",
    }


def steps_of(
    heard: Iterable[TraceStep],
    due_on: Day,
    is_provisional: bool,
    convention: Citation | None,
    grounds: dict[str, str],
) -> tuple[Step, ...]:
    """What was heard, in words, and the result."""
    by_convention = str(convention) if convention else ""
    steps = [
        Step(what, on, *_words(what, on, about), grounds.get(what, by_convention if what in _COUNTING else ""))
        for what, on, about in heard
    ]
    mark_en = ", provisional: no notice covers it yet" if is_provisional else ""
    mark_zh = "（暂定：尚无放假通知）" if is_provisional else ""
    return (*steps, Step("result", due_on, f"due on {due_on}{mark_en}", f"应于 {due_on} 前完成{mark_zh}"))


_COUNTING = {"anchor", "clipped", "rolled"}


Words = tuple[str, str]


def _words(what: str, on: Day, about: object) -> Words:
    return _STEPS_IN_WORDS[what](on, about)


_FIRST_DAYS = {
    "next_day": ("day one is the day after", "次日为第一日"),
    "next_working_day": ("day one is the next working day", "下一工作日为第一日"),
    "same_day": ("day one is that day", "当日为第一日"),
    "rolled_forward": ("moved to a working day first", "先顺延至工作日再起算"),
}
_UNITS_ZH = {"day": "日", "workday": "个工作日", "month": "个月"}


def _anchor(on: Day, about: object) -> Words:
    en, zh = _FIRST_DAYS[str(about)]
    return f"counted from {on}; {en}", f"自 {on} 起算，{zh}"


def _counted(on: Day, about: object) -> Words:
    zh = f"{about.n} {_UNITS_ZH[about.unit]}" if isinstance(about, Span) else ""
    return f"{about} from there end on {on}", f"{zh}，至 {on}"


def _clipped(on: Day, about: object) -> Words:
    return f"that month has no day {about}; its last is {on}", f"该月无 {about} 日，以月末 {on} 为准"


def _rolled(on: Day, about: object) -> Words:
    rest = [str(each) for each in about] if isinstance(about, tuple) else []
    return f"moved over rest days ({listed(rest)}) to {on}", f"遇休息日（{listed_zh(rest)}），移至 {on}"


def _extended(on: Day, about: object) -> Words:
    by_consent = isinstance(about, Extension) and about.by_consent
    en, zh = ("by consent", "经同意") if by_consent else ("by declaration", "经说明")
    return f"extended {en} until {on}", f"{zh}延长至 {on}"


def _paused(on: Day, about: object) -> Words:
    start, end = (about.start, about.end) if isinstance(about, Pause) else (on, on)
    return f"the clock stood from {start} to {end}: {on}", f"{start} 至 {end} 中止，顺延至 {on}"


def _notice(on: Day, about: object) -> Words:
    return f"a notice set {about}, before the law's own day", f"通知定为 {about}，早于法定期限"


def _late_notice(on: Day, about: object) -> Words:
    return f"a notice set {about}; it does not lengthen the law", f"通知定为 {about}，不延长法定期限"


_STEPS_IN_WORDS: dict[str, Callable[[Day, object], Words]] = {
    "anchor": _anchor,
    "counted": _counted,
    "clipped": _clipped,
    "rolled": _rolled,
    "extended": _extended,
    "paused": _paused,
    "notice": _notice,
    "late_notice": _late_notice,
}


def _of_its_own(term: Term) -> tuple[Step, ...]:
    if term.due_on is None:
        en, zh = "nobody knows the day it runs from, so it has no due day", "起算日不明，无法计算"
        return (Step("unknown", None, en, zh), Step("result", None, "not computable", "无法计算"))
    promise = ("a reply promised this day", "答复中承诺的日期")
    words = promise if term.key.rule == COMMITMENT else ("an answer was asked for by this day", "要求答复的日期")
    return (
        Step("fixed", term.due_on, *words),
        Step("result", term.due_on, f"due on {term.due_on}", f"应于 {term.due_on} 前完成"),
    )
