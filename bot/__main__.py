"""Verbs: `python -m bot VERB`. `python -m bot --help` lists them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.commands import keys, releasing, users
from bot.settings import Settings, SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Run one verb. Returns the exit status: 0, or 1 with a sentence in Chinese on standard error."""
    from bot.training import quiet

    quiet()
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        return int(globals()[f"_{chosen.verb}"](Settings.from_environment(), chosen) or 0)
    except BrokenPipeError:
        return 0
    except (SettingsError, RuntimeError, ValueError, OSError) as error:
        print(f"没有做成：{error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="分诊台：人民调解的前台")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("serve", help="打开聊天页面和接口（模型旧了会先训练）")
    verbs.add_parser("talk", help="在终端里和分诊台说话")
    train = verbs.add_parser("train", help="训练模型")
    train.add_argument("--if-stale", action="store_true", help="模型是新的就不训练")
    verbs.add_parser("check", help="检查类型、语料、说法、名录是否对得上")
    bench = verbs.add_parser("bench", help="量一量速度和内存")
    bench.add_argument("--cases", type=int, metavar="N", help="只量调解台：编 N 件案件，量列表、查找和打开")
    bench.add_argument("--examples", type=int, metavar="N", help="只量训练台：凑够 N 句例子，量每一页")
    bench.add_argument("--rows", type=int, metavar="M", default=100_000, help="训练台里没听懂的编几句（默认十万）")
    bench.add_argument("--database", help="量调解台用的空数据库（地址）；不写就用临时的 SQLite")
    evaluate = verbs.add_parser("evaluate", help="量一量听懂了几成：开发集、自己的考题、交叉验证")
    evaluate.add_argument("--dev", type=Path, help="开发集的文件夹（默认看 FENZHEN_EVALUATION）")
    evaluate.add_argument("--out", type=Path, default=Path("results"), help="结果放哪个文件夹")
    evaluate.add_argument("--quick", action="store_true", help="不做交叉验证")
    evaluate.add_argument("--folds", type=int, default=5, help="交叉验证分几份")
    evaluate.add_argument("--against", type=Path, metavar="FILE", help="和以前的一次比（它的 run.json）")
    evaluate.add_argument("--publish", type=Path, metavar="FOLDER", help="把质量卡写进这个文件夹")
    verbs.add_parser("classify", help="JSON 行：判断纠纷类型和危险")
    verbs.add_parser("read", help="JSON 行：读出钱、日期、地点、电话、人数、亩数")
    route = verbs.add_parser("route", help="JSON 行：该去哪个调解委员会")
    route.add_argument("--directory", type=Path, help="调委会名录 CSV")
    route.add_argument("--skip-bad", action="store_true", help="跳过写错的行")
    records = verbs.add_parser("records", help="看登记、导出登记")
    records.add_argument("what", choices=["show", "export"])
    records.add_argument("receipt", nargs="?", help="回执号（show 用）")
    users.add_parser(verbs)
    keys.add_parser(verbs)
    releasing.add_parser(verbs)
    retention = verbs.add_parser("retention", help="到期清理：现在就清一次，或者看清过什么")
    retention.add_argument("what", choices=["run", "show"])
    directory = verbs.add_parser("directory", help="检查或导入调委会名录")
    directory.add_argument("what", choices=["check", "import"])
    directory.add_argument("file", type=Path)
    directory.add_argument("--skip-bad", action="store_true", help="跳过写错的行")
    return parser


def _serve(settings: Settings, _: argparse.Namespace) -> None:
    from bot.commands.serving import serve

    serve(settings)


def _talk(settings: Settings, _: argparse.Namespace) -> None:
    from bot.commands.serving import talk

    talk(settings)


def _train(settings: Settings, chosen: argparse.Namespace) -> None:
    from bot.live import live
    from bot.training import is_fresh, train

    published = live(settings.models)
    if chosen.if_stale and (published or is_fresh(settings.models)):
        print(f"现在用的是发布的第 {published.number} 版，不动它。" if published else "模型是新的，不用训练。")
        return
    train(settings.models, print)
    if published:
        print(f"现在用的还是发布的第 {published.number} 版。要用刚训练的：python -m bot release leave，再重开。")


def _check(_: Settings, __: argparse.Namespace) -> int:
    from bot.commands.checking import findings

    found = findings()
    for finding in found:
        print(finding)
    print(f"{len(found)} 处要改。" if found else "都对得上。")
    return 1 if found else 0


def _bench(settings: Settings, chosen: argparse.Namespace) -> None:
    if chosen.cases:
        from bot.commands.bench_cases import bench_cases

        bench_cases(chosen.cases, chosen.database)
        return
    if chosen.examples:
        from bot.commands.bench_training import bench_training

        bench_training(chosen.examples, chosen.rows)
        return
    from bot.commands.bench import bench

    bench(settings)


def _evaluate(settings: Settings, chosen: argparse.Namespace) -> None:
    from bot.commands.evaluating import evaluate

    folds = 0 if chosen.quick else chosen.folds
    evaluate(settings, chosen.dev or settings.evaluation, chosen.out, folds, chosen.against, chosen.publish)


def _classify(settings: Settings, _: argparse.Namespace) -> None:
    from bot.commands.lines import answer_lines, classify, load_model
    from bot.live import model_file

    if not model_file(settings.models).exists():
        raise RuntimeError("还没有模型，请先运行 make train。")
    answer_lines(classify(load_model(model_file(settings.models))), sys.stdin)


def _read(_: Settings, __: argparse.Namespace) -> None:
    from bot.commands.lines import answer_lines, reading

    answer_lines(reading(), sys.stdin)


def _route(settings: Settings, chosen: argparse.Namespace) -> None:
    from bot.commands.lines import answer_lines, routing

    answer_lines(routing(_parsed(chosen.directory or settings.directory, chosen.skip_bad)), sys.stdin)


def _records(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot.opening import open_desk

    desk = open_desk(settings)
    if chosen.what == "export":
        for document in desk.records():
            print(json.dumps(document, ensure_ascii=False))
        return 0
    document = desk.record(chosen.receipt or "")
    if document is None:
        print("没有这个回执号。", file=sys.stderr)
        return 1
    print(json.dumps(document, ensure_ascii=False, indent=2))
    return 0


def _user(settings: Settings, chosen: argparse.Namespace) -> None:
    users.run(settings, chosen)


def _release(settings: Settings, chosen: argparse.Namespace) -> int:
    return releasing.run(settings, chosen)


def _retention(settings: Settings, chosen: argparse.Namespace) -> None:
    from bot.opening import open_desk
    from bot.upkeep import Upkeep

    desk = open_desk(settings)
    if chosen.what == "run":
        print(Upkeep(desk, settings.keep_days).run("verb"))
        return
    for one in desk.upkeep()["sweeps"]:
        named = ("unfiled_talks", "filed_talks", "records", "notes")
        print(f"{one['at']:%Y-%m-%d %H:%M}\t" + "\t".join(str(one[name]) for name in named))


def _keys(settings: Settings, chosen: argparse.Namespace) -> None:
    keys.run(settings, chosen)


def _directory(settings: Settings, chosen: argparse.Namespace) -> int:
    directory = _parsed(chosen.file, chosen.skip_bad)
    for problem in directory.problems:
        print(problem, file=sys.stderr)
    if chosen.what == "import":
        from bot.opening import open_desk

        print(f"导入了 {open_desk(settings).committees.replace(directory)} 个调解组织。")
    else:
        print(f"{len(directory)} 个调解组织，{len(directory.problems)} 行有错。")
    return 0


def _parsed(path: Path, skip_bad: bool):  # type: ignore[no-untyped-def]
    from bot import knowledge
    from bot.intake.directory import Directory

    text = path.read_text(encoding="utf-8-sig")
    return Directory.parse(text, knowledge.divisions(), knowledge.taxonomy().subtypes, skip_bad)


if __name__ == "__main__":
    sys.exit(main())
