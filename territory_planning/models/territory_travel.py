from dataclasses import replace

import numpy as np

from odoo import api, models
from odoo.exceptions import UserError

from ..engine import travel
from ..routers import ROUTERS, Trouble
from ._travel_provider import DAYS, Remembering, wake

PARAMETER = "territory_planning.travel_"
TIMEOUT = 10.0
#: seconds for all requests of one matrix: somebody is waiting for it
PATIENCE = 20.0
#: calibration: so many places, each with so many others near and far
CENTRES, AROUND = 10, 22


class TerritoryTravel(models.AbstractModel):
    """Driving times between places, from what is set up.

    One road engine for the whole database, straight lines as each company has fitted
    them; what the engine has answered is kept (``territory.travel.cache``).
    """

    _name = "territory.travel"
    _description = "Travel Times"

    @api.model
    @api.private
    def _matrix(self, company, points):
        """Times and distances between all places, in one call.

        Never fails for want of a road engine: what it cannot say is estimated, marked so,
        and ``fallback`` says why.

        :param company: whose speed and circuity count where no road engine answers
        :param points: ``(m, 2)`` degrees, latitude and longitude
        :raises ValueError: on a place that is not on earth
        :rtype: engine.travel.Matrix
        """
        points = travel.check_points(points).round(travel.DECIMALS)
        estimate = self._beeline(company)
        try:
            router = self._router()
        except UserError as error:
            found = travel.matrix(points, estimate)
            text = self._beeline_text(estimate)
            return replace(found, source=text, fallback=str(error))
        if router is None:
            found = travel.matrix(points, estimate)
            return replace(found, source=self._beeline_text(estimate))
        cache = self.env["territory.travel.cache"]
        service = cache._service_key(router)
        provider = Remembering(router, (self.env.cr.dbname, service))
        found = travel.matrix(
            points,
            provider,
            known=cache._known(service, points),
            estimate=estimate,
        )
        cache._keep(service, DAYS, provider.answered)
        fallback = None
        if provider.trouble:
            fallback = self.env._(
                "%(reason)s Until then, drives are estimated from straight lines.",
                reason=self._sentence(provider.trouble, router),
            )
        return replace(
            found,
            source=self._source(router, found, estimate),
            fallback=fallback,
        )

    # ---------------------------------------------------------------- settings
    @api.model
    def _setting(self, name, default=""):
        # sudo: address and key are the administrator's; used here, never handed out
        value = self.env["ir.config_parameter"].sudo().get_param(PARAMETER + name)
        return value or default

    @api.model
    def _router(self, patience=PATIENCE):
        """The road engine that is set up, ready to be asked; None without one.

        :raises UserError: if the settings do not make one
        """
        name = self._setting("engine")
        if not name:
            return None
        if name not in ROUTERS:
            raise UserError(
                self.env._(
                    "The road engine “%(name)s” is not known. Choose another one in the "
                    "settings of Territory, under Travel Times.",
                    name=name,
                )
            )
        try:
            timeout = min(max(float(self._setting("timeout", TIMEOUT)), 1.0), 60.0)
        except ValueError:
            timeout = TIMEOUT
        profile = self._setting("profile", "car")
        try:
            return ROUTERS[name](
                url=self._setting(f"url.{name}"),
                key=self._setting(f"key.{name}"),
                profile=profile if profile in ROUTERS[name].profiles else "car",
                user_agent=self.env["base.geocoder"]._territory_user_agent(),
                timeout=timeout,
                patience=patience,
            )
        except Trouble as trouble:
            raise UserError(self._sentence(trouble, ROUTERS[name])) from None

    @api.model
    def _settings_changed(self):
        """What was down may be another server now."""
        wake()

    @api.model
    def _beeline(self, company):
        """How the company estimates drives from straight lines."""
        return travel.Beeline(
            circuity=company.territory_circuity,
            speed_kmh=company.territory_average_speed,
            low=company.territory_travel_low,
            high=company.territory_travel_high,
        )

    # --------------------------------------------------------------- sentences
    @api.model
    def _beeline_text(self, estimate):
        return self.env._(
            "straight lines × %(circuity)s at %(speed)s km/h",
            circuity=round(estimate.circuity, 2),
            speed=round(estimate.speed_kmh),
        )

    @api.model
    def _source(self, router, found, estimate):
        """What times come from, in words."""
        size = len(found.estimated)
        share = found.estimated.sum() / max(size * (size - 1), 1)
        if not share:
            return self.env._("roads, %(name)s", name=router.label)
        if share > 0.999:
            return self._beeline_text(estimate)
        return self.env._(
            "roads, %(name)s; %(share)s %% of them %(estimate)s",
            name=router.label,
            share=max(round(100 * share), 1),
            estimate=self._beeline_text(estimate),
        )

    @api.model
    def _sentence(self, trouble, router):
        """What went wrong, for people: what happened and what to do."""
        name = router.label
        sentences = {
            "url": self.env._(
                "%(name)s needs the address of its server, like "
                "https://roads.example.com. Enter it in the settings of Territory, "
                "under Travel Times.",
                name=name,
            ),
            "key": self.env._(
                "%(name)s needs a valid key. Enter it in the settings of Territory, "
                "under Travel Times.",
                name=name,
            ),
            "refused": self.env._(
                "%(name)s refuses to answer (403): the key lacks the right, or this "
                "server is blocked. Check its terms of use.",
                name=name,
            ),
            "limit": self.env._(
                "%(name)s asks for fewer requests (429). What it has answered is kept; "
                "try again in a while, or use a server of your own.",
                name=name,
            ),
            "quota": self.env._(
                "%(name)s says that the quota is used up (402). What it has answered is "
                "kept; go on when there is a new one.",
                name=name,
            ),
            "slow": self.env._(
                "%(name)s does not answer in time. What it has answered is kept; try "
                "again, or raise the timeout in the settings.",
                name=name,
            ),
            "unreachable": self.env._(
                "%(name)s cannot be reached. Check its address in the settings and "
                "whether it runs.",
                name=name,
            ),
            "moved": self.env._(
                "%(name)s sends requests on to another address, which is not followed. "
                "Enter the address it moved to in the settings.",
                name=name,
            ),
            "large": self.env._(
                "%(name)s answers with far more than was asked for. Check its address "
                "in the settings.",
                name=name,
            ),
            "garbage": self.env._(
                "%(name)s answers with something that is no table of times, a login "
                "page perhaps. Check its address in the settings.",
                name=name,
            ),
            "error": self.env._(
                "%(name)s reports an error of its own. Try again later.", name=name
            ),
            "question": self.env._(
                "%(name)s does not like the question: “%(detail)s”. Check that its "
                "address is that of this kind of engine.",
                name=name,
                detail=trouble.detail or "400",
            ),
        }
        return sentences[trouble.kind]

    # ------------------------------------------------------------- calibration
    @api.model
    @api.private
    def _calibrate(self, company):
        """Fit the company's straight lines to some 200 drives of its road engine.

        From some accounts to others, near and far, so that the drives are like those of
        a trip. Written only if all went well.

        :raises UserError: if there is no engine, it does not answer or there are too few
            accounts with a place
        :rtype: engine.travel.Fit
        """
        router = self._router()
        if router is None:
            raise UserError(
                self.env._(
                    "There is no road engine to learn from. Choose one in the settings "
                    "of Territory, under Travel Times, and save."
                )
            )
        places = self._places(company)
        line, road, seconds = [], [], []
        try:
            for centre, others in _pairs(places):
                times, lengths = router.table(places[[centre]], places[others])
                line.append(
                    travel.Beeline(1.0).table(places[[centre]], places[others])[1]
                )
                road.append(lengths)
                seconds.append(times)
            columns = [np.concatenate(v, axis=None) for v in (line, road, seconds)]
            fitted = travel.fit(*columns)
        except Trouble as trouble:
            raise UserError(self._sentence(trouble, router)) from None
        except ValueError:
            raise UserError(
                self.env._(
                    "%(company)s has too few accounts with a place that %(name)s knows "
                    "roads between: at least ten are needed. Look up where accounts are "
                    "first, or check which country its map is of.",
                    company=company.display_name,
                    name=router.label,
                )
            ) from None
        company.write(
            {
                "territory_circuity": fitted.circuity,
                "territory_average_speed": fitted.speed_kmh,
                "territory_travel_low": fitted.low,
                "territory_travel_high": fitted.high,
                "territory_calibrated": self.env._(
                    "From %(pairs)s drives of %(name)s, %(date)s",
                    pairs=fitted.pairs,
                    name=router.label,
                    date=company._territory_today(),
                ),
            }
        )
        return fitted

    @api.model
    def _places(self, company):
        """Where the company's accounts are, ``(n, 2)``, each place once."""
        # sudo: an administrator of the database need not be one of sales; places only
        rows = (
            self.env["territory.account"]
            .sudo()
            .search_fetch(
                [
                    ("company_id", "=", company.id),
                    ("location_quality", "=", "given"),
                ],
                ["latitude", "longitude"],
                order="id",
                limit=20_000,
            )
        )
        places = np.array([(a.latitude, a.longitude) for a in rows]).reshape(-1, 2)
        return np.unique(places.round(travel.DECIMALS), axis=0)


def _pairs(places):
    """Some places, spread over all, each with others from near to far."""
    size = len(places)
    if size < 2:
        return
    rng = np.random.default_rng(size)  # the same accounts give the same figures
    for centre in rng.permutation(size)[:CENTRES]:
        km = travel.Beeline(1.0).table(places[[centre]], places)[1][0]
        order = np.argsort(km, kind="stable")[1:]
        ranks = np.geomspace(1, len(order), min(AROUND, len(order))).astype(int) - 1
        yield int(centre), order[np.unique(ranks)]
