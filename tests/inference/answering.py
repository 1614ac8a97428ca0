"""A process for tests of the pool: it answers, hangs, dies or waits for a file, as the request says."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from ecgssl_core.inference.messages import encode, receive, send


def main() -> None:
    """Answer until the other end closes."""
    while True:
        try:
            asked = json.loads(receive(sys.stdin.buffer, 1 << 20))
            content = receive(sys.stdin.buffer, 1 << 20)
        except EOFError:
            return
        if asked["verb"] == "die":
            os._exit(1)
        while asked["verb"] == "hang" or (asked["verb"] == "wait" and not Path(asked["file"]).exists()):
            if asked["verb"] == "wait":
                Path(f"{asked['file']}.{os.getpid()}").touch()
            time.sleep(0.01)
        tree = {"error": "no."} if asked["verb"] == "fail" else {"pid": os.getpid()}
        send(sys.stdout.buffer, *encode(tree, {"back": np.frombuffer(content, "<f4")}))


if __name__ == "__main__":
    main()
