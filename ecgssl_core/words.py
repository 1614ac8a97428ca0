"""The words of the command line: verbs and options, and which right word a wrong one is nearest to."""

import argparse
import re
from pathlib import Path
from typing import NoReturn

from ecgssl_core.errors import nearest

ARMS = ("T", "S", "TSC", "TSG", "SSL-T", "SSL-S", "SSL-TSC", "SSL-TSG")  # the rows of Phan et al. 2022, Table II


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
    _exchanging(verbs)
    _sweeping(verbs)
    _running(verbs)
    return whole


_Verbs = argparse._SubParsersAction  # its type has no public name


def _reading(verbs: "_Verbs[Words]") -> None:
    read = verbs.add_parser("read", help="say what was understood of files, and every issue found")
    predict = verbs.add_parser("predict", help="say what a model finds in files")
    identify = verbs.add_parser("identify", help="find the records most like each probe: is a recording mixed up?")
    for verb in (read, predict):
        verb.add_argument("files", nargs="+", type=Path, metavar="FILE")
    for verb in (read, predict, identify):
        verb.add_argument("--json", action="store_true", help="print JSON on stdout")
        verb.add_argument(
            "--unit", metavar="uV", help="where a file says no unit: mV, uV, V, or a count's size: 4.88uV"
        )
        verb.add_argument("--rate", type=float, metavar="HZ", help="where a file does not say its sampling rate")
    for verb in (read, identify):
        verb.add_argument(
            "--leads", metavar="I,II,…", help="where a file does not say its leads: their names, in order"
        )
    predict.add_argument("--model", type=Path, metavar="FOLDER", help="a bundle; without it, the default one")
    predict.add_argument("--outputs", type=Path, metavar="FOLDER", help="write the challenge's output files as well")
    predict.add_argument("--pdf", type=Path, metavar="FOLDER", help="write each record's reading sheet as well")
    predict.add_argument("--csv", type=Path, metavar="FILE", help="write all findings as a table as well")
    predict.add_argument("--leads", help="use these leads only, such as I,II; names the leads of a file that does not")
    identify.add_argument("gallery", type=Path, metavar="GALLERY", help="a file, or a folder of records of any format")
    identify.add_argument("probes", nargs="+", type=Path, metavar="PROBE", help="files or folders")
    identify.add_argument("--model", type=Path, metavar="FOLDER", help="a bundle that tells persons apart")
    identify.add_argument("--most", type=int, default=5, metavar="N", help="records of the gallery for each probe")


def _corpora(verbs: "_Verbs[Words]") -> None:
    download = verbs.add_parser("download", help="fetch a corpus from PhysioNet, or go on fetching it")
    download.add_argument("source", metavar="SOURCE", nargs="?", help="without it, what there is to download")
    download.add_argument("folder", type=Path, metavar="FOLDER", nargs="?", help="where to; without it, SOURCE")
    download.add_argument("--only", nargs="+", default=[], metavar="PART", help="folders of it, such as records100")
    download.add_argument("--base-url", help=argparse.SUPPRESS)
    pack = verbs.add_parser("pack", help="make a folder of records ready for training")
    pack.add_argument("folder", type=Path, metavar="FOLDER")
    pack.add_argument("--out", type=Path, required=True, metavar="PACK")
    pack.add_argument("--source", metavar="NAME", help="what kind of folder it is; without it, found out")
    pack.add_argument("--rate", type=float, default=100.0, metavar="HZ")
    pack.add_argument("--leads", metavar="I,II", help="in place of all twelve; any: those that most records have")
    pack.add_argument("--unit", help="unit of files that do not say theirs: mV, uV, or a count's size such as 4.88uV")
    pack.add_argument("--labels", type=Path, metavar="TABLE", help="CSV with patients, labels and published folds")
    pack.add_argument(
        "--columns",
        metavar="record=file,patient=who,labels=AF|LBBB",
        help="what TABLE's columns say; several labels a cell: separator=;",
    )
    pack.add_argument("--json", action="store_true")
    embed = verbs.add_parser("embed", help="keep a model's features of a pack, for its map and for similar records")
    embed.add_argument("pack", type=Path, metavar="PACK")
    embed.add_argument("--model", type=Path, metavar="FOLDER", help="a bundle; without it, the default one")
    embed.add_argument("--out", type=Path, metavar="FOLDER", help="without it, where the dashboard looks for it")
    lead_sets = verbs.add_parser("lead-sets", help="score the test folds of finished runs again, with fewer leads")
    lead_sets.add_argument("runs", nargs="+", metavar="RUN", help="runs or sweeps")
    lead_sets.add_argument(
        "--sets", nargs="+", metavar="SET", help="protocol, chest, single, or leads such as I,V5; without it, protocol"
    )
    lead_sets.add_argument("--replicates", type=int, default=2000, metavar="N", help="of the bootstrap")
    lead_sets.add_argument("--score-only", action="store_true", help="print no figures")
    lead_sets.add_argument("--json", action="store_true", help="print JSON on stdout")
    folds = verbs.add_parser("folds", help="divide a pack by patient")
    folds.add_argument("pack", type=Path, metavar="PACK")
    folds.add_argument("--count", type=int, default=10)
    folds.add_argument("--seed", type=int, default=0)
    folds.add_argument("--anew", action="store_true", help="draw those too that were published with the corpus")


def _training(verbs: "_Verbs[Words]") -> None:
    pretrain = verbs.add_parser("pretrain", help="train an encoder without labels")
    pretrain.add_argument("--unlabelled", nargs="+", type=Path, default=[], metavar="PACK", help="further packs")
    finetune = verbs.add_parser("finetune", help="train a classifier, and score the fold that nothing has seen")
    finetune.add_argument(
        "--unlabelled", nargs="+", type=Path, default=[], metavar="PACK", help="further packs, to tell persons apart"
    )
    finetune.add_argument("--from", dest="encoders", nargs="+", default=[], metavar="RUN", help="pretraining runs")
    pretrain.add_argument("--fold", type=int, default=-1, metavar="K", help="hold this fold and the next one back")
    finetune.add_argument("--fold", type=int, default=0, metavar="K", help="score this fold, decide on the next one")
    for verb in (pretrain, finetune):
        verb.add_argument("pack", type=Path, metavar="PACK")
        verb.add_argument("--preset", metavar="NAME", help="a preset, or a TOML file")
        verb.add_argument("--set", dest="changes", nargs="+", action="extend", default=[], metavar="a.b=value")
        verb.add_argument("--run", metavar="RUN", help="go on with this run")
    measure = verbs.add_parser("measure", help="try some steps of a training, to say how long one takes here")
    measure.add_argument("preset", metavar="PRESET", help="a preset, or a TOML file")
    measure.add_argument("--set", dest="changes", nargs="+", action="extend", default=[], metavar="a.b=value")
    measure.add_argument("--json", action="store_true", help="print JSON on stdout")
    score = verbs.add_parser("score", help="score output files as the challenges of 2020 and 2021 do")
    score.add_argument("labels", type=Path, metavar="LABELS_DIR", help="headers with diagnosis lines")
    score.add_argument("outputs", type=Path, metavar="OUTPUTS_DIR", help="a CSV of outputs for each header")
    score.add_argument("--year", choices=("2020", "2021"), default="2020", help="whose classes and weights")
    score.add_argument("--compatible", action="store_true", help="read files with the faults of that year's program")
    score.add_argument("--allow-unlabelled", action="store_true", help="take headers without a diagnosis line")
    score.add_argument("--json", action="store_true", help="print JSON on stdout")
    elsewhere = verbs.add_parser("score-pack", help="score a released model on a labelled pack it was not made for")
    elsewhere.add_argument("pack", type=Path, metavar="PACK")
    elsewhere.add_argument("--model", type=Path, metavar="FOLDER", help="a bundle; without it, the default one")
    elsewhere.add_argument("--leads", metavar="I,II", help="use these leads only; without it, all that the pack has")
    elsewhere.add_argument("--without", nargs="+", default=[], metavar="LABEL", help="leave such records out")
    elsewhere.add_argument("--replicates", type=int, default=2000, metavar="N", help="of the bootstrap")
    elsewhere.add_argument("--json", action="store_true", help="print JSON on stdout")
    report = verbs.add_parser("report", help="put finished runs beside the paper's tables, as HTML and Markdown")
    report.add_argument("runs", nargs="+", metavar="RUN", help="names or folders of fine-tunings, sweeps, or all")
    report.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    report.add_argument("--replicates", type=int, default=2000, metavar="N", help="of the bootstrap")
    release = verbs.add_parser("release", help="make the model of a fine-tuning ready for use elsewhere")
    release.add_argument("--remark", default="", metavar="TEXT", help="what a reader of the scores must know besides")
    release.add_argument("--model-version", metavar="X.Y.Z", help="without it, that of the program")
    release.add_argument("--keep-weights", action="store_true", help="FOLDER's stay; what is said of them is new")
    release.add_argument(
        "words", nargs="+", metavar="RUN… FOLDER", help="the first run's model; others lend their scores"
    )


def _exchanging(verbs: "_Verbs[Words]") -> None:
    onnx = verbs.add_parser("export-onnx", help="write a released model as ONNX, compared with torch")
    onnx.add_argument("model", type=Path, metavar="MODEL", help="folder of a bundle")
    onnx.add_argument("--out", type=Path, required=True, metavar="FILE.onnx", help="its JSON lies beside it")
    taken = verbs.add_parser("import-model", help="take a model from the zip that the Models page exports")
    taken.add_argument("zip", type=Path, metavar="ZIP")


def _sweeping(verbs: "_Verbs[Words]") -> None:
    crossval = verbs.add_parser("crossval", help="train and score arms over folds and seeds, as jobs")
    ablate = verbs.add_parser("ablate", help="pretrain with one transformation, both or none, and score each, as jobs")
    crossval.add_argument("--arms", type=_listed, default=ARMS, metavar="T,SSL-TSG,…", help="without it, all eight")
    crossval.add_argument("--shares", type=_listed, default=("1",), metavar="0.1,1", help="shares of the labels")
    crossval.add_argument("--from", dest="encoders", nargs="+", default=[], metavar="RUN", help="pretrained already")
    crossval.add_argument("--choose", default="", metavar="a.b=v1,v2", help="try each; the validation fold decides")
    crossval.add_argument("--without", type=_listed, default=(), metavar="SOURCE,…", help="hold out sources; all: each")
    crossval.add_argument(
        "--begin",
        dest="beginnings",
        nargs="+",
        action="extend",
        default=[],
        metavar="[NAME=]PRESET|RUN,…",
        help="kinds of pretraining that every SSL- arm begins from: presets (in quotes with changes of their own), or "
        "finished runs, one a seed",
    )
    crossval.add_argument(
        "--external", action="store_true", help="pretrain on the --unlabelled packs alone, once for all folds"
    )
    crossval.add_argument("--leads", type=_listed, default=(), metavar="all,I+II,I", help="sets of leads to train on")
    ablate.add_argument("--modalities", type=_listed, default=("time", "spectrogram"), metavar="time,spectrogram")
    ablate.add_argument("--lead-masking", action="store_true", help="try random lead masking beside them")
    for verb in (crossval, ablate):
        verb.add_argument("pack", type=Path, metavar="PACK")
        verb.add_argument("--folds", type=_listed, default=(), metavar="0,1,…", help="without it, all")
        verb.add_argument("--seeds", type=_listed, default=("0",), metavar="0,1,2")
        families = "presets: quick, phan2022, either with -any-leads, oh2022, oh2022-small"
        verb.add_argument("--family", default="quick", metavar="NAME", help=families)
        verb.add_argument("--unlabelled", nargs="+", type=Path, default=[], metavar="PACK", help="for pretraining")
        verb.add_argument("--set", dest="changes", nargs="+", action="extend", default=[], metavar="a.b=value")
        verb.add_argument("--pretrain-set", nargs="+", action="extend", default=[], metavar="a.b=value")
        verb.add_argument("--pretrain-seed", type=int, metavar="N", help="one pretraining for all seeds")
        verb.add_argument("--name", metavar="NAME", help="of the sweep; the same words and name again go on with it")
        verb.add_argument("--wait", action="store_true", help="do it here and now, and come back when it is done")
        verb.add_argument("--at-once", type=int, metavar="N", help="runs side by side; without it, one")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(",") if word)


def _running(verbs: "_Verbs[Words]") -> None:
    jobs = verbs.add_parser("jobs", help="list the runs; cancel or resume one; move one to the trash and back")
    actions = ("list", "cancel", "resume", "delete", "trash", "restore")
    jobs.add_argument("action", nargs="?", choices=actions, default="list")
    jobs.add_argument("run", nargs="?", metavar="RUN", help="a run; cancel and resume take a sweep as well")
    worker = verbs.add_parser("worker", help="do what waits in the queue")
    worker.add_argument(
        "--at-once",
        type=int,
        metavar="N",
        help="runs side by side; without it, as crossval or the dashboard said last, or one",
    )
    verbs.add_parser("doctor", help="check the installation")
    demo = verbs.add_parser("demo", help="go the whole way on made ECGs: pack, folds, pretraining, fine-tuning, report")
    demo.add_argument("folder", nargs="?", type=Path, default=Path("demo"), metavar="FOLDER", help="without it, demo")
    demo.add_argument("--tiny", action="store_true", help="as little as possible, to see that every step works")
