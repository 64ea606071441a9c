import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {AccountFacts} from "../account_card/account_facts";

const {DateTime} = luxon;

/** The words of a trip and of who is on the way. Pure: values in, sentences out. */
export class RouteFacts {
    constructor(currencyId) {
        this.words = new AccountFacts({currency_id: currencyId});
    }

    money(amount) {
        return this.words.money(amount);
    }

    minutes(minutes) {
        const whole = Math.round(minutes);
        if (whole < 60) {
            return _t("%s min", formatInteger(whole));
        }
        const rest = String(whole % 60).padStart(2, "0");
        return _t("%(hours)s:%(minutes)s h", {
            hours: Math.floor(whole / 60),
            minutes: rest,
        });
    }

    km(km) {
        return _t("%s km", formatFloat(km, {digits: [16, km < 10 ? 1 : 0]}));
    }

    date(iso) {
        return DateTime.fromISO(iso).toLocaleString({
            weekday: "short",
            day: "numeric",
            month: "short",
        });
    }

    // ---------------------------------------------------------------- candidates
    /** What a candidate is worth, by what the trip goes by. */
    worth(row, priority) {
        if (priority === "potential") {
            return _t("%s of potential a year", this.money(row.worth));
        }
        if (priority === "risk") {
            return _t("%s at risk", this.money(row.worth));
        }
        return this.money(row.worth);
    }

    rate(row) {
        return _t("%s a minute", this.words.money(row.per_minute));
    }

    cost(row) {
        return _t("+%(minutes)s, of which %(there)s there", {
            minutes: this.minutes(row.detour_minutes + row.service_minutes),
            there: this.minutes(row.service_minutes),
        });
    }

    since(row) {
        return row.days_since === false
            ? _t("no visit known yet")
            : _t("last visited %s days ago", formatInteger(row.days_since));
    }

    count(preview) {
        const {total, candidates} = preview;
        return total > candidates.length
            ? _t("%(shown)s of %(total)s on the way, the best first", {
                  shown: formatInteger(candidates.length),
                  total: formatInteger(total),
              })
            : _t("%s on the way, the best first", formatInteger(total));
    }

    placeless({count, accounts}) {
        const names = accounts
            .slice(0, 3)
            .map(({name}) => name)
            .join(", ");
        return count === 1
            ? _t("%s has no place on the map and is not looked at.", names)
            : _t(
                  "%(count)s accounts have no place on the map and are not looked at: %(names)s …",
                  {count: formatInteger(count), names}
              );
    }

    // ---------------------------------------------------------------------- trip
    summary(trip) {
        return _t("%(km)s, %(drive)s of driving, %(there)s with customers", {
            km: this.km(trip.distance_km),
            drive: this.minutes(60 * trip.drive_hours),
            there: this.minutes(60 * trip.visit_hours),
        });
    }

    price(trip) {
        return trip.value_per_minute
            ? _t(
                  "Whoever brings less than %s a minute is not on it.",
                  this.money(trip.value_per_minute)
              )
            : "";
    }

    basis(trip) {
        return _t("Computed %(when)s. Travel times: %(source)s.", {
            when: DateTime.fromISO(trip.planned_at).toLocaleString(
                DateTime.DATETIME_MED
            ),
            source: trip.travel_source,
        });
    }

    leg(stop) {
        const parts = [
            _t("%(minutes)s, %(km)s", {
                minutes: this.minutes(stop.drive_minutes),
                km: this.km(stop.drive_km),
            }),
        ];
        if (stop.wait_minutes >= 1) {
            parts.push(_t("%s to wait", this.minutes(stop.wait_minutes)));
        }
        return parts.join(", ");
    }
}
