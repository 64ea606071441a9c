from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What is told of a region; read by name, or the areas would be read along.
TOLD = ("name", "complete_name", "color", "user_id", "team_id", "kind", "parent_id")


class TerritoryRegion(models.Model):
    """What the map draws below the accounts."""

    _inherit = "territory.region"

    @api.model
    @api.readonly
    def get_territory_map_layers(self):
        """Answer with the regions of today and the street map, if one is set up.

        Open to everyone who may see some map: who has no access to regions gets a
        map without them.
        """
        return {
            "regions": self._map_regions(),
            "tiles": self._map_tiles(),
            "can_edit": self.browse().has_access("write"),
        }

    def _map_regions(self):
        if not self.has_access("read"):
            return []
        today = fields.Date.context_today(self)
        regions = self.search(
            (Domain("date_start", "=", False) | Domain("date_start", "<=", today))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        return regions._map_values()

    def _map_values(self):
        """What the map draws of each of these regions and tells of it."""
        self.fetch(TOLD)
        shapes = self._map_shapes()
        return [
            {
                "id": region.id,
                "name": region.name,
                "complete_name": region.complete_name,
                "color": region.color,
                "accounts": region.account_count,
                "rep": region.user_id.display_name,
                "team": region.team_id.display_name,
                "kind": region.kind,
                "parent": region.parent_id.id,
                "geometry": shapes.get(region.id, False),
            }
            for region in self
        ]

    def _map_shapes(self):
        """The area of each of these regions, as the text of its GeoJSON.

        As PostgreSQL has it: a field of JSON is read, copied corner by corner and
        written again, which took longer than everything else a map asks for.
        """
        if not self:
            return {}
        self.check_access("read")
        query = self.with_context(active_test=False)._search([("id", "in", self.ids)])
        shapes = (
            SQL("NULLIF(%s, 'null')", self._field_to_sql(query.table, name, query))
            for name in ("geometry", "outline")
        )
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(query.table, "id"),
                SQL("COALESCE(%s)::text", SQL(", ").join(shapes)),
            )
        )
        return {region_id: shape or False for region_id, shape in rows}

    @api.model
    def _map_tiles(self):
        # sudo: the address of the street map is asked for by whoever opens a map
        parameters = self.env["ir.config_parameter"].sudo()
        url = (parameters.get_param("territory_planning.tile_url") or "").strip()
        if not url.startswith(("https://", "http://")) or not all(
            part in url for part in ("{x}", "{y}", "{z}")
        ):
            return False
        return {
            "url": url,
            "attribution": parameters.get_param("territory_planning.tile_attribution")
            or "",
        }
