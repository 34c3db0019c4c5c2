"""A dossier's statuses and the moves between them."""

import pytest

from bot.core.dossier import MOVES, NEEDS_REASON, Actor, Status, check_move, moves_from
from bot.core.errors import NotAllowed

EVERY = [(status, to, by) for status in Status for to in Status for by in Actor]


@pytest.mark.parametrize(("status", "to", "by"), EVERY)
def test_a_move_is_allowed_only_by_the_table_and_with_its_reason(status, to, by):
    move = next((one for one in moves_from(status, by) if one.to is to), None)
    if move is None:
        with pytest.raises(NotAllowed):
            check_move(status, to, "lý do", by)
        return
    check_move(status, to, "lý do", by)
    if move.needs_reason:
        with pytest.raises(NotAllowed):
            check_move(status, to, " \n", by)
    else:
        check_move(status, to, "", by)


def test_what_has_ended_stays_ended_and_nothing_else_is_a_dead_end():
    assert {status for status in Status if not MOVES[status]} == {s for s in Status if s.ended}


def test_what_is_no_filing_is_taken_up_answered_and_opened_again():
    for kind in ("lich_hen", "phan_anh", "gop_y"):
        plain = [one.to for one in moves_from(Status.NEW, kind=kind) if not one.own_form]
        assert plain == [Status.RECEIVED]
        assert check_move(Status.RECEIVED, Status.RETURNED, "", kind=kind).own_form
        assert check_move(Status.RETURNED, Status.RECEIVED, "", Actor.RESIDENT, kind)
        with pytest.raises(NotAllowed):
            check_move(Status.NEW, Status.SUPPLEMENT, "mờ", kind=kind)


def test_from_every_status_an_officer_can_bring_it_to_an_end():
    reached = {status: {move.to for move in moves_from(status)} for status in Status}
    ends = {status for status in Status if status.ended}
    for _ in Status:
        ends |= {status for status, to in reached.items() if to & ends}
    assert ends == set(Status)


def test_every_status_is_reached_and_has_the_portals_number():
    assert set(MOVES) == set(Status)
    reached = {move.to for every in MOVES.values() for move in every}
    assert reached == set(Status)
    assert [status.portal_number for status in Status] == list(range(1, 11))
    assert Status.RETURNED.portal_number == 10


def test_a_resident_may_withdraw_until_the_result_is_there():
    withdrawable = {status for status in Status if any(m.to is Status.WITHDRAWN for m in MOVES[status])}
    assert withdrawable == {
        Status.NEW, Status.RECEIVED, Status.PROCESSING, Status.SUPPLEMENT, Status.PAYMENT,
    }  # fmt: skip


def test_what_ends_badly_or_asks_for_something_says_why():
    assert {Status.SUPPLEMENT, Status.PAYMENT, Status.NOT_RECEIVED, Status.STOPPED} == NEEDS_REASON
