"""``handleflow show``, ``report`` and ``sweep``: what does a store hold, and what has the clock to say?"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from handleflow.cli import _screen
from handleflow.cli._opening import open_engine, seen_by, start_of
from handleflow.core.corrected_time import as_corrected
from handleflow.core.due_day import awaits_notice
from handleflow.engine import Engine
from handleflow.engine.sweep import Sweep
from handleflow.legal_time import WorkCalendar, day
from handleflow.model import CLOCK, Entry, Suggestion, Term, UnknownEvent
from handleflow.model.fields import private_fields
from handleflow.model.nouns import Answer
from handleflow.party import plain_party
from handleflow.views import Summary, entry_text, report_data, report_lines, summarize, term_text
from handleflow.views.access import shown
from handleflow.words import MessageCatalogue, label, say

SHOWN = (
    *("state", "version", "rulebook", "number", "locality", "session", "deputy", "co_signers", "category"),
    *("is_key", "matter", "received_on", "taken_over_on", "units", "merged_with"),
)
"""What is shown of a suggestion where it is known."""
TERM_COLUMNS, SWEEP_COLUMNS = ("term", "from", "due", "is"), ("suggestion", "day", "kind", "what")


def report(args: Namespace) -> int:
    """Print the figures of a whole store."""
    engine = open_engine(args.store, args.app)
    summary = summarize(engine.with_rulebooks(), seen_by(engine, args).sees, engine.today())
    if args.json:
        _screen.print_json(report_data(summary))
    else:
        print_report(summary, args.lang)
    return 0


def print_report(summary: Summary, lang: str) -> None:
    """The report as a table; what rests on reconstructed days is marked."""
    mark = say("cli-reconstructed", lang)
    rows = ((what, much, mark if is_marked else "") for what, much, is_marked in report_lines(summary, lang))
    _screen.print_table(say("cli-report", lang), ("", "", ""), rows)


def show(args: Namespace) -> int:
    """Print one suggestion and its history."""
    engine = open_engine(args.store, args.app)
    seen = seen_by(engine, args)
    suggestion, history = seen.look_up(args.id), seen.history(args.id)
    if args.json:
        _screen.print_json({"suggestion": _plain(suggestion), "history": [plain_entry(e) for e in history]})
        return 0
    words = engine.words_of(suggestion)
    title = f"{suggestion.id}  {shown(suggestion.title or '', args.lang)}"
    _screen.print_table(title, ("", ""), _known(suggestion, args.lang, words))
    _print_terms(engine, suggestion, args.lang, words)
    print_history(history, suggestion, args.lang, engine.words_of)
    return 0


def _print_terms(engine: Engine, suggestion: Suggestion, lang: str, words: MessageCatalogue) -> None:
    calendar = next((rules.calendar for rules in engine.rulebooks if rules.ref == suggestion.rulebook), None)
    on = engine.today()
    terms = [
        (term_text(t.key, lang, words), str(t.anchor_on or "?"), _due(calendar, t, lang), label(t.status(on), lang))
        for t in suggestion.terms
    ]
    if terms:
        columns = (say(f"cli-terms_{name}", lang) for name in TERM_COLUMNS)
        _screen.print_table(say("cli-terms", lang), columns, terms)


def print_history(
    history: Iterable[Entry], suggestion: Suggestion, lang: str, words_of: Callable[[Entry], MessageCatalogue]
) -> None:
    """The history, two lines an entry: who did what when, and what it says; what was corrected is marked."""
    corrected, recorded = {c.corrected: c.entry for c in suggestion.corrections}, tuple(history)
    _screen.out.print(say("cli-history", lang), style="bold")
    for entry, right in zip(recorded, as_corrected(recorded), strict=True):
        mark = say("cli-corrected_by", lang, entry=corrected[entry.number]) if entry.number in corrected else ""
        mark += say("cli-right_time", lang, at=right.at) if right.at != entry.at else ""
        words = words_of(entry)
        kind, state = words.label(entry.kind, lang, "entry"), words.label(entry.state, lang, "state")
        head = (
            f"{entry.number:>4}  {entry.on}  {kind}  {_by(entry, lang, words)}  → {state}  #{entry.hash[:8]}  {mark}"
        )
        _screen.out.print(head.rstrip(), markup=False, soft_wrap=True)
        if said := entry_text(entry, lang, words):
            _screen.out.print(f"      {said}", markup=False, style="dim", soft_wrap=True)


def _by(entry: Entry, lang: str, words: MessageCatalogue) -> str:
    if entry.by == CLOCK:
        return words.label(CLOCK.role, lang, "role")
    return words.say("cli-by", lang, name=entry.by.name, role=entry.by.role)


def _due(calendar: WorkCalendar | None, term: Term, lang: str) -> str:
    """The day of a term, marked where a notice may still move it."""
    if term.due_on is None:
        return "?"
    return say(
        "board-due", lang, on=term.due_on, is_provisional=calendar is not None and awaits_notice(calendar, term)
    )


def sweep(args: Namespace) -> int:
    """Let the clock speak, and print what it said."""
    engine = open_engine(args.store, args.app)
    if args.set_back:
        return _set_back(engine, args)
    with _screen.progress("sweep", args.lang) as (bar, task):
        engine.listen(lambda *_: bar.advance(task))
        swept = engine.sweep(host=args.host, together=args.together, confirmed=args.confirm)
    if swept.clock_skew is not None:
        _screen.warn_of_skew(swept.clock_skew, args.lang)
    if args.json:
        said = [{"id": id, **plain_entry(entry)} for id, entry in swept.said]
        counts = {"stale": list(swept.stale), "remaining": swept.remaining, "failed": dict(swept.failed)}
        skew = None if swept.clock_skew is None else swept.clock_skew.total_seconds()
        _screen.print_json({"said": said, **counts, "error": swept.error or None, "clock_skew": skew})
        return 0
    rows = list(_said(engine, swept, args.lang))
    if rows:
        columns = (say(f"cli-sweep_{name}", args.lang) for name in SWEEP_COLUMNS)
        _screen.print_table(say("cli-sweep", args.lang), columns, rows)
    elif not swept.failed and not swept.error:
        _screen.say("cli-sweep_nothing", args.lang)
    for id, why in swept.failed:
        _screen.err.print(f"{id}: {why}", markup=False, soft_wrap=True)
    if swept.error:
        _screen.warn("cli-sweep_broken_off", args.lang, why=swept.error)
    return 0


def _said(engine: Engine, swept: Sweep, lang: str) -> Iterator[tuple[str, ...]]:
    for id, entry in swept.said:
        words = engine.words_of(entry)
        yield id, str(entry.on), words.label(entry.kind, lang, "entry"), entry_text(entry, lang, words)


def _set_back(engine: Engine, args: Namespace) -> int:
    """Set the last sweep back to the first instant of a day, and print when it was."""
    engine.set_last_sweep_back(start_of(engine, day(args.set_back)))
    last = engine.store.last_sweep()
    if args.json:
        _screen.print_json({"last_sweep_at": last.at.isoformat() if last.at else None})
    else:
        _screen.say("cli-health_swept", args.lang, at=last.at)
    return 0


def _known(suggestion: Suggestion, lang: str, words: MessageCatalogue) -> Iterator[tuple[str, str]]:
    for name in SHOWN:
        value = getattr(suggestion, name)
        if value not in {None, ()}:
            yield say(f"cli-show_{name}", lang), _in_words(name, value, lang, words)
    for reply in suggestion.replies:
        yield say("cli-show_reply", lang, unit=reply.unit), f"{reply.on or '?'} {_outcome(reply, lang, words)}"
    for rating in suggestion.ratings:
        result = words.label(rating.result, lang, "grade") if rating.result else say("cli-show_no_response", lang)
        yield say("cli-show_rating", lang, rater=rating.rater), result
    for c in suggestion.open_commitments:
        promised = say("cli-show_promise", lang, text=c.text, due_on=c.due_on)
        yield say("cli-show_commitment", lang, number=c.number), promised


def _outcome(reply: Answer, lang: str, words: MessageCatalogue) -> str:
    """The class of a reply and what it is called; the mark of one that was taken over."""
    if not reply.outcome:
        return reply.mark or "?"
    called = words.label(reply.outcome, lang, "outcome")
    return reply.outcome if called == reply.outcome else f"{reply.outcome} {called}"


def _in_words(name: str, value: Any, lang: str, words: MessageCatalogue) -> str:
    if name in {"state", "matter"}:
        return words.label(value, lang, name)
    return words.shown(value, lang)


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if attrs.has(type(value)):
        return {a.name: _plain(getattr(value, a.name)) for a in attrs.fields(type(value))}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return plain_party(value)
    return value if value is None or isinstance(value, (int, bool)) else str(value)


def _event(entry: Entry) -> dict[str, Any]:
    event = entry.event
    if isinstance(event, UnknownEvent):
        body = json.loads(event.body)
        return body if isinstance(body, dict) else {"body": body}
    kind: Any = type(event)
    untold = {name for name in private_fields(kind) if getattr(event, name) is None}
    plain: dict[str, Any] = _plain(event)
    return {name: value for name, value in plain.items() if name not in untold}


def plain_entry(entry: Entry) -> dict[str, Any]:
    """An entry as plain data; a private field that it does not tell is left out."""
    return {
        "number": entry.number,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "on": entry.on.isoformat(),
        "by": {"role": entry.by.role, "id": entry.by.id, "name": entry.by.name},
        "state": entry.state,
        "rulebook": str(entry.rulebook),
        "event": _event(entry),
        "hash": entry.hash,
    }
