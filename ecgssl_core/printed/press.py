"""Reading sheets from a process of its own: many of them would keep the pages of a dashboard waiting."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from ecgssl_core.errors import OwnFault
from ecgssl_core.inference.messages import receive, send
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Reading, Record
from ecgssl_core.records.wire import encode_reading

from .options import SheetOptions

_LONGEST_SHEET = 1 << 28


class Press:
    """Prints one sheet after the other; a context that ends the process with it."""

    def __init__(self) -> None:
        root = str(Path(__file__).parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ecgssl_core.printed.press_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": root},
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def sheet(self, record: Record, prediction: Prediction | None, model: Path | None, options: SheetOptions) -> bytes:
        """Give the reading sheet of a record, its quality and intervals looked at there.

        Raises:
            OwnFault: the process died.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said = prediction and {
            "record": prediction.as_json(),
            "model": {"name": prediction.model_name, "sha256": prediction.model_sha256},
        }
        asked = {"prediction": said, "model": model and str(model), "options": dataclasses.asdict(options)}
        try:
            send(self._process.stdin, json.dumps(asked).encode(), encode_reading(Reading((record,), ())))
            return receive(self._process.stdout, _LONGEST_SHEET)
        except (EOFError, OSError) as error:
            raise OwnFault("The process that prints stopped unexpectedly; try again.") from error
