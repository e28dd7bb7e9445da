"""``handleflow show``, ``report`` and ``sweep``: what does a store hold, and what has the clock to say?"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from handleflow.cli import _screen
from handleflow.cli._opening import open_engine
from handleflow.model import Entry, Suggestion, UnknownEvent
from handleflow.party import name_of, party_from, plain_party
from handleflow.views import Summary, report_data, report_lines, summarize
from handleflow.words import CATALOGUE, label, say

SHOWN = (
    *("state", "version", "rulebook", "number", "locality", "session", "deputy", "co_signers", "category"),
    *("is_key", "matter", "received_on", "taken_over_on", "units", "merged_with"),
)
"""What is shown of a suggestion where it is known."""
TERM_COLUMNS, SWEEP_COLUMNS = ("term", "from", "due", "is"), ("suggestion", "day", "kind", "what")


def report(args: Namespace) -> int:
    """Print the figures of a whole store."""
    summary = summarize(open_engine(args.store, args.app).with_rulebooks())
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
    suggestion, history = engine.look_up(args.id), engine.history(args.id)
    if args.json:
        _screen.print_json({"suggestion": _plain(suggestion), "history": [plain_entry(e) for e in history]})
        return 0
    rows = list(_known(suggestion, args.lang))
    _screen.print_table(f"{suggestion.id}  {suggestion.title or ''}", ("", ""), rows)
    terms = [
        (_screen.term(t.key, args.lang), str(t.anchor_on or "?"), str(t.due_on or "?"), label(t.end, args.lang))
        for t in suggestion.terms
    ]
    if terms:
        columns = (say(f"cli-terms_{name}", args.lang) for name in TERM_COLUMNS)
        _screen.print_table(say("cli-terms", args.lang), columns, terms)
    print_history(history, suggestion, args.lang)
    return 0


def print_history(history: Iterable[Entry], suggestion: Suggestion, lang: str) -> None:
    """The history, two lines an entry: who did what when, and what it says; corrected ones are marked."""
    corrected = {c.corrected: c.entry for c in suggestion.corrections}
    _screen.out.print(say("cli-history", lang), style="bold")
    for entry in history:
        mark = say("cli-corrected_by", lang, entry=corrected[entry.number]) if entry.number in corrected else ""
        by = say("cli-by", lang, name=entry.by.name, role=entry.by.role)
        state = label(entry.state, lang)
        head = f"{entry.number:>4}  {entry.on}  {label(entry.kind, lang)}  {by}  → {state}  #{entry.hash[:8]}  {mark}"
        _screen.out.print(head.rstrip(), markup=False, soft_wrap=True)
        if said := _said(entry):
            _screen.out.print(f"      {said}", markup=False, style="dim", soft_wrap=True)


def sweep(args: Namespace) -> int:
    """Let the clock speak, and print what it said."""
    engine = open_engine(args.store, args.app)
    with _screen.progress("sweep", args.lang) as (bar, task):
        engine.listen(lambda *_: bar.advance(task))
        swept = engine.sweep(host=args.host, together=args.together)
    if args.json:
        said = [{"id": id, **plain_entry(entry)} for id, entry in swept.said]
        counts = {"stale": list(swept.stale), "remaining": swept.remaining, "failed": dict(swept.failed)}
        _screen.print_json({"said": said, **counts, "error": swept.error or None})
        return 0
    rows = [(id, str(e.on), label(e.kind, args.lang), _said(e)) for id, e in swept.said]
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


def _known(suggestion: Suggestion, lang: str) -> Iterator[tuple[str, str]]:
    for name in SHOWN:
        value = getattr(suggestion, name)
        if value not in {None, ()}:
            yield say(f"cli-show_{name}", lang), _in_words(name, value, lang)
    for reply in suggestion.replies:
        yield say("cli-show_reply", lang, unit=reply.unit), f"{reply.on or '?'} {reply.outcome or reply.mark or '?'}"
    for rating in suggestion.ratings:
        result = label(rating.result, lang) if rating.result else say("cli-show_no_response", lang)
        yield say("cli-show_rating", lang, rater=rating.rater), result
    for c in suggestion.open_commitments:
        promised = say("cli-show_promise", lang, text=c.text, due_on=c.due_on)
        yield say("cli-show_commitment", lang, number=c.number), promised


def _in_words(name: str, value: Any, lang: str) -> str:
    if name in {"state", "matter"}:
        return label(value, lang)
    return CATALOGUE.shown(value, lang) if not isinstance(value, bool) else say("cli-truth", lang, value=value)


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if attrs.has(type(value)):
        return {a.name: _plain(getattr(value, a.name)) for a in attrs.fields(type(value))}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return plain_party(value)
    return value if value is None or isinstance(value, (int, bool)) else str(value)


def _event(entry: Entry, private: bool = False) -> dict[str, Any]:
    event = entry.event
    if isinstance(event, UnknownEvent):
        body = json.loads(event.body)
        return body if isinstance(body, dict) else {"body": body}
    hidden = set() if private else {a.name for a in attrs.fields(type(event)) if a.metadata.get("private")}
    plain: dict[str, Any] = _plain(event)
    return {name: value for name, value in plain.items() if name not in hidden}


def plain_entry(entry: Entry, private: bool = False) -> dict[str, Any]:
    """An entry as plain data, without its private fields unless they are asked for."""
    return {
        "number": entry.number,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "on": entry.on.isoformat(),
        "by": {"role": entry.by.role, "id": entry.by.id, "name": entry.by.name},
        "state": entry.state,
        "rulebook": str(entry.rulebook),
        "event": _event(entry, private),
        "hash": entry.hash,
    }


def _said(entry: Entry) -> str:
    given = {name: value for name, value in _event(entry).items() if value not in (None, [], "", False)}
    return "; ".join(f"{name}: {_short(value)}" for name, value in given.items())


def _short(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"rule", "unit", "round", "ref"}:
        return f"{value['rule']} {name_of(party_from(value['unit']))}".strip()
    somebody = party_from(value)
    if isinstance(somebody, str):
        text = name_of(somebody)
    else:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
