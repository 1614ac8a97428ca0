"""`python -m ecgssl_core`: the command line."""

import sys

from ecgssl_core.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
