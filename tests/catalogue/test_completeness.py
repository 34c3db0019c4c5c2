"""What is known, what is missing, what has grown old: counted from the files, and the table kept fresh."""

from datetime import date

import pytest

from bot.catalogue.completeness import SHOWN, has, markdown, missing, months_since, table
from bot.catalogue.offices import load_offices
from bot.catalogue.public import Entry, PublicInformation, load_public
from bot.core.procedure import About
from tests.catalogue.conftest import DATA, FACTS

OFFICES = load_offices(DATA / "offices.yml", FACTS)
PUBLIC = load_public(DATA / "public", DATA / "topics.yml", DATA / "neighbourhoods.yml", ())


def test_the_table_in_the_readme_is_fresh(catalogue):
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert readme.endswith(markdown(table(catalogue.procedures.values())) + "\n"), (
        "motcua catalogue --table prints it anew"
    )


def test_the_last_row_adds_up_the_others(catalogue):
    *rows, everything = table(catalogue.procedures.values())
    assert everything.procedures == sum(row.procedures for row in rows) == len(catalogue.procedures)
    assert everything.online == sum(row.online for row in rows)
    for place in range(len(SHOWN)):
        assert everything.known[place] == sum(row.known[place] for row in rows)


def test_what_a_file_leaves_open_is_not_counted_as_known(catalogue):
    for one in catalogue.procedures.values():
        for part in set(one.not_looked_up) & set(SHOWN) - {About.CONDITIONS}:
            assert not has(one, part), (one.id, part)


@pytest.mark.parametrize(
    ("as_of", "months"), [("2026-07", 4), ("2026-11-30", 0), ("2025-11", 12), ("2025-12-31", 11)]
)
def test_months_are_whole(as_of, months):
    assert months_since(as_of, date(2026, 11, 25)) == months


def test_what_is_old_ended_or_empty_is_named_with_its_file(catalogue):
    one = next(iter(catalogue.procedures.values()))
    ended = Entry.model_validate(
        {
            "id": "tin_cu",
            "topic": "y_te",
            "title": "Tin",
            "text": "Tin.",
            "until": date(2026, 8, 1),
            "source": {"name": "Phường", "as_of": "2026-08"},
        }
    )
    public = PublicInformation(PUBLIC.topics, {"tin_cu": ended}, PUBLIC.neighbourhoods)
    said = "\n".join(missing([one], OFFICES, public, date(2026, 12, 1), stale_months=3))
    assert f"data/procedures/{one.id}.yml  nguồn đã" in said
    assert "data/public/tin_cu.yml  đã hết hạn ngày 01/08/2026" in said
    assert "data/neighbourhoods.yml  chưa đủ các khu phố" in said
    assert "chưa có tin nào về Y tế, tiêm chủng" in said
    assert "Trường, cơ sở giáo dục" not in said, "a child's school is not the ward's to fill in"
