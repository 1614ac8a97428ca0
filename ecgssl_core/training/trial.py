"""A few steps of a training on noise, to tell how long its steps take on this machine."""

import time
from collections.abc import Iterator

import torch

from ecgssl_core.errors import SettingsError
from ecgssl_core.methods.method import Method
from ecgssl_core.settings import Settings

from .finetune import start
from .loader import Loader
from .optimiser import make_optimiser
from .pretrain import input_spec, new_method
from .recordings import Recordings
from .train import use_device

STEPS, PATIENCE_S = 6, 12.0
_RECORD_S = 10.0
_CLASSES = 24


def try_steps(settings: Settings) -> list[float]:
    """Give the seconds that each record took in some steps, the first of which, slower than the rest, is left out.

    Args:
        settings: of the training; nothing is read from its pack, and nothing is kept.

    Raises:
        SettingsError: it is a baseline, which takes no steps.
        RunError: its device is not here.
    """
    if settings.method == "baseline":
        raise SettingsError("A baseline takes no steps; it is done in seconds to minutes.")
    device = use_device(settings)
    torch.manual_seed(settings.training.seed)
    method = _method(settings).to(device).train()
    found = list(_timed(method, settings, device))
    return found[1:] or found


def _method(settings: Settings) -> Method:
    spec = input_spec(settings)
    if settings.method == "supervised":
        return start(settings, spec, _CLASSES, [])[0]
    return new_method(settings, spec)


def _timed(method: Method, settings: Settings, device: torch.device) -> Iterator[float]:
    batch = settings.training.batch
    noise = _noise(batch, round(_RECORD_S * settings.input.rate)).to(device)
    loader = Loader(noise, _labels(settings, device), batch, method.source_samples, 0)
    optimiser = make_optimiser(method, settings)
    deadline = time.monotonic() + PATIENCE_S
    for epoch in range(STEPS + 1):
        begun = time.monotonic()
        for one, chance in loader.batches(epoch):
            loss, _ = method.loss(one, chance)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            method.after_step(epoch / STEPS)
            loss.item()  # waits for the device
        yield (time.monotonic() - begun) / batch
        if time.monotonic() > deadline:
            return


def _noise(records: int, samples_each: int) -> Recordings:
    start = torch.arange(records) * samples_each
    samples = torch.randint(-2000, 2000, (records * samples_each, 12), dtype=torch.int16)
    length, scale = torch.full((records,), samples_each), torch.full((records, 12), 1e-3)
    return Recordings(samples, start, length, scale, torch.arange(records))


def _labels(settings: Settings, device: torch.device) -> torch.Tensor | None:
    if settings.method != "supervised":
        return None
    return torch.randint(0, 2, (settings.training.batch, _CLASSES), dtype=torch.int8, device=device)
