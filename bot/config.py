"""Reads config.yml and the environment, once, into one frozen `Settings`, or lists all that is wrong."""

import os
from datetime import time
from pathlib import Path
from typing import Any

import pydantic
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.core.content import ContentError, Document, read_yaml, suggest
from bot.core.errors import MotCuaError

PREFIX = "MOTCUA_"

#: The folder that holds config.yml, data/ and flows/.
ROOT = Path(__file__).resolve().parent.parent

#: Rasa's own keys in config.yml; Rasa reads them, we only let them stand.
RASA_KEYS = frozenset({"recipe", "language", "assistant_id", "pipeline", "policies"})


class Section(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")


class Ward(Section):
    """Who we speak for."""

    name: str = Field(min_length=1)
    city: str = ""
    #: Number of the administrative unit.
    code: str = ""
    #: How its dossier codes begin (Thông tư 01/2018/TT-VPCP, Điều 19).
    agency_code: str = Field(default="H00.000", pattern=r"^[GH]\d{2}(\.\d{1,3}){0,3}$")
    counter: str = ""
    address: str = ""
    #: Empty: not known, and said so.
    hours: str = ""
    phone: str = ""

    def facts(self) -> dict[str, str]:
        """For sentences: ``{ward.name}``, ``{ward.address}`` …"""
        return {
            f"ward.{key}": getattr(self, key)
            for key in ("name", "city", "counter", "address", "hours", "phone")
        }


class Channels(Section):
    web: bool = True
    rest: bool = True


class Sending(Section):
    """How hard we try to get a message through."""

    #: Messages a second to all chats together (Telegram allows 30).
    per_second: float = Field(default=25, gt=0, le=1000)
    max_attempts: int = Field(default=12, ge=1, le=100)
    patience_seconds: float = Field(default=20, gt=0, le=300)


class Files(Section):
    max_mb: int = Field(default=20, ge=1, le=50)
    #: Of one PDF.
    max_pages: int = Field(default=30, ge=1, le=500)


class Desk(Section):
    idle_minutes: int = Field(default=30, ge=5, le=720)


class Understanding(Section):
    timeout_seconds: float = Field(default=2.0, gt=0, le=30)


class Routing(Section):
    """How new dossiers are offered to officers."""

    #: Working time after which the next officer is asked.
    unclaimed_minutes: int = Field(default=60, ge=5, le=1440)
    most_offers: int = Field(default=4, ge=1, le=20)


class Lookups(Section):
    """Tries in vain to look a dossier up from another account."""

    per_person_an_hour: int = Field(default=5, ge=1, le=100)
    per_code_a_day: int = Field(default=10, ge=1, le=1000)
    all_an_hour: int = Field(default=200, ge=1, le=100_000)


class Knowledge(Section):
    #: `motcua check` names sources that are older than this.
    stale_months: int = Field(default=12, ge=1, le=120)


class Dossiers(Section):
    """When officers are reminded of what they have in hand."""

    remind_days_before: int = Field(default=1, ge=1, le=10)
    #: For what is due on the day itself or counted in hours.
    remind_hours_before: int = Field(default=2, ge=1, le=12)
    #: Tell the resident of an overdue dossier so before an officer has apologised.
    apologise_by_itself: bool = False


class Appointments(Section):
    """When residents are reminded of their appointments."""

    #: On the working day before.
    remind_at: time = time(17, 0)
    #: And once more so long before the hour itself.
    remind_minutes_before: int = Field(default=60, ge=10, le=240)


class Ratings(Section):
    #: How long after the result they are asked whether they are satisfied.
    ask_after_minutes: int = Field(default=60, ge=0, le=1440)


class Settings(BaseSettings):
    """Everything the program is told. Sections come from config.yml, the rest from the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_file=".env", extra="forbid", frozen=True
    )

    ward: Ward
    channels: Channels = Channels()
    sending: Sending = Sending()
    files: Files = Files()
    desk: Desk = Desk()
    understanding: Understanding = Understanding()
    knowledge: Knowledge = Knowledge()
    lookups: Lookups = Lookups()
    routing: Routing = Routing()
    dossiers: Dossiers = Dossiers()
    appointments: Appointments = Appointments()
    ratings: Ratings = Ratings()

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    #: Where the database (unless it is elsewhere), files and models lie.
    var: Path = ROOT / "var"
    #: With its password: not to be printed.
    database_url: str = Field(default="", repr=False)
    telegram_token: SecretStr | None = None
    telegram_api_url: str = Field(default="https://api.telegram.org", pattern=r"^https?://")
    #: Id of the officers' group on Telegram.
    telegram_officers_chat: str = Field(default="", pattern=r"^(-?\d+)?$")
    #: Set: webhooks; unset: long polling.
    public_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    #: A Rasa server run elsewhere; unset: our own child.
    rasa_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    rasa_token: SecretStr | None = None
    #: Lets REST clients in that are not on this machine.
    rest_token: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment first: it overrides config.yml, which comes in as `init`.
        return env_settings, dotenv_settings, init_settings

    @pydantic.field_validator("database_url")
    @classmethod
    def _is_a_database_we_know(cls, url: str) -> str:
        if not url:
            return url
        try:
            backend = make_url(url).get_backend_name()
        except ArgumentError:
            raise ValueError("is no database URL, for example postgresql://user:password@host/name") from None
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError(f"{backend} is not supported: use sqlite or postgresql")
        return url

    @property
    def database(self) -> str:
        """The database's URL: as given, else an SQLite file under `var`."""
        return self.database_url or f"sqlite:///{self.var / 'motcua.db'}"

    @property
    def max_file_bytes(self) -> int:
        return self.files.max_mb * 1024 * 1024


class ConfigError(MotCuaError):
    """Everything that is wrong with the settings, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings(path: Path = ROOT / "config.yml", env_file: Path | None = None) -> Settings:
    """Settings from this file and the environment; ConfigError with every problem at once."""
    try:
        document = read_yaml(path)
    except ContentError as error:
        raise ConfigError([str(problem) for problem in error.problems]) from None
    ours = {key: value for key, value in (document.value or {}).items() if key not in RASA_KEYS}
    problems = _unknown_variables()
    try:
        settings = Settings(_env_file=env_file or path.parent / ".env", **ours)  # type: ignore[call-arg]
    except pydantic.ValidationError as error:
        problems += [_explain(detail, document) for detail in error.errors()]
        raise ConfigError(problems) from None
    if problems:
        raise ConfigError(problems)
    return settings


def _unknown_variables() -> list[str]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    found = [name for name in os.environ if name.startswith(PREFIX)]
    return [
        f"{name}: there is no such setting.{suggest(name, known)}"
        for name in sorted(found)
        if name.upper().split("__")[0] not in known
    ]


def _explain(detail: Any, document: Document) -> str:
    """One problem, at its place: a line of config.yml or a variable of the environment."""
    keys = tuple(detail["loc"])
    variable = PREFIX + "__".join(str(key) for key in keys).upper()
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        section = Settings.model_fields.get(str(keys[0]))
        inner = (
            getattr(section.annotation, "model_fields", {})
            if section and len(keys) > 1
            else Settings.model_fields
        )
        message = f'there is no setting "{keys[-1]}".{suggest(str(keys[-1]), inner)}'
    silent = detail["type"] in {"missing", "extra_forbidden"} or _is_secret(variable)
    shown = "" if silent else f" (it says {str(detail['input'])[:60]!r})"
    in_environment = any(name.upper() == variable for name in os.environ)
    if in_environment or keys[0] not in (document.value or {}):
        return f"{variable}: {message}{shown}"
    return f"{document.path}:{document.line(*keys)}  {'.'.join(map(str, keys))}: {message}{shown}"


def _is_secret(variable: str) -> bool:
    return "TOKEN" in variable or variable.endswith("DATABASE_URL")
