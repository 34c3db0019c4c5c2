"""A child that passes for `nlu/train.py`. A file `does` beside it says what it does, and where it waits until
it may: "<model> [refused|fails|lingers]", with the gate in `gate`.
"""

import argparse
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, (HERE / "root").read_text())

from tests.understanding.models_scene import lay, put_in_use  # noqa: E402

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--anyway", action="store_true")
    options = parser.parse_args()
    print(f"nlu: training, nice {options.nice}, parent {os.environ['MOTCUA_PARENT_PID']}", flush=True)
    while not (HERE / "gate").exists():
        time.sleep(0.01)
    name, how = ((HERE / "does").read_text() + " ").split(" ")[:2]
    if how == "fails":
        print("ValueError: no examples", flush=True)
        sys.exit(1)
    refused = how == "refused" and not options.anyway
    lay(options.out, name, day=20, refused=("Mô hình mới kém.",) if how == "refused" else ())
    if refused:
        print("nlu: Mô hình mới kém.", flush=True)
    else:
        put_in_use(options.out, name)
    print(options.out / f"{name}.tar.gz", flush=True)
    sys.exit(3 if refused else 0)
