"""A dossier's statuses and the moves between them."""

import pytest

from bot.core.dossier import MOVES, NEEDS_REASON, Status, check_move, moves_from
from bot.core.errors import NotAllowed

EVERY = [(status, to) for status in Status for to in Status]


@pytest.mark.parametrize(("status", "to"), EVERY)
def test_a_move_is_allowed_only_by_the_rules_and_with_its_reason(status, to):
    if to not in MOVES[status]:
        with pytest.raises(NotAllowed):
            check_move(status, to, "lý do")
        return
    check_move(status, to, "lý do")
    if to in NEEDS_REASON:
        with pytest.raises(NotAllowed):
            check_move(status, to, " \n")
    else:
        check_move(status, to, "")


def test_what_has_ended_stays_ended_and_nothing_else_is_a_dead_end():
    assert {status for status in Status if not moves_from(status)} == {s for s in Status if s.ended}


def test_every_status_has_its_rules_and_the_portals_number():
    assert set(MOVES) == set(Status)
    assert [status.portal_number for status in Status] == list(range(1, 11))
    assert Status.RETURNED.portal_number == 10
