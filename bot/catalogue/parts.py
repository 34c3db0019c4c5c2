"""Cuts a long answer into parts, between lines: a short answer first, the rest behind a button."""


def parts(text: str, longest: int) -> list[str]:
    """The text in parts of at most `longest` letters. Lines stay whole, so a single line may be longer."""
    found: list[list[str]] = []
    room = 0
    for line in text.split("\n"):
        room -= len(line) + 1
        if room < 0 or not found:
            found.append([])
            room = longest - len(line) - 1
        found[-1].append(line)
    # Two words left over are no part of their own.
    if len(found) > 1 and sum(map(len, found[-1])) < longest // 8:
        found[-2:] = [found[-2] + found[-1]]
    return ["\n".join(lines).strip("\n") for lines in found]
