"""Signatures of people under the seal (Ed25519)."""

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from sap.seal.lock import Lock, Signature
from sap.text.files import canonical, read_whole
from sap.text.problems import UserError

VARIABLE: Final = "SAP_KEY_PASSPHRASE"
"""Environment variable with the passphrase of a private key that has one."""


def make_keys(path: Path) -> Path:
    """Write a new private key, readable by its owner alone, and the public key beside it."""
    key = Ed25519PrivateKey.generate()
    passphrase = os.environ.get(VARIABLE, "").encode()
    protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    public_file = path.with_name(f"{path.name}.pub")
    if public_file.exists():
        raise UserError(f"{public_file} exists already and is not replaced. Name another file.")
    _write_new(path, private, 0o600)
    _write_new(public_file, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644)
    return public_file


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    except FileExistsError:
        raise UserError(f"{path} exists already and is not replaced. Name another file.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from None


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Return the private key of a PEM file."""
    content = read_whole(path)
    passphrase = os.environ.get(VARIABLE, "").encode() or None
    try:
        encrypted = b"ENCRYPTED" in content
        key = load_pem_private_key(content, passphrase if encrypted else None)
    except TypeError:
        raise UserError(f"{path} is protected by a passphrase. Put it into the variable {VARIABLE}.") from None
    except (ValueError, UnsupportedAlgorithm):
        what = "cannot be opened: wrong passphrase" if encrypted else "is not a private key in PEM form"
        raise UserError(f"{path} {what}. `sap keygen --out FILE` makes a key.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UserError(f"{path} is not an Ed25519 key. `sap keygen --out FILE` makes one.")
    return key


def read_public_key(path: Path) -> str:
    """Return the public key of a PEM file as signatures carry it (base64 of its 32 bytes)."""
    content = read_whole(path)
    hint = "Name the signer's public key, the file `sap keygen` wrote with the ending .pub."
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        raise UserError(f"{path} is not a public key in PEM form. {hint}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UserError(f"{path} is not an Ed25519 public key. {hint}")
    return _public(key)


def fingerprint(public_key: str) -> str:
    """Return the short name of a public key, as messages show it."""
    return public_key[:12]


def signed(lock: Lock, key: Ed25519PrivateKey, *, by: str, at: str) -> Lock:
    """Return the seal with a signature over all its entries; as it is when that key has signed them already."""
    public_key = _public(key.public_key())
    if any(s.public_key == public_key and s.entries == len(lock.entries) for s in lock.signatures):
        return lock
    draft = Signature(by=by, at=at, public_key=public_key, entries=len(lock.entries), signature="")
    done = draft.model_copy(update={"signature": b64encode(key.sign(_message(lock, draft))).decode()})
    return lock.model_copy(update={"signatures": (*lock.signatures, done)})


def is_valid(lock: Lock, signature: Signature) -> bool:
    """Return whether a signature is that of its key over the entries it covers, its name and its moment."""
    if signature.entries > len(lock.entries):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(signature.public_key))
        key.verify(_decoded(signature.signature), _message(lock, signature))
    except (InvalidSignature, ValueError):
        return False
    return True


def _message(lock: Lock, signature: Signature) -> bytes:
    """Return what is signed: the entries, and who signs when, so that neither can be changed afterwards."""
    covered = [entry.content() for entry in lock.entries[: signature.entries]]
    return canonical({"format": lock.format, "by": signature.by, "at": signature.at, "entries": covered})


def _decoded(text: str) -> bytes:
    try:
        content = b64decode(text, validate=True)
    except Base64Error:
        raise ValueError(text) from None
    if b64encode(content).decode() != text:  # spare bits of the last character could be changed unseen
        raise ValueError(text)
    return content


def _public(key: Ed25519PublicKey) -> str:
    return b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
