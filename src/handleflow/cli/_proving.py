"""``handleflow digest``, ``evidence`` and ``verify-evidence``: what can be shown to others."""

from __future__ import annotations

import sys
from argparse import Namespace
from io import TextIOWrapper
from pathlib import Path

from handleflow.cli import _screen
from handleflow.cli._new_file import new_file
from handleflow.cli._opening import open_engine
from handleflow.engine import Engine
from handleflow.errors import BrokenDigest, BrokenEvidence
from handleflow.evidence import evidence_of, parsed_evidence, verify_evidence
from handleflow.publishing import Published, digest_of, read
from handleflow.signing import private_key, public_key


def print_digest(asked: Namespace) -> int:
    """Print what stands for the whole record now as one JSON line, to be published."""
    engine = open_engine(asked.store, asked.app)
    _write(_signed(asked, digest_of(engine.store, engine.now(), since=asked.since)).line())
    return 0


def _write(text: str) -> None:
    """Write to standard output as it is, in UTF-8: what is signed or summed up is read byte by byte."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(text)


def _signed(asked: Namespace, digest: Published) -> Published:
    return digest.signed(private_key(asked.sign)) if asked.sign else digest


def write_evidence(asked: Namespace) -> int:
    """Print the evidence of one suggestion as one JSON file."""
    engine = open_engine(asked.store, asked.app)
    text = evidence_of(engine.store, asked.id, _up_to(asked, engine), private=asked.private).text()
    if asked.out is None:
        _write(text)
    else:
        with new_file(Path(asked.out)) as file:
            file.write(text)
    return 0


def _up_to(asked: Namespace, engine: Engine) -> Published:
    """The signed digest that evidence goes up to."""
    if bool(asked.published) == bool(asked.sign):
        raise BrokenDigest(
            "evidence goes up to a signed digest: either name the file of those that were published with "
            "--published, or sign the one of now with --sign KEY, and publish it"
        )
    if asked.sign:
        return _signed(asked, digest_of(engine.store, engine.now()))
    signed = [each for each in published_in(asked.published) if each.signature]
    if not signed:
        raise BrokenDigest(f"no digest of {asked.published} is signed; `handleflow digest --sign KEY` signs one")
    return signed[-1]


def published_in(path: str) -> tuple[Published, ...]:
    """
    The published digests of a file.

    Raises:
        BrokenDigest: when it cannot be read, or holds none.
    """
    try:
        return read(Path(path).read_text(encoding="utf-8").split("\n"))  # a line may hold other ends of lines
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenDigest(f"{path} cannot be read: {error}") from None


def show_evidence(asked: Namespace) -> int:
    """Print whatever in a file of evidence does not hold; 1 when there is something."""
    try:
        file = Path(asked.file).read_bytes()
    except OSError as error:
        raise BrokenEvidence(f"{asked.file} cannot be read: {error.strerror}") from None
    found = list(verify_evidence(file, public_key(asked.key)))
    if asked.json:
        _screen.print_json({"flaws": [{"id": f.id, "entry": f.number or None, "what": f.what} for f in found]})
        return 1 if found else 0
    for flaw in found:
        _screen.out.print(str(flaw), markup=False, soft_wrap=True)
    _screen.out.print(f"{len(found)} flaw(s)" if found else _words(file), markup=False, soft_wrap=True)
    return 1 if found else 0


def _words(file: bytes) -> str:
    evidence = parsed_evidence(file)
    entries = f"{len(evidence.shown)} entries of suggestion {evidence.id} hold"
    digest = evidence.digest
    return f"{entries}, up to the digest at position {digest.position} of {digest.at}: {digest.digest}"
