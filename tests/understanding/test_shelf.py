"""Which model is served stands in a small file, and only what our training made is served."""

import pytest

from bot.understanding.shelf import InUse, Shelf, Unfit
from tests.understanding.models_scene import lay, lay_all

OLD, NEW, BAD = "a" * 16, "b" * 16, "c" * 16


def test_an_empty_folder_has_nothing_to_serve(tmp_path):
    empty = Shelf(tmp_path / "not-made")
    assert empty.cards() == []
    assert empty.in_use() is None
    assert empty.choose().card is None
    assert empty.choose().troubles == ()


def test_the_one_in_use_is_served(tmp_path):
    choice = Shelf(lay_all(tmp_path, OLD, NEW)).choose()
    assert choice.card.model == NEW
    assert choice.troubles == ()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder: (folder / f"{NEW}.tar.gz").write_bytes(b"somebody else's"), "đã bị thay đổi"),
        (lambda folder: (folder / f"{NEW}.tar.gz").unlink(), "không còn"),
        (lambda folder: (folder / f"{NEW}.json").unlink(), f"không có tệp {NEW}.json"),
        (lambda folder: (folder / f"{NEW}.json").write_text("{"), f"không có tệp {NEW}.json"),
    ],
)
def test_one_that_is_not_as_our_training_made_it_gives_way_to_the_one_before(tmp_path, harm, words):
    both = Shelf(lay_all(tmp_path, OLD, NEW))
    harm(tmp_path)

    choice = both.choose()

    assert choice.card.model == OLD
    assert [words in trouble and NEW in trouble for trouble in choice.troubles] == [True]
    with pytest.raises(Unfit, match=NEW):
        both.use(NEW)


def test_going_back_and_forth(tmp_path):
    both = Shelf(lay_all(tmp_path, OLD, NEW))
    stamp = both.stamp()

    both.use(OLD)
    assert both.in_use() == InUse(model=OLD, before=NEW, by_hand=True)
    assert both.stamp() != stamp
    both.use(OLD)
    assert both.in_use() == InUse(model=OLD, before=NEW, by_hand=True)
    both.use(NEW)
    assert both.in_use() == InUse(model=NEW, before=OLD, by_hand=True)


def test_what_cannot_be_served_is_not_kept_for_going_back(tmp_path):
    both = Shelf(lay_all(tmp_path, OLD, NEW))
    lay(tmp_path, BAD)
    (tmp_path / f"{NEW}.tar.gz").unlink()
    both.use(BAD)
    assert both.in_use() == InUse(model=BAD, before=OLD, by_hand=True)


def test_a_refused_one_is_used_only_by_who_insists(tmp_path):
    one = Shelf(lay_all(tmp_path, OLD))
    lay(tmp_path, BAD, refused=("Mô hình mới hiểu đúng ý 70,0 % trong 300 câu thử.",), day=9)

    with pytest.raises(Unfit, match="70,0 %"):
        one.use(BAD)
    assert one.in_use().model == OLD
    one.use(BAD, anyway=True)
    assert one.in_use().model == BAD


def test_models_are_listed_the_newest_first(tmp_path):
    assert [card.model for card in Shelf(lay_all(tmp_path, OLD, NEW, BAD)).cards()] == [BAD, NEW, OLD]
