"""The few ways things go wrong, one class for each different reaction."""

from datetime import timedelta


class MotCuaError(Exception):
    """Ours, and explained: the message may be shown to whoever runs the program."""


class DeliveryError(MotCuaError):
    """A message did not get through."""


class Unreachable(DeliveryError):
    """The platform is down or slow. Not the message's fault: try again."""


class Throttled(Unreachable):
    """The platform told us to slow down, and for how long."""

    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


class Uncertain(DeliveryError):
    """The platform may or may not have taken it (a time-out after the request was written)."""


class Refused(DeliveryError):
    """The platform will never take this message."""


class Blocked(Refused):
    """The citizen has blocked us: stop writing to them."""


class FileRefused(MotCuaError):
    """A file cannot be kept. Each `reason` has a wording ``utter_sai_file_<reason>``.

    ``empty`` · ``too_large`` (bytes) · ``unknown_type`` · ``gone`` (the platform has it no longer) ·
    ``unreadable`` (cut off or damaged) · ``small`` and ``pixels`` (a picture's size) · ``locked`` (a PDF's
    password) · ``pages`` (of a PDF). What is only ``dark`` or ``blurred`` is kept: `Attachment.doubt`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


class Conflict(MotCuaError):
    """Somebody was faster: what was read is no longer so. Read again and decide again."""


class NotAllowed(MotCuaError):
    """A move or an action that the rules do not have; the message says it in words for an officer."""


class ReasonMissing(NotAllowed):
    """A move that the rules have, but only with a reason."""
