"""What may be done to evidence by somebody who wants it to say something else? All of it is done here, for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from by_hand import BODY, HASH, PRIVATE, SALT, Plain, chain, digest_of, head, path, signed
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Forgery = Callable[[Plain], None]
"""It changes what a file says: three entries or more, the first with a private field, of a longer feed."""

OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"2" * 32)


def entries_of(plain: Plain) -> list[list[Any]]:
    return [entry for _, _, entry in plain["entries"]]


# Entries.


def entry_changed(plain: Plain) -> None:
    entry = entries_of(plain)[1]
    entry[BODY] = entry[BODY][:-1] + ',"forged":1}'


def entry_changed_and_chained_anew(plain: Plain) -> None:
    entry_changed(plain)
    chain(plain["suggestion"], entries_of(plain))


def header_changed_and_chained_anew(plain: Plain) -> None:
    entries_of(plain)[0][6] = "Somebody Else (placeholder)"
    chain(plain["suggestion"], entries_of(plain))


def everything_made_anew_but_the_signature(plain: Plain) -> None:
    entry_changed_and_chained_anew(plain)
    leaves = [bytes.fromhex(entry[HASH]) for entry in entries_of(plain)]
    plain["digest"] |= {"position": len(leaves), "digest": head(leaves).hex()}
    for number, shown in enumerate(plain["entries"]):
        shown[:2] = [number + 1, path(number, leaves)]


def everything_made_anew_and_signed_by_another(plain: Plain) -> None:
    everything_made_anew_but_the_signature(plain)
    plain["digest"] = signed(plain["digest"], OTHER_KEY)


def everything_made_anew_and_signed_in_anothers_name(plain: Plain) -> None:
    own = plain["digest"]["key"]
    everything_made_anew_and_signed_by_another(plain)
    plain["digest"]["key"] = own


def first_left_out(plain: Plain) -> None:
    del plain["entries"][0]


def one_left_out(plain: Plain) -> None:
    del plain["entries"][1]


def one_left_out_and_chained_anew(plain: Plain) -> None:
    one_left_out(plain)
    for number, entry in enumerate(entries_of(plain), 1):
        entry[0] = number
    chain(plain["suggestion"], entries_of(plain))


def all_left_out(plain: Plain) -> None:
    plain |= {"entries": [], "rulebooks": [], "calendars": [], "terms": []}


def order_changed(plain: Plain) -> None:
    plain["entries"][1:3] = reversed(plain["entries"][1:3])


def order_changed_and_chained_anew(plain: Plain) -> None:
    one, other = plain["entries"][1][2], plain["entries"][2][2]
    plain["entries"][1][2], plain["entries"][2][2] = other, one
    one[0], other[0] = other[0], one[0]
    chain(plain["suggestion"], entries_of(plain))


def entry_twice(plain: Plain) -> None:
    plain["entries"].insert(1, plain["entries"][0])


def id_changed(plain: Plain) -> None:
    plain["suggestion"] += "0"


def id_as_another_type(plain: Plain) -> None:
    plain["suggestion"] = int(plain["suggestion"])


def salt_too_short(plain: Plain) -> None:
    entries_of(plain)[0][SALT] = entries_of(plain)[0][SALT][:-2]
    chain(plain["suggestion"], entries_of(plain))


def hash_in_capitals(plain: Plain) -> None:
    entries_of(plain)[-1][HASH] = entries_of(plain)[-1][HASH].upper()


def hash_that_is_none(plain: Plain) -> None:
    entries_of(plain)[0][HASH] = "no hash"


# Private fields.


def private_value_altered(plain: Plain) -> None:
    entries_of(plain)[0][PRIVATE][0][2] = '"000-0001"'


def private_value_moved_into_its_salt(plain: Plain) -> None:
    field = entries_of(plain)[0][PRIVATE][0]
    field[1:] = [field[1] + field[2][:1].encode().hex(), field[2][1:]]


def private_field_twice(plain: Plain) -> None:
    entries_of(plain)[0][PRIVATE] *= 2


def private_field_of_another_name(plain: Plain) -> None:
    entries_of(plain)[0][PRIVATE][0][0] = "forged"


# Positions and proofs.


def proofs_exchanged(plain: Plain) -> None:
    one, other = plain["entries"][:2]
    one[1], other[1] = other[1], one[1]


def places_exchanged(plain: Plain) -> None:
    one, other = plain["entries"][:2]
    one[:2], other[:2] = other[:2], one[:2]


def position_of_another(plain: Plain) -> None:
    plain["entries"][0][0] = plain["entries"][1][0]


def position_none(plain: Plain) -> None:
    plain["entries"][0][0] = 0


def position_below_none(plain: Plain) -> None:
    plain["entries"][0][0] = -1


def position_beyond_the_digest(plain: Plain) -> None:
    plain["entries"][0][0] = plain["digest"]["position"] + 1


def position_as_truth(plain: Plain) -> None:
    plain["entries"][0][0] = True


def position_as_a_fraction(plain: Plain) -> None:
    plain["entries"][0][0] = 1.0


def proof_too_short(plain: Plain) -> None:
    plain["entries"][0][1].pop()


def proof_too_long(plain: Plain) -> None:
    plain["entries"][0][1].append("0" * 64)


def proof_in_capitals(plain: Plain) -> None:
    plain["entries"][0][1][0] = plain["entries"][0][1][0].upper()


def proof_with_blanks(plain: Plain) -> None:
    plain["entries"][0][1][0] += " "


def proof_as_an_object(plain: Plain) -> None:
    plain["entries"][0][1] = dict.fromkeys(sorted(plain["entries"][0][1]), 1)


# Texts.


def rulebook_altered(plain: Plain) -> None:
    plain["rulebooks"][0][3] += " "


def rulebook_altered_with_its_digest(plain: Plain) -> None:
    rulebook_altered(plain)
    plain["rulebooks"][0][2] = digest_of(plain["rulebooks"][0][3])


def texts_exchanged(plain: Plain) -> None:
    one, other = plain["rulebooks"][0], plain["calendars"][0]
    one[3], other[3] = other[3], one[3]


def text_left_out(plain: Plain) -> None:
    plain["calendars"] = []


def text_twice(plain: Plain) -> None:
    plain["calendars"] *= 2


def text_that_nobody_names(plain: Plain) -> None:
    plain["rulebooks"].append(["z", "1", digest_of("{}"), "{}"])


# The digest.


def digest_unsigned(plain: Plain) -> None:
    plain["digest"] |= {"key": "", "signature": ""}


def digest_without_its_signature(plain: Plain) -> None:
    plain["digest"]["signature"] = ""


def signature_in_capitals(plain: Plain) -> None:
    plain["digest"]["signature"] = plain["digest"]["signature"].upper()


def digest_of_another_day(plain: Plain) -> None:
    plain["digest"]["at"] = "2001-01-01T00:00:00.000000+00:00"


def digest_with_an_anchor(plain: Plain) -> None:
    plain["digest"]["anchors"] = [["backup", 1, "0" * 64]]


def digest_of_a_shorter_tree(plain: Plain) -> None:
    plain["digest"]["position"] -= 1


# The file.


def more_keys(plain: Plain) -> None:
    plain["forged"] = ""


def fewer_keys(plain: Plain) -> None:
    del plain["terms"]


def another_format(plain: Plain) -> None:
    plain["format"] = 2


def format_as_truth(plain: Plain) -> None:
    plain["format"] = True


def another_file(plain: Plain) -> None:
    plain["handleflow"] = "backup"
