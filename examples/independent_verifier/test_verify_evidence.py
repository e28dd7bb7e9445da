"""Does what was written hold, and is every forgery found?"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import forgeries as f
import pytest
from by_hand import (
    KEY,
    OTHERS,
    OURS,
    SIZE,
    Plain,
    canonical,
    chain,
    digest_at,
    entry_of,
    evidence,
    path,
    record,
    signed,
    written,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from verify_evidence import said_of

SCRIPT = Path(__file__).with_name("verify_evidence.py")


def pem(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def wrong_in(file: bytes, key: Ed25519PrivateKey = KEY) -> str:
    """What does not hold; empty when all does."""
    holds, words = said_of(file, pem(key))
    return "" if holds else words


# What was written holds.


@pytest.mark.parametrize("size", range(1, 18))
def test_an_entry_is_proved_at_every_position_of_every_tree(size: int) -> None:
    assert [wrong_in(written(evidence(size, (position,)))) for position in range(1, size + 1)] == [""] * size


def test_it_says_what_is_proved() -> None:
    plain = evidence()
    words = f"4 entries of suggestion '17' hold, up to digest '{plain['digest']['digest']}' of '2026-02-28T"

    assert said_of(written(plain), pem(KEY))[1].startswith(words)


def test_private_fields_may_be_left_out() -> None:
    plain = evidence()
    for _, _, entry in plain["entries"]:
        entry[17] = []

    assert wrong_in(written(plain)) == ""


def test_an_entry_that_names_no_text_needs_none() -> None:
    entry = entry_of(OURS, 1)
    entry[8:14] = ["old rules", "1", "", "", "", ""]
    chain(OURS, [entry])
    plain = {**evidence(1, (1,)), "digest": digest_at([bytes.fromhex(entry[16])]), "entries": [[1, [], entry]]}

    assert "other rulebooks stand there" in wrong_in(written(plain))
    assert wrong_in(written({**plain, "rulebooks": [], "calendars": []})) == ""


# Forgeries, each written with a checksum that fits.


def all_of_another_suggestion(plain: Plain) -> None:
    """The entries of OTHERS with their own proofs, under the id of OURS."""
    _, leaves = record()
    entries = chain(OTHERS, [entry_of(OTHERS, number) for number in (1, 2, 3)])
    plain["entries"] = [[n, path(n - 1, leaves), entry] for n, entry in zip((3, 4, 7), entries, strict=True)]


def digest_of_another_store(plain: Plain) -> None:
    plain["digest"] = digest_at([bytes(32)] * SIZE)


def digest_of_another_format(plain: Plain) -> None:
    plain["digest"] = signed({**plain["digest"], "format": 2}, KEY)


def digest_in_the_name_of_another(plain: Plain) -> None:
    """Its signature is by the right key, over the name of another one."""
    statement = {name: value for name, value in plain["digest"].items() if name != "signature"}
    statement["key"] = f.OTHER_KEY.public_key().public_bytes_raw().hex()
    plain["digest"] = {**statement, "signature": KEY.sign(canonical(statement)).hex()}


def digest_with_more(plain: Plain) -> None:
    plain["digest"] = signed({**plain["digest"], "note": ""}, KEY)


OWN_FORGERIES: dict[f.Forgery, str] = {
    all_of_another_suggestion: "entry 1 or what is before it was changed",
    digest_of_another_store: "nothing proves entry 1",
    digest_of_another_format: "its digest is not of format 1",
    digest_in_the_name_of_another: "the digest is not signed with this key",
    digest_with_more: "its digest is none",
}
SHARED_FORGERIES: dict[f.Forgery, str] = {
    f.entry_changed: "entry 2 or what is before it was changed",
    f.entry_changed_and_chained_anew: "nothing proves entry 2",
    f.header_changed_and_chained_anew: "nothing proves entry 1",
    f.everything_made_anew_but_the_signature: "not signed with this key",
    f.everything_made_anew_and_signed_by_another: "not signed with this key",
    f.everything_made_anew_and_signed_in_anothers_name: "not signed with this key",
    f.first_left_out: "at entry 1 stands another number",
    f.one_left_out: "at entry 2 stands another number",
    f.one_left_out_and_chained_anew: "nothing proves entry 2",
    f.all_left_out: "it shows no entry",
    f.order_changed: "at entry 2 stands another number",
    f.order_changed_and_chained_anew: "nothing proves entry 2",
    f.entry_twice: "at entry 2 stands another number",
    f.id_changed: "entry 1 or what is before it was changed",
    f.id_as_another_type: "words are missing",
    f.salt_too_short: "the salt of entry 1 is not of 16 bytes",
    f.hash_in_capitals: "entry 4 or what is before it was changed",
    f.hash_that_is_none: "entry 1 or what is before it was changed",
    f.private_value_altered: "the private field 'phone' is not what was recorded",
    f.private_value_moved_into_its_salt: "the salt of the private field 'phone' is not of 16 bytes",
    f.private_field_twice: "a private field stands there twice",
    f.private_field_of_another_name: "cannot be read",
    f.proofs_exchanged: "nothing proves entry 1",
    f.places_exchanged: "nothing proves entry 1",
    f.position_of_another: "nothing proves entry 1 at position 2",
    f.position_none: "there is no position 0 among 7",
    f.position_below_none: "there is no position -1 among 7",
    f.position_beyond_the_digest: "there is no position 8 among 7",
    f.position_as_truth: "there is no position True among 7",
    f.position_as_a_fraction: "there is no position 1.0 among 7",
    f.proof_too_short: "a proof is too short",
    f.proof_too_long: "a proof is too long",
    f.proof_in_capitals: "of something else than hashes",
    f.proof_with_blanks: "of something else than hashes",
    f.proof_as_an_object: "a list is missing",
    f.rulebook_altered: "the text of rulebook 'placeholder rules' '1' is another",
    f.rulebook_altered_with_its_digest: "other rulebooks stand there than entries name",
    f.texts_exchanged: "the text of rulebook 'placeholder rules' '1' is another",
    f.text_left_out: "other calendars stand there",
    f.text_twice: "other calendars stand there",
    f.text_that_nobody_names: "other rulebooks stand there",
    f.digest_unsigned: "the digest is not signed",
    f.digest_without_its_signature: "the digest is not signed",
    f.signature_in_capitals: "the digest is not signed",
    f.digest_of_another_day: "not signed with this key",
    f.digest_with_an_anchor: "not signed with this key",
    f.digest_of_a_shorter_tree: "not signed with this key",
    f.more_keys: "this is no evidence",
    f.fewer_keys: "this is no evidence",
    f.another_format: "it is not of format 1",
    f.format_as_truth: "it is not of format 1",
    f.another_file: "it is not of format 1",
}


@pytest.mark.parametrize("forge", [*SHARED_FORGERIES, *OWN_FORGERIES], ids=lambda forge: forge.__name__)
def test_a_forgery_is_found_though_its_checksum_fits(forge: f.Forgery) -> None:
    plain = evidence()
    forge(plain)

    assert (SHARED_FORGERIES | OWN_FORGERIES)[forge] in wrong_in(written(plain))


def test_every_forgery_is_tried() -> None:
    kinds = {"plain": "Plain", "return": "None"}
    there = {name for name, each in inspect.getmembers(f, inspect.isfunction) if each.__annotations__ == kinds}

    assert {forge.__name__ for forge in SHARED_FORGERIES} == there


def test_a_key_that_did_not_sign_proves_nothing() -> None:
    assert "not signed with this key" in wrong_in(written(evidence()), f.OTHER_KEY)


def test_one_byte_changed_anywhere_is_found() -> None:
    file = written(evidence())
    unseen = [place for place in range(len(file)) if not wrong_in(changed(file, place))]

    assert (len(file) > 4000, unseen) == (True, [])


def changed(file: bytes, place: int) -> bytes:
    """The same with one bit there another, not the highest: most of it is still text."""
    return file[:place] + bytes([file[place] ^ (1 << place % 7)]) + file[place + 1 :]


@pytest.mark.parametrize("place", [0, 1, 100, -2, -1])
def test_a_byte_more_or_less_is_found(place: int) -> None:
    file = written(evidence())

    assert wrong_in(file[:place] + file[place:][1:])
    assert wrong_in(file[:place] + b" " + file[place:])


@pytest.mark.parametrize(
    "write",
    [json.dumps, lambda plain: json.dumps(plain, indent=1), lambda plain: json.dumps(dict(reversed(plain.items())))],
    ids=["escapes", "blanks", "order"],
)
def test_the_same_json_in_other_bytes_is_no_evidence(write: Callable[[Plain], str]) -> None:
    plain = json.loads(written(evidence()))

    assert wrong_in(write(plain).encode()) == "it is not written as evidence is, byte by byte"


def test_that_the_newest_entries_were_left_out_nobody_can_tell() -> None:
    """README.md says so."""
    plain = evidence()
    del plain["entries"][3]

    assert wrong_in(written(plain)) == ""


# Whatever it is given, it answers.

SHAPES: list[Any] = [None, True, -1, 10**30, 1.5, "", "中", "\x00", [], [[]], [1, 2, 3], {}, {"a": {}}, [["", ""]]]


@pytest.mark.parametrize("name", sorted(evidence()))
def test_whatever_stands_under_a_name_is_no_surprise(name: str) -> None:
    plain = evidence()
    found = [shape for shape in SHAPES if not wrong_in(written({**plain, name: shape}))]

    assert found == ([shape for shape in SHAPES if isinstance(shape, list)] if name == "terms" else [])


@pytest.mark.parametrize("place", range(18))
def test_whatever_stands_in_an_entry_is_no_surprise(place: int) -> None:
    for shape in SHAPES:
        plain = evidence()
        plain["entries"][0][2][place] = shape

        assert bool(wrong_in(written(plain))) == (place != 17 or shape != [])


@pytest.mark.parametrize(
    "file",
    [b"", b"\n", b"\xff\xfe", b"{", b"[]", b"null\n", b"{}\n", b"[" * 100_000, b'{"a":"\\ud800"}\n', b"\x00" * 99],
    ids=lambda file: repr(file[:20]),
)
def test_what_is_no_evidence_at_all_is_no_surprise(file: bytes) -> None:
    assert wrong_in(file)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_json_is_not_taken_for_it(number: float) -> None:
    assert wrong_in(written({**evidence(), "terms": [number]})) == "Out of range float values are not JSON compliant"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        pytest.param(b"", "Unable to load PEM file", id="empty"),
        pytest.param(b"no key", "Unable to load PEM file", id="words"),
        pytest.param(pem(X25519PrivateKey.generate()), "the key is of another kind than Ed25519", id="X25519"),
    ],
)
def test_without_a_key_for_signatures_nothing_is_proved(key: bytes, words: str) -> None:
    holds, said = said_of(written(evidence()), key)

    assert (holds, words in said) == (False, True)


def test_it_is_short_and_needs_the_standard_library_and_cryptography_alone() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {(getattr(node, "module", None) or node.names[0].name).partition(".")[0] for node in imports}

    assert len(text.splitlines()) < 150
    assert modules - sys.stdlib_module_names == {"cryptography"}
