"""How pages are drawn: the templates, and the files they need, read once when the program starts."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.desk import when, words

_HERE = Path(__file__).parent
_MIME = {".woff2": "font/woff2", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A style sheet, a script or a font."""

    content: bytes
    mime: str
    digest: str


class Look:
    def __init__(self) -> None:
        self.assets = _read_assets(_HERE / "static")
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            asset=self._address,
            kind_name=words.kind,
            slip_name=words.slip,
            channel_name=words.channel,
            score_name=words.score,
            size_in_words=words.size,
            ago=when.ago,
            day=when.day,
            moment=when.moment,
        )

    def render(self, template: str, **facts: object) -> str:
        return self._templates.get_template(template).render(**facts)

    def _address(self, root: str, name: str) -> str:
        """Where a page finds an asset. A changed file has another address, so browsers may keep it.

        Not so for fonts: the style sheet names them, too, and one file must have one address.
        """
        asset = self.assets[name]
        return f"{root}/static/{name}" + ("" if asset.mime.startswith("font/") else f"?v={asset.digest}")


def _read_assets(folder: Path) -> dict[str, Asset]:
    assets = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _MIME:
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:12]
            assets[path.relative_to(folder).as_posix()] = Asset(content, _MIME[path.suffix], digest)
    return assets
