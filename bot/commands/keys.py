"""`keys`: the keys under which names, phones, words lie in the database: a new one, sealing anew, how it stands."""

from __future__ import annotations

import argparse
import sys

from bot.settings import Settings


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb's arguments."""
    keys = verbs.add_parser("keys", help="锁资料的钥匙：换新的、看现在怎样")
    what = keys.add_subparsers(dest="what", required=True, metavar="new|rotate|status")
    what.add_parser("new", help="加一把新钥匙，以后存的用它锁；原来的还开得了")
    what.add_parser("rotate", help="把旧钥匙锁的、没锁的都换到新钥匙下；可以中断，再运行接着做；不用停前台")
    what.add_parser("status", help="哪些资料在哪把钥匙下面")


def run(settings: Settings, chosen: argparse.Namespace) -> None:
    """Do it. Raises StoreError, KeysError with a sentence."""
    from bot.attachments import Attachments
    from bot.opening import open_store
    from bot.store import OPEN, Store

    store: Store = open_store(settings)
    ring, files = store.keys, Attachments(settings.attachments, store)
    if chosen.what == "new":
        key = ring.make()
        store.mark_keys()
        print(f"新钥匙是 {key.name}，在 {ring.where} 的第一行。请马上另外备份这个文件，再运行 keys rotate。")
        return
    if chosen.what == "rotate":
        sealed, lost = files.seal_anew()
        for step in store.seal_anew(files_lost=lost):
            sealed, lost = sealed + step.sealed, lost + step.lost
            if step.sealed:
                print(f"\r换好 {sealed} 处……", end="", file=sys.stderr, flush=True)
        print(f"\r换好 {sealed} 处，都在钥匙 {ring.first.name} 下面了。" if not lost else "", file=sys.stderr)
        if lost:
            raise RuntimeError(f"有 {lost} 处打不开（坏了，或者缺钥匙），没有动它们；别的都换好了。旧钥匙别丢。")
        return
    under = {**store.sealed_under(), "files": files.sealed_under()}
    for at, key in enumerate(ring.keys):
        many = sum(counted[key.name] for counted in under.values())
        print(f"{key.name}\t{'现在用的' if at == 0 else '以前的'}\t{many} 处")
    names = {key.name for key in ring.keys} | {OPEN}
    lacking = sorted({name for counted in under.values() for name in counted} - names)
    for name in lacking:
        print(f"{name}\t没有这把钥匙\t{sum(counted[name] for counted in under.values())} 处打不开")
    unsealed = sum(counted[OPEN] for counted in under.values())
    print(f"没锁的\t\t{unsealed} 处")
    if store.terms_to_index():
        print("查找用的索引还没有换完。")
    if len(ring.keys) > 1 and not any(counted[key.name] for counted in under.values() for key in ring.keys[1:]):
        print("以前的钥匙已经没有用处，等用它的旧备份都过期了，可以从文件里删掉那几行。")
