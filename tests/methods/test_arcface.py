"""The angular margin by values worked by hand, and its gradient where the published one is infinite."""

import pytest
import torch

from ecgssl_core.methods.arcface import margin_logits

OWN = torch.zeros(1, dtype=torch.int64)


@pytest.mark.parametrize(
    ("cosine", "logit"),
    [(1.0, 103.7380), (0.8, -13.9470), (0.5, -88.0481), (0.0, -161.5624), (-0.5, -191.7862), (-0.6, -276.7624)],
)
def test_the_own_logit_is_that_of_a_wider_angle(cosine: float, logit: float) -> None:
    # at a cosine of 1 the sine is held a little above 0
    found = margin_logits(torch.tensor([[cosine, 0.0]], dtype=torch.float64), OWN, 192, 1.0)
    assert found[0, 0].item() == pytest.approx(logit, abs=0.2 if cosine == 1 else 1e-4)
    assert found[0, 1] == 0


def test_the_loss_of_one_record_among_three_persons() -> None:
    logits = margin_logits(torch.tensor([[0.8, 0.3, -0.1]], dtype=torch.float64), OWN, 192, 1.0)
    assert logits[0].tolist() == pytest.approx([-13.9470, 57.6, -19.2], abs=1e-4)
    assert torch.nn.functional.cross_entropy(logits, OWN).item() == pytest.approx(71.54702, abs=1e-4)


@pytest.mark.parametrize("cosine", [1.0, -1.0])
def test_the_gradient_is_finite_where_a_record_lies_on_its_person(cosine: float) -> None:
    cosines = torch.tensor([[cosine, 0.0]], requires_grad=True)
    margin_logits(cosines, OWN, 192, 1.0).sum().backward()
    assert cosines.grad is not None
    assert cosines.grad.isfinite().all()


def test_the_own_logit_never_rises_with_the_angle() -> None:
    cosines = torch.cos(torch.linspace(0, torch.pi, 2001, dtype=torch.float64))
    logits = margin_logits(torch.stack([cosines, torch.zeros_like(cosines)], dim=1), OWN.expand(2001), 192, 1.0)[:, 0]
    assert (logits[1:] <= logits[:-1] + 1e-3).all()
