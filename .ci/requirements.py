"""Prints the project's requirements from pyproject.toml, with the extras named, one word each: for pip in the Makefile.

The project is run from its folder and not installed as a package, so that trainers' changes in nlu_data are live.
Python 3.10 has no tomllib; pip carries tomli.
"""

import sys
from pathlib import Path

from pip._vendor import tomli

project = tomli.loads(Path(__file__).resolve().parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
wanted = list(project["dependencies"])
for extra in sys.argv[1:]:
    wanted += project["optional-dependencies"][extra]
sys.stdout.write(" ".join(wanted))
