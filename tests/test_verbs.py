"""Claims about the verbs as a stranger's script runs them: lines in, lines out, in order, exit status 0."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actions.intake import ValidateIntakeForm
from bot.agent import AgentError, Host
from bot.desk import Desk
from bot.live import model_file
from bot.settings import ROOT, Settings

HEADER = "id,name,area,types,address,phone,hours,serves_home,url"
GOOD = "nx,南浔区人民调解委员会,浙江省/湖州市/南浔区,,样例路1号,0572-0000001,周一至周五 8:30-17:00,,"
LABOUR = "nx-lab,南浔区劳动争议人民调解委员会,浙江省/湖州市/南浔区,wages,样例路2号,0572-0000002,周一至周五,,"
WRONG_AREA = "bad,没有的地方调委会,浙江省/没有的市,,样例路3号,0572-0000003,周一至周五,,"
WRONG_TYPE = "bad2,南浔区奇怪调委会,浙江省/湖州市/南浔区,pirates,样例路4号,0572-0000004,周一至周五,,"
CASE = {"id": "r1", "type": "wages", "subtype": "wage_arrears", "place": "湖州市南浔区练市镇"}


def run(*arguments: str, lines: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`python -m bot …` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=lines.encode() if isinstance(lines, str) else lines,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Every line of standard output as JSON: whatever else is there fails the test."""
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def as_lines(*asked: Any) -> str:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in asked)


@pytest.fixture()
def directory(tmp_path: Path) -> Path:
    path = tmp_path / "bodies.csv"
    path.write_text("\n".join([HEADER, GOOD, LABOUR]) + "\n", encoding="utf-8")
    return path


# —— read ——


def test_read_answers_every_line_in_order_and_an_unreadable_one_in_its_place() -> None:
    lines = as_lines({"id": "a", "text": "欠我三万二", "now": "2026-11-20"})
    lines += "{not json\n" + as_lines([1, 2], {"id": "b"}, {"id": "c", "text": 5}, {"id": "n", "text": "x", "now": "x"})
    lines += as_lines({"id": "d", "text": "我在湖州市南浔区", "now": "2026-11-20", "extra": {"deep": [1]}})
    got = answers(run("read", lines=lines))
    assert [line["id"] for line in got] == ["a", None, None, "b", "c", "n", "d"]
    assert ["error" in line for line in got] == [False, True, True, True, True, True, False]
    assert got[0]["money"] == [{"text": "三万二", "value": 32_000, "approx": False}]
    assert got[-1]["places"][0]["code"] == "330503"


def test_read_has_every_field_even_when_nothing_is_there() -> None:
    (got,) = answers(run("read", lines=as_lines({"id": "a", "text": ""})))
    assert got == {"id": "a", "money": [], "dates": [], "places": [], "phones": [], "people": [], "areas": []}


@pytest.mark.parametrize("lines", ["", "\n\n", "  \n"])
def test_nothing_in_is_nothing_out(lines: str) -> None:
    assert answers(run("read", lines=lines)) == []


def test_bytes_that_are_no_text_spoil_their_own_line_only() -> None:
    lines = (
        as_lines({"id": "a", "text": "三万"}).encode()
        + b'\xff\xfe{"id"\n'
        + as_lines({"id": "b", "text": "x"}).encode()
    )
    got = answers(run("read", lines=lines))
    assert [line["id"] for line in got] == ["a", None, "b"]
    assert "error" in got[1]


def test_a_last_line_without_its_end_is_answered() -> None:
    assert len(answers(run("read", lines='{"id":"a","text":"三万"}'))) == 1


# —— route ——


def test_route_names_the_body_and_answers_in_order(directory: Path) -> None:
    lines = as_lines(CASE, {"id": "r2"}, {"id": "r3", "type": "expropriation", "place": ""}) + "nonsense\n"
    got = answers(run("route", "--directory", str(directory), lines=lines))
    assert [line["id"] for line in got] == ["r1", "r2", "r3", None]
    assert (got[0]["primary"], got[0]["alternatives"]) == ("nx-lab", ["nx"])
    assert got[2]["primary"] is None and got[2]["doors"]
    assert "error" in got[3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_directory_may_begin_with_a_byte_order_mark_and_have_any_line_ends(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    path = tmp_path / "bodies.csv"
    path.write_bytes((newline.join([HEADER, GOOD, LABOUR]) + newline).encode(encoding))
    (got,) = answers(run("route", "--directory", str(path), lines=as_lines(CASE)))
    assert got["primary"] == "nx-lab"


def test_a_wrong_row_is_refused_with_its_line_number_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "bodies.csv"
    path.write_text("\n".join([HEADER, GOOD, WRONG_AREA, LABOUR, WRONG_TYPE]) + "\n", encoding="utf-8")
    done = run("route", "--directory", str(path), lines=as_lines(CASE))
    assert done.returncode == 1
    assert done.stdout == b""
    told = done.stderr.decode()
    assert "3" in told and "没有的市" in told
    assert "5" in told and "pirates" in told
    assert "Traceback" not in told


def test_the_good_rows_load_only_when_the_bad_ones_are_to_be_skipped(tmp_path: Path) -> None:
    path = tmp_path / "bodies.csv"
    path.write_text("\n".join([HEADER, GOOD, WRONG_AREA, LABOUR]) + "\n", encoding="utf-8")
    (got,) = answers(run("route", "--directory", str(path), "--skip-bad", lines=as_lines(CASE)))
    assert got["primary"] == "nx-lab"


@pytest.mark.parametrize("content", ["", "id,name\n1,2\n", HEADER + "\n"], ids=["empty", "columns", "header only"])
def test_a_file_that_is_no_directory_is_told_in_chinese(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bodies.csv"
    path.write_text(content, encoding="utf-8")
    done = run("route", "--directory", str(path), lines=as_lines(CASE))
    told = done.stderr.decode()
    assert "Traceback" not in told
    if done.returncode:
        assert told.startswith("没有做成")
    else:
        assert answers(done)[0]["primary"] is None


def test_a_directory_file_that_is_missing_is_told_without_a_traceback(tmp_path: Path) -> None:
    done = run("route", "--directory", str(tmp_path / "nothing.csv"), lines=as_lines(CASE))
    assert done.returncode == 1 and done.stdout == b""
    assert "nothing.csv" in done.stderr.decode() and "Traceback" not in done.stderr.decode()


# —— directory and records ——


def test_a_directory_is_checked_and_imported_and_replaces_the_demo(tmp_path: Path, directory: Path) -> None:
    database = {"FENZHEN_DATABASE": f"sqlite:///{tmp_path / 'desk.db'}"}
    checked = run("directory", "check", str(directory), **database)
    assert (checked.returncode, "2" in checked.stdout.decode()) == (0, True)
    imported = run("directory", "import", str(directory), **database)
    assert imported.returncode == 0
    from bot.store import Store

    store = Store.open(database["FENZHEN_DATABASE"])
    assert [row["id"] for row in store.bodies()] == ["nx", "nx-lab"]
    store.close()


def test_an_unknown_receipt_is_told_and_an_empty_export_is_empty(tmp_path: Path) -> None:
    database = {"FENZHEN_DATABASE": f"sqlite:///{tmp_path / 'desk.db'}"}
    shown = run("records", "show", "FZ20261120-AAAAAA", **database)
    assert (shown.returncode, shown.stdout) == (1, b"")
    assert "没有这个回执号" in shown.stderr.decode()
    assert answers(run("records", "export", **database)) == []


def test_a_setting_that_is_no_number_names_its_variable() -> None:
    done = run("records", "export", FENZHEN_PORT="eighty")
    assert done.returncode == 1
    assert "FENZHEN_PORT" in done.stderr.decode() and "Traceback" not in done.stderr.decode()


# —— keys and keeping ——


def test_a_key_is_made_changed_and_told_by_the_verb_and_its_absence_stops_every_verb(tmp_path: Path) -> None:
    database = {"FENZHEN_DATABASE": f"sqlite:///{tmp_path / 'desk.db'}", "FENZHEN_ATTACHMENTS": str(tmp_path / "sent")}
    assert run("records", "export", **database).returncode == 0
    first = (tmp_path / "desk.keys").read_text(encoding="utf-8").splitlines()[1]
    assert run("keys", "new", **database).returncode == 0
    kept = [line for line in (tmp_path / "desk.keys").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert len(kept) == 2 and kept[1] == first and kept[0] != first
    assert run("keys", "rotate", **database).returncode == 0
    told = run("keys", "status", **database)
    assert told.returncode == 0 and first not in told.stdout.decode() and kept[0] not in told.stdout.decode()
    (tmp_path / "desk.keys").unlink()
    for verb in (("keys", "status"), ("keys", "rotate"), ("keys", "new"), ("records", "export"), ("user", "list")):
        gone = run(*verb, **database)
        assert gone.returncode == 1 and "钥匙" in gone.stderr.decode() and "Traceback" not in gone.stderr.decode()
    assert not (tmp_path / "desk.keys").exists()


def test_the_clearing_is_run_and_shown_by_the_verb(tmp_path: Path) -> None:
    database = {"FENZHEN_DATABASE": f"sqlite:///{tmp_path / 'desk.db'}", "FENZHEN_ATTACHMENTS": str(tmp_path / "sent")}
    assert run("retention", "show", **database).stdout == b""
    assert run("retention", "run", **database).returncode == 0
    assert len(run("retention", "show", **database).stdout.decode().splitlines()) == 1


# —— classify and the model ——


@pytest.mark.running
def test_classify_answers_every_line_in_order_with_all_its_fields() -> None:
    lines = as_lines({"id": "a", "text": "老板欠我工资不给"}) + "{\n" + as_lines({"id": "b"}, {"id": "c", "text": ""})
    lines += as_lines({"id": "d", "text": "他昨天又动手打我", "extra": 1})
    got = answers(run("classify", lines=lines))
    assert [line["id"] for line in got] == ["a", None, "b", "c", "d"]
    assert ["error" in line for line in got] == [False, True, True, False, False]
    first = got[0]
    assert (first["type"], first["ask"], first["signs"]) == ("wages", False, [])
    types = [first["type"], *(other["type"] for other in first["alternatives"])]
    assert len(types) == len(set(types)) == 15
    shares = [other["confidence"] for other in first["alternatives"]]
    assert shares == sorted(shares, reverse=True)
    assert got[-1]["signs"] == ["violence"]


def test_a_missing_model_is_told_clearly(tmp_path: Path) -> None:
    done = run("classify", lines=as_lines({"id": "a", "text": "x"}), FENZHEN_MODELS=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, b"")
    told = done.stderr.decode()
    assert "make train" in told and "Traceback" not in told


def test_nothing_can_be_evaluated_without_a_model(tmp_path: Path) -> None:
    done = run("evaluate", "--quick", "--out", str(tmp_path / "out"), FENZHEN_MODELS=str(tmp_path))
    assert done.returncode == 1
    assert "make train" in done.stderr.decode() and "Traceback" not in done.stderr.decode()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content", [b"", b"no archive at all", b"\x1f\x8b" + b"\x00" * 100], ids=["empty", "text", "gzip"]
)
def test_a_damaged_model_is_told_clearly(tmp_path: Path, content: bytes) -> None:
    model_file(tmp_path).write_bytes(content)
    done = run("classify", lines=as_lines({"id": "a", "text": "x"}), FENZHEN_MODELS=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, b"")
    assert "Traceback" not in done.stderr.decode()


@pytest.fixture()
def other_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk for hosts that fail to open: Host.open sets the actions' desk before it has loaded the model."""
    monkeypatch.setattr(ValidateIntakeForm, "desk", ValidateIntakeForm.desk)
    return desk


def test_the_desk_does_not_open_without_a_model(tmp_path: Path, desk: Desk) -> None:
    with pytest.raises(AgentError, match="make train"):
        Host.open(tmp_path, desk)


def test_the_desk_does_not_open_with_a_damaged_model(tmp_path: Path, other_desk: Desk) -> None:
    (tmp_path / "fenzhen.tar.gz").write_bytes(b"no archive at all")
    with pytest.raises(AgentError, match="坏了"):
        Host.open(tmp_path, other_desk)


@pytest.mark.running
def test_the_desk_does_not_open_with_half_a_model(tmp_path: Path, other_desk: Desk) -> None:
    whole = model_file(Settings.from_environment({}).models).read_bytes()
    model_file(tmp_path).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AgentError, match="坏了"):
        Host.open(tmp_path, other_desk)


# —— the rest ——


def test_check_says_that_all_agrees() -> None:
    done = run("check")
    assert (done.returncode, done.stdout.decode().strip()) == (0, "都对得上。")


def test_help_lists_the_verbs_in_chinese() -> None:
    done = run("--help")
    assert done.returncode == 0
    for verb in ("serve", "talk", "train", "check", "evaluate", "classify", "read", "route", "records", "directory"):
        assert verb in done.stdout.decode()


def test_an_unknown_verb_is_refused() -> None:
    assert run("dance").returncode == 2
