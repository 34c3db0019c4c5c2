"""A child that passes for `nlu/serve.py`: a real process, run by the tests of `bot/understanding/server.py`.

The model's name says how it behaves: `stubborn` ignores TERM and has a child of its own, `broken` dies
at once, `indigestible` cannot be read, `deadly` ends a child that reads it while it runs. What it parses
has the model's name as intent.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit


class Handler(BaseHTTPRequestHandler):
    deaf: ClassVar[bool] = False
    model: ClassVar[str] = ""

    def do_GET(self) -> None:
        if not self.may():
            return self.answer(401)
        match urlsplit(self.path).path:
            case "/die":
                os._exit(3)
            case "/deaf":
                type(self).deaf = True
        return self.answer(500 if self.deaf else 200, {"model_file": self.model, "pid": os.getpid()})

    def do_PUT(self) -> None:
        """As Rasa: the model that is read now, or 400 and all stays as it is."""
        model = Path(self.body()["model_file"])
        if not self.may() or not model.is_absolute():
            return self.answer(401)
        if "indigestible" in model.name:
            return self.answer(400)
        if "deadly" in model.name:
            os._exit(4)
        type(self).model = model.name
        return self.answer(204)

    def do_POST(self) -> None:
        self.body()
        return self.answer(200, {"intent": {"name": self.model, "confidence": 1.0}})

    def may(self) -> bool:
        return parse_qs(urlsplit(self.path).query).get("token") == [os.environ["MOTCUA_RASA_TOKEN"]]

    def body(self) -> dict[str, str]:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, status: int, content: dict[str, object] | None = None) -> None:
        body = json.dumps(content).encode() if content is not None else b""
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", default="")
    options = parser.parse_args()
    Handler.model = behaviour = Path(options.model).name
    if behaviour == "broken":
        print("no model here", flush=True)
        sys.exit(1)
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        grandchild = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        print(f"grandchild {grandchild.pid}", flush=True)
    secrets = sorted(name for name in os.environ if name.startswith("MOTCUA_"))
    print(f"secrets {' '.join(secrets)} {'x' * 2_000}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", options.port), Handler).serve_forever()
