"""``handleflow digest``, ``evidence`` and ``verify-evidence``: what can be shown to others."""

from __future__ import annotations

import sys
from argparse import Namespace
from io import TextIOWrapper
from pathlib import Path

from handleflow.cli import _screen
from handleflow.cli._new_file import new_file
from handleflow.cli._opening import open_engine, seen_by
from handleflow.engine import Engine
from handleflow.errors import BrokenDigest, BrokenEvidence
from handleflow.evidence import Evidence, evidence_of, parsed_evidence, verify_evidence
from handleflow.evidence.digests import Published, digest_of, read
from handleflow.evidence.keys import private_key, public_key
from handleflow.words import Message


def print_digest(args: Namespace) -> int:
    """Print what stands for the whole record now as one JSON line, to be published."""
    engine = open_engine(args.store, args.app)
    _write(_signed(args, digest_of(engine.store, engine.now(), since=args.since)).line())
    return 0


def _write(text: str) -> None:
    """Write to standard output as it is, in UTF-8: what is signed or summed up is read byte by byte."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(text)


def _signed(args: Namespace, digest: Published) -> Published:
    return digest.signed(private_key(args.sign)) if args.sign else digest


def write_evidence(args: Namespace) -> int:
    """Print the evidence of one suggestion as one JSON file."""
    engine = open_engine(args.store, args.app)
    up_to, sees = _up_to(args, engine), seen_by(engine, args).sees
    text = evidence_of(engine.store, args.id, up_to, private=args.private, sees=sees).text()
    if args.out is None:
        _write(text)
    else:
        with new_file(Path(args.out)) as file:
            file.write(text)
    return 0


def _up_to(args: Namespace, engine: Engine) -> Published:
    """The signed digest that evidence goes up to."""
    if bool(args.published) == bool(args.sign):
        raise BrokenDigest(Message("cli-evidence_up_to"))
    if args.sign:
        return _signed(args, digest_of(engine.store, engine.now()))
    signed = [each for each in published_in(args.published) if each.signature]
    if not signed:
        raise BrokenDigest(Message("cli-none_signed", {"path": args.published}))
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
        raise BrokenDigest(Message("cli-not_read", {"path": path, "why": str(error)})) from None


def show_evidence(args: Namespace) -> int:
    """Print whatever in a file of evidence does not hold; 1 when there is something."""
    try:
        file = Path(args.file).read_bytes()
    except OSError as error:
        raise BrokenEvidence(Message("cli-not_read", {"path": args.file, "why": error.strerror})) from None
    found = list(verify_evidence(file, public_key(args.key)))
    if args.json:
        _screen.print_json({"faults": [fault.as_dict() for fault in found]})
        return 1 if found else 0
    for fault in found:
        _screen.out.print(fault.text(args.lang), markup=False, soft_wrap=True)
    if found:
        _screen.say("cli-faults", args.lang, faults=len(found))
    else:
        _print_whole(parsed_evidence(file), args.lang)
    return 1 if found else 0


def _print_whole(evidence: Evidence, lang: str) -> None:
    _screen.say(
        "cli-evidence_holds",
        lang,
        entries=len(evidence.shown),
        id=evidence.id,
        position=evidence.digest.position,
        at=evidence.digest.at,
        digest=evidence.digest.digest,
    )
