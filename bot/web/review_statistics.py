"""The console's page of statistics: figures, tables and charts, each with its definition, its CSV and its cases.

Called by `review`, which checks who may; what is within her scope, the desk decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from bot import knowledge
from bot.intake.tallies import MEASURES
from bot.statistics import MOST_BODIES, Figures, Line
from bot.web.charts import Bar, columns, stacked
from bot.web.review_cases import QUEUE
from bot.web.review_papers import attached
from bot.web.review_visit import NotHere, Page, Refused, Visit
from bot.web.tables_out import csv_rows

HERE = "/review/statistics"
#: What became of cases, as the charts show it (`_fates`).
FATES = ("达成协议", "还在办", "没调成、终止", "不受理、撤回")
TABLES = {"month": "按月", "type": "按类型", "level": "按调委会的级别", "place": "按地方和调委会"}
SHARES = {"success": "成功率", "kept": "履行率", "prompt_share": "一天内答复率"}


def statistics(visit: Visit) -> Response:
    """The page."""
    asked = visit.desk.statistics.asked(visit.query)
    report = visit.desk.statistics.report(visit.account, asked)
    taxonomy = knowledge.taxonomy()
    months = [Bar(_short(line), (line.figures.filed, line.figures.agreed)) for line in report.by_month]
    types = [Bar(line.name, _fates(line.figures)) for line in report.by_type]
    levels = [Bar(line.name, _fates(line.figures)) for line in report.by_level]
    return visit.show(
        "statistics.html",
        report=report,
        asked=asked,
        tables=TABLES,
        most=MOST_BODIES,
        measures=MEASURES,
        types={key: taxonomy.matters[key].short for key in taxonomy.types},
        areas=visit.desk.cases.areas(visit.account, asked.area),
        month_chart=columns("by-month", "每月登记和达成协议的件数", ("登记", "达成协议"), months),
        type_chart=stacked("by-type", "各类纠纷现在怎么样了", FATES, types),
        level_chart=stacked("by-level", "各级调委会的案件现在怎么样了", FATES, levels),
        queue=_queue,
        csv=_csv_address,
        inner=_inner_address,
        yuan=yuan,
        share=share,
    )


def table(visit: Visit) -> Response:
    """One table as CSV."""
    name = visit.path("table")
    if name not in TABLES:
        raise NotHere
    asked = visit.desk.statistics.asked(visit.query)
    report = visit.desk.statistics.report(visit.account, asked)
    if report.uncounted:
        raise Refused(f"还有 {report.uncounted:,} 件没算进来，后台正在算，过几分钟再存。", 503)
    rows = csv_rows(_rows(TABLES[name], [*report.tables[name], report.total]))
    headers = attached(f"统计_{TABLES[name]}_{asked.since}_{asked.until}.csv")
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def _rows(title: str, lines: list[Line]) -> Iterator[list[object]]:
    yield [title, *(_unit(name) for name in MEASURES), *SHARES.values()]
    for line in lines:
        counts = [
            line.figures.yuan(name[:-4]) if name.endswith("_fen") else line.figures.counts[name] for name in MEASURES
        ]
        shares = [getattr(line.figures, name) for name in SHARES]
        yield [line.name, *counts, *("" if part is None else round(part, 4) for part in shares)]


def _unit(name: str) -> str:
    return MEASURES[name][0] + ("（元）" if name.endswith("_fen") else "")


def _fates(figures: Figures) -> tuple[int, ...]:
    return (
        figures.agreed,
        max(figures.unsettled, 0),
        figures.failed + figures.ended,
        figures.refused + figures.withdrawn,
    )


def _short(line: Line) -> str:
    """10月, and the year where it begins: 26年1月."""
    year, _, month = line.name.partition("年")
    return f"{year[2:]}年{month}" if month == "1月" else month


def _queue(line: Line, figure: str = "", **more: str) -> str:
    """The address of the queue that shows the cases behind a number."""
    kept: Mapping[str, str] = {**line.narrows, "figure": figure if figure != "filed" else "", **more}
    return f"{QUEUE}?{urlencode({key: value for key, value in kept.items() if value})}"


def _csv_address(name: str, line: Line) -> str:
    return f"{HERE}/{name}.csv?{urlencode(line.narrows)}"


def _inner_address(line: Line) -> str:
    return f"{HERE}?{urlencode({**line.narrows, 'area': line.inner})}"


def yuan(amount: float) -> str:
    """Money as people read it: 3.2 万元, 1.5 亿元."""
    if amount >= 1e8:
        return f"{amount / 1e8:,.2f} 亿元"
    return f"{amount / 1e4:,.2f} 万元" if amount >= 1e4 else f"{amount:,.0f} 元"


def share(part: float | None) -> str:
    """A share as a percentage; a dash where there is nothing to divide by."""
    return "—" if part is None else f"{part:.1%}"


PAGES = (
    Page(HERE, "GET", "statistics", "see", statistics),
    Page(HERE + "/{table}.csv", "GET", "statistics", "csv", table),
)
