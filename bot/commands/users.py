"""`user`: accounts of the console from the command line. A first password is printed once and stored nowhere."""

from __future__ import annotations

import argparse

from bot.permissions import ROLES, Scope
from bot.settings import Settings


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb's arguments."""
    user = verbs.add_parser("user", help="调解员、登记员等人的登录名")
    what = user.add_subparsers(dest="what", required=True, metavar="add|list|renew|close|open")
    add = what.add_parser("add", help="加一个人，打印第一次登录的密码")
    add.add_argument("name", help="登录名：小写字母和数字，比如 wang.fang")
    add.add_argument("--shown", default="", help="姓名，来访的人也看得到，比如 王芳")
    add.add_argument("--role", required=True, choices=list(ROLES), help="、".join(f"{k} {v}" for k, v in ROLES.items()))
    add.add_argument("--body", help="哪个调委会：名录里的编号")
    add.add_argument("--area", help="管哪一片：从省写起，比如 浙江省/湖州市")
    what.add_parser("list", help="列出所有人")
    for name, said in (
        ("renew", "换一个第一次登录的密码（忘了密码、锁住了、换了手机）"),
        ("close", "停用"),
        ("open", "恢复"),
    ):
        what.add_parser(name, help=said).add_argument("name")


def run(settings: Settings, chosen: argparse.Namespace) -> None:
    """Do it. Raises StaffError (a ValueError) with a sentence."""
    from bot.opening import open_desk, open_staff

    staff = open_staff(settings)
    if chosen.what == "add":
        scope = Scope(chosen.body or None, (chosen.area or "").strip("/") or None)
        first = staff.add(chosen.name, chosen.shown, chosen.role, scope, open_desk(settings).committees.directory())
        _tell_first(chosen.name, first, settings)
    elif chosen.what == "renew":
        _tell_first(chosen.name, staff.renew(chosen.name), settings)
    elif chosen.what == "list":
        for one in staff.accounts():
            where = "、".join(filter(None, (one.body_id, one.area))) or "—"
            print(f"{one.name}\t{one.shown}\t{ROLES[one.role]}\t{where}\t{'在用' if one.active else '停用'}")
    else:
        staff.close(chosen.name, active=chosen.what == "open")
        print("好了。")


def _tell_first(name: str, first: str, settings: Settings) -> None:
    print(f"登录名：{name.strip().lower()}")
    print(f"第一次登录的密码：{first}")
    print(f"只显示这一次。打开 http://{settings.host}:{settings.port}/review 登录，进去先换成自己的密码。")
