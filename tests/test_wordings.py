"""Claims about wording, rule cards and new types: one place changes, what does not agree is refused, all can be undone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from builders import QUICK, an_account
from hypothesis import given
from hypothesis import strategies as st
from test_agreement import INVENTED, PET
from test_phrasebook import changed

from bot import knowledge
from bot.commands.checking import findings
from bot.desk import Desk
from bot.intake.taxonomy import Taxonomy
from bot.knowledge import read_yaml
from bot.labels import Labels
from bot.language_files import FILES, FOLDERS, LanguageFiles
from bot.lessons import Lessons, NotTaught
from bot.new_types import NewTypes
from bot.phrasebook import Gone, Phrasebook, Unfit
from bot.phrasebook_lines import Patch, applied
from bot.settings import ROOT
from bot.staff import Staff
from bot.store import Store
from bot.store_staff import Account
from bot.wording_lines import rewritten, value_at
from bot.wordings import BRACES, CARDS, DOMAIN, SAID, Cards, Sayings, fields_of, of_saying, of_variant

TODAY = date(2026, 11, 23)
COST = "utter_faq/cost"
CONFIRM = "utter_faq/judicial_confirmation"


class Office:
    """The doors over a copy of the project's language and knowledge."""

    def __init__(self, root: Path) -> None:
        for name in FOLDERS:
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            for path in ROOT.glob(name):
                shutil.copy(path, root / path.relative_to(ROOT))
        self.root, self.book, self.heard = root, Phrasebook(root), 0
        files = LanguageFiles(self.book, findings)
        self.sayings = Sayings(files, self.hear)
        self.cards = Cards(files, self.hear, self.sayings, lambda: TODAY)
        self.types = NewTypes(files, self.taxonomy)

    def taxonomy(self) -> Taxonomy:
        return Taxonomy.from_mapping(read_yaml(self.root / "bot/knowledge/taxonomy.yml"))

    def hear(self) -> None:
        self.heard += 1

    def bytes(self) -> dict[str, bytes]:
        paths = [*self.root.rglob("*.yml"), *self.root.rglob("*.csv")]
        return {str(path): path.read_bytes() for path in sorted(paths)}

    def of(self, name: str, number: int = 0, **more: Any) -> tuple[str, str, str]:
        """Label, new text and old text of a change of a variant."""
        saying = self.sayings.find(name)
        assert saying is not None
        variant = saying.variants[number]
        was = {"text": variant.text, "rules": None if variant.rules is None else list(variant.rules)}
        return of_variant(name, number), json.dumps({**was, **more}), json.dumps(was)

    def card(self, id_: str, **more: str) -> tuple[str, str, str]:
        card = self.cards.find(id_)
        assert card is not None
        now = {key.replace("__", "."): told for key, told in more.items()}
        return id_, json.dumps(now), json.dumps({key: fields_of(card).get(key, "") for key in now})

    def pet(self, **more: Any) -> str:
        form = {key: PET[key] for key in ("name", "short", "plain")}
        form |= {key: "\n".join(PET[key]) for key in ("committees", "bring", "rules")}
        given_ = {"key": "pet", "examples": "\n".join(INVENTED), **form, **more}
        return self.types.said(given_, more.get("facts", ["place", "counterpart", "amount"]))


@pytest.fixture()
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "project")


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office in which nothing is written."""
    return Office(tmp_path_factory.mktemp("still") / "project")


# —— lines ——

CONTENT = {file: (ROOT / file).read_text(encoding="utf-8") for file in (DOMAIN, "nlu_data/faq.yml", CARDS)}
PLACES = [
    (file, ["responses", name, number, "text"])
    for file in (DOMAIN, "nlu_data/faq.yml")
    for name, told in value_at(CONTENT[file], ["responses"]).items()
    for number, one in enumerate(told)
    if one.get("text")
]
LINES = st.lists(
    st.text(st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")), min_size=1).map(str.strip),
    min_size=1, max_size=3,
).map(lambda lines: "\n".join(line for line in lines if line))  # fmt: skip


@given(place=st.sampled_from(PLACES), words=LINES.filter(bool))
def test_whatever_words_are_written_nothing_else_changes_and_the_way_back_is_exact(
    place: tuple[str, list[Any]], words: str
) -> None:
    file, path = place
    patch = rewritten(file, CONTENT[file], path, words)
    after = applied(CONTENT[file], patch)
    assert value_at(after, path) == words
    assert applied(after, patch.back()) == CONTENT[file]
    gone, _ = changed(CONTENT[file], after)
    assert len(gone) <= len(patch.removed)


def test_a_comment_beside_the_words_stays() -> None:
    content = "responses:\n  utter_a:\n    - text: 旧话  # 别忘了\n      metadata: {rules: []}\n    - text: |-  # 两行\n        一\n        二\n\n# 尾\n"
    one = applied(content, rewritten("f", content, ["responses", "utter_a", 0, "text"], "新话：是 #1\n第二行"))
    assert "|-  # 别忘了\n        新话：是 #1\n        第二行\n      metadata" in one
    two = applied(one, rewritten("f", one, ["responses", "utter_a", 1, "text"], "一行"))
    assert two.endswith("    - text: 一行  # 两行\n\n# 尾\n")


# —— what the desk says ——


def test_every_answer_is_found_under_its_heading(still: Office) -> None:
    told = still.sayings.all()
    assert {one.name for one in told} == {
        name for name, variants in knowledge.responses(still.root).items() if any(v.get("text") for v in variants)
    }
    assert all(one.group for one in told)
    assert [one.name for one in still.sayings.search("一分钱不收")] == [COST]


def test_a_changed_answer_is_said_at_once_and_undone_to_the_byte(office: Office) -> None:
    before = office.bytes()
    change = office.of(COST, text="不收钱，从头到尾都不收。谁跟您要，您可以不给。")
    office.sayings.tried(*change)
    assert office.bytes() == before and office.heard == 0
    patches = office.sayings.write(*change)
    assert office.heard == 1
    assert knowledge.responses(office.root)[COST][0]["text"].startswith("不收钱，从头到尾")
    again = [Patch.from_dict(patch.to_dict()) for patch in patches]
    office.sayings.tried_back(again)
    office.sayings.undo(again)
    assert office.bytes() == before and office.heard == 2


def test_only_the_lines_of_the_answer_change(office: Office) -> None:
    before = (office.root / "nlu_data/faq.yml").read_text(encoding="utf-8")
    office.sayings.write(*office.of(COST, text="不收钱，谁要您都可以不给。"))
    gone, come = changed(before, (office.root / "nlu_data/faq.yml").read_text(encoding="utf-8"))
    assert len(gone) == len(come) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: BRACES.sub("", text),
        lambda text: text + "{amount}",
        lambda text: text + "{",
        lambda text: text + "}",
        lambda text: text.replace("{", "｛"),
        lambda text: "",
        lambda text: "  \n ",
        lambda text: text + "打15927364581",
        lambda text: text + "长" * 500,
        lambda text: text,
    ],
)
def test_braces_stay_and_nothing_unfit_is_said(still: Office, change: Any) -> None:
    saying = next(s for s in still.sayings.all() if "{name}" in s.variants[0].text)
    with pytest.raises(Unfit):
        still.sayings.patches(*still.of(saying.name, text=change(saying.variants[0].text)))


def test_a_number_that_its_card_does_not_have_is_refused_with_the_reason(still: Office) -> None:
    saying = still.sayings.find(CONFIRM)
    assert saying is not None
    wrong = saying.variants[0].text.replace("三十天", "六十天")
    with pytest.raises(Unfit, match="六十天"):
        still.sayings.tried(*still.of(CONFIRM, text=wrong))


def test_a_statement_of_law_without_its_card_is_refused(still: Office) -> None:
    name = "utter_thanks"
    with pytest.raises(Unfit, match="规则卡"):
        still.sayings.tried(*still.of(name, text="不客气，法律规定有强制执行。"))
    still.sayings.tried(*still.of(name, text="不客气，协议经法院确认可以强制执行。", rules=["R11"]))


def test_a_card_is_named_where_none_was_and_taken_away_again(office: Office) -> None:
    before = office.bytes()
    patches = office.sayings.write(*office.of("utter_thanks", rules=["R1", "R2"]))
    saying = office.sayings.find("utter_thanks")
    assert saying is not None and saying.variants[0].rules == ("R1", "R2")
    assert office.sayings.write(*office.of("utter_thanks", rules=["R2"]))
    with pytest.raises(Gone):
        office.sayings.undo(patches)
    office.sayings.write(*office.of("utter_thanks", rules=["R1", "R2"]))
    office.sayings.undo(patches)
    assert office.bytes() == before


def test_who_comes_second_meets_what_the_first_wrote(office: Office) -> None:
    change = office.of(COST, text="不收钱，谁要您都可以不给。")
    office.sayings.write(*office.of(COST, text="一分不收，谁要您都可以不给。"))
    with pytest.raises(Gone):
        office.sayings.write(*change)


def test_a_file_broken_by_hand_is_named_with_its_line(office: Office) -> None:
    path = office.root / "nlu_data/faq.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("responses:", "responses", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="faq.yml 第"):
        office.sayings.all()


def test_every_word_in_braces_has_an_example_for_the_preview() -> None:
    told = {
        word
        for variants in knowledge.responses().values()
        for v in variants
        for word in BRACES.findall(v.get("text", ""))
    }
    assert told <= set(knowledge.wording_examples())


# —— rule cards ——


def test_a_card_keeps_its_place_and_is_undone_to_the_byte(office: Office) -> None:
    before = office.bytes()
    change = office.card(
        "R7", citizen="一般一个月左右：双方愿意，可以再谈。", checked_on="2026-11-23", until="2030-01-01"
    )
    office.cards.tried(*change)
    patches = office.cards.write(*change)
    card = office.cards.find("R7")
    assert card is not None and card["until"] == date(2030, 1, 1) and card["checked_on"] == TODAY
    assert [c["id"] for c in office.cards.all()] == [c["id"] for c in read_yaml(ROOT / CARDS)["rules"]]
    office.cards.undo(patches)
    assert office.bytes() == before


def test_a_figure_that_answers_still_say_otherwise_cannot_change_alone(still: Office) -> None:
    with pytest.raises(Unfit, match="三十天"):
        still.cards.tried(*still.card("R11", figure__days="60", checked_on="2026-11-23"))


def test_a_figure_and_the_words_that_name_it_change_together_and_are_undone_together(office: Office) -> None:
    before = office.bytes()
    card, now, was = office.card(
        "R11", figure__days="60", citizen="生效以后六十天内，可以去法院确认。", checked_on="2026-11-23"
    )
    said = {of_saying(one.name, n): one.variants[n].text for one, n in office.cards.standing_on("R11")}
    new = {key: text.replace("三十天", "六十天") for key, text in said.items() if "三十天" in text}
    assert len(new) > 1
    change = (
        card,
        json.dumps({**json.loads(now), **new}),
        json.dumps({**json.loads(was), **{k: said[k] for k in new}}),
    )
    office.cards.tried(*change)
    patches = office.cards.write(*change)
    assert office.heard == 1
    for key, text in new.items():
        name, _, number = key.removeprefix(SAID).partition("#")
        saying = office.sayings.find(name)
        assert saying is not None and saying.variants[int(number)].text == text
    office.cards.tried_back(patches)
    office.cards.undo(patches)
    assert office.bytes() == before and office.heard == 2


def test_words_on_a_card_that_another_changed_meanwhile_are_not_overwritten(office: Office) -> None:
    saying, number = office.cards.standing_on("R11")[0]
    key, text = of_saying(saying.name, number), saying.variants[number].text
    change = ("R11", json.dumps({key: f"{text}您放心。"}), json.dumps({key: text}))
    office.cards.patches(*change)
    office.sayings.write(*office.of(saying.name, number, text=f"{text}别急。"))
    with pytest.raises(Gone):
        office.cards.patches(*change)


def test_a_card_that_the_desk_cannot_go_by_is_not_written(office: Office) -> None:
    def broken() -> None:
        raise ValueError("rules.yml 读不懂")

    before = office.bytes()
    cards = Cards(office.cards.files, broken, office.sayings, lambda: TODAY)
    with pytest.raises(Unfit, match="读不懂"):
        cards.write(*office.card("R7", citizen="一般一个月左右。", checked_on="2026-11-23"))
    assert office.bytes() == before


def test_a_card_out_of_force_under_an_answer_is_refused(still: Office) -> None:
    with pytest.raises(Unfit, match="有效期"):
        still.cards.tried(*still.card("R11", effective="2099-01-01", checked_on=""))


@pytest.mark.parametrize(
    "more",
    [
        {"citizen": "换了个说法。", "checked_on": "2099-01-01"},
        {"citizen": "", "checked_on": "2026-11-23"},
        {"effective": "去年", "checked_on": "2026-11-23"},
        {"figure__days": "很多", "checked_on": "2026-11-23"},
        {"until": "2011-01-01", "checked_on": "2026-11-23"},
        {"id": "R999"},
        {"figure__nothing": "5", "checked_on": "2026-11-23"},
        {},
    ],
)
def test_a_card_is_not_changed_by_halves(still: Office, more: dict[str, str]) -> None:
    with pytest.raises(Unfit):
        still.cards.patches(*still.card("R11", **more))


def test_changed_law_needs_the_day_on_which_somebody_read_it(still: Office) -> None:
    change = still.card("R4", citizen="别处已经在办的，这里一般不再收。")
    with pytest.raises(Unfit, match="核对"):
        still.cards.patches(*change)


def test_every_card_shows_what_can_be_changed() -> None:
    for card in read_yaml(ROOT / CARDS)["rules"]:
        told = fields_of(card)
        assert {"title", "article", "source", "citizen", "until"} <= set(told)
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", told[key]) for key in ("effective", "checked_on") if told.get(key))


# —— a new type ——


def test_a_type_comes_in_by_four_small_edits_that_agree_and_goes_without_a_trace(office: Office) -> None:
    before, text = office.bytes(), office.pet()
    office.types.tried("pet", text, "")
    assert office.bytes() == before
    patches = office.types.write("pet", text, "")
    assert findings(office.root) == []
    assert office.book.labels()["pet"] == len(INVENTED)
    for file in ("domain.yml", "bot/knowledge/taxonomy.yml", "bot/dialogue/rules.yml"):
        gone, _ = changed((ROOT / file).read_text(encoding="utf-8"), (office.root / file).read_text(encoding="utf-8"))
        assert gone == []
    office.types.tried_back(patches)
    office.types.undo(patches)
    assert office.bytes() == before


def test_twenty_examples_are_enough_to_be_written(still: Office) -> None:
    text = still.pet(examples="\n".join(INVENTED[:20]))
    still.types.tried("pet", text, "")


@pytest.mark.parametrize(
    "more",
    [
        {"key": "Pet"}, {"key": "wages"}, {"key": "a b"}, {"key": "../x"}, {"name": ""}, {"name": "婚姻家庭纠纷"},
        {"plain": "长" * 61}, {"committees": " \n"}, {"bring": ""}, {"facts": ["amount"]},
        {"examples": "\n".join(INVENTED[:19])}, {"examples": "\n".join([INVENTED[0]] * 30)},
        {"examples": "\n".join([*INVENTED[:20], "找他要钱电话15927364581"])},
    ],
)  # fmt: skip
def test_the_wizard_says_what_is_missing(still: Office, more: dict[str, Any]) -> None:
    with pytest.raises(Unfit):
        still.pet(**more)


def test_several_facts_are_asked_in_one_breath_and_some_only_named(office: Office) -> None:
    asked = [["place", "counterpart"], ["amount", "+since", "relation"], "evidence"]
    text = office.pet(facts=asked)
    office.types.tried("pet", text, "")
    office.types.write("pet", text, "")
    clusters = office.taxonomy().matters["pet"].clusters
    told = [(one.asked, one.riding) for one in clusters]
    assert (("place", "counterpart"), ()) in told
    assert (("amount",), ("since", "relation")) in told  # after the relation nothing else could be asked
    assert (("evidence",), ()) in told


@pytest.mark.parametrize(
    "facts",
    [
        [["place", "counterpart", "since", "amount"]],  # four in one breath
        [["place", "+counterpart"]],  # with whom is never only by the way
        [["place", "counterpart"], ["relation", "since"]],  # its question leads nowhere else
        [["place", "counterpart"], ["since", "children"]],  # nothing to call the children by
        [["place", "counterpart"], ["amount", "place"]],
        [["place", "counterpart"], "nothing_of_this_name"],
        ["place", "counterpart", "since", "amount", "people", "evidence", "compound"],
    ],
)
def test_what_cannot_be_asked_so_is_told_in_plain_words(still: Office, facts: Any) -> None:
    with pytest.raises(Unfit) as told:
        still.pet(facts=facts)
    assert not {"utter", "beside", "{"} & set(str(told.value).replace("_", " ").split())


def test_a_lesson_from_before_questions_were_joined_is_still_written(still: Office) -> None:
    told = json.loads(still.pet())
    told["facts"] = ["place", "counterpart", "amount"]
    still.types.tried("pet", json.dumps(told), "")


def test_an_example_of_another_type_is_not_taken(still: Office) -> None:
    other = still.book.search("", "debt")[0].text
    with pytest.raises(Unfit, match="借贷"):
        still.pet(examples="\n".join([*INVENTED[:20], other]))


def test_a_rule_that_does_not_exist_stops_the_type_before_it_is_proposed(still: Office) -> None:
    with pytest.raises(Unfit, match="R999"):
        still.types.tried("pet", still.pet(rules="R999"), "")


@pytest.mark.parametrize("name", ["宠物: 纠纷", "#宠物", "“宠物”纠纷", "[宠物]", "宠物'纠\"纷", "- 宠物"])
def test_any_name_is_written_so_that_it_is_read_again(still: Office, name: str) -> None:
    made = still.types.files.made(still.types.patches("pet", still.pet(name=name), ""))
    assert value_at(made["bot/knowledge/taxonomy.yml"], ["types", "pet", "name"]) == name


# —— two people ——


@pytest.fixture()
def pair(store: Store, desk: Desk, office: Office) -> Iterator[tuple[Lessons, Account, Account]]:
    staff = Staff(store, hasher=QUICK)
    people = []
    for name in ("one.trainer", "two.trainer"):
        an_account(staff, desk, name, "trainer")
        found = store.account(name)
        assert found is not None
        people.append(found)
    labels = Labels(office.book, knowledge.taxonomy(), knowledge.labels())
    doors = {"wording": office.sayings, "card": office.cards, "type": office.types}
    yield Lessons(store, office.book, labels, lambda: datetime(2026, 11, 23, 9, 30), doors), people[0], people[1]


def test_wording_is_proposed_by_one_said_when_another_agrees_and_undone(
    office: Office, pair: tuple[Lessons, Account, Account]
) -> None:
    lessons, one, two = pair
    before = office.bytes()
    change = office.of(COST, text="不收钱，谁要您都可以不给。")
    number = lessons.propose_change(one, "wording", *change, "说得短一点")
    assert office.bytes() == before
    with pytest.raises(NotTaught):
        lessons.propose_change(two, "wording", *change, "我也要改")
    with pytest.raises(NotTaught):
        lessons.approve(one, number)
    lessons.approve(two, number)
    assert office.heard == 1 and office.bytes() != before
    lessons.undo(one, number, "还是原来的好")
    assert office.bytes() == before and office.heard == 2


def test_what_does_not_agree_is_not_even_proposed(office: Office, pair: tuple[Lessons, Account, Account]) -> None:
    lessons, one, _ = pair
    with pytest.raises(NotTaught, match="三十天"):
        lessons.propose_change(one, "card", *office.card("R11", figure__days="60", checked_on="2026-11-23"), "新法")
    assert lessons.waiting() == []


def test_what_no_longer_agrees_when_it_is_approved_stays_open(
    office: Office, pair: tuple[Lessons, Account, Account]
) -> None:
    lessons, one, two = pair
    number = lessons.propose_change(one, "type", "pet", office.pet(), "", "常有人问")
    office.book.add("debt", INVENTED[0])
    before = office.bytes()
    with pytest.raises(NotTaught):
        lessons.approve(two, number)
    assert office.bytes() == before and [lesson.id for lesson in lessons.waiting()] == [number]
