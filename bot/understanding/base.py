"""What every reader of a citizen's words is: Rasa's server, or the rules that answer while it is away."""

from typing import Protocol

from bot.core.heard import Heard

#: The intent of a text that says nothing we know (Rasa's own name for it).
UNCLEAR = "nlu_fallback"


class Reader(Protocol):
    async def read(self, text: str) -> Heard:
        """Say what the text means, as well as it can be known. Never fails and is never slow."""
        ...
