"""Small secrets of a row, such as bank numbers, sealed with a key that is not in the database.

AES-256-GCM with the row's table and id as associated data: a sealed value copied to another row does not
open there. The first bytes name the key, so that a new key can be used while old rows still open.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from fundapp.settings import Settings

NAME_BYTES, NONCE_BYTES = 4, 12
_EXTENSION = "fundapp_sealing"


class CannotOpen(Exception):
    """No key of ours, another row's value, or a value that was changed."""


@dataclass(frozen=True)
class Sealer:
    """Seals with the first key; opens with any."""

    secrets: tuple[str, ...]

    def seal(self, plain: bytes, *, table: str, row_id: UUID) -> bytes:
        key, nonce = _key(self.secrets[0]), secrets.token_bytes(NONCE_BYTES)
        return _name(key) + nonce + AESGCM(key).encrypt(nonce, plain, _row(table, row_id))

    def open(self, sealed: bytes, *, table: str, row_id: UUID) -> bytes:
        """Raises CannotOpen."""
        name, nonce, rest = (
            sealed[:NAME_BYTES],
            sealed[NAME_BYTES : NAME_BYTES + NONCE_BYTES],
            sealed[NAME_BYTES + NONCE_BYTES :],
        )
        for secret in self.secrets:
            key = _key(secret)
            if hmac.compare_digest(_name(key), name):
                try:
                    return AESGCM(key).decrypt(nonce, rest, _row(table, row_id))
                except (InvalidTag, ValueError) as error:
                    raise CannotOpen from error
        raise CannotOpen

    def is_current(self, sealed: bytes) -> bool:
        """Sealed with the key that is used now."""
        return hmac.compare_digest(sealed[:NAME_BYTES], _name(_key(self.secrets[0])))

    def fingerprints(self, plain: bytes) -> tuple[str, ...]:
        """The same for the same value, and of no use without the key; the first is by the key of today."""
        keys = (
            hashlib.sha256(b"fingerprints of bank numbers:" + secret.encode()).digest()
            for secret in self.secrets
        )
        return tuple(hmac.new(key, plain, hashlib.sha256).hexdigest() for key in keys)


def init_sealing(app: Flask, settings: Settings) -> None:
    keys = tuple(filter(None, (settings.bank_key, settings.bank_key_before)))
    app.extensions[_EXTENSION] = Sealer(keys)


def sealer() -> Sealer:
    found: Sealer = current_app.extensions[_EXTENSION]
    return found


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"fundapp bank numbers:" + secret.encode()).digest()


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"name:" + key).digest()[:NAME_BYTES]


def _row(table: str, row_id: UUID) -> bytes:
    return f"{table}:".encode() + row_id.bytes
