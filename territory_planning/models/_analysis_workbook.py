"""A month's allocation as a spreadsheet: what it says, tables and charts."""

import io
import re

import xlsxwriter

from ._analysis_figures import LINE_FIGURES, PART_FIGURES, SIZING_FIGURES, TOTALS

MOST_CHARTED = 40
BATCH = 5_000
#: What a cell may not begin with where it is text: a spreadsheet would compute it.
FORMULA = re.compile(r"^[=+\-@\t\r]")

REGION_FIELDS = ("region_id", "user_id", "team_id", *PART_FIGURES)
LINE_FIELDS = (
    "account_id",
    "region_id",
    "user_id",
    "segment",
    *LINE_FIGURES,
    "curve_origin",
    "sample_size",
    "reason_code",
    "reason",
)


class AnalysisWorkbook:
    """The spreadsheet of one plan, under the rights of the plan's environment."""

    def __init__(self, plan):
        self.plan = plan
        self.env = plan.env
        self.output = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.output,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        currency = plan.currency_id
        self.bold = self.book.add_format({"bold": True, "text_wrap": True})
        self.title = self.book.add_format({"bold": True, "font_size": 14})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        symbol = currency.symbol.replace('"', "")
        money = f'"{symbol}" #,##0' if currency.position == "before" else None
        self.formats = {
            "monetary": self.book.add_format(
                {"num_format": money or f'#,##0 "{symbol}"'}
            ),
            "float": self.book.add_format({"num_format": "#,##0.0#"}),
            "integer": self.book.add_format({"num_format": "#,##0"}),
        }

    def build(self):
        """:return: the bytes of the file"""
        self._summary()
        regions = self.env["territory.plan.region"].search(
            [("plan_id", "=", self.plan.id)], order="expected_gain desc, id"
        )
        sheet = self._table(self.env._("Regions and Reps"), regions, REGION_FIELDS)
        self._chart_hours(sheet, len(regions))
        lines = self.env["territory.plan.line"].search(
            [("plan_id", "=", self.plan.id)], order="expected_gain desc, id"
        )
        self._table(self.env._("Accounts"), lines, LINE_FIELDS)
        sizing = self.env["territory.plan.sizing"]
        if sizing.has_access("read"):
            pools = sizing.search([("plan_id", "=", self.plan.id)])
            sheet = self._table(self.env._("How Many Reps"), pools, SIZING_FIGURES)
            self._profit_curves(sheet, pools)
        self.book.close()
        return self.output.getvalue()

    # ------------------------------------------------------------------ sheets
    def _summary(self):
        plan = self.plan
        sheet = self.book.add_worksheet(self.env._("Summary")[:31])
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 24)
        sheet.write_string(
            0, 0, self.env._("Allocation of visits, %s", plan.name), self.title
        )
        sheet.write_string(1, 0, plan.company_id.display_name)
        row = 3
        for name in ("computed_on", *TOTALS):
            field = plan._fields[name]
            if not plan._has_field_access(field, "read"):
                continue
            sheet.write_string(row, 0, field._description_string(self.env))
            self._cell(sheet, row, 1, field, plan[name])
            row += 1
        notes = (
            self.env._(
                "Gains are means of what is expected, against going on as today; with "
                "90 % probability they lie between “at Least” and “at Most”."
            ),
            self.env._(
                "Hours cannot be carried from one rep to another, so the worth of one "
                "more hour need not be the same for every rep."
            ),
        )
        for note in notes:
            row += 1
            sheet.write_string(row, 0, note, self.wrap)

    def _table(self, name, records, names):
        """One sheet: a heading, then a row for each record."""
        sheet = self.book.add_worksheet(name[:31])
        model = records.browse()
        fields = [model._fields[field] for field in names]
        for column, field in enumerate(fields):
            sheet.write_string(
                0, column, field._description_string(self.env), self.bold
            )
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, len(names), 14)
        row = 1
        for start in range(0, len(records), BATCH):
            batch = records[start : start + BATCH]
            for record in batch:
                for column, field in enumerate(fields):
                    self._cell(sheet, row, column, field, record[field.name])
                row += 1
            batch.invalidate_recordset()
        if row > 1:
            sheet.autofilter(0, 0, row - 1, len(names) - 1)
        return sheet

    def _cell(self, sheet, row, column, field, value):
        if field.type in self.formats:
            sheet.write_number(row, column, value, self.formats[field.type])
            return
        if field.type == "many2one":
            value = value.display_name
        elif field.type == "selection":
            options = dict(field._description_selection(self.env))
            value = options.get(value, "")
        elif field.type == "datetime" and value:
            value = value.strftime("%Y-%m-%d %H:%M UTC")
        text = str(value or "")
        sheet.write_string(row, column, f"'{text}" if FORMULA.match(text) else text)

    # ------------------------------------------------------------------ charts
    def _chart_hours(self, sheet, rows):
        """Hours today beside the hours of the optimum, by region and rep."""
        if not rows:
            return
        chart = self.book.add_chart({"type": "bar"})
        last = min(rows, MOST_CHARTED)
        for name in ("hours_today", "hours_optimal"):
            column = REGION_FIELDS.index(name)
            chart.add_series(
                {
                    "name": [sheet.name, 0, column],
                    "categories": [sheet.name, 1, 0, last, 1],
                    "values": [sheet.name, 1, column, last, column],
                }
            )
        chart.set_title({"name": self.env._("Hours a month, today and optimal")})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 720, "height": 160 + 28 * last})
        sheet.insert_chart(rows + 3, 0, chart)

    def _profit_curves(self, sheet, pools):
        """Profit against the number of reps: the numbers, and a line for each pool."""
        chart = self.book.add_chart({"type": "scatter", "subtype": "straight"})
        first = len(pools) + 4
        for number, pool in enumerate(pools.filtered("curve")):
            column = 3 * number
            sheet.write_string(first, column, pool.name, self.bold)
            sheet.write_string(first + 1, column, self.env._("Reps"))
            sheet.write_string(first + 1, column + 1, self.env._("Profit a Month"))
            reps, profit = pool.curve["reps"], pool.curve["profit"]
            for row, values in enumerate(zip(reps, profit, strict=True), first + 2):
                sheet.write_number(row, column, values[0], self.formats["float"])
                sheet.write_number(row, column + 1, values[1], self.formats["monetary"])
            last = first + 1 + len(reps)
            chart.add_series(
                {
                    "name": [sheet.name, first, column],
                    "categories": [sheet.name, first + 2, column, last, column],
                    "values": [sheet.name, first + 2, column + 1, last, column + 1],
                }
            )
        if chart.series:
            chart.set_title({"name": self.env._("Profit a month by number of reps")})
            chart.set_size({"width": 720, "height": 400})
            sheet.insert_chart(first + 46, 0, chart)
