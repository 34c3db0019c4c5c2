"""Starts Rasa's own HTTP server on 127.0.0.1, light and quiet, and ends it when whoever started it ends."""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from shelf import Shelf

NLU = Path(__file__).resolve().parent
#: Linux's prctl(2): which signal to get when the parent dies.
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Never outlive the process that started us, however it ended."""
    # Who starts us says who it is: by the time we ask, it may be dead and we somebody else's child.
    parent = int(os.environ.get("MOTCUA_PARENT_PID") or os.getppid())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(0)

    # Elsewhere, and for a parent's thread that ends without its process: look twice a second.
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def end_at_once(signum: int, frame: FrameType | None) -> None:
    """Nothing here needs saving, so there is nothing to wait for."""
    os._exit(0)


def quiet() -> None:
    """One thread for the arithmetic, no telemetry, no talk."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_WORKERS"] = "1"
    os.environ["LOG_LEVEL_LIBRARIES"] = "ERROR"


def serve(model: Path, port: int, token: str) -> None:
    """What `rasa run --enable-api` does, without its command line and its channels."""
    sys.path.insert(0, str(NLU))
    from light import start_light

    start_light()
    from rasa.core.run import configure_app, load_agent_on_start
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.log_utils import configure_structlog

    # Below a warning Rasa writes down what people said; that belongs in no log.
    logging.disable(logging.INFO)
    configure_structlog(logging.WARNING)
    endpoints = AvailableEndpoints()
    app = configure_app(cors=None, auth_token=token, enable_api=True, port=port, endpoints=endpoints)

    async def load_model(app: object, loop: object) -> None:
        await load_agent_on_start(str(model), endpoints, None, app, loop)

    async def take_signals(app: object, loop: object) -> None:
        signal.signal(signal.SIGTERM, end_at_once)
        signal.signal(signal.SIGINT, end_at_once)

    app.register_listener(load_model, "before_server_start")
    app.register_listener(take_signals, "after_server_start")
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False, debug=False, motd=False)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", default=os.environ.get("MOTCUA_RASA_TOKEN"), help="else MOTCUA_RASA_TOKEN")
    wanted = parser.parse_args()
    if not wanted.token:
        parser.error("a token is needed: --token or MOTCUA_RASA_TOKEN")
    if not wanted.model.is_file():
        parser.error(f"there is no model at {wanted.model}; train one with train.py")
    if Shelf(wanted.model.parent).card(wanted.model.name.removesuffix(".tar.gz")) is None:
        parser.error(f"{wanted.model.name} is not as our training made it (its sha256 differs); train anew")
    signal.signal(signal.SIGTERM, end_at_once)
    signal.signal(signal.SIGINT, end_at_once)
    end_with_parent()
    quiet()
    serve(wanted.model.resolve(), wanted.port, wanted.token)


if __name__ == "__main__":
    main()
