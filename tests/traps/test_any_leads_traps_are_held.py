"""Which test fails if a trap of the published training on any set of leads comes back (Oh et al. 2022)."""

import re
from pathlib import Path

import pytest

from tests.traps.test_every_trap_is_held import TESTS, names_of

_RECORDS, _OBJECTIVES, _DOWNSTREAM = (
    f"traps/test_any_leads_{name}.py" for name in ("records", "objectives", "downstream")
)

# by theme: what it was, and the tests that hold it
HELD = {
    # records and splits
    "segments of one record on both sides of a split": (
        "corpus/test_folds.py::test_whatever_ties_records_together_keeps_them_in_one_fold",
        "training/test_path.py::test_what_pretraining_sees_holds_no_record_of_the_held_out_folds",
        "training/test_grid.py::test_what_is_pretrained_outside_holds_no_kin_of_the_labelled_pack",
    ),
    "a division by groups that crashes": ("corpus/test_folds.py::test_no_group_is_in_two_folds",),
    "a patient who is a file number, counted as the folder lists files": (
        "corpus/test_folds.py::test_the_order_of_the_records_does_not_matter",
        "corpus/test_source.py::test_records_come_by_key_and_the_first_folder_is_the_source",
        f"{_RECORDS}::test_records_of_one_person_have_one_number_and_those_of_nobody_one_each",
    ),
    "persons who are tested among those who train": (
        "corpus/test_repeaters.py::test_no_person_is_in_two_parts",
        "corpus/test_repeaters.py::test_whoever_is_held_out_does_not_train_from_another_pack_either",
    ),
    "gaps and gains of nought as voltages": (
        f"{_RECORDS}::test_a_gap_in_the_counts_is_no_voltage_and_a_gain_of_nought_no_infinity",
        "records/test_wfdb_reader.py::test_missing_samples_are_no_numbers",
    ),
    "offsets kept, leads by place, comments by line, sex guessed": (
        f"{_RECORDS}::test_leads_go_by_name_offsets_are_taken_off_and_what_is_known_stands_on_any_line",
        f"{_RECORDS}::test_a_sex_that_nobody_knows_is_not_female",
    ),
    "resampling along straight lines": (
        f"{_RECORDS}::test_a_tone_above_half_the_new_rate_vanishes_and_a_beat_stays_where_it_was",
    ),
    "pairs that are no neighbours": (
        f"{_RECORDS}::test_segments_of_a_pair_are_neighbours_and_cover_what_was_cut",
        "signals/test_masking.py::test_adjacent_views_follow_one_another_and_reach_both_ends",
    ),
    "commands of the README that do nothing": (
        "traps/test_loops.py::test_c4_the_commands_of_the_readme_lead_from_a_folder_to_a_model",
        "corpus/test_build.py::test_a_corpus_without_any_whole_record_leaves_nothing",
        "corpus/test_source.py::test_folders_without_records_and_unknown_kinds_are_refused",
    ),
    "a switch that is on whatever is written": (f"{_RECORDS}::test_a_switch_that_is_written_off_is_off",),
    "a patient's number that is a sample's": (
        f"{_RECORDS}::test_records_of_one_person_have_one_number_and_those_of_nobody_one_each",
        "methods/test_record_contrast.py::test_records_of_one_patient_belong_together_where_the_numbers_say_so",
    ),
    # leads and disturbances
    "twelve leads written into the code": (
        "signals/test_lead_masking.py::test_any_number_of_leads_can_be_masked",
        "signals/test_distortion.py::test_any_number_of_leads_can_be_disturbed",
        f"{_DOWNSTREAM}::test_a_network_may_read_any_number_of_leads",
    ),
    "a form of lead masking that nobody called": (f"{_OBJECTIVES}::test_every_form_of_lead_masking_can_be_asked_for",),
    "a baseline shift larger than its limit": (
        "signals/test_distortion.py::test_a_shift_is_never_larger_than_asked_for_and_about_a_fifth_of_the_view",
    ),
    "presets that cannot run": (
        f"{_OBJECTIVES}::test_every_preset_makes_a_step_as_it_ships_though_a_segment_lost_all_its_leads",
    ),
    "noise that brings back what was masked": (
        "signals/test_masking.py::test_masked_leads_stay_silent_under_every_noise",
        "signals/test_lead_masking.py::test_masked_leads_are_0_whatever_else_is_done_and_kept_ones_as_they_were",
    ),
    "no lead left": (
        "signals/test_lead_masking.py::test_no_view_of_a_hundred_thousand_is_left_without_a_lead",
        f"{_OBJECTIVES}::test_every_preset_makes_a_step_as_it_ships_though_a_segment_lost_all_its_leads",
    ),
    "a flat lead and a missing one that look alike": (
        "models/test_wav2vec.py::test_a_network_that_knows_its_leads_ignores_a_missing_one_exactly",
        "models/test_wav2vec.py::test_which_leads_are_there_changes_what_the_network_says",
        "signals/test_spec.py::test_a_lead_that_is_missing_and_one_that_is_silenced_are_the_same",
    ),
    "names of leads that are executed, and statistics of another lead": (
        f"{_OBJECTIVES}::test_leads_are_names_and_nothing_else_is_made_of_them",
        f"{_OBJECTIVES}::test_a_few_leads_keep_their_own_statistics",
    ),
    "fewer leads that fail, options that are swallowed": (
        "training/test_grid.py::test_a_fine_tuning_on_few_leads_reads_those_and_what_follows_from_them",
        f"{_RECORDS}::test_what_is_no_setting_or_no_value_of_it_is_refused",
        f"{_RECORDS}::test_a_preset_with_a_setting_that_nobody_reads_is_refused",
    ),
    "an objective with a norm of its own": (
        f"{_OBJECTIVES}::test_every_objective_reads_series_through_the_same_norm_of_each_lead",
    ),
    "disturbances that hang on a name": (f"{_OBJECTIVES}::test_what_is_disturbed_hangs_on_a_switch_and_not_on_a_name",),
    # masks of frames, codes
    "masks that shrink with the batch": (
        "methods/test_frame_masks.py::test_a_fixed_mask_is_as_large_in_any_batch_and_the_same_beside_any_other",
        "methods/test_frame_masks.py::test_a_row_alone_has_about_half_of_its_frames_masked_and_128_rows_about_a_third",
    ),
    "a last frame that is never masked": (
        "methods/test_frame_masks.py::test_the_published_form_never_masks_the_last_frame_and_the_fixed_one_does",
    ),
    "a temperature that never falls": (
        "methods/test_frame_contrast.py::test_a_planned_temperature_reaches_its_end_with_the_training",
        "settings/test_presets_of_oh2022.py::test_what_the_paper_leaves_open_is_off_in_its_preset_and_on_in_the_small",
    ),
    "options that lead nowhere": (f"{_OBJECTIVES}::test_every_form_of_the_local_task_takes_a_step",),
    "records that depend on those beside them": (
        "models/test_wav2vec.py::test_a_record_s_features_do_not_depend_on_those_beside_it",
        f"{_DOWNSTREAM}::test_many_windows_of_a_record_make_one_answer_and_short_records_depend_on_no_other",
    ),
    "a mean over values that are not 0": (
        f"{_OBJECTIVES}::test_features_are_the_mean_over_frames_whatever_their_values",
    ),
    "pairs of unequal length": (f"{_RECORDS}::test_pairs_come_from_records_long_enough_for_both_segments",),
    # the global task
    "a cosine whose length has no gradient": (
        "methods/test_record_contrast.py::test_the_gradient_of_a_cosine_and_of_the_published_one",
    ),
    "negatives of one process alone": (
        "methods/test_record_contrast.py::test_two_processes_that_gather_have_the_loss_and_the_gradient_of_one",
    ),
    "one patient's records as strangers": (
        "methods/test_record_contrast.py::test_records_of_one_patient_belong_together_where_the_numbers_say_so",
    ),
    "comparators that name what is gone": (
        f"{_OBJECTIVES}::test_every_preset_makes_a_step_as_it_ships_though_a_segment_lost_all_its_leads",
        "training/test_methods_of_oh2022.py::test_each_objective_trains_with_lead_masking_and_without",
    ),
    "a batch of one pair": (f"{_RECORDS}::test_no_batch_is_a_single_pair_and_what_is_left_over_waits",),
    # downstream
    "persons compared by classes of the training": (
        f"{_DOWNSTREAM}::test_retrieval_knows_no_classes_of_training_and_a_record_is_exactly_itself",
    ),
    "an angular margin with an infinite slope": (
        "methods/test_arcface.py::test_the_gradient_is_finite_where_a_record_lies_on_its_person",
        "methods/test_arcface.py::test_the_own_logit_never_rises_with_the_angle",
    ),
    "a mean over classes that is none": (
        f"{_DOWNSTREAM}::test_the_mean_over_classes_is_not_that_over_all_answers_together",
    ),
    "a challenge metric without its normal class": (
        f"{_DOWNSTREAM}::test_classes_without_sinus_rhythm_have_no_weights_of_a_challenge",
    ),
    "scores of segments as scores of records": (
        f"{_DOWNSTREAM}::test_many_windows_of_a_record_make_one_answer_and_short_records_depend_on_no_other",
        "training/test_path.py::test_records_become_a_model_that_predicts_as_it_scored",
    ),
    "a baseline with random convolutions": (
        f"{_DOWNSTREAM}::test_a_network_from_scratch_learns_all_that_a_pretrained_one_learns_and_its_convolutions",
        f"{_DOWNSTREAM}::test_a_random_encoder_under_a_probe_stays_as_it_is",
    ),
    "a schedule of another length than the training": (
        f"{_DOWNSTREAM}::test_a_schedule_is_as_long_as_the_training_that_was_planned",
    ),
    "test scores seen before the end": (
        "traps/test_evaluation.py::test_c2_other_test_labels_change_no_decision_and_no_prediction",
        "training/test_path.py::test_scores_are_written_once",
    ),
    "weights that are loaded without a name matching": (
        "traps/test_weights_and_loss.py::test_b3_an_encoder_with_a_renamed_tensor_is_refused",
        "training/test_path.py::test_encoders_are_taken_over_to_the_last_number",
        "training/test_checkpoint.py::test_a_damaged_checkpoint_gives_way_to_the_one_before",
    ),
}
COUNTS = {"records": 11, "leads": 11, "frames": 7, "global": 5, "downstream": 9}


def test_no_trap_has_gone() -> None:
    assert len(HELD) == sum(COUNTS.values())


@pytest.mark.parametrize("trap", HELD)
def test_each_trap_has_its_tests(trap: str) -> None:
    for test in HELD[trap]:
        file, name = test.split("::")
        assert (TESTS / file).is_file(), f"{trap}: {file} is gone"
        assert name in names_of(TESTS / file), f"{trap}: {name} is gone, skipped or slow"


def test_weights_are_never_read_by_a_format_that_runs_code() -> None:
    core = Path(__file__).parents[2] / "ecgssl_core"
    readers = re.compile(r"\btorch\.load\(|\bpickle\.|allow_pickle=True|\beval\(['\"]")
    assert [path.name for path in core.rglob("*.py") if readers.search(path.read_text())] == []
