"""What the tests run in place of a training: a few words, each a way to behave; the last two are `--run NAME`."""

import signal
import sys
import time
from pathlib import Path
from types import FrameType

from ecgssl_core.runs import RunDir, open_run

told: list[int] = []


def tell(number: int, frame: FrameType | None) -> None:
    del frame
    told.append(number)


def loop(run: RunDir) -> None:
    """Take small steps until told to stop, then say where it ended, as a training does."""
    signal.signal(signal.SIGTERM, tell)
    with run.hold():
        for step in range(run.state().step, 10_000):
            run.write_state("running", step=step, steps=10_000)
            run.beat()
            if run.stop_asked():
                run.write_state("cancelled", step=step, steps=10_000, reason=f"signals {told}")
                return
            time.sleep(0.01)


def main(run: RunDir, how: str, *rest: str) -> None:
    """Behave as told."""
    if how == "finish":
        with run.hold():
            run.write_state("running")
            with (run.path.parent / "order").open("a") as file:
                file.write(f"{run.name}\n")
            time.sleep(float(rest[0]) if rest else 0)
            run.write_state("done", step=1, steps=1)
    elif how in {"pretrain", "finetune"}:
        needed = [open_run(name).state().state for name in run.settings().data.encoders]
        if set(needed) - {"done"}:
            raise SystemExit(f"An encoder is {needed}.")
        main(run, "finish", "0.2")
    elif how == "fail":
        print("Reading the pack.")
        raise SystemExit("The pack holds no labels; give --labels.")
    elif how == "killed":
        signal.raise_signal(signal.SIGKILL)
    elif how == "loop":
        loop(run)
    elif how == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        Path(run.path / "ready").touch()
        time.sleep(60)


*words, flag, name = sys.argv[1:]
if flag != "--run":
    raise SystemExit(f"--run NAME has to come last, not {flag}")
main(open_run(name), *words)
