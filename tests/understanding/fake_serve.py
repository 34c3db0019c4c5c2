"""A child that passes for `nlu/serve.py`: a real process, run by the tests of `bot/understanding/server.py`.

The model's name says how it behaves: `stubborn` ignores TERM and has a child of its own, `broken` dies
at once.
"""

import argparse
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

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        token = parse_qs(url.query).get("token")
        if token != [os.environ["MOTCUA_RASA_TOKEN"]]:
            return self.answer(401)
        match url.path:
            case "/die":
                os._exit(3)
            case "/deaf":
                type(self).deaf = True
        return self.answer(500 if self.deaf else 200)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", default="")
    options = parser.parse_args()
    behaviour = Path(options.model).name
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
