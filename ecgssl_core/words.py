"""The words of the command line: verbs and options, and which right word a wrong one is nearest to."""

import argparse
import re
from pathlib import Path
from typing import NoReturn

from ecgssl_core.errors import nearest


class Words(argparse.ArgumentParser):
    """A parser whose complaints name the nearest right word; it ends with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """End with one sentence on what is wrong."""
        wrong = re.search(r"unrecognized arguments: (\S+)|invalid choice: '([^']*)' \(choose from (.*)\)", message)
        if wrong and wrong[1]:
            known = _options(self)
            message = f"There is no word {wrong[1]!r} here: {nearest(wrong[1], known)}"
        elif wrong:
            known = [word.strip(" '") for word in wrong[3].split(",")]
            message = f"There is no {wrong[2]!r} here: {nearest(wrong[2], known)}"
        self.exit(2, f"{message}\n")


def _options(words: argparse.ArgumentParser) -> list[str]:
    """Give the options of a parser and of its verbs, whose parsers leave it to the whole one to complain."""
    known = [word for action in words._actions for word in action.option_strings]
    for action in words._actions:
        for verb in action.choices.values() if isinstance(action.choices, dict) else ():
            known += _options(verb)
    return sorted(set(known))


def parser() -> Words:
    """Give the parser of all verbs; the verb is `verb` in what it gives."""
    whole = Words(prog="python -m ecgssl_core", description="Self-supervised learning from electrocardiograms.")
    verbs = whole.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=Words)
    _reading(verbs)
    _corpora(verbs)
    _training(verbs)
    _running(verbs)
    return whole


_Verbs = argparse._SubParsersAction  # its type has no public name


def _reading(verbs: "_Verbs[Words]") -> None:
    read = verbs.add_parser("read", help="say what was understood of files, and every issue found")
    predict = verbs.add_parser("predict", help="say what a model finds in files")
    for verb in (read, predict):
        verb.add_argument("files", nargs="+", type=Path, metavar="FILE")
        verb.add_argument("--json", action="store_true", help="print JSON on stdout")
    predict.add_argument("--model", type=Path, metavar="FOLDER", help="a bundle; without it, the default one")
    predict.add_argument("--leads", help="use these leads only, such as I,II")


def _corpora(verbs: "_Verbs[Words]") -> None:
    pack = verbs.add_parser("pack", help="make a folder of records ready for training")
    pack.add_argument("folder", type=Path, metavar="FOLDER")
    pack.add_argument("--out", type=Path, required=True, metavar="PACK")
    pack.add_argument("--source", metavar="NAME", help="what kind of folder it is; without it, found out")
    pack.add_argument("--rate", type=float, default=100.0, metavar="HZ")
    pack.add_argument("--labels", type=Path, metavar="TABLE", help="CSV with patients, labels and published folds")
    pack.add_argument("--json", action="store_true")
    folds = verbs.add_parser("folds", help="divide a pack by patient")
    folds.add_argument("pack", type=Path, metavar="PACK")
    folds.add_argument("--count", type=int, default=10)
    folds.add_argument("--seed", type=int, default=0)


def _training(verbs: "_Verbs[Words]") -> None:
    pretrain = verbs.add_parser("pretrain", help="train an encoder without labels")
    pretrain.add_argument("--unlabelled", nargs="+", type=Path, default=[], metavar="PACK", help="further packs")
    finetune = verbs.add_parser("finetune", help="train a classifier, and score the fold that nothing has seen")
    finetune.add_argument("--from", dest="encoders", nargs="+", default=[], metavar="RUN", help="pretraining runs")
    pretrain.add_argument("--fold", type=int, default=-1, metavar="K", help="hold this fold and the next one back")
    finetune.add_argument("--fold", type=int, default=0, metavar="K", help="score this fold, decide on the next one")
    for verb in (pretrain, finetune):
        verb.add_argument("pack", type=Path, metavar="PACK")
        verb.add_argument("--preset", metavar="NAME", help="a preset, or a TOML file")
        verb.add_argument("--set", dest="changes", nargs="+", action="extend", default=[], metavar="a.b=value")
        verb.add_argument("--run", metavar="RUN", help="go on with this run")
    release = verbs.add_parser("release", help="make the model of a fine-tuning ready for use elsewhere")
    release.add_argument("--remark", default="", metavar="TEXT", help="what a reader of the scores must know besides")
    release.add_argument(
        "words", nargs="+", metavar="RUN… FOLDER", help="the first run's model; others lend their scores"
    )


def _running(verbs: "_Verbs[Words]") -> None:
    jobs = verbs.add_parser("jobs", help="list the runs, cancel or resume one")
    jobs.add_argument("action", nargs="?", choices=("list", "cancel", "resume"), default="list")
    jobs.add_argument("run", nargs="?", metavar="RUN")
    verbs.add_parser("worker", help="do what waits in the queue")
    verbs.add_parser("doctor", help="check the installation")
