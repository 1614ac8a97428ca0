"""The global task by values worked by hand."""

import math
import socket

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp

from ecgssl_core.methods.record_contrast import agreement, directions, pair_loss, segment_contrast, view_loss

TWO = torch.arange(2)


@pytest.mark.parametrize(
    ("likeness", "loss"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], 4.53989e-5),
        ([[0.5, 0.5], [0.5, 0.5]], math.log(2)),
        ([[0.9, 0.5], [0.4, 0.8]], 0.0229006),
    ],
)
def test_the_loss_of_two_pairs(likeness: list[list[float]], loss: float) -> None:
    assert pair_loss(torch.tensor(likeness, dtype=torch.float64), TWO, TWO, 0.1).item() == pytest.approx(loss, rel=1e-5)


def test_records_of_one_patient_belong_together_where_the_numbers_say_so() -> None:
    likeness = torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    patients, records = torch.tensor([7, 7, 3]), torch.arange(3)
    assert pair_loss(likeness, patients, patients, 0.1).item() == pytest.approx(0.554554, abs=1e-6)
    assert pair_loss(likeness, records, records, 0.1).item() == pytest.approx(0.462144, abs=1e-6)


@pytest.mark.parametrize("pairs", [32, 64])
def test_features_that_are_all_alike_give_the_loss_of_a_blind_choice(pairs: int) -> None:
    vectors = torch.ones(pairs, 5)
    loss = segment_contrast(directions(vectors, true_cosine=True), directions(vectors, true_cosine=True),
                            torch.arange(pairs), 0.1, gather=False)  # fmt: skip
    assert loss.item() == pytest.approx(math.log(pairs))


@pytest.mark.parametrize(("true_cosine", "gradient"), [(True, (0.128, -0.096)), (False, (0.2, 0.0))])
def test_the_gradient_of_a_cosine_and_of_the_published_one(true_cosine: bool, gradient: tuple[float, float]) -> None:
    vector = torch.tensor([3.0, 4.0], requires_grad=True)
    (directions(vector, true_cosine=true_cosine) @ torch.tensor([1.0, 0.0])).backward()
    assert vector.grad is not None
    assert vector.grad.tolist() == pytest.approx(gradient, abs=1e-6)


def test_the_loss_of_views_is_that_of_simclr() -> None:
    vectors = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    owners = torch.tensor([0, 0, 1, 1])
    assert view_loss(vectors, owners, 0.1).item() == pytest.approx(math.log(1 + 2 * math.exp(-10)), rel=1e-3)


def test_agreement_is_0_for_the_same_direction_and_4_for_the_opposite() -> None:
    one = torch.tensor([[3.0, 4.0]])
    assert agreement(one, 2 * one).item() == pytest.approx(0, abs=1e-6)
    assert agreement(one, -one).item() == pytest.approx(4)


def test_two_processes_that_gather_have_the_loss_and_the_gradient_of_one() -> None:
    torch.manual_seed(0)
    first, second = torch.randn(8, 6), torch.randn(8, 6)
    whole = first.clone().requires_grad_()
    loss = segment_contrast(
        directions(whole, true_cosine=True), directions(second, true_cosine=True), torch.arange(8), 0.1, gather=False
    )
    loss.backward()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = mp.get_context("spawn")
    queue = context.SimpleQueue()
    processes = [context.Process(target=_half, args=(rank, port, first, second, queue)) for rank in range(2)]
    for process in processes:
        process.start()
    found = dict(queue.get() for _ in processes)
    for process in processes:
        process.join()
    assert whole.grad is not None
    for rank, (their_loss, gradient) in found.items():
        assert their_loss == pytest.approx(loss.item(), abs=1e-6)
        # the mean over processes, as distributed training takes it, is the gradient of one process
        torch.testing.assert_close(torch.tensor(gradient) / 2, whole.grad[4 * rank : 4 * rank + 4], atol=1e-6, rtol=0)


def _half(rank: int, port: int, first: torch.Tensor, second: torch.Tensor, queue: "mp.SimpleQueue[object]") -> None:
    dist.init_process_group("gloo", f"tcp://127.0.0.1:{port}", rank=rank, world_size=2)
    rows = slice(4 * rank, 4 * rank + 4)
    own = first[rows].clone().requires_grad_()
    loss = segment_contrast(
        directions(own, true_cosine=True),
        directions(second[rows], true_cosine=True),
        torch.arange(8)[rows],
        0.1,
        gather=True,
    )
    loss.backward()
    assert own.grad is not None
    queue.put((rank, (loss.item(), own.grad.tolist())))
    dist.destroy_process_group()
