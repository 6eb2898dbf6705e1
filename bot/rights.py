"""What a citizen may do with what is held about her, at any time: see, change, take back, delete, take along, go on
elsewhere (PIPL 15, 44–47); and the times after which things go by themselves (PIPL 19).

The desk's second half: hides how far each wish reaches (talk, draft, filed record, codes, files outside the database)
and what law keeps. Called by the desk, which passes every change through it, and by the API. Wording is in domain.yml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.filed import Amendment, Standing
from bot.intake.document import card
from bot.intake.record import Consent, Record
from bot.intake.retention import Retention
from bot.intake.steps import HEALTH_FACTS, Heard, Outcome, Say, Steps
from bot.intake.taps import health_refused
from bot.intake.turn import PRIVACY_VERSION
from bot.returning import Returning, TooOften, day
from bot.store import Store, Talk

#: Statuses from which there is nothing left to withdraw.
ENDED = frozenset({"withdrawn", "refused", "agreed", "failed", "ended", "closed", "erased"})
MEANS_TO_TAKE_BACK = {
    ("privacy", "open"): "utter_take_back_privacy_open",
    ("privacy", "filed"): "utter_take_back_privacy_filed",
    ("privacy", "held"): "utter_take_back_privacy_held",
    ("health", "open"): "utter_take_back_health",
    ("health", "filed"): "utter_take_back_health",
    ("health", "held"): "utter_take_back_health_held",
    ("handover", "open"): "utter_take_back_handover_open",
    ("handover", "filed"): "utter_take_back_handover_filed",
    ("handover", "held"): "utter_take_back_handover_held",
}


class Outside(Protocol):
    """A keeper of personal data outside the database: it forgets a talk's and a record's, and says how much it has."""

    def forget(self, key: str) -> int: ...

    def forget_record(self, receipt: str) -> int: ...

    def of(self, talk: Talk) -> Sequence[Any]: ...

    def sweep(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What the retention job did, in numbers only."""

    unfiled_talks: int = 0
    filed_talks: int = 0
    records: int = 0
    notes: int = 0

    def __str__(self) -> str:
        return (
            f"到期清理：没登记的谈话 {self.unfiled_talks} 个，登记过的谈话 {self.filed_talks} 个，"
            f"登记 {self.records} 份，零碎记录 {self.notes} 条。"
        )


class Rights:
    """Open with the store, the steps of the interview and the retention data. Thread-safe like the store."""

    def __init__(
        self, store: Store, steps: Steps, retention: Retention, returning: Returning, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._filed = store.filed
        self._returning = returning
        self._steps = steps
        self._retention = retention
        self._clock = clock
        #: Keepers of personal data outside the database. Each is asked whenever something is deleted.
        self.also_forget: list[Outside] = []

    # —— wishes of a turn ——

    def carry_out(self, talk: Talk, out: Outcome, heard: Heard) -> list[Amendment]:
        """Carry out what a turn wished. Returns amendments to be kept together with the turn.

        Adds to what is said; sets the open question anew. The privacy consent taken back stands in `out.record`
        afterwards, and the desk forgets the talk's words.
        """
        amendments: list[Amendment] = []
        for wish in out.wishes:
            fill = wish.fill
            if wish.kind == "progress":
                self._progress(talk, out, fill["receipt"], fill["last_four"])
            elif wish.kind == "amend":
                amendments += self._amend(talk, out, heard, fill)
            elif wish.kind == "supplement":
                amendments += self._supplement(talk, out, heard, fill["words"])
            elif wish.kind in ("withdraw_asked", "withdraw"):
                self._withdraw(talk, out, wish.kind == "withdraw")
            elif wish.kind == "take_back_asked":
                self._ask_take_back(talk, out, fill["consent"])
            elif wish.kind == "take_back":
                self._take_back(talk, out, heard, fill["consent"])
            elif wish.kind == "delete_asked":
                self._ask_delete(talk, out)
            elif wish.kind in ("held", "export", "another_device"):
                self._show(talk, out, wish.kind)
        if out.wishes:
            out.ask = self._steps.next_step(out.record)
            out.record.asked = out.ask
            out.choices = self._steps.choices(out.record, out.ask)
        return amendments

    def delete(self, talk: Talk, out: Outcome) -> None:
        """Delete everything of a talk and what was filed from it; what law keeps is cut down, and said."""
        now, held = self._clock(), None
        for standing in self._filed.standings_of(talk.id):
            if self._retention.stage(standing.status).held:
                self._filed.hold(standing.id, now)
                held = standing
            else:
                self._erase(standing, now)
        self.forget_talk(talk.key)
        if held is not None:
            state = self._retention.stage(held.status).name
            out.says.append(Say("utter_deleted_held", {"state": state, "receipt": held.receipt}))
        elif talk.matters:
            out.says.append(Say("utter_deleted_filed"))
        else:
            out.says.append(Say("utter_deleted"))

    def forget_talk(self, key: str) -> None:
        """Delete a conversation, also outside the database. Filed records stay."""
        self.forget_outside(key)
        self._store.forget(key)

    def forget_outside(self, key: str) -> None:
        """Delete what lies outside the database and belongs to a talk and to no filed record."""
        for keeper in self.also_forget:
            keeper.forget(key)

    # —— seeing ——

    def held(self, talk: Talk) -> dict[str, Any]:
        """Everything held about her from this talk, for her to take along: JSON-ready, labels in Chinese beside keys."""
        record = Record.from_dict(talk.draft)
        messages = self._store.messages(talk, limit=100_000)
        return {
            "labels": {key: spec.label for key, spec in self._steps.taxonomy.facts.items()},
            "made_at": self._clock().isoformat(timespec="seconds"),
            "overview": self._overview(talk, record),
            "draft": {"rows": self._card(record), "record": _her_own(record)} if record.status != "filed" else None,
            "consents": [_consent(c) for c in record.consents],
            "filed": self._store.records_of(talk),
            "talk": [{"who": m.who, "at": m.at.isoformat(timespec="seconds"), "text": m.text} for m in messages],
        }

    def overview(self, talk: Talk) -> list[dict[str, Any]]:
        """What is held, as rows of a card: label and what stands there, no more than needed to know what to ask for."""
        return self._overview(talk, Record.from_dict(talk.draft))

    def _overview(self, talk: Talk, record: Record) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []

        def row(key: str, shown: str | None = None, **fill: Any) -> None:
            told = self._retention.held_words[key]
            texts = {part: told.get(part, "").format(**fill) for part in ("label", "shown")}
            rows.append(
                {"fact": key, "label": texts["label"], "shown": shown or texts["shown"], "words": "", "blank": False}
            )

        count, first = self._filed.spoken(talk.id)
        if count and first is not None:
            row("talk", count=count, since=day(first))
        if record.status != "filed" and record.facts:
            row("draft", count=len(record.facts))
        standings = self._filed.standings_of(talk.id)
        for standing in standings:
            state = self._retention.stage(standing.status).name
            row("record", receipt=standing.receipt, type=self._type(standing), state=state)
            if standing.committee is not None:
                row("handed", name=standing.committee["name"])
        if not any(standing.committee for standing in standings):
            row("nobody")
        for kind in ("privacy", "health", "handover"):
            told = [c for c in record.consents if c.kind == kind]
            for consent in told[-2:]:
                words = self._retention.held_words["given" if consent.given else "taken_back"]
                row(kind, words.format(at=day(datetime.fromisoformat(consent.at)), version=consent.version))
        devices = self._filed.devices(talk.id)
        if devices:
            row("devices", count=devices + 1)
        if self._filed.has_code(talk.id, self._clock()):
            row("code")
        files = sum(len(keeper.of(talk)) for keeper in self.also_forget)
        if files:
            row("attachments", count=files)
        return rows

    def _card(self, record: Record) -> list[dict[str, Any]]:
        return card(record, self._steps.taxonomy, self._steps.questions(record))

    def _show(self, talk: Talk, out: Outcome, kind: str) -> None:
        consent = out.record.consent("privacy")
        if consent is None or not consent.given:
            out.says.append(Say("utter_nothing_held"))
        elif kind == "held":
            out.says.append(Say("utter_held", show={"card": self._overview(talk, out.record), "title": "这里存着"}))
            if out.record.facts:
                out.says.append(Say("utter_summary", show={"card": True}))  # the desk puts the rows in
        elif kind == "export":
            out.says.append(Say("utter_export", show={"export": True}))
        else:
            out.says.append(Say("utter_code", {"minutes": str(self._retention.code_minutes)}, {"code": True}))

    def _progress(self, talk: Talk, out: Outcome, receipt: str, last_four: str) -> None:
        record = out.record
        own = self._filed.standings_of(talk.id)
        mine = [s for s in own if s.receipt == receipt] if receipt else ([] if last_four else own)
        if mine:
            out.says += [self._say_progress(self._returning.told(standing)) for standing in mine]
            record.errand = record.errand_about = None
        elif receipt and last_four:
            try:
                told = self._returning.progress(receipt, last_four, talk.key)
            except TooOften:
                out.says.append(Say("utter_too_often"))
                record.errand = record.errand_about = None
                return
            record.errand_about = None
            record.errand = None if told else "progress"
            out.says.append(self._say_progress(told) if told else Say("utter_progress_none"))
        elif receipt:
            out.says.append(Say("utter_progress_four", {"receipt": receipt}))

    def _say_progress(self, told: Mapping[str, Any]) -> Say:
        fill = {
            "receipt": told["receipt"],
            "state": told["state"],
            "since": day(datetime.fromisoformat(told["since"])),
            "next": told["next"],
        }
        if told["committee"] is None:
            return Say("utter_progress_nobody", fill)
        return Say("utter_progress", fill | {k: told["committee"][k] for k in ("name", "phone")})

    # —— after filing ——

    def _standing(self, talk: Talk, record: Record) -> Standing | None:
        """The record that the open talk filed last."""
        return self._filed.standing(record.receipt) if record.receipt else None

    def _amend(self, talk: Talk, out: Outcome, heard: Heard, fill: Mapping[str, Any]) -> list[Amendment]:
        standing = self._standing(talk, out.record)
        if standing is None or standing.status in ENDED:
            out.says.append(Say("utter_withdraw_late", {"state": self._state(standing)}))
            return []
        old, new = fill["old"], fill["new"]
        if new["source"] != "story":
            label = self._steps.taxonomy.facts[fill["fact"]].label
            before = old["shown"] if old else "没填"
            said = {"label": label, "old": before, "new": new["shown"], "name": _name(standing)}
            out.says.append(Say("utter_amended", said))
        words = heard.text if new["words"] in heard.text else new["words"]  # told in an earlier turn, agreed to in this
        return [Amendment("correction", heard.at, out.record.turn, words, fill["fact"], old, new)]

    def _supplement(self, talk: Talk, out: Outcome, heard: Heard, words: str) -> list[Amendment]:
        standing = self._standing(talk, out.record)
        if standing is None or standing.status in ENDED:
            out.says.append(Say("utter_withdraw_late", {"state": self._state(standing)}))
            return []
        out.says.append(Say("utter_supplemented", {"name": _name(standing)}))
        return [Amendment("supplement", heard.at, out.record.turn, words)]

    def _withdraw(self, talk: Talk, out: Outcome, sure: bool) -> None:
        standing = self._standing(talk, out.record)
        if standing is None or standing.status in ENDED:
            out.record.errand = None
            out.says.append(Say("utter_withdraw_late", {"state": self._state(standing)}))
        elif sure:
            self._filed.act(standing.id, self._clock(), "citizen", "withdraw", "withdrawn")
            out.says.append(Say("utter_withdrawn", {"receipt": standing.receipt, "name": _name(standing)}))
        else:
            said = {"receipt": standing.receipt, "type": self._type(standing), "name": _name(standing)}
            out.says.append(Say("utter_withdraw_means", said))

    def _state(self, standing: Standing | None) -> str:
        return self._retention.stage(standing.status if standing else "erased").name

    def _type(self, standing: Standing) -> str:
        return self._steps.taxonomy.matter(standing.type, standing.subtype).name

    # —— consents ——

    def _how_far(self, talk: Talk) -> str:
        """`open`: nothing filed; `filed`: filed, and nothing keeps it; `held`: law keeps at least one record."""
        stages = [self._retention.stage(s.status) for s in self._filed.standings_of(talk.id)]
        return "held" if any(stage.held for stage in stages) else "filed" if stages else "open"

    def _stands(self, talk: Talk, record: Record, kind: str) -> bool:
        """Whether a consent stands: in this talk, or for handing over in what it filed earlier."""
        consent = record.consent(kind)
        if consent is not None and consent.given:
            return True
        return kind == "handover" and any(s.status not in ENDED for s in self._filed.standings_of(talk.id))

    def _ask_take_back(self, talk: Talk, out: Outcome, kind: str) -> None:
        record = out.record
        if not self._stands(talk, record, kind):
            record.errand = record.errand_about = None
            out.says.append(Say("utter_take_back_none"))
            return
        out.says.append(Say(MEANS_TO_TAKE_BACK[kind, self._how_far(talk)]))

    def _take_back(self, talk: Talk, out: Outcome, heard: Heard, kind: str) -> None:
        record, now = out.record, self._clock()
        if not self._stands(talk, record, kind):
            out.says.append(Say("utter_take_back_none"))
            return
        agreed = record.consent(kind) or Consent(kind, True, PRIVACY_VERSION, "")
        at = heard.at.isoformat(timespec="seconds")
        record.consents.append(Consent(kind, False, agreed.version, at, agreed.to))
        if kind == "health":
            health_refused(record)
        for standing in self._filed.standings_of(talk.id):
            held = self._retention.stage(standing.status).held
            told = Amendment("consent", heard.at, record.turn, heard.text, kind)
            health = HEALTH_FACTS if kind == "health" and not held else ()
            self._filed.took_back(standing.id, now, told, agreed.version, health)
            if kind == "privacy" and not held:
                self._erase(standing, now)
            elif kind == "privacy":
                self._filed.hold(standing.id, now)
            elif kind == "handover" and standing.status not in ENDED and not held:
                self._filed.act(standing.id, now, "citizen", "withdraw", "withdrawn")
        if kind == "handover" and record.status != "filed":
            record.consents = [c for c in record.consents if c.kind != "handover"]
        out.says.append(Say("utter_taken_back"))

    # —— deleting and time ——

    def _ask_delete(self, talk: Talk, out: Outcome) -> None:
        means = {"filed": "utter_delete_means_filed", "held": "utter_delete_means_held"}.get(self._how_far(talk))
        if means is not None:
            out.says.append(Say(means))

    def _erase(self, standing: Standing, at: datetime, who: str = "citizen") -> None:
        for keeper in self.also_forget:
            keeper.forget_record(standing.receipt)
        self._filed.erase(standing.id, at, who)

    def keep_to_time(self, unfiled_days: int) -> Swept:
        """Let go what is past its time (retention.yml; `unfiled_days` is a setting, 0: never). Says how much."""
        now, kept = self._clock(), self._retention
        unfiled = self._expire_talks(now - timedelta(days=unfiled_days), False) if unfiled_days else 0
        filed = self._expire_talks(now - timedelta(days=kept.filed_talk_days), True)
        erased = 0
        for status, stage in kept.stages.items():
            if stage.keep_days is None:
                continue
            for standing in self._filed.past(status, now - timedelta(days=stage.keep_days)):
                if status == "erased":
                    self._filed.drop(standing.id)
                else:
                    self._erase(standing, now, "desk")
                erased += 1
        day_ago, note = now - timedelta(days=1), now - timedelta(days=kept.expired_note_days)
        notes = self._filed.expire_notes(day_ago, note, now)
        for keeper in self.also_forget:
            keeper.sweep()
        self._store.settle()
        return Swept(unfiled, filed, erased, notes)

    def _expire_talks(self, before: datetime, filed: bool) -> int:
        keys = self._filed.idle(before, filed)
        for key in keys:
            self._filed.note_expired(key, self._clock())
            self.forget_talk(key)
        return len(keys)


def _name(standing: Standing) -> str:
    return str(standing.committee["name"]) if standing.committee else "工作人员"


def _consent(consent: Consent) -> dict[str, Any]:
    return {name: getattr(consent, name) for name in ("kind", "given", "version", "at", "to")}


def _her_own(record: Record) -> dict[str, Any]:
    """The draft without the desk's own bookkeeping."""
    raw = record.to_dict()
    return {name: raw[name] for name in ("type", "subtype", "facts", "blanks", "unread", "signs", "committee")}
