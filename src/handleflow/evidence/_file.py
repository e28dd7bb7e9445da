"""
Evidence file: what can be shown of one suggestion to somebody who trusts nobody? One file, verified offline.

It holds the entries of the suggestion as they are stored, for each a proof that it is among those a published digest
stands for, the texts of the rulebooks and calendars they name by their digests, and the reckoning of its terms.
A proof is made of hashes of salted entries: it shows nothing of other suggestions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from handleflow.canonical_json import canonical
from handleflow.codec import Codec
from handleflow.core import explain, replay
from handleflow.entry_json import (
    entry_as_list,
    entry_from_list,
    hash_of,
    list_of,
    list_of_length,
    number_of,
    shortened,
    text_as_list,
    text_of,
)
from handleflow.entry_json import shown as in_an_error
from handleflow.errors import BrokenBackup, BrokenDigest, BrokenEvidence
from handleflow.evidence.digests import Published, parsed
from handleflow.hash_chain import IntegrityFault, StoredEntry, faults_in_history
from handleflow.model import Entry, Term, UnknownEvent
from handleflow.rules import Rulebook
from handleflow.store import Store, StoredCalendar, StoredRulebook
from handleflow.store.projection import seen_by_its_history
from handleflow.tree_head import entry_leaf, heads_of, includes, inclusion_proof, leaf_in_store
from handleflow.values import frozen
from handleflow.views.access import EVERYTHING, WITHHELD, Sees, nobody_sees

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = 1
_KEYS = {"handleflow", "format", "suggestion", "digest", "entries", "rulebooks", "calendars", "terms", "checksum"}
Ref = tuple[str, str, str]
"""A text's name, version and digest."""
_RULEBOOK = attrgetter("rulebook_name", "rulebook_version", "rulebook_digest")
_CALENDAR = attrgetter("calendar_name", "calendar_version", "calendar_digest")
Text = TypeVar("Text", StoredRulebook, StoredCalendar)


@frozen
class Shown:
    """An entry with its *position* in the feed, and what proves that a digest stands for it."""

    entry: StoredEntry
    position: int
    proof: tuple[str, ...]


@frozen
class Evidence:
    """
    What is shown of suggestion *id*: its entries up to *digest*, the texts they name, and how its terms came about.

    The texts stand in order of their names, versions and digests. *terms* say how each day was reckoned, step by
    step: that follows from the rest, and there are none where it would take a host's own code.
    """

    id: str
    digest: Published
    shown: tuple[Shown, ...]
    rulebooks: tuple[StoredRulebook, ...]
    calendars: tuple[StoredCalendar, ...]
    terms: tuple[dict[str, Any], ...]

    def plain(self) -> dict[str, Any]:
        """What its file says, without the checksum."""
        return {
            "handleflow": "evidence",
            "format": FORMAT,
            "suggestion": self.id,
            "digest": self.digest.plain(),
            "entries": [[each.position, list(each.proof), entry_as_list(each.entry)] for each in self.shown],
            "rulebooks": list(map(text_as_list, self.rulebooks)),
            "calendars": list(map(text_as_list, self.calendars)),
            "terms": list(self.terms),
        }

    def text(self) -> str:
        """Its file: canonical JSON, with a checksum over everything else, so that no byte can be changed unseen."""
        plain = self.plain()
        return canonical({**plain, "checksum": _checksum(plain)}).decode() + "\n"


def _checksum(plain: dict[str, Any]) -> str:
    return sha256(canonical(plain)).hexdigest()


def evidence_of(
    store: Store, id: str, published: Published, *, private: bool = False, sees: Sees = nobody_sees
) -> Evidence:
    """
    Evidence of suggestion *id* up to a *published* digest of *store*; all of it if *private* is asked for.

    Without *private* it holds what its reader *sees*; of a suggestion that is withheld there is none. Evidence that
    would not hold is never given.

    Raises:
        BrokenEvidence: when the digest stands for no entry of it, it is confidential, or what the store keeps of it
            is not whole.
        BrokenDigest: when the digest is not one of this store.
    """
    shown = _shown_of(store, id, published)
    if not shown:
        raise BrokenEvidence(f"the digest at position {published.position} stands for no entry of suggestion {id!r}")
    level = EVERYTHING if private else seen_by_its_history(store, id, sees)
    if level == WITHHELD:
        raise BrokenEvidence(f"suggestion {id} is confidential; with its private fields (--private) it can be shown")
    if level != EVERYTHING:
        shown = tuple(attrs.evolve(each, entry=attrs.evolve(each.entry, private=())) for each in shown)
    stored = tuple(each.entry for each in shown)
    texts = (_kept(store.rulebooks(), _named(_RULEBOOK, stored)), _kept(store.calendars(), _named(_CALENDAR, stored)))
    found = Evidence(id, published, shown, *texts, _terms(id, stored, texts[0]))
    fault = next(_faults(found), None)
    if fault is not None:
        raise BrokenEvidence(f"what the store keeps is not whole: {fault}; `handleflow verify` says more")
    return found


def _shown_of(store: Store, id: str, published: Published) -> tuple[Shown, ...]:
    """The entries of suggestion *id* that the digest stands for, each with its proof."""
    numbered = list(islice(store.numbered(), published.position))
    heads = heads_of([leaf_in_store(each.hash) for each in numbered])
    if len(numbered) != published.position or heads(0, len(numbered)).hex() != published.digest:
        raise BrokenDigest(f"the digest at position {published.position} is not one of this store")
    positions = {each.number: each.position for each in numbered if each.suggestion_id == id}
    found = []
    for entry in store.entries(id):
        if position := positions.get(entry.number):
            proof = inclusion_proof(heads, position - 1, len(numbered))
            found.append(Shown(entry, position, tuple(each.hex() for each in proof)))
    return tuple(found)


def _kept(texts: Iterable[Text], named: list[Ref]) -> tuple[Text, ...]:
    """Of the *texts* of a store those that are *named*, in that order."""
    return tuple(sorted((text for text in texts if _ref(text) in named), key=_ref))


def _ref(text: StoredRulebook | StoredCalendar) -> Ref:
    return (text.name, text.version, text.digest)


def _named(ref_in: Callable[[StoredEntry], Ref], stored: Iterable[StoredEntry]) -> list[Ref]:
    """What entries name with a digest, rulebooks or calendars, in order, each once."""
    return sorted(ref for ref in set(map(ref_in, stored)) if ref[2])


def _terms(id: str, stored: Iterable[StoredEntry], texts: Iterable[StoredRulebook]) -> tuple[dict[str, Any], ...]:
    """How the days of its terms came about; nothing where its rulebook or its events need a host's own code."""
    from handleflow.rulebooks import from_document  # noqa: PLC0415  the loader is loaded when it is asked for

    try:
        entries = tuple(map(Codec().decode, stored))
        if any(isinstance(entry.event, UnknownEvent) for entry in entries):
            return ()
        suggestion, named = replay(id, entries), entries[-1].rulebook
        by_ref = {_ref(text): text.document for text in texts}
        rules = from_document(by_ref[named.name, named.version, named.digest])
        return tuple(_explained(rules, term, entries) for term in suggestion.terms)
    except Exception:  # whatever an event or a text comes to: nothing follows from it
        return ()


def _explained(rules: Rulebook, term: Term, history: tuple[Entry, ...]) -> dict[str, Any]:
    key = {"rule": term.key.rule, "unit": term.key.unit, "round": term.key.round, "ref": term.key.ref}
    due_on = term.due_on.isoformat() if term.due_on else None
    steps = [step.as_dict() for step in explain(rules, term, history)]
    return {**key, "due": due_on, "end": term.end, "steps": steps}


def verify_evidence(file: bytes, key: Ed25519PublicKey) -> Iterator[IntegrityFault]:
    """
    Whatever in a *file* of evidence does not hold; nothing where all of it does. It asks no store and no network.

    *key* is the public key of whoever published the digest, got from somewhere else than the file.
    """
    try:
        evidence = parsed_evidence(file)
    except BrokenEvidence as broken:
        yield IntegrityFault("(evidence)", 0, "unfit_evidence", {"why": str(broken)})
        return
    found = list(_faults(evidence))
    if not evidence.digest.is_signed_with(key):
        found.insert(0, IntegrityFault("(digest)", 0, "signed_by_another", {"position": evidence.digest.position}))
    yield from found
    if not found and not _is_reckoned_so(evidence):  # nothing is reckoned by texts that nobody answers for
        yield IntegrityFault(evidence.id, 0, "reckoned_otherwise")


def _faults(evidence: Evidence) -> Iterator[IntegrityFault]:
    """What does not hold, whoever signed the digest."""
    stored = tuple(each.entry for each in evidence.shown)
    if not stored:
        yield IntegrityFault(evidence.id, 0, "shows_nothing")
    yield from faults_in_history(evidence.id, stored)
    for each in evidence.shown:
        if not _is_included(each, evidence.digest):
            yield IntegrityFault(evidence.id, each.entry.number, "not_proved")
    yield from _wrong(evidence.id, "rulebook", evidence.rulebooks, _named(_RULEBOOK, stored))
    yield from _wrong(evidence.id, "calendar", evidence.calendars, _named(_CALENDAR, stored))


def _is_reckoned_so(evidence: Evidence) -> bool:
    reckoned = _terms(evidence.id, (each.entry for each in evidence.shown), evidence.rulebooks)
    return canonical(list(evidence.terms)) == canonical(list(reckoned))  # a 1 is no true here


def _is_included(shown: Shown, digest: Published) -> bool:
    proof = [bytes.fromhex(each) for each in shown.proof]
    leaf = entry_leaf(shown.entry.hash)
    return includes(bytes.fromhex(digest.digest), digest.position, shown.position - 1, leaf, proof)


def _wrong(
    id: str, what: str, texts: Sequence[StoredRulebook | StoredCalendar], named: list[Ref]
) -> Iterator[IntegrityFault]:
    for text in texts:
        if sha256(text.document.encode()).hexdigest() != text.digest:
            yield IntegrityFault(
                id, 0, "text_of_other_digest", {"what": what, "name": text.name, "version": text.version}
            )
    if list(map(_ref, texts)) != named:
        yield IntegrityFault(id, 0, "texts_not_those_named", {"what": what})


def parsed_evidence(file: bytes) -> Evidence:
    """
    What a *file* of evidence says.

    Raises:
        BrokenEvidence: when it is none, or was changed anywhere since it was written.
    """
    plain = _plain(file)
    try:
        return Evidence(
            text_of(plain["suggestion"], "id"),
            parsed(plain["digest"]),
            tuple(map(_shown, list_of(plain["entries"], "entries"))),
            tuple(StoredRulebook(*_text(each)) for each in list_of(plain["rulebooks"], "rulebooks")),
            tuple(StoredCalendar(*_text(each)) for each in list_of(plain["calendars"], "calendars")),
            tuple(list_of(plain["terms"], "terms")),
        )
    except (BrokenBackup, BrokenDigest) as wrong:
        raise BrokenEvidence(f"this is no evidence that handleflow wrote: {wrong}") from None


def _plain(file: bytes) -> dict[str, Any]:
    """The JSON of a file, byte by byte what handleflow writes."""
    try:
        plain = json.loads(file.decode())
        if not isinstance(plain, dict) or plain.keys() != _KEYS or plain["handleflow"] != "evidence":
            raise BrokenEvidence("this is no evidence that handleflow wrote")
        if type(plain["format"]) is not int or plain["format"] != FORMAT:
            raise BrokenEvidence(f"this is evidence of format {in_an_error(plain['format'])}, and {FORMAT} is known")
        is_as_written = canonical(plain) + b"\n" == file
        if plain.pop("checksum") != _checksum(plain) or not is_as_written:
            raise BrokenEvidence("it was changed since it was written: its checksum does not fit")
    except (ValueError, RecursionError) as wrong:
        raise BrokenEvidence(f"this is no JSON: {shortened(str(wrong))}") from None
    return plain


def _shown(plain: object) -> Shown:
    position, proof, entry = list_of_length(plain, 3, "an entry with its proof")
    hashes = tuple(hash_of(each, "a hash of a proof") for each in list_of(proof, "a proof"))
    return Shown(entry_from_list(entry), number_of(position, "position"), hashes)


def _text(plain: object) -> Iterator[str]:
    return (text_of(each, "a word of a text") for each in list_of_length(plain, 4, "a text"))
