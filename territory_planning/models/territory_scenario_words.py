from odoo import models
from odoo.tools import format_amount

NAMED = 5  # so many clashes of one kind are told one by one


class TerritoryScenario(models.Model):
    """What solving has found, in words that name reps and accounts."""

    _inherit = "territory.scenario"

    def _amount(self, value):
        """A load in the measure that is balanced, with its unit."""
        if self.balance in ("revenue", "potential"):
            return format_amount(
                self.env, round(value), self.currency_id, trailing_zeroes=False
            )
        if self.balance == "workload":
            digits = 1 if abs(value) < 10 else 0
            return self.env._("%s hours a month", f"{value:,.{digits}f}")
        if self.balance == "accounts":
            return self.env._("%s accounts", f"{value:,.0f}")
        return self.env._("%s points", f"{value:,.1f}")

    def _clash_text(self, arrays, found):
        """Every clash in a sentence: whose, by how much, and what would help."""
        sentences, kinds = [], {}
        clashes = sorted(found["clashes"], key=lambda clash: not clash["proven"])
        if any(clash["proven"] for clash in clashes):
            clashes = [clash for clash in clashes if clash["proven"]]
            sentences.append(self.env._("No answer can keep all of what is asked for:"))
        else:
            sentences.append(
                self.env._("No answer was found that keeps all of what is asked for:")
            )
        for clash in clashes:
            kinds.setdefault(clash["kind"], []).append(clash)
        for same in kinds.values():
            sentences += [
                "• " + self._clash_sentence(arrays, clash) for clash in same[:NAMED]
            ]
            if len(same) > NAMED:
                sentences.append(
                    "• " + self.env._("… and %s more like that.", len(same) - NAMED)
                )
        return "\n".join(sentences)

    def _clash_sentence(self, arrays, clash):
        kind = clash["kind"]
        rep = arrays.reps[clash["rep"]] if clash["rep"] >= 0 else None
        money = kind == "revenue"
        count = kind == "moves"
        values = {
            "rep": rep["name"] if rep else "",
            "unit": self._unit_name(arrays, clash["unit"]),
            **{
                name: self._money_text(clash[name])
                if money
                else f"{clash[name]:,.0f}"
                if count
                else self._amount(clash[name])
                for name in ("amount", "level", "limit")
            },
        }
        return self._clash_words(kind, bool(rep and rep["leaving"]), values)

    def _clash_words(self, kind, leaving, values):
        if kind == "lock":
            return self.env._(
                "“%(unit)s” is to stay with %(rep)s, who leaves or must not look after "
                "it. Take it out of “What Must Remain” or of “Never These”.",
                **values,
            )
        if leaving and kind in ("locks", "above"):
            return self.env._(
                "%(rep)s leaves, but %(level)s is to stay there. Take it out of “What "
                "Must Remain”.",
                **values,
            )
        words = {
            "total_high": self.env._(
                "all accounts together have %(level)s, %(amount)s more than all reps "
                "may have. Widen the band.",
                **values,
            ),
            "total_low": self.env._(
                "all accounts together have %(level)s, %(amount)s less than all reps "
                "must have. Widen the band.",
                **values,
            ),
            "locks": self.env._(
                "what is to stay with %(rep)s alone comes to %(level)s, %(amount)s "
                "more than the %(limit)s %(rep)s may have. Let some of it move, or "
                "widen the band.",
                **values,
            ),
            "reach": self.env._(
                "all that %(rep)s may look after comes to %(level)s, %(amount)s less "
                "than the %(limit)s %(rep)s must have. Let locked accounts move, give "
                "%(rep)s more skills or languages, or widen the band.",
                **values,
            ),
            "unit": self.env._(
                "nobody may look after “%(unit)s”: its language, its tags or “Never "
                "These” leave no rep.",
                **values,
            ),
            "above": self.env._(
                "%(rep)s would have %(level)s, %(amount)s more than allowed.", **values
            ),
            "below": self.env._(
                "%(rep)s would have %(level)s, %(amount)s less than the least.",
                **values,
            ),
            "moves": self.env._(
                "%(level)s accounts have to change hands, %(amount)s more than the "
                "%(limit)s that may.",
                **values,
            ),
            "revenue": self.env._(
                "%(level)s of revenue has to change hands, %(amount)s more than the "
                "%(limit)s that may.",
                **values,
            ),
        }
        return words[kind]

    def _unit_name(self, arrays, unit):
        """The account, or the accounts of an area, that a unit is."""
        if unit < 0:
            return ""
        names = [
            name
            for name, one in zip(arrays.inputs["name"], arrays.unit, strict=True)
            if one == unit
        ]
        more = len(names) - 1
        return (
            self.env._("%(name)s and %(more)s more", name=names[0], more=more)
            if more
            else names[0]
        )

    def _money_text(self, value):
        return format_amount(
            self.env, round(value), self.currency_id, trailing_zeroes=False
        )

    def _note_text(self, arrays, found):
        """What one should know when reading the answer."""
        said = []
        left = arrays.inputs["left_out"]
        if left["no_place"]:
            said.append(
                self.env._(
                    "%s accounts have no place on the map and stay with whoever looks "
                    "after them.",
                    len(left["no_place"]),
                )
            )
        if left["other_rep"]:
            said.append(
                self.env._(
                    "%s accounts have a salesperson who is not in this scenario and "
                    "stay there.",
                    len(left["other_rep"]),
                )
            )
        free = sum(owner < 0 for owner in arrays.inputs["current"])
        if free:
            said.append(
                self.env._(
                    "%s accounts that nobody looks after today are given to somebody. "
                    "They count as no handovers, and in today's figures not at all.",
                    free,
                )
            )
        idle = int((arrays.load <= 0).sum())
        if idle:
            said.append(
                self.env._(
                    "%s accounts count nothing in what is balanced: they go where "
                    "travel is shortest.",
                    idle,
                )
            )
        if arrays.inputs["locked"]:
            said.append(
                self.env._(
                    "%s accounts were to stay where they are.",
                    len(arrays.inputs["locked"]),
                )
            )
        if found.get("disconnected"):
            said.append(
                self.env._(
                    "%s accounts are cut off from the rest of their territory: the "
                    "conditions left no way to join them.",
                    found["disconnected"],
                )
            )
        return "\n".join(said)
