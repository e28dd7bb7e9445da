"""
A host adds a state, an act and a guard of its own, without touching the library.

Run it: python examples/legal_review/host.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from handleflow import Act, Actor, Engine, MemoryStore, Provenance, Reason, Refused, Suggestion, load
from handleflow.acts import Accept, Assign, DraftReply, Receive, RecordContact, Reply
from handleflow.model import Question
from handleflow.model.fields import not_blank


def there_is_a_draft_to_review(question: Question[Any]) -> Iterator[Reason]:
    """A check of the act: it gives the reasons to refuse, none when all is well."""
    if not any(draft.verdict is None for draft in question.suggestion.drafts):
        yield Reason("no_draft_to_review", en="there is no draft to review", zh="没有待审的答复意见")


@frozen
class ReviewLegally(Act):
    """The legal office reads the draft: cleared, or sent back with what is wrong."""

    verb = "review_legally"
    kind = "legally_reviewed"
    checks = (there_is_a_draft_to_review,)
    finding: str = field(validator=not_blank)
    is_cleared: bool = True

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        verdict = "approved" if self.is_cleared else "returned"
        drafts = tuple(attrs.evolve(d, verdict=d.verdict or verdict) for d in suggestion.drafts)
        return attrs.evolve(suggestion, drafts=drafts).with_own("legal finding", self.finding)


@frozen
class WasLegallyCleared:
    """No reply goes out before the legal office has cleared its draft."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        drafts = [d for d in question.suggestion.drafts if d.unit == question.by.name]
        if drafts and drafts[-1].verdict == "approved":
            return
        finding = question.suggestion.own("legal finding") or "not read yet"
        yield Reason("was_legally_cleared", en=f"legal review: {finding}", zh=f"法制审核：{finding}")


RULES = load(
    Path(__file__).parent / "legal_review.toml",
    acts=[ReviewLegally],
    guards={"was_legally_cleared": WasLegallyCleared},
)


def build(store: MemoryStore | None = None) -> Engine:
    """The host's engine; a store must be told of the host's own acts."""
    return Engine(store or MemoryStore(own=[ReviewLegally]), [RULES])


ENGINE = build()
"""For the command line: handleflow check city.legal_review --app host:ENGINE"""


def main() -> None:
    """One suggestion through the city's own lifecycle."""
    office, legal = Actor("congress_office", "Standing Committee Office"), Actor("legal_office", "Legal Office")
    water = Actor("unit", "Water Bureau")
    engine = build()
    reply = Reply("A", "New pipes are laid.")
    engine.execute("2026-017", Receive("Safe drinking water", "Deputy A"), by=office)
    engine.execute("2026-017", Assign(("Water Bureau",)), by=office)
    engine.execute("2026-017", Accept(), by=water)
    engine.execute("2026-017", RecordContact("before"), by=water)
    print(engine.execute("2026-017", DraftReply("A", "New pipes."), by=water).state)
    engine.execute("2026-017", ReviewLegally("names no article", is_cleared=False), by=legal)
    try:
        engine.execute("2026-017", reply, by=water)
    except Refused as refused:
        print(refused)
    engine.execute("2026-017", DraftReply("A", "New pipes, by article 51."), by=water)
    print(engine.execute("2026-017", ReviewLegally("cleared"), by=legal).state)
    print(engine.execute("2026-017", reply, by=water).state)


if __name__ == "__main__":
    main()
