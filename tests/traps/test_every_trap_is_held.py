"""Which test fails if a trap of the published code comes back; a test that goes must be named anew here."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

# what changes, invalidates or hurts results, by its letter: what it was, and the tests that hold it
HELD = {
    "A1": (
        "one lead twelve times",
        "traps/test_data.py::test_a1_every_lead_of_a_file_reaches_the_network_as_itself",
        "traps/test_data.py::test_a1_leads_of_a_loaded_record_obey_einthoven_and_goldberger",
        "signals/test_spec.py::test_each_lead_stays_its_own",
        "records/test_wfdb_reader.py::test_every_lead_of_a_real_record_is_its_own",
    ),
    "A2": (
        "pretraining sees the test fold",
        "traps/test_data.py::test_a2_no_batch_of_a_training_holds_a_held_out_record",
        "training/test_path.py::test_what_pretraining_sees_holds_no_record_of_the_held_out_folds",
        "training/test_path.py::test_an_encoder_that_saw_the_test_fold_is_refused",
    ),
    "A3": (
        "folds by record, not by patient",
        "corpus/test_folds.py::test_no_group_is_in_two_folds",
        "corpus/test_folds.py::test_whatever_ties_records_together_keeps_them_in_one_fold",
        "training/test_path.py::test_a_leaking_fold_file_stops_training",
    ),
    "A4": (
        "local views are not shorter, and rhythm is stretched away",
        "signals/test_views.py::test_global_and_local_views_have_their_own_lengths",
        "signals/test_views.py::test_beats_keep_their_number_unless_stretching_is_asked_for",
        "signals/test_views.py::test_local_spectrogram_views_are_narrower",
    ),
    "A5": (
        "Frequency Cutout never reaches the network",
        "traps/test_views_of_spectrograms.py::test_a5_each_lead_of_each_view_that_a_network_sees_has_one_cut_bin",
        "traps/test_views_of_spectrograms.py::test_a5_time_cutout_does_not_undo_the_cut_bin",
        "traps/test_views_of_spectrograms.py::test_a5_without_cutouts_nothing_is_cut",
        "signals/test_views.py::test_frequency_cutout_removes_exactly_one_bin_of_each_lead",
        "signals/test_views.py::test_both_cutouts_reach_the_network",
    ),
    "A6": (
        "zeros in a standardised image mean average",
        "traps/test_views_of_spectrograms.py::test_a6_what_is_cut_or_padded_holds_the_value_that_the_setting_names",
        "traps/test_views_of_spectrograms.py::test_a6_silence_is_what_a_silent_lead_looks_like_and_no_average",
    ),
    "A7": (
        "constants of unknown origin",
        "traps/test_data.py::test_a7_a8_held_out_records_do_not_move_the_statistics",
        "traps/test_data.py::test_a7_statistics_are_each_lead_s_own_and_part_of_the_stored_network",
        "traps/test_data.py::test_a7_statistics_follow_the_kind_of_spectrogram",
    ),
    "A8": (
        "statistics over all folds, and a mean of spreads",
        "traps/test_data.py::test_a7_a8_held_out_records_do_not_move_the_statistics",
        "traps/test_data.py::test_a8_spread_is_pooled_over_samples_and_no_mean_of_spreads",
        "training/test_path.py::test_statistics_come_from_training_records_only",
    ),
    "A11": (
        "the tail unseen, short records dropped in silence",
        "traps/test_data.py::test_a11_a_short_record_has_its_row_and_the_last_samples_count",
        "traps/test_data.py::test_a11_a_record_shorter_than_a_stretch_is_trained_on_too",
        "signals/test_spec.py::test_windows_follow_the_stride_and_end_with_the_record",
        "signals/test_spec.py::test_a_short_record_gives_one_window_followed_by_zeros",
    ),
    "A13": (
        "resampling that rings from one end into the other",
        "traps/test_data.py::test_a13_a_drift_does_not_ring_into_the_ends_of_a_packed_record",
        "signals/test_resample.py::test_a_ramp_does_not_overshoot_at_its_ends",
    ),
    "A18": (
        "the image of every window of a long record in memory",
        "traps/test_data.py::test_a18_half_an_hour_is_scored_without_holding_more_than_its_windows",
        "traps/test_data.py::test_a18_a_network_of_the_series_alone_makes_no_spectrogram",
    ),
    "B1": (
        "the centre divided twice by the batch",
        "traps/test_weights_and_loss.py::test_b1_the_centre_of_a_step_does_not_shrink_with_the_batch",
        "traps/test_weights_and_loss.py::test_b1_the_centre_of_constant_logits_reaches_them",
        "methods/test_self_distillation.py::test_the_centre_moves_to_the_true_mean",
    ),
    "B2": (
        "the best checkpoint is that of the lowest loss, which a collapse has",
        "traps/test_loops.py::test_b2_the_kept_checkpoint_is_the_last_and_not_that_of_the_lowest_loss",
        "traps/test_loops.py::test_b2_a_pretraining_logs_entropy_divergence_and_rank",
        "traps/test_loops.py::test_b2_a_pretraining_that_tells_nothing_apart_stops_and_says_so",
        "traps/test_weights_and_loss.py::test_b2_the_figures_of_health_of_a_collapsed_teacher_are_those_of_a_collapse",
        "methods/test_self_distillation.py::test_a_collapse_is_named",
    ),
    "B3": (
        "encoders that are loaded without a name matching",
        "traps/test_weights_and_loss.py::test_b3_every_tensor_of_a_pretrained_encoder_is_in_the_fused_network",
        "traps/test_weights_and_loss.py::test_b3_an_encoder_with_a_renamed_tensor_is_refused",
        "training/test_path.py::test_encoders_are_taken_over_to_the_last_number",
    ),
    "B4": (
        "the head's start overwritten",
        "traps/test_weights_and_loss.py::test_b4_the_whole_student_begins_as_its_parts_do",
        "models/test_networks.py::test_the_head_begins_narrow",
        "models/test_networks.py::test_residual_branches_begin_as_nothing",
    ),
    "B5": (
        "decay in the gradient, and of vectors",
        "traps/test_weights_and_loss.py"
        "::test_b5_no_vector_of_the_whole_student_decays_and_a_matrix_does_by_rate_times_decay",
        "training/test_optimiser.py::test_without_a_gradient_a_matrix_shrinks_by_its_decay_and_a_vector_stays",
    ),
    "C1": (
        "epochs counted from 1 into schedules that count from 0",
        "traps/test_loops.py::test_c1_a_run_of_two_epochs_counts_from_nought_and_ends_at_the_end",
        "traps/test_loops.py::test_c1_every_schedule_has_a_value_at_its_first_and_last_step",
        "training/test_schedule.py::test_the_rate_warms_up_and_falls",
    ),
    "C2": (
        "selection and thresholds on the reported fold",
        "traps/test_evaluation.py::test_c2_other_test_labels_change_no_decision_and_no_prediction",
        "traps/test_evaluation.py::test_c2_validation_labels_do_decide",
        "traps/test_evaluation.py::test_c2_the_parts_of_a_fold_are_apart",
    ),
    "C3": (
        "prototypes that are never frozen",
        "traps/test_loops.py::test_c3_the_prototypes_stay_through_the_first_epoch_of_a_training_and_no_longer",
        "traps/test_loops.py::test_c3_the_published_presets_freeze_the_prototypes_first",
        "methods/test_self_distillation.py::test_prototypes_rest_in_the_first_epoch",
    ),
    "C4": (
        "training scripts that cannot save",
        "traps/test_loops.py::test_c4_the_commands_of_the_readme_lead_from_a_folder_to_a_model",
        "house/test_docs.py::test_every_verb_and_option_in_the_documents_exists",
    ),
    "C10": (
        "thresholds in half precision, searched beside others that are not used",
        "traps/test_evaluation.py::test_c10_the_stored_thresholds_are_those_that_gave_the_scores",
        "traps/test_evaluation.py::test_c10_a_threshold_keeps_all_its_digits_when_it_is_stored",
        "evaluation/test_thresholds.py::test_no_single_class_can_still_gain",
    ),
}
MARKED = "A1 A2 A3 A4 A5 A6 A7 A8 A11 A13 A18 B1 B2 B3 B4 B5 C1 C2 C3 C4 C10"


def names_of(path: Path) -> set[str]:
    """Give the names of the tests that a file would run: no skipped and no doubly defined ones."""
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    names = [node.name for node in functions if node.name.startswith("test_")]
    left_out = {
        node.name
        for node in functions
        if any(
            word in ast.unparse(mark) for mark in node.decorator_list for word in ("mark.skip", "xfail", "mark.slow")
        )
    }
    return {name for name in names if names.count(name) == 1} - left_out


def test_every_marked_trap_is_in_the_list() -> None:
    assert list(HELD) == MARKED.split()


@pytest.mark.parametrize("trap", HELD)
def test_each_trap_has_its_tests(trap: str) -> None:
    _, *tests = HELD[trap]
    assert tests
    for test in tests:
        file, name = test.split("::")
        assert (TESTS / file).is_file(), f"{trap}: {file} is gone"
        assert name in names_of(TESTS / file), f"{trap}: {name} is gone, skipped or slow"


def test_every_test_that_is_named_after_a_trap_is_listed() -> None:
    listed = {test for _, *tests in HELD.values() for test in tests}
    found = {
        f"traps/{path.name}::{name}"
        for path in Path(__file__).parent.glob("test_*.py")
        for name in names_of(path)
        if re.match(r"test_[abc]\d", name)
    }
    assert found - listed == set()


@pytest.mark.parametrize("line", ["", "@pytest.mark.skip\n", "@pytest.mark.slow\n", "def test_one(): ...\n"])
def test_the_check_sees_what_is_gone_or_left_out(tmp_path: Path, line: str) -> None:
    (tmp_path / "test_some.py").write_text(f"{line}def test_one(): ...\n")
    assert names_of(tmp_path / "test_some.py") == (set() if line else {"test_one"})
