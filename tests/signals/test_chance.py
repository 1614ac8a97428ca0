"""Chance: numbers that depend on their key alone."""

import torch

from ecgssl_core.signals.chance import Chance


def test_a_record_draws_the_same_numbers_in_any_batch() -> None:
    rows = torch.arange(40)
    whole = Chance.of(3, 7, rows)
    part = Chance.of(3, 7, rows[10:13])
    for _ in range(3):
        assert torch.equal(whole.uniform(2, 5)[10:13], part.uniform(2, 5))


def test_seed_epoch_and_record_each_change_the_numbers() -> None:
    rows = torch.arange(3)
    base = Chance.of(0, 0, rows).uniform(50)
    assert not torch.equal(base, Chance.of(1, 0, rows).uniform(50))
    assert not torch.equal(base, Chance.of(0, 1, rows).uniform(50))
    assert not torch.equal(base[0], base[1])


def test_draws_are_even_and_neighbours_have_nothing_to_do_with_each_other() -> None:
    even = Chance.of(0, 0, torch.arange(100)).uniform(1000)
    assert even.min() >= 0
    assert even.max() < 1
    assert abs(even.mean() - 0.5) < 0.005
    assert abs(even.std() - 12**-0.5) < 0.005
    assert torch.corrcoef(torch.stack([even[:, 1:].flatten(), even[:, :-1].flatten()]))[0, 1].abs() < 0.01
    assert torch.corrcoef(even)[0, 1:].abs().max() < 0.15


def test_small_draws_and_large_ones_never_repeat_a_number() -> None:
    chance = Chance.of(0, 0, torch.arange(1))
    drawn = torch.cat([chance.uniform(count).flatten() for count in (3, 200, 100, 1000, 5)])
    assert len(drawn.unique()) >= len(drawn) - 1  # 24 bits: a chance meeting or none


def test_whole_numbers_below_a_limit_reach_both_ends() -> None:
    drawn = Chance.of(0, 0, torch.arange(200)).below(torch.full((200, 50), 6))
    assert drawn.unique().tolist() == [0, 1, 2, 3, 4, 5]
    counts = drawn.flatten().bincount() / drawn.numel()
    assert (counts - 1 / 6).abs().max() < 0.02


def test_the_state_of_torch_is_neither_read_nor_moved() -> None:
    torch.manual_seed(0)
    before = torch.random.get_rng_state()
    first = Chance.of(0, 0, torch.arange(2)).uniform(4)
    assert torch.equal(before, torch.random.get_rng_state())
    torch.manual_seed(99)
    assert torch.equal(first, Chance.of(0, 0, torch.arange(2)).uniform(4))
