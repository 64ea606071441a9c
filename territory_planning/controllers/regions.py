from werkzeug.exceptions import BadRequest, NotFound

from odoo.http import Controller, content_disposition, request, route

TYPES = {
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
}


class RegionsExport(Controller):
    @route(
        "/territory_planning/regions/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export(self, kind, regions="", company=None):
        """The user's regions as a file: those asked for, else all of the company.

        :param regions: ids separated by commas; others than the user may read are
            left out
        :param company: whose regions, if none are named
        """
        if kind not in TYPES:
            raise NotFound()
        model = request.env["territory.region"]
        try:
            wanted = [int(part) for part in regions.split(",") if part][:10_000]
            owner = int(company) if company else request.env.company.id
        except ValueError:
            raise BadRequest() from None
        domain = [("id", "in", wanted)] if wanted else [("company_id", "=", owner)]
        # Not more than the web client shows: the user's companies, by record rule.
        found = model.with_context(
            allowed_company_ids=request.env.user.company_ids.ids
        ).search(domain)
        return request.make_response(
            found._export(kind),
            headers=[
                ("Content-Type", TYPES[kind]),
                ("Content-Disposition", content_disposition(f"regions.{kind}")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
