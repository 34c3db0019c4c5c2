"""The files of the web chat, read once, packed once, under an address that changes when they do."""

import gzip
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "webchat"

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


class StaticFiles:
    """What `webchat/` holds besides its templates. A browser keeps a file for as long as it likes."""

    def __init__(self) -> None:
        self._files = {
            path.relative_to(FOLDER).as_posix(): path.read_bytes()
            for path in sorted(FOLDER.rglob("*"))
            if path.suffix in _TYPES
        }
        self._packed = {
            name: gzip.compress(content, 9, mtime=0)
            for name, content in self._files.items()
            if not name.endswith(".woff2")
        }
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(name.encode() + b"\0" + content)
        #: Modules and fonts refer to each other by relative addresses, so all share one version.
        self.prefix = f"/chat/static/{digest.hexdigest()[:12]}"

    def routes(self) -> list[Route]:
        return [Route("/chat/static/{version}/{name:path}", self._get, methods=["GET"])]

    async def _get(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = self._files.get(name)
        if content is None:
            return PlainTextResponse("not here", 404)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        }
        if name in self._packed:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in request.headers.get("accept-encoding", ""):
                content, headers["Content-Encoding"] = self._packed[name], "gzip"
        return Response(content, media_type=_TYPES[Path(name).suffix], headers=headers)
