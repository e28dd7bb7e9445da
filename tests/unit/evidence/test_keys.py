"""Is a key what it should be, and is a file that holds none refused by name with the way to make one?"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from handleflow.errors import ProofError, UnusableKey
from handleflow.evidence.keys import is_signed, private_key, public_bytes, public_key

OWN = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
RSA = rsa.generate_private_key(65537, 2048)
OTHER_KINDS = [
    pytest.param(RSA, id="RSA"),
    pytest.param(ec.generate_private_key(ec.SECP256R1()), id="a curve"),
    pytest.param(ed448.Ed448PrivateKey.generate(), id="Ed448"),
    pytest.param(x25519.X25519PrivateKey.generate(), id="X25519, of the same bytes"),
]
NO_ASN_1 = "MAAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
UNKNOWN_CURVE = "MD4CAQAwEAYHKoZIzj0CAQYFKgMEBQYEJzAlAgEBBCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
UNKNOWN_KIND = (
    "ME0wBwYFKgMEBQYDQgAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)
"""A private key on the curve 1.2.3.4.5.6, which there is not, and a public key of that kind."""
PLAIN = NoEncryption()


def private_pem(key: PrivateKeyTypes, encryption: KeySerializationEncryption = PLAIN) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def public_pem(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def armoured(kind: str, base64: str) -> bytes:
    return f"-----BEGIN {kind}-----\n{base64}\n-----END {kind}-----\n".encode()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes a file of those bytes."""

    def written(content: bytes) -> Path:
        path = tmp_path / "key.pem"
        path.write_bytes(content)
        return path

    return written


def test_what_the_private_key_signs_the_public_key_knows_and_no_other_message_or_key(
    file: Callable[[bytes], Path],
) -> None:
    signature = private_key(file(private_pem(OWN))).sign(b"a digest")
    key = public_key(file(public_pem(OWN.public_key())))

    assert is_signed(key, signature, b"a digest")
    assert not is_signed(key, signature, b"another")
    assert not is_signed(key, signature[:-1] + bytes([signature[-1] ^ 1]), b"a digest")
    assert not is_signed(key, b"", b"a digest")
    assert not is_signed(OTHER.public_key(), signature, b"a digest")


def test_a_public_key_is_told_by_its_thirty_two_bytes(file: Callable[[bytes], Path]) -> None:
    key = public_key(file(public_pem(OWN.public_key())))

    assert (len(public_bytes(key)), public_bytes(key)) == (32, public_bytes(OWN.public_key()))
    assert public_bytes(key) != public_bytes(OTHER.public_key())


@pytest.mark.parametrize("key", OTHER_KINDS)
def test_a_key_of_another_kind_signs_nothing_and_checks_nothing(
    key: rsa.RSAPrivateKey, file: Callable[[bytes], Path]
) -> None:
    with pytest.raises(UnusableKey, match=r"key\.pem holds a key of another kind than Ed25519; openssl genpkey"):
        private_key(file(private_pem(key)))
    with pytest.raises(UnusableKey, match=r"key\.pem holds a key of another kind than Ed25519; openssl genpkey"):
        public_key(file(public_pem(key.public_key())))


@pytest.mark.parametrize("key", [OWN, RSA], ids=["Ed25519", "RSA"])
def test_a_key_behind_a_password_is_refused_and_nobody_is_asked_for_it(
    key: PrivateKeyTypes, file: Callable[[bytes], Path]
) -> None:
    with pytest.raises(UnusableKey, match=r"holds no private key that can be read: .*assword"):
        private_key(file(private_pem(key, BestAvailableEncryption(b"secret"))))


def test_a_public_key_is_no_private_one_nor_a_private_key_a_public_one(file: Callable[[bytes], Path]) -> None:
    with pytest.raises(UnusableKey, match=r"holds no private key that can be read: .*; openssl genpkey"):
        private_key(file(public_pem(OWN.public_key())))
    with pytest.raises(UnusableKey, match=r"holds no public key that can be read: .*; openssl pkey"):
        public_key(file(private_pem(OWN)))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff" * 40, id="any bytes"),
        pytest.param(b"-----BEGIN PRIVATE KEY-----\n", id="a beginning"),
        pytest.param(private_pem(OWN)[:-40], id="half of one"),
        pytest.param(armoured("PRIVATE KEY", "not base64 at all"), id="no base64"),
        pytest.param(armoured("PRIVATE KEY", NO_ASN_1), id="no ASN.1"),
        pytest.param(armoured("PUBLIC KEY", NO_ASN_1), id="no ASN.1 of a public one"),
        pytest.param(armoured("PRIVATE KEY", UNKNOWN_CURVE), id="a curve nobody knows"),
        pytest.param(armoured("PUBLIC KEY", UNKNOWN_KIND), id="a kind nobody knows"),
        pytest.param(armoured("CERTIFICATE", NO_ASN_1), id="a certificate"),
        pytest.param(armoured("OPENSSH PRIVATE KEY", NO_ASN_1), id="a key of SSH"),
        pytest.param(OWN.private_bytes_raw(), id="its bytes alone"),
    ],
)
def test_a_file_that_holds_no_key_is_refused_by_name(content: bytes, file: Callable[[bytes], Path]) -> None:
    for read in (private_key, public_key):
        with pytest.raises(UnusableKey, match=r"key\.pem holds no (private|public) key that can be read: "):
            read(file(content))


@given(kind=st.sampled_from(["PRIVATE KEY", "PUBLIC KEY", "ENCRYPTED PRIVATE KEY"]), der=st.binary())
def test_whatever_a_file_holds_it_is_a_key_or_refused(
    kind: str, der: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("key") / "key.pem"
    path.write_bytes(armoured(kind, b64encode(der).decode()))
    for read in (private_key, public_key):
        with pytest.raises(ProofError):
            read(path)


@given(flipped=st.integers(0, 8 * len(private_pem(OWN)) - 1), is_public=st.booleans())
def test_a_key_file_with_a_bit_turned_over_is_refused_or_holds_a_key(
    flipped: int, is_public: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(public_pem(OWN.public_key()) if is_public else private_pem(OWN))
    content[flipped // 8 % len(content)] ^= 1 << flipped % 8
    path = tmp_path_factory.mktemp("key") / "key.pem"
    path.write_bytes(content)
    read: Callable[[Path], object] = public_key if is_public else private_key
    with suppress(UnusableKey):  # any other error ends the test
        read(path)


@pytest.mark.parametrize("read", [private_key, public_key])
def test_a_file_that_is_not_there_or_is_a_folder_is_told_by_its_name(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    with pytest.raises(UnusableKey, match=r"no\.pem cannot be read: No such file or directory"):
        read(tmp_path / "no.pem")
    with pytest.raises(UnusableKey, match="cannot be read: Is a directory"):
        read(tmp_path)
