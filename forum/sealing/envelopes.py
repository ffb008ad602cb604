"""The cryptography of a seal, all of it from `cryptography`: ChaCha20-Poly1305, HPKE (X25519, RFC 9180), Argon2id (RFC 9106).

A seal is a record of 32 bytes under a random key; the key is `first XOR second`, and each half is encrypted for one role. Everything is bound to the
post's uuid, so that a seal moved to another post does not open. All seals are of one size.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

VERSION = 1
NONCE, RECORD, HALF = 12, 48, 80  # bytes; a record and a half with what authenticates them
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
EPOCH = date(2000, 1, 1)
# RFC 9106 recommends 64 MiB and three passes where memory is short: half a second here.
PASSES, LANES, MEMORY = 3, 4, 64 * 1024


class SealError(Exception):
    """A seal, a half or a key that does not open: another passphrase, another post, or changed bytes."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a seal says."""

    person_id: int
    day: date


def new_role_key() -> tuple[bytes, bytes]:
    """Public and private key of a role."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def wrap_key(private: bytes, passphrase: str) -> tuple[bytes, bytes]:
    """Salt, and the private key under a passphrase."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE)
    return salt, nonce + ChaCha20Poly1305(_derived(passphrase, salt)).encrypt(nonce, private, salt)


def unwrap_key(salt: bytes, wrapped: bytes, passphrase: str) -> bytes:
    try:
        return ChaCha20Poly1305(_derived(passphrase, salt)).decrypt(wrapped[:NONCE], wrapped[NONCE:], salt)
    except InvalidTag:
        raise SealError from None


def seal_author(person_id: int, day: date, post: UUID, first_public: bytes, second_public: bytes) -> bytes:
    """The box of a post: nonce, record, the half of each role."""
    record = bytes([VERSION]) + person_id.to_bytes(8) + (day - EPOCH).days.to_bytes(4) + secrets.token_bytes(19)
    key, first, nonce = secrets.token_bytes(32), secrets.token_bytes(32), secrets.token_bytes(NONCE)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, record, post.bytes)
    return nonce + sealed + encrypt_for(first_public, first, post) + encrypt_for(second_public, _xor(key, first), post)


def encrypt_for(public: bytes, content: bytes, context: UUID) -> bytes:
    """For whoever holds the private key, in this context alone."""
    return SUITE.encrypt(content, X25519PublicKey.from_public_bytes(public), info=context.bytes)


def decrypt_with(private: bytes, content: bytes, context: UUID) -> bytes:
    try:
        return SUITE.decrypt(content, X25519PrivateKey.from_private_bytes(private), info=context.bytes)
    except (InvalidTag, ValueError):
        raise SealError from None


def half_of(box: bytes, *, is_first: bool) -> bytes:
    """What was encrypted for one role."""
    start = NONCE + RECORD + (0 if is_first else HALF)
    return box[start : start + HALF]


def open_box(box: bytes, first: bytes, second: bytes, post: UUID) -> bytes:
    """The record, with both halves of the key."""
    try:
        return ChaCha20Poly1305(_xor(first, second)).decrypt(box[:NONCE], box[NONCE : NONCE + RECORD], post.bytes)
    except (InvalidTag, ValueError):
        raise SealError from None


def read_record(record: bytes) -> Opened:
    if record[0] != VERSION:
        raise SealError
    return Opened(int.from_bytes(record[1:9]), EPOCH + timedelta(days=int.from_bytes(record[9:13])))


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY).derive(passphrase.strip().encode())


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
