"""What do both verifiers say of a file of evidence, handleflow's and the example's, and what may be forged in it?"""

from __future__ import annotations

import sys
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from handleflow import Engine, MemoryStore, Rulebook, Store
from handleflow.acts import Accept, Assign, Classify, Receive
from handleflow.evidence import Evidence, evidence_of, verify_evidence
from handleflow.evidence.digests import Published, digest_of
from tests.beginnings import OFFICE, WATER, instant, rulebook
from tests.paths import EXAMPLES

sys.path.insert(0, str(EXAMPLES / "independent_verifier"))
try:
    import by_hand as by_hand  # noqa: PLC0414  for others too, which mypy wants said so
    import forgeries as forgeries  # noqa: PLC0414
    import verify_evidence as independent
finally:
    del sys.path[0]

KEY, OTHER_KEY = by_hand.KEY, forgeries.OTHER_KEY
BOTH, NEITHER = (True, True), (False, False)
"""What ``verdicts`` may be."""

Plain = dict[str, Any]
RULES = rulebook()
AT = instant("2026-02-10")
OURS, CONFIDENTIAL, OPEN = "17", "secret 18", "open 19"
PHONE = "000-0000"


def engine_on(store: Store, rules: Rulebook = RULES, seed: int = 17) -> Engine:
    """An engine whose clock stands still and whose salts are the same each time."""
    return Engine(store, [rules], clock=lambda: AT, entropy=Random(seed).randbytes)  # noqa: S311  no secrets here


def lived(store: Store, rules: Rulebook = RULES, seed: int = 17) -> Engine:
    """Three suggestions that take turns in the feed; one of the others is confidential."""
    engine = engine_on(store, rules, seed)
    engine.execute(OURS, Receive("Drinking water 饮水", "Deputy A", phone=PHONE), by=OFFICE)
    engine.execute(CONFIDENTIAL, Receive("Hidden words", "Deputy B", phone="000-0018"), by=OFFICE)
    engine.execute(CONFIDENTIAL, Classify("hidden category", is_confidential=True), by=OFFICE)
    engine.execute(OURS, Assign((WATER.name,)), by=OFFICE)
    engine.execute(OPEN, Receive("Open words", "Deputy C", address="placeholder street"), by=OFFICE)
    engine.execute(OURS, Accept(), by=WATER)
    engine.execute(OPEN, Classify("open category"), by=OFFICE)
    return engine


def signed_digest(store: Store) -> Published:
    """Of all there is."""
    return digest_of(store, AT).signed(KEY)


@cache
def proved() -> Evidence:
    """Evidence of OURS with its private field."""
    store = lived(MemoryStore()).store
    return evidence_of(store, OURS, signed_digest(store), private=True)


def file() -> bytes:
    """Its file."""
    return proved().text().encode()


def plain() -> Plain:
    """What its file says, to be forged."""
    return deepcopy(proved().plain())


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The file of its public key."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: Ed25519PrivateKey) -> bytes:
    """The file of a key, without a password."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def by_handleflow(file: bytes, key: Ed25519PrivateKey) -> list[str]:
    """What handleflow finds wrong, given the public key."""
    return [fault.what for fault in verify_evidence(file, key.public_key())]


def by_the_other(file: bytes, key: Ed25519PrivateKey) -> str:
    """What the independent verifier finds wrong first, given the same key; empty where all holds."""
    holds, words = independent.said_of(file, public_pem(key))
    return "" if holds else str(words)


def verdicts(file: bytes) -> tuple[bool, bool]:
    """Whether handleflow and the independent verifier find something wrong."""
    return bool(by_handleflow(file, KEY)), bool(by_the_other(file, KEY))
