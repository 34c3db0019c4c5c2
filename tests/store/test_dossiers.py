"""Dossiers in the database: steps, papers, lists, numbers."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.core.dossier import Status
from bot.core.effects import Answer, Paper
from bot.core.errors import Conflict
from bot.core.messages import Attachment
from bot.core.text import fold
from bot.store.dossiers import Wanted
from tests.store.store_scene import LATER, NOW, add_officer, meet, new_dossier


async def opened_dossier(db, code="H29.118-261123-0001", words="", papers=(), **more):
    def work(tx):
        return tx.dossiers.open(new_dossier(meet(tx), code, words, **more), papers, NOW)[0]

    return await db.write(work)


def step(dossier, to, by=None, note="", now=LATER):
    return lambda tx: tx.dossiers.move(dossier, to, by=by, note=note, now=now, due_at=dossier.due_at)


async def test_a_dossier_is_read_back_as_it_was_filed(db):
    form = (
        Answer(slot="a", label="A", value=["x", {"y": 1.5}, None, True], shown="…"),
        Answer(slot="cccd", label="Số căn cước", value="079", shown="079", mask=True),
    )
    made = await opened_dossier(db, form=form, applicant="'; DROP TABLE dossiers;--")

    kept = await db.read(lambda tx: tx.dossiers.by_code("H29.118-261123-0001"))
    assert kept == made
    assert (kept.form, kept.applicant, kept.status, kept.version) == (
        form, "'; DROP TABLE dossiers;--", Status.NEW, 0,
    )  # fmt: skip
    assert (kept.opened_at, kept.due_at, kept.channel) == (NOW, NOW + timedelta(days=1), "web")
    assert await db.read(lambda tx: tx.dossiers.find(made.id)) == made
    assert await db.read(lambda tx: tx.dossiers.find(-1)) is None
    assert await db.read(lambda tx: tx.dossiers.find(999_999_999_999_999)) is None


async def test_a_code_is_given_once(db):
    await opened_dossier(db)
    with pytest.raises(IntegrityError):
        await opened_dossier(db)


async def test_every_step_is_written_down_with_who_took_it(db):
    officer = await db.write(add_officer)
    dossier = await opened_dossier(db)
    received, first = await db.write(step(dossier, Status.RECEIVED, by=officer))
    asked, _ = await db.write(step(received, Status.SUPPLEMENT, by=officer, note="ảnh mờ"))
    back, _ = await db.write(step(asked, Status.RECEIVED))

    assert first.to_status is Status.RECEIVED
    assert (back.version, back.officer, back.officer_name) == (3, officer, "Chị Lan")
    history = await db.read(lambda tx: tx.dossiers.history_of(dossier.id))
    assert [(m.from_status, m.to_status, m.officer_name, m.note) for m in history] == [
        (None, Status.NEW, None, ""),
        (Status.NEW, Status.RECEIVED, "Chị Lan", ""),
        (Status.RECEIVED, Status.SUPPLEMENT, "Chị Lan", "ảnh mờ"),
        (Status.SUPPLEMENT, Status.RECEIVED, None, ""),
    ]


async def test_of_many_officers_at_once_one_moves_a_dossier_and_one_step_is_written(db):
    dossier = await opened_dossier(db)
    came = await asyncio.gather(
        *(db.write(step(dossier, Status.RECEIVED)) for _ in range(20)), return_exceptions=True
    )

    assert sum(isinstance(one, tuple) for one in came) == 1
    assert sum(isinstance(one, Conflict) for one in came) == 19
    assert len(await db.read(lambda tx: tx.dossiers.history_of(dossier.id))) == 2


async def test_papers_come_with_the_files_they_are(db):
    def file(tx):
        person = meet(tx)
        files = tuple(Attachment(name=f"{n}.png", mime="image/png", size=n, file=n * 32) for n in "12")
        tx.files.keep(person, files, NOW)
        tx.files.keep(person, files, NOW)  # a message kept twice
        paper = Paper(paper="chung_sinh", name="Giấy chứng sinh", files=("1" * 32, "2" * 32))
        return tx.dossiers.open(
            new_dossier(person), (paper, Paper(paper="khac", name="Khác", files=())), NOW
        )[0]

    dossier = await db.write(file)

    kept = await db.read(lambda tx: tx.dossiers.files_of(dossier.id))
    assert [(f.file, f.paper, f.paper_name, f.name) for f in kept] == [
        ("1" * 32, "chung_sinh", "Giấy chứng sinh", "1.png"),
        ("2" * 32, "chung_sinh", "Giấy chứng sinh", "2.png"),
    ]


async def test_a_paper_of_a_file_nobody_sent_is_refused_and_no_dossier_stays(db):
    with pytest.raises(IntegrityError):
        await opened_dossier(db, papers=(Paper(paper="p", name="P", files=("f" * 32,)),))

    assert await db.read(lambda tx: tx.dossiers.count(Wanted())) == 0


async def test_a_search_needs_no_accents_and_takes_signs_as_they_are(db):
    await opened_dossier(db, "H29.118-261123-0001", fold("Nguyễn Thị Đào 0909123456 H29.118-261123-0001"))
    await opened_dossier(db, "H29.118-261123-0002", fold("Lê Văn Bình 100%_a"))

    async def found(text: str) -> list[str]:
        page = await db.read(lambda tx: tx.dossiers.page(Wanted(words=fold(text))))
        return [dossier.code[-1] for dossier in page]

    assert await found("nguyen thi dao") == await found("NGUYỄN ĐÀO") == await found("0909123456") == ["1"]
    assert await found("bình lê") == ["2"]
    assert await found("nguyen binh") == []
    assert await found("%") == await found("_") == await found("100%_a") == ["2"]
    assert await found("'; DROP TABLE dossiers;--") == []
    assert await found("") == ["2", "1"]


async def test_a_list_is_filtered_counted_and_paged(db):
    officer = await db.write(add_officer)
    dossiers = [
        await opened_dossier(db, f"c{n}", due_at=NOW + timedelta(hours=n) if n else None) for n in range(6)
    ]
    await db.write(step(dossiers[5], Status.RECEIVED, by=officer))
    done, _ = await db.write(step(dossiers[1], Status.RECEIVED, by=officer))
    await db.write(step(done, Status.DONE, by=officer))

    async def listed(**wanted: object) -> list[str]:
        one = Wanted(**wanted)
        page = await db.read(lambda tx: tx.dossiers.page(one))
        if one.before is None and one.limit == 50:
            assert await db.read(lambda tx: tx.dossiers.count(one)) == len(page)
        return [dossier.code for dossier in page]

    assert await listed() == ["c5", "c4", "c3", "c2", "c1", "c0"]
    assert await listed(statuses=(Status.RECEIVED, Status.DONE)) == ["c5", "c1"]
    assert await listed(officer=officer) == ["c5", "c1"]
    assert await listed(unclaimed=True) == ["c4", "c3", "c2", "c0"]
    # not those without a promise, and not those whose result is there
    assert await listed(overdue_at=NOW + timedelta(hours=4)) == ["c3", "c2"]
    assert await listed(limit=2, before=dossiers[4].id) == ["c3", "c2"]


async def test_a_persons_dossiers_come_newest_first_and_no_others(db):
    for n in range(3):
        await opened_dossier(db, f"c{n}")
    another = await db.write(lambda tx: meet(tx, "an"))

    mine = await db.read(lambda tx: tx.dossiers.of_person(tx.people.find("web", "hoa").id, limit=2))
    assert [dossier.code for dossier in mine] == ["c2", "c1"]
    assert await db.read(lambda tx: tx.dossiers.of_person(another)) == []


async def test_counters_of_different_names_do_not_meet(db):
    draws = [("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert [
        (name, await db.write(lambda tx, n=name: tx.dossiers.next_number(n))) for name, _ in draws
    ] == draws


async def test_a_call_is_answered_once(db):
    officer = await db.write(add_officer)
    call = await db.write(lambda tx: tx.dossiers.call_officer(meet(tx), "Hỏi giấy tờ", NOW))
    (open_,) = await db.read(lambda tx: tx.dossiers.open_calls())
    assert (open_.id, open_.person_name, open_.reason) == (call, "Lê Thị Hoa", "Hỏi giấy tờ")

    came = await asyncio.gather(
        *(db.write(lambda tx: tx.dossiers.answer_call(call, officer, NOW)) for _ in range(5))
    )
    assert sorted(came) == [False] * 4 + [True]
    assert await db.read(lambda tx: tx.dossiers.open_calls()) == []
