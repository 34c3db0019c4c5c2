"""Whatever officers and residents do to a dossier: the table holds, and each step is told once."""

import shutil
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.core.calendar import ZONE
from bot.core.dossier import MOVES, Actor, Status, Time, moves_from
from bot.core.effects import Answer, OpenDossier, Paper, SupplementDossier, WithdrawDossier
from bot.core.errors import Conflict, NotAllowed
from bot.core.messages import Attachment
from bot.core.permissions import USUAL
from bot.services.dossiers import Dossiers
from bot.services.theirs import Theirs
from bot.services.ward import CatalogueWard
from bot.store.database import Database
from bot.store.dossiers import Dossier, Moved
from bot.store.tx import Tx
from tests.desk.desk_scene import FakeAnnouncer
from tests.services.services_scene import FACTS, content

FORM = (
    Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),
    Answer(slot="ngay_sinh", label="Ngày sinh", value="1990-01-01", shown="01/01/1990"),
)
AGAIN = ("ngay_sinh", "to_khai", "khong_co")
#: Due in days, on the day itself, and by no source.
PROCEDURES = ("cap_lai_giay_xac_nhan_khuyet_tat", "chung_thuc_ban_sao", "dang_ky_khai_sinh")
_number = count()


class Life(RuleBasedStateMachine):
    migrated: ClassVar[Path]
    folder: ClassVar[Path]

    @initialize(procedure=st.sampled_from(PROCEDURES))
    def file(self, procedure: str) -> None:
        path = shutil.copy(self.migrated, self.folder / f"{next(_number)}.db")
        self.db = Database(f"sqlite:///{path}")
        written = content()
        self.ward = CatalogueWard(written.catalogue, written.flows, written.calendar)
        self.dossiers = Dossiers(
            ward=self.ward,
            words=written.dossier_words,
            facts=FACTS,
            agency_code="H29.118",
            announcer=FakeAnnouncer(),
        )
        self.theirs = Theirs(self.dossiers)
        self.now = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)

        def begin(tx: Tx) -> Dossier:
            self.hoa = tx.people.meet("web", "hoa", "Lê Thị Hoa", self.now)
            self.an = tx.people.meet("web", "an", "An", self.now)
            made = tx.officers.add(
                username="lan",
                name="Chị Lan",
                password_hash="-",
                permissions=USUAL,
                link_code="MA",
                now=self.now,
            )
            self.lan = tx.officers.get(made)
            photo = Attachment(name="a.png", mime="image/png", size=1, file="f" * 32)
            tx.files.keep(self.hoa.id, (photo,), self.now)
            papers = (Paper(paper="to_khai", name="Tờ khai", files=("f" * 32,)),)
            wanted = OpenDossier(procedure=procedure, form=FORM, papers=papers)
            return self.dossiers.open(tx, self.hoa, wanted, self.now)

        self.before = self.do(begin)
        self.kept = [self.history()[0]]
        self.told = self.notices()

    def do(self, work):
        with self.db.engine.begin() as connection:
            return work(Tx(connection))

    def now_stands(self) -> Dossier:
        return self.do(lambda tx: tx.dossiers.get(self.before.id))

    def history(self) -> list[Moved]:
        return self.do(lambda tx: tx.dossiers.history_of(self.before.id))

    def notices(self) -> int:
        return self.do(lambda tx: len(tx.outbox.said_to(self.hoa.id, 500)))

    @rule(hours=st.sampled_from([1, 7, 24, 80, 300]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        to=st.sampled_from(list(Status)),
        note=st.sampled_from(["", " ", "mờ"]),
        behind=st.sampled_from([0, 0, 0, 1]),
        again=st.lists(st.sampled_from(AGAIN), max_size=3),
    )
    def an_officer_moves(self, to: Status, note: str, behind: int, again: list[str]) -> None:
        before = self.before
        known = [one for one in dict.fromkeys(again) if one != "khong_co"]
        row = next((move for move in moves_from(before.status) if move.to is to), None)
        said = note.strip() or (to is Status.SUPPLEMENT and known)
        allowed = row is not None and (said or not row.needs_reason) and not behind
        seen = before.version - behind

        def move(tx: Tx) -> Dossier:
            return self.dossiers.move(
                tx, before.id, to, by=self.lan, note=note, seen=seen, again=tuple(again), now=self.now
            )

        if not allowed:
            with pytest.raises((Conflict, NotAllowed)):
                self.do(move)
            self.nothing_happened()
            return
        assert self.do(move).status is to
        self.one_step(Actor.OFFICER, told=bool(self.dossiers.words.statuses[to].notice))
        assert self.kept[-1].wanted == (tuple(known) if to is Status.SUPPLEMENT else ())

    @rule(days=st.integers(-2, 12), reason=st.sampled_from(["", "chờ xác minh"]))
    def an_officer_apologises(self, days: int, reason: str) -> None:
        before, day = self.before, self.now.date() + timedelta(days=days)
        due = self.ward.end_of(day)
        later = due is not None and due > self.now and (before.due_at is None or due > before.due_at)
        allowed = before.status.time is Time.RUNS and reason and later

        def postpone(tx: Tx) -> Dossier:
            seen = before.version
            return self.dossiers.postpone(
                tx, before.id, day, by=self.lan, reason=reason, seen=seen, now=self.now
            )

        if not allowed:
            with pytest.raises(NotAllowed):
                self.do(postpone)
            self.nothing_happened()
            return
        assert self.do(postpone).due_at == due
        self.one_step(Actor.OFFICER, told=True)
        assert self.kept[-1].postponed

    @rule(theirs=st.booleans(), note=st.sampled_from(["", "em gửi"]), answered=st.booleans())
    def somebody_hands_in(self, theirs: bool, note: str, answered: bool) -> None:
        before, who = self.before, self.hoa if theirs else self.an
        answers = (FORM[1],) if answered else ()
        added = SupplementDossier(code=before.code, note=note, answers=answers)

        def supplement(tx: Tx) -> Dossier:
            return self.theirs.supplement(tx, who, added, self.now)

        if not theirs or before.status.time is Time.OVER:
            with pytest.raises(Conflict):
                self.do(supplement)
            self.nothing_happened()
            return
        came_from = next((s.from_status for s in reversed(self.kept) if s.came_to(Status.SUPPLEMENT)), None)
        after = self.do(supplement)
        if before.status is Status.SUPPLEMENT:
            assert after.status is came_from
        else:
            assert after.status is before.status
        if before.status is Status.SUPPLEMENT or note or answered:
            self.one_step(Actor.RESIDENT, told=False)

    @rule(theirs=st.booleans())
    def somebody_withdraws(self, theirs: bool) -> None:
        before, who = self.before, self.hoa if theirs else self.an

        def withdraw(tx: Tx) -> Dossier:
            return self.theirs.withdraw(tx, who, WithdrawDossier(code=before.code), self.now)

        rows = moves_from(before.status, Actor.RESIDENT)
        if not theirs or Status.WITHDRAWN not in {move.to for move in rows}:
            with pytest.raises(Conflict):
                self.do(withdraw)
            self.nothing_happened()
            return
        assert self.do(withdraw).status is Status.WITHDRAWN
        self.one_step(Actor.RESIDENT, told=False)  # the conversation itself has told them

    def nothing_happened(self) -> None:
        assert self.now_stands() == self.before
        assert (self.history(), self.notices()) == (self.kept, self.told)

    def one_step(self, actor: Actor, *, told: bool) -> None:
        """One line of history, at most one notice, one version on; the due time moved only by the rules."""
        before, after, kept = self.before, self.now_stands(), self.history()
        step = kept[-1]
        assert kept[:-1] == self.kept
        assert after.version == before.version + 1
        assert (step.from_status, step.to_status) == (before.status, after.status)
        assert (step.officer is None) == (actor is Actor.RESIDENT)
        if step.from_status is not step.to_status:
            assert any(move.to is after.status and move.by is actor for move in MOVES[before.status])
        assert self.notices() == self.told + told
        self.due_time_moved_by_the_rules(before, after, step)
        self.before, self.kept, self.told = after, kept, self.told + told

    def due_time_moved_by_the_rules(self, before: Dossier, after: Dossier, step: Moved) -> None:
        stands = after.status.time is Time.STANDS
        assert (after.paused_at is not None) == (stands and after.due_at is not None)
        if before.due_at is None:
            if not step.postponed:
                begins = self.ward.due(after.procedure, self.now) if after.status.time is Time.RUNS else None
                assert after.due_at == begins
        elif before.paused_at is not None and after.status.time is Time.RUNS:
            assert after.due_at == self.ward.after_pause(
                after.procedure, before.due_at, before.paused_at, self.now
            )
            assert after.due_at >= before.due_at
        elif not step.postponed:
            assert after.due_at == before.due_at

    @invariant()
    def who_has_not_ended_has_a_way_out(self) -> None:
        if hasattr(self, "before"):
            status = self.now_stands().status
            assert status.ended != bool(MOVES[status])

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()


def test_a_dossier_lives_by_the_table_whatever_is_tried(migrated, tmp_path):
    Life.migrated, Life.folder = migrated, tmp_path
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
