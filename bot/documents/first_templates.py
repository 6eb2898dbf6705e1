"""Draws the first version of the Word templates: `python -m bot.documents.first_templates [NAME …]`.

Afterwards the .docx files are the clerks': this script overwrites what they changed, so it is run by hand only. The
forms follow the samples for people's mediation files (DOMAIN 6); what stands in the braces is `bot.intake.case_papers`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from bot.documents import TEMPLATES
from bot.documents.drawing import WIDTH, Grid, fill, line, ruled, sheet

COLUMNS = (
    ("姓名（名称）", "name", 2.6),
    ("性别", "gender", 1.1),
    ("民族", "ethnicity", 1.2),
    ("年龄", "age", 1.2),
    ("职业", "occupation", 1.7),
    ("联系方式", "phone", 2.9),
    ("单位或住址", "address", 4.0),
)
LABEL = 2.1
DECLARATION = "人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解，请予受理。"
DAY = "＿＿＿＿年＿＿月＿＿日"
TOLD = "人民调解委员会已将人民调解的相关规定告知各方当事人，各方自愿接受调解。"


def application() -> Any:
    """人民调解申请书, on one A4 sheet."""
    document = _titled("人民调解申请书")
    line(document, "{{ committee }}", 11, centre=True, after=6)
    people = _people(document, "applicant", ("申请人", "被申请人"))
    people.whole("{%tr if agent %}")
    people.labelled(
        "{{ agent.title }}", "{{ agent.name }}　与申请人关系：{{ agent.relation }}　联系方式：{{ agent.phone }}"
    )
    people.whole("{%tr endif %}")
    _each(people.labelled("纠纷\n简要情况", "{{ events }}", least=5.2), "facts")
    people.labelled("证据", "{{ evidence }}", least=1.0)
    people.labelled("申请事项", "{{ wanted }}", least=2.4)
    line(document, DECLARATION, before=10, indent=True)
    line(document, "申请人（签名、盖章或按指印）：＿＿＿＿＿＿＿＿＿＿", before=16, right=True)
    line(document, DAY, before=6, right=True)
    line(document, "{{ foot }}", 9, before=12)
    return document


def acceptance() -> Any:
    """人民调解受理登记表."""
    document = _titled("人民调解受理登记表")
    _under_title(document, "编号：{{ number }}")
    people = _people(document, "applicant", ("申请人", "被申请人"))
    people.labelled("登记时间", "{{ filed_day }}")
    people.labelled("案件来源", "{{ applied }}当事人申请　{{ on_own_account }}主动调解")
    people.labelled("纠纷类型", "{{ matter }}{% if code %}（{{ code }} {{ code_name }}）{% endif %}")
    people.labelled("发生地", "{{ place }}")
    _each(people.labelled("纠纷\n简要情况", "{{ events }}", least=4.6), "told")
    people.labelled("申请事项", "{{ wanted }}", least=1.4)
    people.labelled("证据", "{{ evidence }}")
    people.labelled("涉及人群", "{{ groups }}")
    people.labelled("受理时间", "{{ accepted_day }}")
    people.labelled(
        "备注",
        "{% if safe_contact %}怎么联系才安全：{{ safe_contact }}。{% endif %}"
        "{% if safe_time %}方便接电话：{{ safe_time }}。{% endif %}",
        least=1.2,
    )
    line(document, "当事人（签名、盖章或按指印）：＿＿＿＿＿＿＿＿＿＿", before=14)
    line(document, "登记人（签名）：{{ accepted_by or '＿＿＿＿＿＿＿＿' }}", before=8)
    _seal(document)
    return document


def rights_notice() -> Any:
    """权利义务告知书: the rights and duties of 人民调解法 23, 24 and what follows from an agreement (26, 31–33)."""
    document = _titled("人民调解权利义务告知书")
    _under_title(document, "编号：{{ number }}")
    sides = "{{ applicant.name or '＿＿＿＿＿＿' }}、{% for r in respondents %}{{ r.name or '＿＿＿＿＿＿' }}{% if not loop.last %}、{% endif %}{% endfor %}"
    line(document, f"{sides}：", before=4, after=4)
    line(
        document,
        "你们之间的{{ matter }}纠纷，由{{ committee or '＿＿＿＿＿＿＿＿人民调解委员会' }}调解。现把有关的权利和义务告诉你们：",
        indent=True,
    )
    _heading(document, "一、调解不收费")
    _running(document, "人民调解委员会调解民间纠纷，不收取任何费用。（人民调解法第四条）")
    _heading(document, "二、你们的权利（人民调解法第二十三条）")
    for text in (
        "（一）选择或者接受人民调解员；",
        "（二）接受调解、拒绝调解或者要求终止调解；",
        "（三）要求调解公开进行或者不公开进行；",
        "（四）自主表达意愿、自愿达成调解协议。",
    ):
        _running(document, text)
    _heading(document, "三、你们的义务（人民调解法第二十四条）")
    for text in (
        "（一）如实陈述纠纷事实；",
        "（二）遵守调解现场秩序，尊重人民调解员；",
        "（三）尊重对方当事人行使权利。",
    ):
        _running(document, text)
    _heading(document, "四、谈成了")
    _running(
        document,
        "调解协议对双方有法律约束力，应当按照约定履行。对履行或者内容有争议的，可以向人民法院起诉；"
        "认为有必要的，可以从协议生效之日起三十日内，双方一起向人民法院申请司法确认。（第三十一条、第三十二条、第三十三条）",
    )
    _heading(document, "五、谈不成")
    _running(
        document,
        "调解不成的，调解终止。可以依法通过仲裁、行政、司法等途径维护自己的权利。"
        "调解不影响你们去仲裁、去法院。（第三条、第二十六条）",
    )
    _running(document, "以上内容已经念给我听，我听明白了。", before=10)
    grid = Grid(document, (4.25, 4.25, 4.25, 4.25))
    grid.row(("当事人（签名、按指印）", "", "当事人（签名、按指印）", ""), least=1.4, first=False)
    grid.row(("日期", "", "日期", ""), least=1.0, first=False)
    line(document, "告知人：{{ mediator or '＿＿＿＿＿＿＿＿' }}", before=14)
    _seal(document)
    return document


def inquiry() -> Any:
    """人民调解调查记录."""
    document = _titled("人民调解调查记录")
    _under_title(document, "编号：{{ number }}")
    for label in ("时间", "地点", "参加人", "被调查人"):
        line(document, f"{label}：" + "＿" * 30, before=4)
    line(document, "调查事由：{{ applicant.name }}登记的{{ matter }}纠纷", before=4)
    line(document, "{%p if told %}")
    line(document, "登记时申请人说过的，供核对：", before=4)
    line(document, "{%p for f in told %}")
    line(document, "　　{{ f.label }}：{{ f.text }}", 10.5)
    line(document, "{%p endfor %}")
    line(document, "{%p endif %}")
    line(document, "记录：", before=6)
    ruled(document, "inquiry_lines")
    _signed(document, "被调查人（签名、按指印）", "调查人（签名）", "记录人（签名）")
    return document


def session() -> Any:
    """人民调解记录."""
    document = _titled("人民调解记录")
    _under_title(document, "编号：{{ number }}")
    line(document, f"时间：{{{{ session_at or '{DAY}＿＿时＿＿分' }}}}", before=4)
    line(document, "地点：{{ session_place or '＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿' }}", before=4)
    people = "{{ shown_applicant.name or '＿＿＿＿＿＿' }}　{% for r in respondents %}{{ r.name or '＿＿＿＿＿＿' }}　{% endfor %}"
    line(document, f"当事人：{people}", before=4)
    line(document, f"参加人：{{{{ session_came or '{'＿' * 30}' }}}}", before=4)
    line(document, TOLD, before=8, indent=True)
    line(document, "调解记录：", before=6)
    _written(document, "session_words")
    ruled(document, "session_lines")
    line(document, "调解结果：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿", before=4)
    _signed(
        document,
        "当事人（签名、按指印）",
        "当事人（签名、按指印）",
        "人民调解员（签名）：{{ mediator }}",
        "记录人（签名）",
    )
    return document


def agreement() -> Any:
    """人民调解协议书. Facts, disputed points and terms only as the mediator wrote them."""
    document = _titled("人民调解协议书")
    _under_title(document, "编号：{{ agreement_number or '＿＿＿＿＿＿＿＿' }}")
    _people(document, "shown_applicant", ("当事人", "当事人"))
    _heading(document, "纠纷主要事实、争议事项：")
    _written(document, "agreed_facts", "disputed")
    ruled(document, "fact_lines")
    _running(document, "经调解，自愿达成如下协议：")
    _written(document, "terms")
    ruled(document, "term_lines")
    line(document, "履行方式：{{ manner or '＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿' }}", before=4)
    line(document, "履行时限：{{ deadline or '＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿' }}", before=4)
    _running(
        document,
        "本协议一式＿＿份，当事人、人民调解委员会各持一份。双方可以从协议生效之日起三十日内，"
        "一起向人民法院申请司法确认（身份关系、收养、婚姻除外）。",
        before=6,
    )
    grid = Grid(document, (WIDTH / 2, WIDTH / 2))
    grid.row(("当事人（签名、盖章或按指印）：", "当事人（签名、盖章或按指印）："), least=1.8, first=False)
    grid.row(("人民调解员（签名）：{{ mediator }}", "记录人（签名）："), least=1.4, first=False)
    _seal(document, "{{ agreement_day }}")
    return document


def return_visit() -> Any:
    """人民调解回访记录."""
    document = _titled("人民调解回访记录")
    _under_title(document, "协议书编号：{{ agreement_number or '＿＿＿＿＿＿＿＿' }}")
    grid = Grid(document, (2.6, 5.9, 2.6, 5.9))
    people = "{{ shown_applicant.name }}　{% for r in respondents %}{{ r.name }}　{% endfor %}"
    grid.labelled("当事人", people, least=1.0)
    grid.labelled("回访事由", "{{ matter }}纠纷调解以后的情况", least=1.0)
    grid.pairs(("回访时间", "{{ visit_day }}"), ("回访人", "{{ visit_by }}"), least=1.0)
    grid.pairs(("履行情况", "{{ performed }}"), ("是否满意", "{{ satisfied }}"), least=1.0)
    cell = grid.labelled("回访情况", "{{ visit_words }}", least=9.0)
    fill(cell.add_paragraph(), "")
    _signed(document, "被回访人（签名、按指印）", "回访人（签名）")
    line(document, DAY, before=10, right=True)
    return document


def confirmation() -> Any:
    """司法确认申请书: both sides together (人民调解法 33)."""
    document = _titled("司法确认申请书")
    _people(document, "shown_applicant", ("申请人", "申请人"))
    _heading(document, "申请事项：")
    _running(
        document,
        "请求确认{{ committee or '＿＿＿＿＿＿＿＿人民调解委员会' }}主持达成的"
        "{{ agreement_number or '＿＿＿＿＿＿＿＿' }}号人民调解协议书有效。",
    )
    _heading(document, "事实和理由：")
    _running(
        document,
        "申请人之间的{{ matter }}纠纷，于{{ agreement_day }}经人民调解委员会调解，自愿达成调解协议。主要内容："
        "{{ terms }}",
    )
    ruled(document, "term_lines")
    _running(
        document,
        "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容给他人造成损害，"
        "愿意承担相应的民事责任和其他法律责任。",
    )
    _running(document, "附：人民调解协议书、当事人身份证明、与协议有关的财产权利证明等材料。", before=4)
    _running(document, "此致", before=8)
    line(document, "＿＿＿＿＿＿＿＿＿＿人民法院", before=4)
    _signed(document, "申请人（签名、盖章或按指印）", "申请人（签名、盖章或按指印）")
    line(document, DAY, before=10, right=True)
    return document


def contents() -> Any:
    """卷宗封面 and 卷内目录 on one sheet."""
    document = _titled("人民调解卷宗目录")
    cover = Grid(document, (2.6, 5.9, 2.6, 5.9))
    cover.labelled("调委会", "{{ committee }}", least=1.0)
    cover.labelled("卷名", "{{ title }}", least=1.0)
    cover.pairs(("卷号", "{{ number }}"), ("纠纷类型", "{{ matter }}"))
    cover.pairs(("登记日期", "{{ opened }}"), ("结案日期", "{{ closed }}"))
    cover.pairs(("人民调解员", "{{ mediator }}"), ("立卷人", ""))
    cover.pairs(("立卷日期", DAY), ("保管期限", ""))
    line(document, "", 6)
    grid = Grid(document, (1.4, 8.6, 2.0, 5.0))
    grid.row(("序号", "文件名称", "页号", "备注"), bold=True)
    grid.whole("{%tr for e in entries %}")
    grid.row(("{{ e.no }}", "{{ e.title }}", "{{ e.page }}", "{{ e.note }}"), least=0.8, first=False)
    grid.whole("{%tr endfor %}")
    line(document, "{{ printed }}", 9, before=10)
    return document


DRAWN: dict[str, Callable[[], Any]] = {
    form.__name__: form
    for form in (
        application,
        acceptance,
        rights_notice,
        inquiry,
        session,
        agreement,
        return_visit,
        confirmation,
        contents,
    )
}


def _titled(title: str) -> Any:
    document = sheet()
    line(document, title, 20, bold=True, centre=True, after=4)
    return document


def _under_title(document: Any, number: str) -> None:
    line(document, "{{ committee }}", 11, centre=True, after=2)
    line(document, number, 10.5, right=True, after=4)


def _people(document: Any, applicant: str, titles: tuple[str, str]) -> Grid:
    """The table of people, which further rows may follow."""
    people = Grid(document, (LABEL, *(width for _, _, width in COLUMNS)))
    people.row(["", *(label for label, _, _ in COLUMNS)], bold=True)
    people.row([titles[0], *_cells(applicant)])
    people.whole("{%tr for r in respondents %}")
    people.row([titles[1], *_cells("r")])
    people.whole("{%tr endfor %}")
    return people


def _cells(of: str) -> list[str]:
    name = f"{{{{ {of}.name }}}}{{% if {of}.form %}}（{{{{ {of}.form }}}}）{{% endif %}}"
    return [name, *(f"{{{{ {of}.{key} }}}}" for _, key, _ in COLUMNS[1:])]


def _each(cell: Any, facts: str) -> None:
    fill(cell.add_paragraph(), f"{{%p for f in {facts} %}}")
    fill(cell.add_paragraph(), "{{ f.label }}：{{ f.text }}", 10.5)
    fill(cell.add_paragraph(), "{%p endfor %}")


def _heading(document: Any, text: str) -> None:
    line(document, text, bold=True, before=8, after=2)


def _running(document: Any, text: str, before: float = 2) -> None:
    line(document, text, indent=True, before=before, after=2)


def _written(document: Any, *names: str) -> None:
    for name in names:
        line(document, f"{{%p if {name} %}}")
        _running(document, f"{{{{ {name} }}}}")
        line(document, "{%p endif %}")


def _signed(document: Any, *lines: str) -> None:
    for text in lines:
        shown = text if "：" in text else f"{text}：＿＿＿＿＿＿＿＿＿＿"
        line(document, shown, before=10)


def _seal(document: Any, on: str = DAY) -> None:
    line(document, "{{ committee or '＿＿＿＿＿＿＿＿人民调解委员会' }}（盖章）", before=14, right=True)
    line(document, on, before=6, right=True)


if __name__ == "__main__":
    TEMPLATES.mkdir(exist_ok=True)
    for wanted in sys.argv[1:] or DRAWN:
        DRAWN[wanted]().save(str(TEMPLATES / f"{wanted}.docx"))
