import numpy as np
import shapely

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import geo
from . import _bulk
from ._region_rules import RegionRules, parse_prefixes

# What decides where an account belongs: a change of it places the accounts anew.
PLACING = {
    "active",
    "parent_id",
    "date_start",
    "date_end",
    "kind",
    "country_ids",
    "state_ids",
    "zip_prefixes",
    "geometry",
}


class TerritoryRegion(models.Model):
    """A named part of the map: drawn, or told by rule which places belong to it.

    Where several regions claim an account, the one deepest in the hierarchy has
    it; of those, a drawn one before a rule; of drawn ones the smallest; of rules
    the longest postal code, then the state, then the country; then the oldest.
    """

    _name = "territory.region"
    _description = "Region"
    _parent_store = True
    _order = "complete_name, id"
    _rec_name = "complete_name"
    _check_company_auto = True

    name = fields.Char(required=True)
    complete_name = fields.Char(
        string="Full Name",
        compute="_compute_complete_name",
        store=True,
        recursive=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    parent_id = fields.Many2one(
        "territory.region",
        string="Part Of",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("territory.region", "parent_id", string="Parts")
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", index="btree_not_null", check_company=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Rep",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who looks after accounts here that have no salesperson.",
    )
    color = fields.Integer(string="Colour")
    date_start = fields.Date(string="From", help="Empty: since ever.")
    date_end = fields.Date(string="Until", help="Empty: for good.")
    kind = fields.Selection(
        [("rule", "By rule"), ("area", "Drawn on the map")],
        string="Made",
        required=True,
        default="rule",
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States")
    zip_prefixes = fields.Char(
        string="Postal Codes Beginning With",
        help="Separated by commas, ranges with a dash: 80, 81, 820-834. In the "
        "countries given.",
    )
    geometry = fields.Json(
        string="Area",
        help="GeoJSON Polygon or MultiPolygon, longitude before latitude.",
    )
    outline = fields.Json(
        readonly=True,
        help="For a region made by rule: the area around its accounts, for the map.",
    )
    west = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    south = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    east = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    north = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    account_ids = fields.One2many("territory.account", "region_id", string="Accounts")
    account_count = fields.Integer(
        string="Number of Accounts", compute="_compute_account_count"
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "A region cannot end before it begins: look at “From” and “Until”.",
    )

    # ---------------------------------------------------------------- computed
    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for region in self:
            parent = region.parent_id.complete_name
            region.complete_name = (
                f"{parent} / {region.name}" if parent else region.name
            )

    @api.depends("account_ids")
    @api.depends_context("uid")
    def _compute_account_count(self):
        counts = dict(
            self.env["territory.account"]._read_group(
                [("region_id", "in", self.ids)], ["region_id"], ["__count"]
            )
        )
        for region in self:
            region.account_count = counts.get(region, 0)

    # ------------------------------------------------------------- constraints
    @api.constrains("kind", "geometry", "country_ids", "state_ids", "zip_prefixes")
    def _check_rule(self):
        for region in self:
            if region.kind == "area" and not region.geometry:
                raise ValidationError(
                    self.env._(
                        "Region “%(region)s” is drawn on the map but has no area. "
                        "Draw one, or choose “By rule”.",
                        region=region.name,
                    )
                )
            if region.kind == "rule" and region.zip_prefixes:
                region._check_prefixes()

    def _check_prefixes(self):
        self.ensure_one()
        if not self.country_ids:
            raise ValidationError(
                self.env._(
                    "Region “%(region)s”: postal codes mean something only within a "
                    "country. Fill in “Countries”.",
                    region=self.name,
                )
            )
        try:
            parse_prefixes(self.zip_prefixes)
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "Region “%(region)s”, “Postal Codes Beginning With”: “%(part)s” "
                    "is neither a beginning (81) nor a range of equally long ones "
                    "(820-834).",
                    region=self.name,
                    part=error,
                )
            ) from error

    # -------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        regions = super().create([self._with_clean_area(vals) for vals in vals_list])
        regions._place_accounts_soon()
        return regions

    def write(self, vals):
        done = super().write(self._with_clean_area(vals))
        if PLACING & set(vals):
            self._place_accounts_soon()
        return done

    def unlink(self):
        companies = self.company_id
        done = super().unlink()
        for company in companies:
            self.env["territory.run"]._start("regions", company)
        return done

    @api.model
    def _with_clean_area(self, vals):
        """Values with their area checked, repaired and boxed."""
        if not vals.get("geometry"):
            return vals
        try:
            area, _repaired = geo.parse_area(vals["geometry"])
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "Region “%(region)s”, “Area”: %(reason)s",
                    region=vals.get("name") or ", ".join(self.mapped("name")),
                    reason=error,
                )
            ) from error
        west, south, east, north = area.bounds
        return vals | {
            "geometry": shapely.geometry.mapping(area),
            "west": west,
            "south": south,
            "east": east,
            "north": north,
        }

    def _place_accounts_soon(self):
        for company in self.company_id:
            self.env["territory.run"]._start("regions", company)

    # --------------------------------------------------------- who is in which
    @api.model
    def _assign(self, company):
        """Put every account of a company into its region, in bulk.

        :return: how many accounts are in a region now
        """
        # sudo: which account is where is the same for everyone in the company
        regions = self.sudo()._in_force(company)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, country_id, state_id, zip, latitude, longitude,
                       location_quality = 'given', region_id, region_manual_id
                  FROM territory_account WHERE company_id = %s ORDER BY id
                """,
                company.id,
            )
        )
        if not rows:
            return 0
        ids, country, state, zips, lat, lon, located, before, manual = (
            np.array(column, dtype=object) for column in zip(*rows, strict=True)
        )
        located = located.astype(bool)
        lat = np.where(located, lat, np.nan).astype(float)
        lon = np.where(located, lon, np.nan).astype(float)
        found = RegionRules(regions).find(country, state, zips)
        found = regions._prefer_drawn(found, lat, lon)
        found = regions._prefer_manual(found, manual)
        changed = found != before.astype(object)
        _bulk.update(
            self.env["territory.account"],
            ids[changed],
            {"region_id": found[changed]},
        )
        regions._draw_outlines(found, lat, lon)
        return int(sum(region is not None for region in found))

    @api.model
    def _in_force(self, company):
        """The regions that hold today, deepest first."""
        today = fields.Date.context_today(
            self.with_context(tz=company._territory_timezone())
        )
        regions = self.search(
            Domain("company_id", "=", company.id)
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", today))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        return regions.sorted(lambda region: (-region._depth(), region.id))

    def _depth(self):
        return self.parent_path.count("/")

    def _drawn_by_precedence(self):
        """The drawn regions among these, the one that wins before those that yield.

        :return: ``(regions, areas)``: records and their shapely areas
        """
        drawn = self.filtered(lambda region: region.kind == "area" and region.geometry)
        areas = [shapely.geometry.shape(region.geometry) for region in drawn]
        order = sorted(
            range(len(drawn)), key=lambda i: (-drawn[i]._depth(), areas[i].area)
        )
        return drawn.browse(drawn[i].id for i in order), [areas[i] for i in order]

    def _prefer_drawn(self, found, lat, lon):
        """Let drawn regions take what they contain, unless a rule is deeper."""
        drawn, areas = self._drawn_by_precedence()
        hit = geo.locate(lat, lon, areas)
        depth = {region.id: region._depth() for region in self}
        found = found.copy()
        for row in np.flatnonzero(hit >= 0).tolist():
            region = drawn[hit[row]]
            if found[row] is None or depth[found[row]] <= region._depth():
                found[row] = region.id
        return found

    def _draw_outlines(self, found, lat, lon):
        """Give regions made by rule an area on the map: the one around their accounts."""
        placed = np.array([region is not None for region in found]) & ~np.isnan(lat)
        label = found[placed].astype(int)
        outlines = geo.outlines(lat[placed], lon[placed], label)
        for region in self.filtered(lambda region: region.kind == "rule"):
            outline = outlines.get(region.id, False)
            if (region.outline or False) != outline:
                region.outline = outline
