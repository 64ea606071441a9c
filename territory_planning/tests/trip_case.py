from datetime import date, datetime, timedelta

from odoo import Command

from .common import TerritoryCase

#: a Monday in the far future, so that no clock has a say
MONDAY = date(2031, 3, 3)


class TripCase(TerritoryCase):
    """A rep in Nuremberg with customers around, whose visits are worth something known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.tz = cls.other_rep.tz = cls.leader.tz = "Europe/Berlin"
        cls.team.crm_team_member_ids.filtered(lambda m: m.user_id == cls.rep).write(
            {
                "territory_start_name": "Nürnberg",
                "territory_start_latitude": 49.45,
                "territory_start_longitude": 11.08,
            }
        )
        cls.company.write({"territory_circuity": 1.3, "territory_km_cost": 0.3})
        cls.partners = cls.env["res.partner"]
        for number in range(12):
            cls.partners |= cls._customer(
                f"Kunde {number:02}",
                city=f"Ort {number % 4}",
                partner_latitude=49.45 + 0.03 * (number % 4 + 1),
                partner_longitude=11.08 + 0.04 * (number // 4 - 1),
            )
        cls.far = cls._customer("Weit weg", "Hamburg")
        for number, partner in enumerate(cls.partners | cls.far):
            for months in range(1, 13):
                cls._order(partner, cls._day(months), amount=1000.0 * (number + 1))
                if months % 3 == number % 3:
                    cls._visit(partner, cls._day(months, day=10))
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.env["territory.run"]._create_once(
            "month", cls.company, plan=cls.plan
        )._finish_now()
        cls.env["calendar.event"].search([("start", ">", cls._days_ago(0))]).unlink()

    @classmethod
    def _trips(cls, user=None):
        return cls.env["territory.trip"].with_user(user or cls.rep)

    @classmethod
    def _request(cls, **values):
        return {
            "start": {"kind": "home"},
            "end": {"kind": "back"},
            "date": str(MONDAY),
            "hour_from": 8,
            "hour_to": 17,
            "max_detour_km": 60,
            **values,
        }

    @classmethod
    def _planned(cls, user=None, trip=None, **values):
        told = cls._trips(user).plan_trip(cls._request(**values), trip and trip.id)
        return cls.env["territory.trip"].browse(told["id"]), told

    @classmethod
    def _meeting(cls, partner, hours, day=MONDAY, user=None, **values):
        """A meeting in local time of the winter: UTC plus one hour."""
        user = user or cls.rep
        start = datetime.combine(day, datetime.min.time()) + timedelta(
            hours=hours[0] - 1
        )
        return cls.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": start,
                "stop": start + timedelta(hours=hours[1] - hours[0]),
                "user_id": user.id,
                "partner_ids": [Command.set((partner | user.partner_id).ids)],
                **values,
            }
        )

    def _stops(self, told):
        return [stop for day in told["days"] for stop in day["stops"]]
