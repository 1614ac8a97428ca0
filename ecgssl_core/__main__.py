"""`python -m ecgssl_core`: the command line."""

import sys


def run() -> int:
    """Do what the words ask; of a package that is not installed, say which, and what to do."""
    try:
        from ecgssl_core.cli import main

        return main(sys.argv[1:])
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if not name or name == "ecgssl_core":
            raise  # a fault of the program's own
        print(
            f"This Python ({sys.executable}) has no package {name}: run `make app` once and use .venv/bin/python, or "
            "install with `pip install -c constraints.txt -r requirements.txt`.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(run())
