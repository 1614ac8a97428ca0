"""The verbs about files of ECGs: what they hold, and what a model finds in them."""

import argparse
import sys

from .told import print_tree, say


def read(asked: argparse.Namespace) -> int:
    """Print what was understood of files."""
    from ecgssl_core.inference.files import read_files
    from ecgssl_core.inference.read import reading_json
    from ecgssl_core.records import parse_answers

    reading = read_files(asked.files, parse_answers(asked.unit, asked.leads, asked.rate))
    print_tree(reading_json(reading), asked.json)
    return 1 if reading.refused else 0


def predict(asked: argparse.Namespace) -> int:
    """Print what a model finds in files."""
    from ecgssl_core.inference.card import default_model
    from ecgssl_core.inference.challenge_outputs import write_outputs
    from ecgssl_core.inference.files import read_files
    from ecgssl_core.inference.predict import predict_reading
    from ecgssl_core.printed import write_out
    from ecgssl_core.records import parse_answers
    from ecgssl_core.signals.lead_sets import parse_leads

    reading = read_files(asked.files, parse_answers(asked.unit, asked.leads, asked.rate))
    leads = parse_leads(asked.leads) if asked.leads else None
    found = predict_reading(asked.model or default_model(), reading, leads)
    for remark in write_outputs(found, asked.outputs) if asked.outputs else ():
        print(remark, file=sys.stderr)
    for path in write_out(reading, found, asked.model or default_model(), asked.pdf, asked.csv):
        say(f"{path.name} is written.")
    print_tree(found, asked.json)
    return 1 if reading.refused else 0
