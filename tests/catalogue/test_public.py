"""Public information is read whole or not at all, and each mistake is told with file and line."""

from pathlib import Path

import pytest

from bot.catalogue.public import load_public
from bot.core.content import ContentError
from tests.catalogue.conftest import DATA

GOOD = """\
id: tin
topic: y_te
title: Tin
text: Nội dung.
source: {name: Phường, as_of: 2026-11}
"""


def mistakes(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_public(folder, DATA / "topics.yml", DATA / "neighbourhoods.yml", ["dang_ky_khai_sinh"])
    return "\n".join(str(one).removeprefix(f"{folder}/") for one in caught.value.problems)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("id: tin", "id: khac", 'tin.yml:1  The id is "khac", but the file is called "tin".'),
        (
            "topic: y_te",
            "topic: y_tee",
            'tin.yml:2  The topic "y_tee" is not in topics.yml. Did you mean "y_te"?',
        ),
        ("text: Nội dung.", "text: A\nprocedures: [dang_ky_khai_sin]", 'Did you mean "dang_ky_khai_sinh"?'),
        ("text: Nội dung.", "text: A\npublished: 2026-11-02\nuntil: 2026-11-01", "It ends before it begins."),
        ("source: {name: Phường, as_of: 2026-11}", "", "source"),
    ],
)
def test_a_mistake_is_told(tmp_path, was, becomes, said):
    assert said in mistakes(tmp_path, tin=GOOD.replace(was, becomes))


def test_mistakes_of_all_files_are_told_together(tmp_path):
    said = mistakes(tmp_path, a="id: [", b=GOOD)
    assert "a.yml:" in said
    assert 'b.yml:1  The id is "tin"' in said


def test_the_wards_topics_each_have_something_to_tell():
    public = load_public(DATA / "public", DATA / "topics.yml", DATA / "neighbourhoods.yml", ())
    assert len(public.entries) >= 30
    assert {one.topic for one in public.entries.values()} == {one.id for one in public.topics.topics}
