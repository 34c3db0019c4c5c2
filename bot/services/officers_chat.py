"""The officers' chat group: a card for each dossier, with what may be done with it as buttons.

The group hears only what is needed to take up the work; papers and answers are read on the desk. What is
tapped here goes through the same service as what is pressed on the desk.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.core import payload
from bot.core.dossier import NEEDS_REASON, Status, plain_moves
from bot.core.errors import Conflict, NotAllowed
from bot.core.messages import Button, Incoming, Reply
from bot.services.dossiers import Dossiers
from bot.services.sign_in import link_telegram
from bot.services.spoken import due_text, hour, short_name
from bot.services.wording import DossierWords, say
from bot.store.dossiers import Dossier, Moved
from bot.store.officers import Officer
from bot.store.outbox import Lane
from bot.store.tx import Tx

#: The moves offered on a card; rarer ones are on the desk.
ON_CARD = (Status.RECEIVED, Status.SUPPLEMENT, Status.NOT_RECEIVED, Status.DONE)

_LINK = re.compile(r"/ketnoi(?:@\w+)?\s+(\S{4,40})", re.IGNORECASE)
_ASKED = re.compile(r"ask-reason:(\d+):(\w+):(\d+):")


class OfficersChat:
    """Cards into one group. Without a group (`address` empty) it is silent, and the desk is enough."""

    def __init__(
        self,
        *,
        channel: str,
        address: str,
        words: DossierWords,
        desk_url: str,
    ) -> None:
        self._channel = channel
        self._address = address
        self._words = words
        self._desk_url = desk_url

    def opened(self, tx: Tx, dossier: Dossier, files: int, now: datetime) -> None:
        self._owe(tx, self.card(dossier, None, files), f"card:{dossier.id}", now)

    def offered(
        self, tx: Tx, dossier: Dossier, said: str, number: int, now: datetime, *, just_opened: bool
    ) -> None:
        """Who is invited to take it up: on the card that was just shown, else on one more, to be heard."""
        card = self.card(dossier, None, len(tx.dossiers.files_of(dossier.id)))
        card = card.but(text=f"{card.text}\n{said}", replaces=f"card:{dossier.id}" if just_opened else None)
        self._owe(tx, card, f"unclaimed:{dossier.id}:{number}", now)

    def moved(self, tx: Tx, dossier: Dossier, step: Moved, files: int, now: datetime) -> None:
        card = self.card(
            dossier, step, files, by=tx.officers.get(step.officer).name if step.officer else None
        )
        self._owe(tx, card.but(replaces=f"card:{dossier.id}"), f"card:{dossier.id}:{dossier.version}", now)

    def rebooked(self, tx: Tx, dossier: Dossier, files: int, now: datetime) -> None:
        """An appointment has another hour: its card says so."""
        card = self.card(dossier, None, files)
        self._owe(tx, card.but(replaces=f"card:{dossier.id}"), f"card:{dossier.id}:{dossier.version}", now)

    def supplemented(self, tx: Tx, dossier: Dossier, files: int, note: str, now: datetime) -> None:
        text = say(
            self._words.card.supplemented,
            ma_ho_so=dossier.code,
            so_tep=str(files),
            ghi_chu=", có ghi chú" if note else "",
        )
        number = tx.dossiers.next_number(f"supplement:{dossier.id}")
        reply = Reply(text=text, buttons=self.desk_button(f"/dossiers/{dossier.id}"))
        self._owe(tx, reply, f"supplement:{dossier.id}:{number}", now)

    def reminded(self, tx: Tx, dossier: Dossier, text: str, key: str, now: datetime) -> None:
        """The clock's word about a dossier, with a way to it."""
        self._owe(tx, Reply(text=text, buttons=self.desk_button(f"/dossiers/{dossier.id}")), key, now)

    def called(self, tx: Tx, call: int, reason: str, now: datetime) -> None:
        reply = Reply(text=say(self._words.card.call, ly_do=reason), buttons=self.desk_button(""))
        self._owe(tx, reply, f"call:{call}", now)

    def card(self, dossier: Dossier, step: Moved | None, files: int, by: str | None = None) -> Reply:
        """One dossier, in three lines, with its moves."""
        words = self._words.card
        lines = [
            say(words.title, loai=words.kinds.get(dossier.kind, dossier.kind), ma_ho_so=dossier.code),
            say(
                words.body,
                thu_tuc=dossier.procedure_name,
                nguoi_nop=short_name(dossier.applicant),
                so_tep=str(files),
                han_tra=due_text(self._words, dossier),
            ),
        ]
        if step is not None:
            name = self._words.statuses[dossier.status].name
            who = by or words.by_resident
            happened = words.postponed if step.postponed else words.status
            due = due_text(self._words, dossier)
            lines.append(say(happened, trang_thai=name, can_bo=who, luc=hour(step.at), han_tra=due))
            if step.note and step.officer:
                lines.append(say(words.reason, ly_do=step.note))
        return Reply(
            text="\n".join(lines),
            buttons=(*self._moves(dossier), *self.desk_button(f"/dossiers/{dossier.id}")),
        )

    def reasons(self, dossier: Dossier, to: Status) -> Reply:
        """The same card, asking why."""
        words = self._words.card
        number, target, seen = str(dossier.id), to.value, str(dossier.version)
        offered = [
            Button(title=reason, payload=payload.write("Move", number, target, seen, str(index)))
            for index, reason in enumerate(self._words.reasons.get(to, ()))
        ]
        offered.append(
            Button(title=words.other_reason, payload=payload.write("Reason", number, target, seen))
        )
        offered.append(Button(title=words.back, payload=payload.write("Card", number)))
        head = say(words.title, loai=words.kinds.get(dossier.kind, dossier.kind), ma_ho_so=dossier.code)
        ask = say(words.choose_reason, nut=self._words.statuses[to].button.lower())
        return Reply(text=f"{head}\n{ask}", buttons=tuple(offered))

    def _moves(self, dossier: Dossier) -> tuple[Button, ...]:
        return tuple(
            Button(
                title=self._words.statuses[move.to].button,
                payload=payload.write("Move", str(dossier.id), move.to.value, str(dossier.version)),
            )
            for move in plain_moves(dossier.status, dossier.kind)
            if move.to in ON_CARD
        )

    def desk_button(self, path: str) -> tuple[Button, ...]:
        """A way to a page of the desk, where a link can lead there."""
        # Telegram takes no link to a machine that only the office can reach.
        if not self._desk_url.startswith("https://"):
            return ()
        return (Button(title=self._words.card.open_on_desk, url=f"{self._desk_url}/desk{path}"),)

    def _owe(self, tx: Tx, reply: Reply, key: str, now: datetime) -> None:
        if self._address:
            group = tx.people.meet(self._channel, self._address, "", now)
            tx.outbox.owe(group.id, reply, lane=Lane.NOTICE, key=key, now=now)


@dataclass(frozen=True, slots=True)
class Shown:
    """What comes of one thing an officer did in the group."""

    #: For the officer's eyes, on the tap itself; a message in the group if there was no tap.
    notice: str = ""
    trace: str = ""


class OfficersTurn:
    """Reads what is tapped and said in the officers' group. Part of the turn's transaction."""

    def __init__(self, *, dossiers: Dossiers, chat: OfficersChat, words: DossierWords) -> None:
        self._dossiers = dossiers
        self._chat = chat
        self._words = words

    @staticmethod
    def links(incoming: Incoming) -> bool:
        """Is it the code that links an account? The desk asks for it in private: it is a secret."""
        return _LINK.fullmatch(incoming.text.strip()) is not None

    def take(self, tx: Tx, group: int, row: int, incoming: Incoming, now: datetime) -> Shown:
        """One tap or message of the group `group` (a person's id), kept as inbox row `row`."""
        said = self._words.officers
        link = _LINK.fullmatch(incoming.text.strip())
        if link:
            return self._say(tx, group, row, self._link(tx, link[1], incoming), "linked", now)
        call = payload.read(incoming.tapped) if incoming.tapped else None
        asked = self._asked_before(tx, group, incoming)
        if call is None and asked is None:
            return Shown(trace="group talk")
        officer = tx.officers.by_telegram(incoming.sender)
        if officer is None or not officer.active:
            return self._say(tx, group, row, say(said.not_linked), "not linked", now, tapped=bool(call))
        try:
            if asked is not None:
                number, to, seen = asked
                return self._move(tx, number, to, officer, incoming.text, seen, now)
            assert call is not None
            return self._tapped(tx, group, row, call, officer, now)
        except (Conflict, NotAllowed) as error:
            return self._say(tx, group, row, str(error), type(error).__name__, now, tapped=bool(call))

    def _tapped(
        self, tx: Tx, group: int, row: int, call: payload.Call, officer: Officer, now: datetime
    ) -> Shown:
        dossier = tx.dossiers.find(_number(call.arg(0)))
        if dossier is None:
            raise NotAllowed(self._words.officers.gone)
        card = f"card:{dossier.id}"
        if call.name == "Card":
            last = tx.dossiers.history_of(dossier.id)[-1]
            files = len(tx.dossiers.files_of(dossier.id))
            step = last if last.from_status else None
            shown = self._chat.card(dossier, step, files, by=last.officer_name)
            self._owe(tx, group, shown.but(replaces=card), f"card-back:{row}", now)
            return Shown(trace="card")
        to, seen = _status(call.arg(1)), _number(call.arg(2))
        if to is None or call.name not in {"Move", "Reason"}:
            raise NotAllowed(self._words.officers.gone)
        if seen != dossier.version:
            raise Conflict(self._dossiers.who_was_faster(tx, dossier))
        if to not in {move.to for move in plain_moves(dossier.status, dossier.kind)}:
            name = self._words.statuses[dossier.status].name
            raise NotAllowed(say(self._words.officers.not_allowed, trang_thai=name))
        if call.name == "Reason":
            ask = say(
                self._words.card.ask_reason,
                nut=self._words.statuses[to].button.lower(),
                ma_ho_so=dossier.code,
            )
            key = f"ask-reason:{dossier.id}:{to.value}:{seen}:{row}"
            self._owe(tx, group, Reply(text=ask, wants_reply=True), key, now)
            return Shown(trace="asked reason")
        reasons = self._words.reasons.get(to, ())
        chosen = _number(call.arg(3, "-1"))
        if to in NEEDS_REASON and not 0 <= chosen < len(reasons):
            self._owe(tx, group, self._chat.reasons(dossier, to).but(replaces=card), f"card-why:{row}", now)
            return Shown(trace="asked reason")
        note = reasons[chosen] if 0 <= chosen < len(reasons) else ""
        return self._move(tx, dossier.id, to, officer, note, seen, now)

    def _move(
        self, tx: Tx, number: int, to: Status, officer: Officer, note: str, seen: int, now: datetime
    ) -> Shown:
        moved = self._dossiers.move(tx, number, to, by=officer, note=note[:1000], seen=seen, now=now)
        name = self._words.statuses[moved.status].name
        return Shown(
            notice=say(self._words.officers.moved, trang_thai=name), trace=f"moved to {moved.status}"
        )

    def _link(self, tx: Tx, code: str, incoming: Incoming) -> str:
        officer = link_telegram(tx, code, incoming.sender)
        if officer is None:
            return say(self._words.officers.bad_code)
        return say(self._words.officers.linked, can_bo=officer.name)

    def _asked_before(self, tx: Tx, group: int, incoming: Incoming) -> tuple[int, Status, int] | None:
        """If this answers our question for a reason: which dossier, where to, and the version seen."""
        if not incoming.reply_to or incoming.tapped or not incoming.text.strip():
            return None
        asked = _ASKED.match(tx.outbox.key_of(group, incoming.reply_to) or "")
        return None if asked is None else (int(asked[1]), Status(asked[2]), int(asked[3]))

    def _say(
        self, tx: Tx, group: int, row: int, text: str, trace: str, now: datetime, *, tapped: bool = False
    ) -> Shown:
        if not tapped:
            self._owe(tx, group, Reply(text=text), f"reply:{row}:0", now)
        return Shown(notice=text, trace=trace)

    def _owe(self, tx: Tx, group: int, reply: Reply, key: str, now: datetime) -> None:
        tx.outbox.owe(group, reply, lane=Lane.REPLY, key=key, now=now)


def _number(text: str) -> int:
    """A number out of a button; one that matches nothing if it was forged."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1


def _status(text: str) -> Status | None:
    return Status(text) if text in set(Status) else None
