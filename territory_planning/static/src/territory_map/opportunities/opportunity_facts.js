import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {AccountFacts} from "../account_card/account_facts";

const ROUGH = {
    code: _t("± its postal code"),
    town: _t("± its town"),
};

/** What the Opportunities window says of its rows and places. Pure: values in, words out. */
export class OpportunityFacts {
    constructor(part) {
        this.part = part;
    }

    words(row) {
        return new AccountFacts(row);
    }

    // ---------------------------------------------------------------------- rows
    kind(row) {
        return row.kind === "lead" ? _t("Lead") : row.segment;
    }

    worth(row) {
        return row.worth ? this.words(row).money(row.worth) : "";
    }

    /** What the worth is made from; the larger one counts. */
    why(row) {
        const words = this.words(row);
        const parts = [];
        if (row.gap) {
            parts.push(
                _t("customers like it buy %s a year more", words.money(row.gap))
            );
        }
        if (row.kind === "lead") {
            parts.push(
                row.expected
                    ? _t("%s expected, by its probability", words.money(row.expected))
                    : _t("nothing expected of it yet")
            );
        } else if (row.open_leads) {
            parts.push(
                row.open_leads === 1
                    ? _t("1 open lead, %s expected", words.money(row.expected))
                    : _t("%(count)s open leads, %(money)s expected", {
                          count: formatInteger(row.open_leads),
                          money: words.money(row.expected),
                      })
            );
        }
        return (
            parts.join("; ") || _t("Neither its potential is known nor has it a lead")
        );
    }

    visits(row) {
        const words = this.words(row);
        if (row.kind === "lead") {
            return _t("Not a customer in the books yet");
        }
        if (row.next_visit_date) {
            return _t("Visit planned: %s", words.dateWithDistance(row.next_visit_date));
        }
        return row.last_visit_date
            ? _t("Unvisited since %s", words.dateWithDistance(row.last_visit_date))
            : _t("Never visited");
    }

    place(row) {
        const distance = this.part.distance(row);
        return [
            row.city,
            distance !== null &&
                _t("%s km away", formatFloat(distance, {digits: [16, 0]})),
            ROUGH[row.rough],
        ]
            .filter(Boolean)
            .join(" · ");
    }

    get count() {
        const {accounts, leads, rows, more} = this.part.found;
        const parts = [this.part.model.countLabel(accounts, "account")];
        if (leads) {
            parts.push(
                leads === 1 ? _t("1 lead") : _t("%s leads", formatInteger(leads))
            );
        }
        const all = parts.join(" · ");
        if (rows.length < accounts + leads || more) {
            return _t("%(all)s; listed are the %(shown)s of most worth", {
                all,
                shown: formatInteger(rows.length),
            });
        }
        return all;
    }

    get placeless() {
        const {placeless} = this.part.found;
        if (!placeless) {
            return "";
        }
        return placeless === 1
            ? _t("1 open lead has no address that can be placed.")
            : _t(
                  "%s open leads have no address that can be placed.",
                  formatInteger(placeless)
              );
    }
}

/** What the Opportunities window says of white space. */
export class WhiteFacts {
    constructor({space, places, cells}) {
        this.space = space;
        this.places = places;
        this.cells = cells;
        this.words = new AccountFacts(space || {});
    }

    /** Why there is no map, or nothing on it; "" where there is. */
    get nothing() {
        const {space} = this;
        if (!space) {
            return _t("White space has not been computed yet: it is, every night.");
        }
        const count = formatInteger(space.customers);
        if (space.status === "customers") {
            return _t(
                "Not enough data: white space needs 500 customers with a place and an order in the last 12 months; %(company)s has %(count)s.",
                {company: space.company, count}
            );
        }
        if (space.status === "market") {
            return _t(
                "Not enough data: where the market is shows in the companies you know that are no customers. White space needs 100 of them with a place; there are %s.",
                formatInteger(space.others)
            );
        }
        if (!this.cells.lat.length) {
            return _t(
                "You see white space in regions you are responsible for and where most accounts are yours. There is none."
            );
        }
        return this.places.length
            ? ""
            : _t(
                  "Nowhere are customers missing beyond what chance explains, given where the companies you know are."
              );
    }

    missing({missing, missing_low: low, missing_high: high}) {
        const whole = (number) => formatInteger(Math.max(Math.round(number), 0));
        return _t("%(missing)s customers missing (%(low)s to %(high)s)", {
            missing: whole(missing),
            low: whole(low),
            high: whole(high),
        });
    }

    why({observed, expected}) {
        return _t("%(observed)s customers where %(expected)s would be usual", {
            observed: formatInteger(observed),
            expected: formatInteger(Math.round(expected)),
        });
    }

    money({money}) {
        return _t("%s a year", this.words.money(money));
    }

    town({town, lat, lon}) {
        const digits = {digits: [16, 2]};
        return town
            ? _t("Around %s", town)
            : `${formatFloat(lat, digits)}, ${formatFloat(lon, digits)}`;
    }

    get basis() {
        const {space} = this;
        const parts = [
            _t(
                "As of %(date)s, from %(customers)s customers and %(others)s other companies you know. A usual customer buys %(value)s a year.",
                {
                    date: this.words.date(space.date),
                    customers: formatInteger(space.customers),
                    others: formatInteger(space.others),
                    value: this.words.money(space.customer_value),
                }
            ),
        ];
        if (space.rough) {
            parts.push(
                _t("%s are placed by postal code or town.", formatInteger(space.rough))
            );
        }
        if (space.placeless) {
            parts.push(
                _t("%s without a place are left out.", formatInteger(space.placeless))
            );
        }
        return parts.join(" ");
    }
}
