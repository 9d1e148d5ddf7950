"""One who has a library and not the key of its log, and what they do to it; for ``test_rewrites.py``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import rfc8785

from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointSigner, CheckpointVerifier, public_file
from bodyworn.custody.head import LogHead
from bodyworn.custody.key_history import handover
from bodyworn.custody.rules import Rule
from bodyworn.domain.event import Tag
from bodyworn.storage.tables import metadata
from tests.stores import LATER_TABLES, Store, dropped

Body = dict[str, object]


@dataclass
class Attacker:
    """One who can read and write everything of a library but the private key's text."""

    folder: Path
    store: Store

    @property
    def checkpoints(self) -> list[Path]:
        return sorted((self.folder / "checkpoints").iterdir())

    def rewrite(self, change: Callable[[list[Body]], list[Body]]) -> None:
        """Change the bodies of the log; number, chain, index and subtrees are made to fit again."""
        rows = self.store.rows(self.folder, "SELECT body FROM audit ORDER BY seq")
        bodies = change([json.loads(bytes(body)) for (body,) in rows])  # type: ignore[call-overload]
        anew: list[str | tuple[str, tuple[object, ...]]] = ["DELETE FROM audit", "DELETE FROM audit_index"]
        prev = bytes(32)
        for seq, body in enumerate(bodies, 1):
            text = rfc8785.dumps({**body, "seq": seq})  # type: ignore[dict-item]
            row = (seq, body["at"], text, prev, merkle.leaf_hash(prev + text))
            anew.append(("INSERT INTO audit (seq, at, body, prev, hash) VALUES (%s, %s, %s, %s, %s)", row))
            found_by = (seq, body["at"], body["tag"], body["actor"], body["object"])
            anew.append(("INSERT INTO audit_index (seq, at, tag, actor, object) VALUES (%s, %s, %s, %s, %s)", found_by))
            prev = row[4]
        self.store.tamper(self.folder, anew)

    def edit(self, number: int = 2) -> None:
        """Say that somebody else did what row ``number`` tells."""
        self.rewrite(lambda rows: [*rows[: number - 1], {**rows[number - 1], "actor": "os:mallory"}, *rows[number:]])

    def tamper(self, *statements: str | tuple[str, tuple[object, ...]]) -> None:
        self.store.tamper(self.folder, statements)

    def drop_checkpoints(self, above: int = 0) -> None:
        for path in self.checkpoints:
            if int(path.stem) > above:
                path.unlink()

    def newest(self) -> tuple[int, bytes]:
        ((seq, digest),) = self.store.rows(self.folder, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        return int(str(seq)), bytes(digest)  # type: ignore[call-overload]

    def hashes(self) -> list[bytes]:
        return [bytes(row[0]) for row in self.store.rows(self.folder, "SELECT hash FROM audit ORDER BY seq")]  # type: ignore[call-overload]

    def own_key(self) -> CheckpointSigner:
        """A key of one's own, under the name of the log."""
        name = CheckpointVerifier.parse((self.folder / "keys" / "record.pub").read_text()).name
        return CheckpointSigner.create(name, self.folder.parent / "mallory" / "record.key").keep_begun(
            self.folder.parent / "mallory" / "record.key"
        )

    def sign_with_own(self) -> CheckpointSigner:
        """Sign the log as it is with a key of one's own: a checkpoint and the head."""
        signer = self.own_key()
        size, digest = self.newest()
        root = merkle.subtree_root(self.hashes())
        path = self.folder / "checkpoints" / f"{size:012d}.txt"
        path.unlink(missing_ok=True)
        path.write_text(signer.sign(Checkpoint(signer.name, size, root)))
        head = LogHead(size, digest.hex(), size, 1, "checkpoints")
        self.tamper(("UPDATE audit_head SET note = %s", (head.note(signer),)))
        return signer

    def use(self, signer_folder: Path) -> None:
        """Put a key in the place of the log's."""
        for name in ("record.key", "record.pub"):
            (self.folder / "keys" / name).unlink()
            shutil.copy(signer_folder / name, self.folder / "keys" / name)

    def settings(self, line: str) -> None:
        with (self.folder / "bodyworn.toml").open("a") as file:
            file.write(line + "\n")

    def empty_tables(self) -> None:
        """Every table but the form of the tables."""
        for table in reversed(metadata.sorted_tables):
            if self.store.rows(self.folder, f"SELECT 1 FROM {table.name} LIMIT 1"):
                self.tamper(f"DELETE FROM {table.name}")

    def drop_objects(self) -> None:
        shutil.rmtree(self.folder / "objects" / "sha256")

    def as_before_heads(self) -> None:
        """Have the database look as an earlier version left it."""
        self.tamper(*dropped(LATER_TABLES), "UPDATE alembic_version SET version_num = '0004'")


def edited_and_checkpoints_deleted(attacker: Attacker) -> None:
    attacker.edit()
    attacker.drop_checkpoints()


def edited_and_checkpoints_renamed(attacker: Attacker) -> None:
    attacker.edit()
    for path in attacker.checkpoints:
        path.rename(path.with_suffix(".old"))


def edited_behind_the_oldest_checkpoint(attacker: Attacker) -> None:
    attacker.edit(int(attacker.checkpoints[0].stem) + 1)
    attacker.drop_checkpoints(int(attacker.checkpoints[0].stem))


def edited_and_checkpoints_moved_by_the_settings(attacker: Attacker) -> None:
    attacker.edit()
    attacker.settings('checkpoints = "elsewhere"')


def checkpoints_moved_by_the_settings_without_the_newest(attacker: Attacker) -> None:
    (attacker.folder / "elsewhere").mkdir()
    for path in attacker.checkpoints[:-1]:
        shutil.copy(path, attacker.folder / "elsewhere" / path.name)
    attacker.settings('checkpoints = "elsewhere"')


def keys_replaced_and_signed_anew(attacker: Attacker) -> None:
    attacker.edit()
    attacker.drop_checkpoints()
    attacker.sign_with_own()
    attacker.use(attacker.folder.parent / "mallory")


def signed_anew_with_a_key_that_the_settings_name(attacker: Attacker) -> None:
    attacker.edit()
    attacker.drop_checkpoints()
    attacker.sign_with_own()
    attacker.settings(f'key_file = "{attacker.folder.parent / "mallory" / "record.key"}"')


def tables_emptied_and_checkpoints_deleted(attacker: Attacker) -> None:
    attacker.empty_tables()
    attacker.drop_checkpoints()


def tables_emptied_and_all_files_deleted(attacker: Attacker) -> None:
    attacker.empty_tables()
    attacker.drop_checkpoints()
    attacker.drop_objects()


def only_the_log_emptied(attacker: Attacker) -> None:
    attacker.tamper("DELETE FROM audit", "DELETE FROM audit_index", "DELETE FROM audit_head")
    attacker.drop_checkpoints()


def a_row_removed_and_the_rest_numbered_anew(attacker: Attacker) -> None:
    attacker.rewrite(lambda rows: [*rows[:3], *rows[4:]])
    attacker.drop_checkpoints(2)


def the_tail_cut_off_with_its_checkpoints(attacker: Attacker) -> None:
    size = int(attacker.checkpoints[-2].stem)
    attacker.tamper(f"DELETE FROM audit WHERE seq > {size}", f"DELETE FROM audit_index WHERE seq > {size}")
    attacker.drop_checkpoints(size)


def a_row_added_with_a_right_hash(attacker: Attacker) -> None:
    attacker.rewrite(lambda rows: [*rows, rows[-1]])


def the_head_taken_away(attacker: Attacker) -> None:
    attacker.edit()
    attacker.drop_checkpoints()
    attacker.tamper("DELETE FROM audit_head")


def made_to_look_like_an_earlier_version(attacker: Attacker) -> None:
    attacker.edit(int(attacker.checkpoints[0].stem) + 1)
    attacker.drop_checkpoints(int(attacker.checkpoints[0].stem))
    attacker.as_before_heads()


def made_to_look_like_an_earlier_version_from_row_1_on(attacker: Attacker) -> None:
    def old(rows: list[Body]) -> list[Body]:
        detail = rows[0]["detail"]
        assert isinstance(detail, dict)
        return [{**rows[0], "detail": {"key": detail["key"]}}, *rows[1:]]

    attacker.rewrite(old)
    attacker.drop_checkpoints()
    attacker.as_before_heads()


def a_head_signed_with_a_key_of_ones_own(attacker: Attacker) -> None:
    attacker.edit()
    attacker.drop_checkpoints()
    attacker.sign_with_own()


def a_checkpoint_put_in_the_place_of_the_head(attacker: Attacker) -> None:
    note = attacker.checkpoints[-1].read_text()
    attacker.edit()
    attacker.drop_checkpoints()
    attacker.tamper(("UPDATE audit_head SET note = %s", (note,)))


def a_handover_to_a_key_of_ones_own(attacker: Attacker) -> None:
    own = attacker.own_key()

    def handed(rows: list[Body]) -> list[Body]:
        detail = {"key": str(own.verifier), "handover": handover(own, own.verifier)}
        return [*rows, {**rows[-1], "tag": Tag.AUDIT_LOG_KEY_ROTATED.value, "object": "audit_log", "detail": detail}]

    attacker.rewrite(handed)
    attacker.sign_with_own()
    attacker.use(attacker.folder.parent / "mallory")


def another_first_row_before_the_first(attacker: Attacker) -> None:
    own = attacker.own_key()
    attacker.rewrite(lambda rows: [{**rows[0], "detail": {"key": str(own.verifier), "heads": True}}, *rows])
    attacker.drop_checkpoints()
    attacker.sign_with_own()


def only_the_public_key_replaced(attacker: Attacker) -> None:
    shutil.copyfile(public_file(attacker.folder.parent / "mallory" / "record.key"), attacker.folder / "keys/record.pub")


def a_checkpoint_in_the_middle_deleted(attacker: Attacker) -> None:
    attacker.checkpoints[1].unlink()


def a_checkpoint_under_another_name(attacker: Attacker) -> None:
    path = attacker.checkpoints[1]
    path.rename(path.with_name("000000000001.txt"))


def a_checkpoint_replaced_by_a_link(attacker: Attacker) -> None:
    path, elsewhere = attacker.checkpoints[-1], attacker.folder.parent / "elsewhere.txt"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def a_leaf_changed_under_a_checkpoint(attacker: Attacker) -> None:
    body = rfc8785.dumps({"forged": True})
    ((prev,),) = attacker.store.rows(attacker.folder, "SELECT prev FROM audit WHERE seq = 3")
    digest = merkle.leaf_hash(bytes(prev) + body)  # type: ignore[call-overload]
    attacker.tamper(("UPDATE audit SET body = %s, hash = %s WHERE seq = 3", (body, digest)))


FORGERIES = [
    (edited_and_checkpoints_deleted, Rule.NEWEST),
    (edited_and_checkpoints_renamed, Rule.NEWEST),
    (edited_behind_the_oldest_checkpoint, Rule.NEWEST),
    (edited_and_checkpoints_moved_by_the_settings, Rule.NEWEST),
    (checkpoints_moved_by_the_settings_without_the_newest, Rule.CHECKPOINT),
    (keys_replaced_and_signed_anew, Rule.KEY),
    (signed_anew_with_a_key_that_the_settings_name, Rule.KEY),
    (tables_emptied_and_checkpoints_deleted, Rule.EMPTIED),
    (tables_emptied_and_all_files_deleted, Rule.EMPTIED),
    (only_the_log_emptied, Rule.EMPTIED),
    (a_row_removed_and_the_rest_numbered_anew, Rule.NEWEST),
    (the_tail_cut_off_with_its_checkpoints, Rule.NEWEST),
    (a_row_added_with_a_right_hash, Rule.NEWEST),
    (the_head_taken_away, Rule.NEWEST),
    (made_to_look_like_an_earlier_version, Rule.NEWEST),
    (made_to_look_like_an_earlier_version_from_row_1_on, Rule.NEWEST),
    (a_head_signed_with_a_key_of_ones_own, Rule.NEWEST),
    (a_checkpoint_put_in_the_place_of_the_head, Rule.NEWEST),
    (a_handover_to_a_key_of_ones_own, Rule.KEY),
    (another_first_row_before_the_first, Rule.KEY),
    (a_leaf_changed_under_a_checkpoint, Rule.CHAIN),
]

#: These change what lies beside the log; the log itself holds, and goes on.
BESIDE_THE_LOG = [
    (only_the_public_key_replaced, Rule.KEY),
    (a_checkpoint_in_the_middle_deleted, Rule.CHECKPOINT),
    (a_checkpoint_under_another_name, Rule.CHECKPOINT),
    (a_checkpoint_replaced_by_a_link, Rule.CHECKPOINT),
]
