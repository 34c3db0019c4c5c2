"""A client that fills any form from `custom.collect` alone: it knows the kinds of questions, and no form.

`collect` is what a reply carries beside its words: slot, type, required, choices, min, max, multiple.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.core import payload

#: A picture is to be sent.
PICTURE = "<picture>"
ADDRESS = "12 đường số 3, khu phố Bình Đức 1, phường Bình Hòa, Thành phố Hồ Chí Minh"


@dataclass
class Filler:
    """Answers question after question; `seed` varies which choice is taken, and how it is said."""

    today: date
    seed: int = 0
    #: Slot → how often it was answered in vain.
    tries: dict[str, int] = field(default_factory=dict)
    #: What was said, for when it gives up.
    said: list[str] = field(default_factory=list)
    last: str = ""

    def answer(self, collect: Mapping[str, Any], offered: Mapping[str, str] = {}) -> str:
        """What to send for this question: words, a payload, or `PICTURE`. `offered`: payload → title."""
        slot = collect["slot"]
        self.tries[slot] = self.tries.get(slot, -1) + 1 if slot == self.last else 0
        self.last = slot
        finished = next((one for one in offered if one.endswith("=@xong)")), None)
        if finished is not None:
            return self._say(finished)
        answers = list(self._answers(collect))
        assert self.tries[slot] < 2 * len(answers), f"{slot} takes none of {answers}; said {self.said[-8:]}"
        # Said again, what was doubted is taken.
        return self._say(answers[self.tries[slot] // 2])

    def _say(self, text: str) -> str:
        self.said.append(text)
        return text

    def _answers(self, collect: Mapping[str, Any]) -> Iterator[str]:
        match collect["type"]:
            case "choice" | "bool":
                yield from self._choices(collect)
            case "date":
                yield from self._dates(collect)
            case "time":
                yield from ("9 giờ", "10 giờ", "14:30")
            case "number" | "money":
                low, high = collect.get("min") or 1, collect.get("max")
                yield str(low if high is None else min(low + self.seed, high))
                yield str(high or 500_000)
            case "text":
                words = "Nội dung ghi theo giấy tờ, từ đầu năm 2020 đến nay"
                least, most = collect.get("min") or 1, collect.get("max") or 500
                yield (words * (1 + least // len(words)))[:most].strip()
                # Where only a number is taken, as of an account.
                yield "0123 456 789"[:most].strip()
                yield "Kinh"
            case "name":
                yield ("Lê Thị Hoa", "Nguyễn Văn Bình", "Trần Thị An Nhiên")[self.seed % 3]
            case "phone":
                yield "0901 234 567"
            case "cccd":
                yield from ("000190001234", "000090001234", "000185001234")
            case "email":
                yield "hoa@example.com"
            case "address":
                yield ADDRESS
            case "place":
                yield "trước nhà 12 đường số 3"
            case "file":
                yield PICTURE

    def _choices(self, collect: Mapping[str, Any]) -> Iterator[str]:
        choices = collect["choices"]
        first = 0 if collect["type"] == "bool" else self.seed % len(choices)
        for number in range(len(choices)):
            at = (first + number) % len(choices)
            chosen = choices[at]
            if collect["type"] == "choice" and self.seed % 3 == 1:
                yield str(at + 1)
            elif collect["type"] == "choice" and self.seed % 3 == 2:
                yield chosen["title"]
            else:
                yield payload.write("SetSlots", **{collect["slot"]: chosen["id"]})

    def _dates(self, collect: Mapping[str, Any]) -> Iterator[str]:
        first, last = collect.get("min"), collect.get("max")
        if first is not None:
            begin = date.fromisoformat(str(first))
            days = [begin + timedelta(days=number) for number in range(14)]
            end = date.fromisoformat(str(last)) if last else days[-1]
            yield from (f"{day:%d/%m/%Y}" for day in days if day <= end)
        elif last is not None:
            end = date.fromisoformat(str(last))
            yield from (f"{day:%d/%m/%Y}" for day in (end - timedelta(days=9), end))
            yield "12/03/1990"
        else:
            yield f"{self.today + timedelta(days=1):%d/%m/%Y}"
            yield "12/03/1990"
