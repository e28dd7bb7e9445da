"""
Does a file of evidence hold? Looked at by somebody who trusts neither handleflow nor whoever handed the file over.

    python verify_evidence.py FILE PUB.pem

FILE is what `handleflow evidence` wrote. PUB.pem is the Ed25519 key of whoever published the digest, got from
elsewhere than from FILE. Exit 0 when all of it holds, else 1. Of handleflow nothing is used but the format.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

KEYS = {*("handleflow", "format", "suggestion", "digest", "entries", "rulebooks", "calendars", "terms", "checksum")}
DIGEST_KEYS = {*("handleflow", "format", "position", "digest", "at", "anchors", "since", "proof", "key", "signature")}
RULEBOOK, CALENDAR = slice(8, 11), slice(11, 14)  # where an entry names its texts, each by name, version and digest


def said_of(file: bytes, pem: bytes) -> tuple[bool, str]:
    """Whether all of it holds, and what does, or the first thing that does not."""
    try:
        return True, proved(file, pem)
    except InvalidSignature:
        return False, "the digest is not signed with this key: its signature is of something else"
    except Exception as wrong:  # of whatever shape it is, what cannot be read proves nothing
        return False, str(wrong)[:300] if isinstance(wrong, ValueError) else f"it cannot be read: {wrong!a}"[:300]


def proved(file: bytes, pem: bytes) -> str:
    evidence = json.loads(file.decode())
    require(isinstance(evidence, dict) and evidence.keys() == KEYS, "this is no evidence")
    require(canonical([evidence["handleflow"], evidence["format"]]) == b'["evidence",1]', "it is not of format 1")
    require(canonical(evidence) + b"\n" == file, "it is not written as evidence is, byte by byte")
    rest = canonical({name: evidence[name] for name in KEYS - {"checksum"}})
    require(sha256(rest).hexdigest() == evidence["checksum"], "the checksum does not fit")
    id, digest = words_in(evidence["suggestion"]), evidence["digest"]
    require_signed(digest, pem)
    entries = require_chained(id, evidence["entries"], digest)
    require_texts("rulebook", evidence["rulebooks"], [entry[RULEBOOK] for entry in entries])
    require_texts("calendar", evidence["calendars"], [entry[CALENDAR] for entry in entries])
    list_in(evidence["terms"])  # to reckon them anew would take the rules
    return f"{len(entries)} entries of suggestion {id!a} hold, up to digest {digest['digest']!a} of {digest['at']!a}"


def require_signed(digest: dict[str, Any], pem: bytes) -> None:
    """The digest is a statement of its own; its signature is over the rest of it as canonical JSON."""
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("the key is of another kind than Ed25519")
    require(digest.keys() == DIGEST_KEYS and type(digest["position"]) is int, "its digest is none")
    require(canonical([digest["handleflow"], digest["format"]]) == b'["digest",1]', "its digest is not of format 1")
    require(is_hex(digest["signature"], 128), "the digest is not signed")
    require(digest["key"] == key.public_bytes_raw().hex(), "the digest is not signed with this key")
    statement = canonical({name: digest[name] for name in DIGEST_KEYS - {"signature"}})
    key.verify(bytes.fromhex(digest["signature"]), statement)


def require_chained(id: str, shown: object, digest: dict[str, Any]) -> list[list[Any]]:
    """Each hash is over the one before it, the first over the suggestion's id; the digest stands for each of them."""
    previous, entries = sha256(f"handleflow/2\n{id}".encode()).hexdigest(), list[list[Any]]()
    for number, (position, proof, entry) in enumerate((list_in(each, 3) for each in list_in(shown)), 1):
        *header, salt, body, hash, private = list_in(entry, 18)
        require(type(header[0]) is int and header[0] == number, f"at entry {number} stands another number")
        chained = canonical([previous, words_in(salt), number, *map(words_in, header[1:])])
        is_its = sha256(chained + b"\n" + words_in(body).encode()).hexdigest() == hash
        require(is_its, f"entry {number} or what is before it was changed: its hash does not fit")
        require(is_hex(salt, 32), f"the salt of entry {number} is not of 16 bytes")
        root = root_over(bytes.fromhex(hash), position, digest["position"], list_in(proof))
        require(root.hex() == digest["digest"], f"nothing proves entry {number} at position {position}")
        require_private(json.loads(body), list_in(private))
        previous, entries = hash, [*entries, entry]
    require(bool(entries), "it shows no entry")
    return entries


def root_over(hash: bytes, position: object, size: int, proof: list[str]) -> bytes:
    """The tree head that *proof* leads to from the leaf at *position*, counted from 1 (RFC 9162, 2.1.3.2)."""
    if type(position) is not int or not 1 <= position <= size:
        raise ValueError(f"there is no position {position!a} among {size}")
    fn, sn, r = position - 1, size - 1, sha256(b"\x00" + hash).digest()
    for each in proof:
        require(is_hex(each, 64) and sn > 0, "a proof is too long, or of something else than hashes")
        p, is_left = bytes.fromhex(each), bool(fn & 1) or fn == sn
        r = sha256(b"\x01" + (p + r if is_left else r + p)).digest()
        while is_left and fn and not fn & 1:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, "a proof is too short")
    return r


def require_private(body: object, private: list[Any]) -> None:
    """Of a private field the body holds a salted digest; its value stands beside the entry, or is left out."""
    fields = [list_in(each, 3)[0] for each in private]
    if not isinstance(body, dict) or len(fields) != len(set(fields)):
        raise ValueError("a body is no object, or a private field stands there twice")
    for field, salt, value in private:
        require(is_hex(salt, 32), f"the salt of the private field {field!a} is not of 16 bytes")
        recorded = sha256(bytes.fromhex(salt) + value.encode()).hexdigest()
        require(body[field]["digest"] == recorded, f"the private field {field!a} is not what was recorded")


def require_texts(what: str, texts: object, named: list[list[str]]) -> None:
    """The texts are those that entries name with a digest, each once and in order."""
    there = [tuple(list_in(text, 4)[:3]) for text in list_in(texts)]
    require(there == sorted({tuple(ref) for ref in named if ref[2]}), f"other {what}s stand there than entries name")
    for name, version, digest, text in list_in(texts):
        require(sha256(text.encode()).hexdigest() == digest, f"the text of {what} {name!a} {version!a} is another")


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def list_in(value: Any, length: int | None = None) -> list[Any]:
    require(isinstance(value, list) and length in {None, len(value)}, "a list is missing, or has another length")
    return list(value)


def words_in(value: Any) -> str:
    require(isinstance(value, str), "words are missing")
    return str(value)


def is_hex(value: object, digits: int) -> bool:
    return isinstance(value, str) and len(value) == digits and set(value) <= set("0123456789abcdef")


if __name__ == "__main__":
    try:
        file, pem = (Path(each).read_bytes() for each in sys.argv[1:])
    except (OSError, ValueError) as error:
        sys.exit(f"{error}\n{__doc__}")
    holds, words = said_of(file, pem)
    print(words)
    sys.exit(not holds)
