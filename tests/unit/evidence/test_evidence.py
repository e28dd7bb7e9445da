"""Does evidence hold, is whatever was forged in it found by both verifiers, and does it show nothing of others?"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest

from handleflow import Act, Engine, MemoryStore, Provenance, Reason, Suggestion, load
from handleflow.acts import Adopt, Classify, Receive, RecordContact, Reply
from handleflow.backup import backup, restore, rulebooks_in
from handleflow.core import explain
from handleflow.errors import BrokenDigest, BrokenEvidence, HandleflowError
from handleflow.evidence import evidence_of, parsed_evidence, verify_evidence
from handleflow.evidence.digests import digest_of
from handleflow.model import Question
from handleflow.rulebooks import from_document
from handleflow.stores.sql import SqlStore, upgrade
from handleflow.values import frozen
from tests.beginnings import OFFICE, WATER, instant, later, rulebook
from tests.by_both import (
    AT,
    BOTH,
    CONFIDENTIAL,
    KEY,
    NEITHER,
    OPEN,
    OTHER_KEY,
    OURS,
    PHONE,
    RULES,
    Plain,
    by_hand,
    by_handleflow,
    by_the_other,
    engine_on,
    file,
    forgeries,
    lived,
    plain,
    proved,
    signed_digest,
    verdicts,
)
from tests.paths import DATA
from tests.promises import tampering
from tests.promises.test_upgrading import old_store

f, written = forgeries, by_hand.written
LATER = instant("2026-02-11")


class TestWhatHolds:
    """What a store gives is verified by both."""

    def test_with_its_private_fields_and_without(self) -> None:
        store = lived(MemoryStore()).store
        texts = [evidence_of(store, OURS, signed_digest(store), private=private).text() for private in (True, False)]

        assert [verdicts(text.encode()) for text in texts] == [NEITHER, NEITHER]
        assert [PHONE in text for text in texts] == [True, False]

    def test_of_every_suggestion_at_every_position_of_the_feed(self) -> None:
        engine = engine_on(MemoryStore())
        for number in range(9):
            engine.execute(str(number), Receive("Pipes", "Deputy A", phone=PHONE), by=OFFICE)
            digest = signed_digest(engine.store)
            files = [evidence_of(engine.store, str(n), digest).text().encode() for n in range(number + 1)]

            assert [verdicts(each) for each in files] == [NEITHER] * (number + 1)

    def test_what_came_after_the_digest_is_not_shown_and_what_was_there_holds(self) -> None:
        engine = lived(MemoryStore())
        digest = signed_digest(engine.store)
        before = evidence_of(engine.store, OURS, digest).text()
        later(engine, LATER).execute(OURS, RecordContact("before"), by=WATER)
        later(engine, LATER).execute(OURS, Reply("A", "New pipes."), by=WATER)
        after = evidence_of(engine.store, OURS, digest)
        now = evidence_of(engine.store, OURS, signed_digest(engine.store))

        assert (after.text(), verdicts(after.text().encode())) == (before, NEITHER)
        assert "New pipes." not in after.text()
        assert "New pipes." in now.text()
        assert verdicts(now.text().encode()) == NEITHER

    def test_what_is_read_from_a_file_is_what_was_written(self) -> None:
        assert parsed_evidence(file()) == proved()

    def test_the_days_of_its_terms_are_explained_with_their_articles(self) -> None:
        (term,) = proved().terms

        assert (term["rule"], term["unit"], term["due"]) == ("reply", WATER.name, "2026-05-11")
        assert "DBF25 51" in [step["citation"] for step in term["steps"]]

    def test_under_two_rulebooks_and_two_calendars_all_their_texts_are_shown(self) -> None:
        """In the order of their names, whichever the store kept first; it is reckoned by the newest."""
        calendar = {"name": "a city", "version": "1", "zone": "Asia/Shanghai", "rest_days": ["sat", "sun"]}
        year = {"year": 2026, "source": "host", "holidays": ["2026-05-11"]}
        days = {**calendar, "known_from": "2026-01-01", "known_through": "2026-12-31", "year": [year]}
        first, second = rulebook(version="10"), rulebook(version="2", calendar=days)
        store = lived(MemoryStore(), first).store
        engine = Engine(store, [first, second], clock=lambda: AT)
        engine.execute(OURS, Adopt("test", "2"), by=OFFICE)
        evidence = evidence_of(store, OURS, signed_digest(store))

        assert [each.version for each in evidence.rulebooks] == ["10", "2"]
        assert [each.name for each in evidence.calendars] == ["a city", "cn"]
        assert [each.name for each in store.calendars()] == ["cn", "a city"]
        assert [term["due"] for term in evidence.terms] == ["2026-05-12"]
        assert verdicts(evidence.text().encode()) == NEITHER
        assert evidence.terms[0]["steps"] == [
            step.as_dict() for step in explain(second, engine.look_up(OURS).terms[0])
        ]

    def test_of_a_restored_record_under_a_rulebook_that_nobody_holds_any_more(self) -> None:
        first, second = rulebook(version="1"), rulebook(version="2")
        store, lines = lived(MemoryStore(), first).store, list[str]()
        engine = Engine(store, [first, second], clock=lambda: AT)
        for id in store.ids():
            engine.execute(id, Adopt("test", "2"), by=OFFICE)
        backup(store, lines.append, private=True)
        restored = MemoryStore()
        restore(Engine(restored, [second]), lines)
        evidence = evidence_of(restored, OURS, signed_digest(restored))

        assert [each.version for each in evidence.rulebooks] == ["1", "2"]
        assert verdicts(evidence.text().encode()) == NEITHER

    def test_of_a_record_of_before_there_were_salts(self) -> None:
        lines = (DATA / "backup_1.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        store = MemoryStore()
        restore(Engine(store, [from_document(kept.document) for kept in rulebooks_in(lines)]), lines)
        files = [evidence_of(store, id, signed_digest(store), private=True).text().encode() for id in store.ids()]

        assert (len(files) > 1, [verdicts(each) for each in files]) == (True, [NEITHER] * len(files))

    @pytest.mark.parametrize("version", [1, 2])
    def test_of_a_store_that_was_upgraded(self, version: int, tmp_path: Path) -> None:
        where = old_store(version, "sqlite", tmp_path)
        upgrade(where)
        with closing(SqlStore(where)) as store:
            digest = signed_digest(store)
            files = [evidence_of(store, id, digest, private=True).text().encode() for id in store.ids()]

        assert (len(files) > 2, [verdicts(each) for each in files]) == (True, [NEITHER] * len(files))

    def test_entries_that_name_no_text_need_none(self) -> None:
        """As those that were chained anew, and whose rulebook nobody had kept."""
        old = by_hand.entry_of(OURS, 1)
        old[8:14] = ["old rules", "1", "", "", "", ""]
        by_hand.chain(OURS, [old])
        digest = by_hand.digest_at([bytes.fromhex(old[16])])
        shown = {**by_hand.evidence(), "digest": digest, "entries": [[1, [], old]]}

        assert verdicts(written(shown)) == BOTH
        assert verdicts(written({**shown, "rulebooks": [], "calendars": []})) == NEITHER

    def test_evidence_written_by_hand_by_the_page_of_the_format_holds(self) -> None:
        """Its rulebook is none that can be loaded: nothing is reckoned, and nothing said of it."""
        assert verdicts(written(by_hand.evidence())) == NEITHER

    def test_it_stands_in_its_file_in_the_bytes_of_the_format_for_ever(self) -> None:
        said = json.loads(file())
        position, proof, entry = said["entries"][1]

        assert sorted(said) == sorted(
            ["handleflow", "format", "suggestion", "digest", "entries", "rulebooks", "calendars", "terms", "checksum"]
        )
        assert (position, len(proof), entry[:5]) == (
            *(4, 3),
            [2, "assigned", "2026-02-10T01:00:00.000000+00:00", "2026-02-10", "congress_office"],
        )
        assert (len(entry), entry[8:10], entry[11:13]) == (18, ["test", "1"], ["cn", RULES.calendar.version])

    def test_each_entry_is_shown_at_its_position_in_the_feed(self) -> None:
        shown = [(each.entry.number, each.position) for each in proved().shown]

        assert shown == [(1, 1), (2, 4), (3, 5), (4, 7)]


class TestOthers:
    """Nothing is shown of other suggestions."""

    @pytest.mark.parametrize("private", [True, False])
    def test_of_others_it_shows_neither_words_nor_ids_nor_salts_nor_hashes(self, private: bool) -> None:
        store = lived(MemoryStore()).store
        text = evidence_of(store, OURS, signed_digest(store), private=private).text()
        others = [entry for id in (CONFIDENTIAL, OPEN) for entry in store.entries(id)]
        salts = [salt.hex() for e in others for salt in (e.salt, *(field.salt for field in e.private))]
        words = ["Hidden", "hidden", "Open words", "open category", "Deputy B", "Deputy C", "000-0018", "street"]
        found = [CONFIDENTIAL, OPEN, *words, *salts, *(e.hash for e in others), *(e.body.decode() for e in others)]

        assert len(salts) == 6
        assert [each for each in found if each in text] == []

    def test_what_a_proof_shows_of_the_same_words_is_another_thing_under_other_salts(self) -> None:
        """So nobody finds out by trying what the entries beside it say."""
        stores = [lived(MemoryStore(), seed=seed).store for seed in (1, 2)]
        shown = [evidence_of(store, OPEN, signed_digest(store)).shown for store in stores]
        one, other = ({hash for each in entries for hash in each.proof} for entries in shown)

        assert (len(one), len(other), one & other) == (5, 5, set())

    def test_a_confidential_suggestion_is_shown_where_its_private_fields_are_asked_for_alone(self) -> None:
        store = lived(MemoryStore()).store
        digest = signed_digest(store)

        with pytest.raises(BrokenEvidence, match="secret 18 is confidential"):
            evidence_of(store, CONFIDENTIAL, digest)
        assert verdicts(evidence_of(store, CONFIDENTIAL, digest, private=True).text().encode()) == NEITHER

    def test_one_that_became_confidential_after_the_digest_is_confidential(self) -> None:
        engine = lived(MemoryStore())
        digest = signed_digest(engine.store)
        engine.execute(OPEN, Classify(is_confidential=True), by=OFFICE)

        with pytest.raises(BrokenEvidence, match="open 19 is confidential"):
            evidence_of(engine.store, OPEN, digest)


class TestNotGiven:
    """Evidence that would not hold is never given."""

    def test_of_what_the_digest_does_not_stand_for(self) -> None:
        engine = lived(MemoryStore())
        digest = signed_digest(engine.store)
        engine.execute("20", Receive("Too late", "Deputy A"), by=OFFICE)

        for id in ("20", "21", "", "\ud800", "a\x00"):
            with pytest.raises(BrokenEvidence, match="the digest at position 8 stands for no entry of suggestion"):
                evidence_of(engine.store, id, digest)

    def test_of_a_store_without_entries(self) -> None:
        store = MemoryStore()

        with pytest.raises(BrokenEvidence, match="position 0 stands for no entry"):
            evidence_of(store, OURS, signed_digest(store))

    @pytest.mark.parametrize("position", [1, 7, 8, 9, 2**63 - 1])
    def test_up_to_a_digest_of_another_store(self, position: int) -> None:
        store = lived(MemoryStore()).store
        ours = digest_of(store, AT)
        for digest in {"0" * 64, ours.digest if position != 8 else ""}:
            other = attrs.evolve(ours, position=position, digest=digest).signed(KEY)

            with pytest.raises(BrokenDigest, match=f"position {position} is not one of this store"):
                evidence_of(store, OURS, other)

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("UPDATE {p}entries SET state = 'replied' WHERE suggestion_id = '17'", "entry 1: it was changed"),
            ("UPDATE {p}private SET value = '\"0\"' WHERE suggestion_id = '17'", "the private field 'phone' is not"),
            ("UPDATE {p}rulebooks SET document = '{{}}'", "the text of rulebook test 1 is not the one of its digest"),
            ("DELETE FROM {p}rulebooks", "the texts of rulebooks are not those that its entries name"),
            ("DELETE FROM {p}calendars", "the texts of calendars are not those that its entries name"),
        ],
        ids=["entry", "private field", "rulebook", "no rulebook", "no calendar"],
    )
    def test_of_what_was_changed_in_the_store(self, statement: str, words: str, tmp_path: Path) -> None:
        where = str(tmp_path / "a.db")
        with closing(SqlStore(where)) as store:
            digest = signed_digest(lived(store).store)
            tampering.forge(f"sqlite:///{where}", statement)

            with pytest.raises(BrokenEvidence, match=f"what the store keeps is not whole: .*{words}"):
                evidence_of(store, OURS, digest, private=True)
            assert (
                verdicts(evidence_of(store, OPEN, digest).text().encode()) == NEITHER if "17" in statement else True
            )

    @pytest.mark.parametrize("hash", ["0" * 64, "no hash", ""])
    def test_of_a_record_whose_hashes_were_changed(self, hash: str, tmp_path: Path) -> None:
        where = str(tmp_path / "a.db")
        with closing(SqlStore(where)) as store:
            digest = signed_digest(lived(store).store)
            tampering.forge(f"sqlite:///{where}", "UPDATE {p}entries SET hash = :hash WHERE number = 2", hash=hash)

            with pytest.raises(BrokenDigest, match="position 8 is not one of this store"):
                evidence_of(store, OURS, digest)


# Forgeries.


def digest_of_another_store(plain: Plain) -> None:
    """One that is signed with the right key."""
    store = engine_on(MemoryStore()).store
    for number in range(7):
        engine_on(store).execute(str(number), Receive("Other pipes", "Deputy A"), by=OFFICE)
    plain["digest"] = signed_digest(store).plain()


def digest_of_another_format(plain: Plain) -> None:
    plain["digest"] = by_hand.signed({**plain["digest"], "format": 2}, KEY)


def digest_in_the_name_of_another(plain: Plain) -> None:
    """Its signature is by the right key, over the name of another one."""
    statement = {name: value for name, value in plain["digest"].items() if name != "signature"}
    statement["key"] = OTHER_KEY.public_key().public_bytes_raw().hex()
    plain["digest"] = {**statement, "signature": KEY.sign(by_hand.canonical(statement)).hex()}


def digest_with_more(plain: Plain) -> None:
    plain["digest"] = by_hand.signed({**plain["digest"], "note": ""}, KEY)


def digest_on_no_day(plain: Plain) -> None:
    plain["digest"] |= {"at": "2026-02-30T01:00:00.000000+00:00"}


def all_of_another_suggestion(plain: Plain) -> None:
    """Its entries with their own proofs under the id of OURS."""
    store = lived(MemoryStore()).store
    plain["entries"] = evidence_of(store, OPEN, signed_digest(store)).plain()["entries"]


OF_HANDLEFLOW: dict[Callable[[Plain], None], str] = {
    digest_of_another_store: "nothing proves that the digest stands for it",
    digest_of_another_format: "this is a digest of format 2, and 1 is known",
    digest_in_the_name_of_another: "is not signed with this key",
    digest_with_more: "this is no digest that handleflow published",
    digest_on_no_day: "this is no digest that handleflow published",
    all_of_another_suggestion: "it was changed, or one before it was",
    f.entry_changed: "it was changed, or one before it was",
    f.entry_changed_and_chained_anew: "nothing proves that the digest stands for it",
    f.header_changed_and_chained_anew: "nothing proves that the digest stands for it",
    f.everything_made_anew_but_the_signature: "is not signed with this key",
    f.everything_made_anew_and_signed_by_another: "is not signed with this key",
    f.everything_made_anew_and_signed_in_anothers_name: "is not signed with this key",
    f.first_left_out: "entry 1 should stand here",
    f.one_left_out: "entry 2 should stand here",
    f.one_left_out_and_chained_anew: "nothing proves that the digest stands for it",
    f.all_left_out: "it shows no entry",
    f.order_changed: "entry 2 should stand here",
    f.order_changed_and_chained_anew: "nothing proves that the digest stands for it",
    f.entry_twice: "entry 2 should stand here",
    f.id_changed: "it was changed, or one before it was",
    f.id_as_another_type: "id should be words",
    f.salt_too_short: "its salt is of 15 bytes, not of 16",
    f.hash_in_capitals: "hash should be 64 hex digits",
    f.hash_that_is_none: "hash should be 64 hex digits",
    f.private_value_altered: "the private field 'phone' is not what was sealed",
    f.private_value_moved_into_its_salt: "value is no JSON",
    f.private_field_twice: "the private field 'phone' stands there twice",
    f.private_field_of_another_name: "the private field 'forged' is not what was sealed",
    f.proofs_exchanged: "nothing proves that the digest stands for it",
    f.places_exchanged: "nothing proves that the digest stands for it",
    f.position_of_another: "nothing proves that the digest stands for it",
    f.position_none: "nothing proves that the digest stands for it",
    f.position_below_none: "position should be a whole number",
    f.position_beyond_the_digest: "nothing proves that the digest stands for it",
    f.position_as_truth: "position should be a whole number",
    f.position_as_a_fraction: "position should be a whole number",
    f.proof_too_short: "nothing proves that the digest stands for it",
    f.proof_too_long: "nothing proves that the digest stands for it",
    f.proof_in_capitals: "a hash of a proof should be 64 hex digits",
    f.proof_with_blanks: "a hash of a proof should be 64 hex digits",
    f.proof_as_an_object: "a proof should be a list",
    f.rulebook_altered: "the text of rulebook test 1 is not the one of its digest",
    f.rulebook_altered_with_its_digest: "the texts of rulebooks are not those that its entries name",
    f.texts_exchanged: "the text of rulebook test 1 is not the one of its digest",
    f.text_left_out: "the texts of calendars are not those that its entries name",
    f.text_twice: "the texts of calendars are not those that its entries name",
    f.text_that_nobody_names: "the texts of rulebooks are not those that its entries name",
    f.digest_unsigned: "is not signed with this key",
    f.digest_without_its_signature: "is not signed with this key",
    f.signature_in_capitals: "signature should be 128 hex digits",
    f.digest_of_another_day: "is not signed with this key",
    f.digest_with_an_anchor: "is not signed with this key",
    f.digest_of_a_shorter_tree: "is not signed with this key",
    f.more_keys: "this is no evidence that handleflow wrote",
    f.fewer_keys: "this is no evidence that handleflow wrote",
    f.another_format: "this is evidence of format 2, and 1 is known",
    f.format_as_truth: "this is evidence of format True, and 1 is known",
    f.another_file: "this is no evidence that handleflow wrote",
}


def terms_left_out(plain: Plain) -> None:
    plain["terms"] = []


def due_day_altered(plain: Plain) -> None:
    plain["terms"][0]["due"] = "2026-05-12"


def citation_altered(plain: Plain) -> None:
    plain["terms"][0]["steps"][1]["citation"] = "DBF25 52"


def round_as_truth(plain: Plain) -> None:
    plain["terms"][0]["round"] = True


def term_twice(plain: Plain) -> None:
    plain["terms"] *= 2


RECKONED = [terms_left_out, due_day_altered, citation_altered, round_as_truth, term_twice]


class TestForged:
    """Whatever somebody forged is found, though the checksum was made to fit."""

    @pytest.mark.parametrize("forge", OF_HANDLEFLOW, ids=lambda forge: forge.__name__)
    def test_both_find_it(self, forge: Callable[[Plain], None]) -> None:
        forged = plain()
        forge(forged)
        found = by_handleflow(written(forged), KEY)

        assert any(OF_HANDLEFLOW[forge] in what for what in found), found
        assert by_the_other(written(forged), KEY)

    def test_every_forgery_of_the_example_is_tried(self) -> None:
        kinds = {"plain": "Plain", "return": "None"}
        there = [each for _, each in inspect.getmembers(f, inspect.isfunction) if each.__annotations__ == kinds]

        assert [each.__name__ for each in there if each not in OF_HANDLEFLOW] == []

    @pytest.mark.parametrize("forge", RECKONED, ids=lambda forge: forge.__name__)
    def test_a_reckoning_of_terms_that_was_altered_is_found_by_who_has_the_rules(
        self, forge: Callable[[Plain], None]
    ) -> None:
        forged = plain()
        forge(forged)
        found = by_handleflow(written(forged), KEY)

        assert found == ["the reckoning of its terms is not what its entries and texts come to here"]
        assert by_the_other(written(forged), KEY) == ""

    def test_without_its_private_field_both_still_find_what_was_forged_in_the_entry(self) -> None:
        forged = plain()
        forged["entries"][0][2][17] = []
        honest = verdicts(written(forged))
        forged["entries"][0][2][15] = forged["entries"][0][2][15].replace("Deputy A", "Deputy Z")

        assert (honest, verdicts(written(forged))) == (NEITHER, BOTH)

    def test_a_checksum_that_was_not_made_to_fit_is_found(self) -> None:
        assert verdicts(file().replace(PHONE.encode(), b"000-0001")) == BOTH
        assert verdicts(file().replace(json.loads(file())["checksum"].encode(), b"0" * 64)) == BOTH

    def test_another_key_than_the_one_that_signed_proves_nothing(self) -> None:
        found = by_handleflow(file(), OTHER_KEY)

        assert found == ["the digest at position 8 is not signed with this key"]
        assert by_the_other(file(), OTHER_KEY)

    def test_the_newest_entries_may_be_left_out_unseen_with_the_terms_of_before(self) -> None:
        """What no proof of inclusion can tell: the page says so."""
        store = lived(MemoryStore()).store
        whole = evidence_of(store, OURS, signed_digest(store))
        shorter = attrs.evolve(whole, shown=whole.shown[:1], terms=())

        assert verdicts(shorter.text().encode()) == NEITHER

    def test_nothing_is_reckoned_by_texts_that_nobody_answers_for(self) -> None:
        forged = plain()
        for forge in (terms_left_out, f.digest_unsigned):
            forge(forged)

        assert by_handleflow(written(forged), KEY) == ["the digest at position 8 is not signed with this key"]

    def test_everything_that_is_wrong_is_told_at_once(self) -> None:
        forged = plain()
        for forge in (f.header_changed_and_chained_anew, f.rulebook_altered, f.digest_unsigned):
            forge(forged)
        found = by_handleflow(written(forged), KEY)

        assert len(found) == 6
        assert found[0] == "the digest at position 8 is not signed with this key"


# Hosts.


@frozen
class Visited(Act):
    """A host's own act."""

    verb = "visit"
    kind = "visited"

    def effect(self, suggestion: Suggestion, provenance: Provenance) -> Suggestion:
        """Nothing changes."""
        return suggestion


@frozen
class AlwaysFine:
    """A host's own guard."""

    def __call__(self, question: Question[Any]) -> Iterator[Reason]:
        """No reason against it."""
        yield from ()


class TestHosts:
    """What it takes a host's own code to reckon is not reckoned, and all else is proved."""

    def test_under_a_rulebook_with_a_hosts_own_guard(self) -> None:
        changes = {
            "name": "host",
            "version": "1",
            "guard": [{"ask": "always_fine", "of": ["assign"], "cite": "host"}],
        }
        rules = load("cn.national", guards={"always_fine": AlwaysFine}, changes=changes)
        store = lived(MemoryStore(), rules).store
        evidence = evidence_of(store, OURS, signed_digest(store))

        assert (evidence.terms, verdicts(evidence.text().encode())) == ((), NEITHER)

    def test_with_an_entry_of_a_hosts_own(self) -> None:
        transition = {"act": "visit", "source": ["handling"], "target": "same", "who": ["unit"]}
        rules = load(
            "cn.national", acts=[Visited], changes={"name": "host", "version": "1", "transition": [transition]}
        )
        store = MemoryStore(own=[Visited])
        lived(store, rules).execute(OURS, Visited(), by=WATER)
        evidence = evidence_of(store, OURS, signed_digest(store))

        assert (evidence.terms, verdicts(evidence.text().encode())) == ((), NEITHER)

    def test_with_an_entry_of_a_hosts_own_that_no_rulebook_names(self) -> None:
        """What it did to the terms, nobody can tell here."""
        store = MemoryStore(own=tampering.OWN)
        lived(store, tampering.RULES)
        before = evidence_of(store, OURS, signed_digest(store))
        tampering.add(store, OURS, tampering.Noted("seen by the archive"))
        evidence = evidence_of(store, OURS, signed_digest(store))

        assert (len(before.terms), evidence.terms, verdicts(evidence.text().encode())) == (1, (), NEITHER)


def test_no_error_of_ours_comes_out_of_verifying() -> None:
    """Whoever reads files of strangers need not catch anything."""
    forged = plain()
    f.digest_unsigned(forged)

    assert [fault.id for fault in verify_evidence(written(forged), KEY.public_key())] == ["(digest)"]
    with pytest.raises(HandleflowError):
        parsed_evidence(b"")
