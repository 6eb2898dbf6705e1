"""The directory of mediation committees, read from CSV text.

Hides the file format and its checks. Called by the command line, the desk and the consoles; `routing` asks the loaded
directory. A wrong row is refused with its line number and a reason in plain Chinese; nothing of a file with wrong rows
is loaded unless `skip_bad` is set, so that a clerk never works with half a directory without knowing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.intake.divisions import Area, Divisions

COLUMNS = ("id", "name", "area", "types", "address", "phone", "hours", "serves_home", "url")
_REQUIRED = ("id", "name", "area", "types")
_SEPARATORS = re.compile(r"[;；]")
_STRANGE_SCHEME = re.compile(r"(?!https?://)[A-Za-z][A-Za-z0-9+.\-]*:(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """A mediation committee, or a home town's office away from home when `serves_home` is not empty.

    `area` and `serves_home` are slash paths as written; `ground` and `home` the same normalised. `types` holds the
    dispute types and sub-types it specialises in; empty means general.
    """

    id: str
    name: str
    area: str
    types: tuple[str, ...]
    address: str
    phone: str
    hours: str
    serves_home: str
    url: str
    line: int
    ground: Area
    home: Area | None

    @property
    def is_general(self) -> bool:
        """Takes every type of dispute."""
        return not self.types

    def specialises(self, dispute_type: str, subtype: str = "") -> bool:
        """Whether the type or the sub-type is its speciality."""
        return dispute_type in self.types or (bool(subtype) and subtype in self.types)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is refused: `line` counts from 1 and includes the header."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.reason}"


class DirectoryError(ValueError):
    """The file has wrong rows; `problems` lists all of them."""

    def __init__(self, problems: Collection[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Directory:
    """The loaded bodies in the order of the file, and the rows left out."""

    def __init__(self, bodies: Collection[Body], problems: Collection[RowProblem] = ()) -> None:
        self.bodies = tuple(bodies)
        self.problems = tuple(problems)
        self._by_id = MappingProxyType({body.id: body for body in self.bodies})
        by_code: dict[str, list[Body]] = {}
        towns: dict[tuple[str, str], set[str]] = {}
        for body in self.bodies:
            ground = body.ground
            by_code.setdefault(ground.code, []).append(body)
            if ground.town and ground.village:
                towns.setdefault((ground.code, ground.village), set()).add(ground.town)
        self._by_code = by_code
        self._towns = towns

    def __len__(self) -> int:
        return len(self.bodies)

    def __iter__(self) -> Iterator[Body]:
        return iter(self.bodies)

    def __getitem__(self, body_id: str) -> Body:
        return self._by_id[body_id]

    def __contains__(self, body_id: object) -> bool:
        return body_id in self._by_id

    def town_of(self, code: str, village: str) -> str:
        """The township of a village of this county as the directory knows it; empty when unknown or in two of them."""
        towns = self._towns.get((code, village), set())
        return next(iter(towns)) if len(towns) == 1 else ""

    def serving(self, place: Area, divisions: Divisions) -> list[Body]:
        """Bodies whose area contains `place`, in the order of the file."""
        if place.village and not place.town:
            town = self.town_of(place.code, place.village)
            if town:
                place = divisions.make_area(place.code, place.zone, town, place.village)
        found = [body for code in divisions.lineage(place.code) for body in self._by_code.get(code, ())]
        found = [body for body in found if contains(body.ground, place, divisions)]
        return sorted(found, key=lambda body: body.line)

    @classmethod
    def parse(
        cls,
        text: str,
        divisions: Divisions,
        known_types: Mapping[str, Collection[str]],
        skip_bad: bool = False,
    ) -> Directory:
        """Read CSV text, with or without a byte order mark.

        `known_types` maps each dispute type to its sub-types. Raises DirectoryError with every wrong row; with
        `skip_bad` only when the header is wrong, and the rows left out are in `problems`.
        """
        labels = frozenset(known_types) | {subtype for subtypes in known_types.values() for subtype in subtypes}
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        header = _header(reader)
        bodies: list[Body] = []
        problems: list[RowProblem] = []
        first_lines: dict[str, int] = {}
        last_line = reader.line_num
        while True:
            line = last_line + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                problems.append(RowProblem(line, f"这一行读不懂（{error}）"))
                last_line = max(reader.line_num, line)
                continue
            last_line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problems.append(RowProblem(line, f"应有{len(header)}列，实际{len(cells)}列"))
                continue
            record = {column: cell.strip() for column, cell in zip(header, cells)}
            body, reasons = _body(record, line, divisions, labels)
            if record["id"] and record["id"] in first_lines:
                reasons.append(f"编号 {record['id']} 与第{first_lines[record['id']]}行重复")
            first_lines.setdefault(record["id"], line)
            if reasons or body is None:
                problems.append(RowProblem(line, "；".join(reasons)))
            else:
                bodies.append(body)
        if problems and not skip_bad:
            raise DirectoryError(problems)
        return cls(bodies, problems)


def contains(area: Area, place: Area, divisions: Divisions) -> bool:
    """Whether `place` lies in `area`; both normalised, so old names meet their successors.

    A place without its township lies in a village of the same name only when both leave the township out, or the
    directory has filled it in before (`Directory.serving`).
    """
    if not divisions.within(place.code, area.code):
        return False
    if not (area.zone or area.town or area.village):
        return True
    if area.code != place.code:
        return False
    if area.zone and area.zone != place.zone:
        return False
    if area.town and area.town != place.town:
        return False
    return not area.village or area.village == place.village


def _header(reader: Iterator[list[str]]) -> list[str]:
    header = [cell.strip() for cell in next(reader, [])]
    missing = [column for column in _REQUIRED if column not in header]
    if missing:
        raise DirectoryError([RowProblem(1, f"表头缺少 {'、'.join(missing)}，应为 {','.join(COLUMNS)}")])
    if len(set(header)) != len(header):
        raise DirectoryError([RowProblem(1, "表头有重复的列名")])
    return header


def _body(
    record: Mapping[str, str], line: int, divisions: Divisions, labels: frozenset[str]
) -> tuple[Body | None, list[str]]:
    reasons: list[str] = []
    for column, called in (("id", "编号（id）"), ("name", "名称（name）"), ("area", "管辖区域（area）")):
        if not record[column]:
            reasons.append(f"没有填{called}")
    if re.search(r"\s", record["id"]):
        reasons.append("编号（id）里有空格")
    types = tuple(dict.fromkeys(filter(None, (word.strip() for word in _SEPARATORS.split(record["types"])))))
    unknown = [word for word in types if word not in labels]
    if unknown:
        reasons.append(f"不认识的纠纷类型 {'、'.join(unknown)}")
    ground = _ground(record["area"], divisions)
    if record["area"] and ground is None:
        reasons.append(f"管辖区域“{record['area']}”查不到，请从省写起，用 / 分开")
    serves_home = record.get("serves_home", "")
    home = _ground(serves_home, divisions)
    if serves_home and home is None:
        reasons.append(f"服务的家乡（serves_home）“{serves_home}”查不到，请从省写起，用 / 分开")
    url = record.get("url", "")
    if _STRANGE_SCHEME.match(url):
        reasons.append("网址（url）要以 http:// 或 https:// 开头")
    if reasons or ground is None:
        return None, reasons
    body = Body(
        id=record["id"],
        name=record["name"],
        area=record["area"],
        types=types,
        address=record.get("address", ""),
        phone=record.get("phone", ""),
        hours=record.get("hours", ""),
        serves_home=serves_home,
        url=url,
        line=line,
        ground=ground,
        home=home,
    )
    return body, reasons


def _ground(path: str, divisions: Divisions) -> Area | None:
    """A slash path as an area; it must begin with a province and leave no step empty."""
    steps = [step.strip() for step in path.strip().rstrip("/").split("/")]
    if not all(steps):
        return None
    if not any(divisions.level(naming.code) == "province" for naming in divisions.namings(steps[0])):
        return None
    return divisions.area(path)
