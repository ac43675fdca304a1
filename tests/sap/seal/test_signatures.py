"""Signatures: who signed what, and every way in which one does not hold."""

import subprocess
import sys
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sap.seal.lock import write_lock
from sap.seal.signatures import is_valid, make_keys, read_private_key, read_public_key, signed
from sap.text.files import canonical
from sap.text.problems import UserError

AT = "2026-01-02T03:04:05Z"


@pytest.fixture
def ada(tmp_path):
    make_keys(tmp_path / "ada.pem")
    return tmp_path / "ada.pem"


@pytest.fixture
def bob(tmp_path):
    make_keys(tmp_path / "bob.pem")
    return tmp_path / "bob.pem"


def sign(trial, key, by="Ada"):
    lock = signed(trial.lock, read_private_key(key), by=by, at=AT)
    write_lock(trial.lock_file, lock)
    return lock


def pub(key):
    return key.with_name(f"{key.name}.pub")


class TestKeys:
    def test_the_private_one_is_the_owners_alone(self, ada):
        assert ada.stat().st_mode & 0o777 == 0o600
        assert pub(ada).read_text().startswith("-----BEGIN PUBLIC KEY-----")

    def test_are_never_replaced(self, ada):
        before = ada.read_bytes()
        with pytest.raises(UserError, match="exists already and is not replaced"):
            make_keys(ada)
        pub(ada).unlink()
        with pytest.raises(UserError, match=r"ada\.pem exists already"):
            make_keys(ada)
        assert ada.read_bytes() == before

    def test_may_have_a_passphrase(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SAP_KEY_PASSPHRASE", "correct horse")
        make_keys(tmp_path / "key")
        assert read_private_key(tmp_path / "key")
        monkeypatch.setenv("SAP_KEY_PASSPHRASE", "battery staple")
        with pytest.raises(UserError, match="wrong passphrase"):
            read_private_key(tmp_path / "key")
        monkeypatch.delenv("SAP_KEY_PASSPHRASE")
        with pytest.raises(UserError, match=r"protected by a passphrase.*SAP_KEY_PASSPHRASE"):
            read_private_key(tmp_path / "key")

    def test_of_another_kind_are_refused(self, tmp_path, ada):
        rsa = generate_private_key(65537, 2048)
        private = rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / "rsa").write_bytes(private)
        (tmp_path / "rsa.pub").write_bytes(public)
        with pytest.raises(UserError, match="is not an Ed25519 key"):
            read_private_key(tmp_path / "rsa")
        with pytest.raises(UserError, match="is not an Ed25519 public key"):
            read_public_key(tmp_path / "rsa.pub")
        with pytest.raises(UserError, match="is not a private key in PEM form"):
            read_private_key(pub(ada))
        with pytest.raises(UserError, match="is not a public key in PEM form"):
            read_public_key(ada)
        with pytest.raises(UserError, match="does not exist"):
            read_public_key(tmp_path / "nobody.pub")


class TestSigning:
    def test_a_signature_that_holds(self, sealed, ada):
        lock = sign(sealed, ada)
        assert [is_valid(lock, s) for s in lock.signatures] == [True]
        assert sealed.differences() == ()
        assert sealed.differences(pub(ada)) == ()

    def test_it_is_ed25519_over_the_canonical_json(self, sealed, ada):
        """Anyone can check it without this program."""
        (signature,) = sign(sealed, ada).signatures
        covered = {"format": "sap.lock 1", "by": "Ada", "at": AT, "entries": [e.content() for e in sealed.lock.entries]}
        key = read_private_key(ada)
        assert signature.signature == b64encode(key.sign(canonical(covered))).decode()
        assert isinstance(key.public_key(), Ed25519PublicKey)

    def test_several_people_sign(self, sealed, ada, bob):
        sign(sealed, ada)
        lock = sign(sealed, bob, by="Bob")
        assert [s.by for s in lock.signatures] == ["Ada", "Bob"]
        assert sealed.differences(pub(ada), pub(bob)) == ()

    def test_twice_by_one_key_is_once(self, sealed, ada):
        assert sign(sealed, ada) == sign(sealed, ada)

    def test_a_later_entry_is_not_covered(self, sealed, ada):
        sign(sealed, ada)
        (sealed.data / "adae.csv").write_text((sealed.data / "adsl.csv").read_text())
        sealed.seal("data", reason="Second cut")
        assert sealed.differences() == ()
        assert "the owner of this key signed entries 1 to 3 of 4." in sealed.told(pub(ada))
        sign(sealed, ada)
        assert sealed.differences(pub(ada)) == ()

    def test_every_key_that_is_named_must_have_signed(self, sealed, ada, bob):
        sign(sealed, ada)
        (difference,) = sealed.differences(pub(ada), pub(bob))
        assert (difference.part, difference.where) == ("signature", str(pub(bob)))
        assert difference.message == "the owner of this key has not signed this seal."


class TestForging:
    def forged(self, trial, **changes):
        lock = trial.lock
        signature = lock.signatures[0].model_copy(update=changes)
        write_lock(trial.lock_file, lock.model_copy(update={"signatures": (signature,)}))
        return trial.told()

    @pytest.mark.parametrize(
        "changes",
        [{"by": "Bob"}, {"at": "2025-01-01T00:00:00Z"}, {"entries": 2}, {"signature": "AAAA"}, {"public_key": "AAAA"}],
        ids=lambda c: next(iter(c)),
    )
    def test_whatever_is_changed(self, sealed, ada, changes):
        sign(sealed, ada)
        assert "signature 1 (" in self.forged(sealed, **changes)

    def test_by_the_spare_bits_of_its_last_character(self, sealed, ada):
        good = sign(sealed, ada).signatures[0].signature
        assert good.endswith("==")
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        other = good[:-3] + alphabet[alphabet.index(good[-3]) + 1] + "=="
        assert "it does not fit" in self.forged(sealed, signature=other)

    def test_with_another_persons_key(self, sealed, ada, bob):
        sign(sealed, ada)
        assert "it does not fit" in self.forged(sealed, public_key=read_public_key(pub(bob)))

    def test_a_chain_made_again_from_the_start(self, sealed, ada):
        """Whoever can write the file can make every digest again, but not the signature."""
        signature = sign(sealed, ada).signatures[0]
        sealed.lock_file.unlink()
        lock = sealed.seal("plan", "data", "code", by="Mallory")
        write_lock(sealed.lock_file, lock.model_copy(update={"signatures": (signature,)}))
        assert [d.part for d in sealed.differences()] == ["signature"]
        assert [d.part for d in sealed.differences(pub(ada))] == ["signature", "signature"]

    def test_entries_cut_off_the_end(self, sealed, ada):
        lock = sign(sealed, ada)
        write_lock(sealed.lock_file, lock.model_copy(update={"entries": lock.entries[:2]}))
        assert "it covers 3 entries and the seal has 2: entries were removed." in sealed.told()


def test_the_private_key_is_made_readable_for_nobody_else_even_for_a_moment(tmp_path):
    script = "import os, sys; os.umask(0)\nfrom pathlib import Path; from sap.seal.signatures import make_keys; make_keys(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", script, tmp_path / "key"], check=True)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
