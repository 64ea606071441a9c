import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {AccountFacts} from "../account_card/account_facts";

const {DateTime} = luxon;
/** Fewer than three have no "least": it would only say "the other one". */
const LEAST_OF = 3;

const daysAgo = (date) =>
    date
        ? DateTime.local().startOf("day").diff(deserializeDate(date), "days").days
        : null;

/**
 * What is compared. `value` is a number or null where it is not known, `text` says it,
 * `better` which end is the good one: "high", or none where neither is. Amounts are
 * only held against each other in one currency.
 */
function measures() {
    return [
        {
            name: "revenue",
            label: _t("Revenue, 12 months"),
            value: ({revenue_12m: amount}) => amount,
            text: (card, facts) => facts.money(card.revenue_12m),
            better: "high",
            money: true,
        },
        {
            name: "trend",
            label: _t("Against the year before"),
            value: (card) =>
                card.revenue_previous > 0 ? percent(card.revenue_change) : null,
            text: (card) =>
                card.revenue_previous > 0
                    ? signed(card.revenue_change)
                    : _t("Nothing the year before"),
            better: "high",
        },
        {
            name: "margin",
            label: _t("Margin, 12 months"),
            value: (card) => card.margin_12m,
            text: (card, facts) => facts.money(card.margin_12m),
            better: "high",
            money: true,
        },
        {
            name: "margin_rate",
            label: _t("Margin rate"),
            value: (card) => (card.margin_known ? percent(card.margin_rate) : null),
            text: (card) =>
                card.margin_known
                    ? formatPercentage(card.margin_rate, {digits: [16, 0]})
                    : _t("No cost known"),
            better: "high",
        },
        {
            name: "orders",
            label: _t("Orders, 12 months"),
            value: (card) => card.orders_12m,
            text: (card) => formatInteger(card.orders_12m),
        },
        {
            name: "last_order",
            label: _t("Last order"),
            value: (card) => daysAgo(card.last_order_date),
            text: (card, facts) =>
                card.last_order_date
                    ? facts.dateWithDistance(card.last_order_date)
                    : _t("Never"),
            better: "low",
            bar: false,
        },
        {
            name: "visits",
            label: _t("Visits, 12 months"),
            value: (card) => card.visits_12m,
            text: (card) => formatInteger(card.visits_12m),
        },
        {
            name: "per_visit",
            label: _t("Revenue per visit"),
            value: (card) =>
                card.visits_12m ? card.revenue_12m / card.visits_12m : null,
            text: (card, facts) =>
                card.visits_12m
                    ? facts.money(card.revenue_12m / card.visits_12m)
                    : _t("Not visited"),
            better: "high",
            money: true,
        },
        {
            name: "last_visit",
            label: _t("Last visit"),
            value: () => null,
            text: (card, facts) =>
                card.last_visit_date
                    ? facts.dateWithDistance(card.last_visit_date)
                    : _t("Never"),
        },
        {
            name: "next_visit",
            label: _t("Next visit"),
            value: () => null,
            text: (card, facts) => facts.nextVisit,
        },
        {
            name: "hours",
            label: _t("Hours a month, today → best"),
            value: () => null,
            text: ({plan, hours_per_visit: each}) =>
                plan
                    ? _t("%(today)s → %(best)s h", {
                          today: decimal(plan.visits_today * each),
                          best: decimal(plan.visits_optimal * each),
                      })
                    : _t("No plan yet"),
        },
        {
            name: "gain",
            label: _t("Expected gain a month"),
            value: ({plan}) => (plan ? plan.expected_gain : null),
            text: ({plan}, facts) =>
                plan ? facts.signedMoney(plan.expected_gain) : _t("No plan yet"),
            note: ({plan}, facts) =>
                plan && plan.gain_low !== plan.gain_high
                    ? _t("%(low)s to %(high)s", {
                          low: facts.signedMoney(plan.gain_low),
                          high: facts.signedMoney(plan.gain_high),
                      })
                    : "",
            better: "high",
            money: true,
        },
        {
            name: "pipeline",
            label: _t("Open leads, weighted"),
            value: (card) => card.pipeline,
            text: (card, facts) => facts.money(card.pipeline),
            better: "high",
            money: true,
        },
    ];
}

/** As it is shown: what reads the same is neither best nor last. */
const percent = (share) => Math.round(100 * share);
const decimal = (value) => formatFloat(value, {digits: [16, 1]});

function signed(share) {
    const text = formatPercentage(Math.abs(share), {digits: [16, 0]});
    return share < 0 ? `−${text}` : `+${text}`;
}

/** Of each value whether it is the best, the least good, or neither. */
export function marks(values, better) {
    const known = values.filter((value) => value !== null);
    const none = values.map(() => null);
    const high = Math.max(...known);
    const low = Math.min(...known);
    if (!better || known.length < 2 || high === low) {
        return none;
    }
    const [best, least] = better === "high" ? [high, low] : [low, high];
    return values.map((value) => {
        if (value === best) {
            return "best";
        }
        return value === least && known.length >= LEAST_OF ? "least" : null;
    });
}

/**
 * The table of a comparison. Pure: cards in, rows out, a cell per card.
 *
 * @param {Object[]} cards of `get_territory_comparison`
 */
export function compareRows(cards) {
    const facts = cards.map((card) => new AccountFacts(card));
    const comparable = new Set(cards.map((card) => card.currency_id)).size === 1;
    return measures().map(({name, label, value, text, note, better, money, bar}) => {
        const values = cards.map((card) => value(card) ?? null);
        const found = marks(values, money && !comparable ? null : better);
        const most = Math.max(...values.map((number) => Math.abs(number || 0)));
        const barred = bar !== false && most > 0 && !(money && !comparable);
        return {
            name,
            label,
            cells: cards.map((card, i) => ({
                key: card.id,
                text: text(card, facts[i]),
                note: note ? note(card, facts[i]) : "",
                mark: found[i],
                share:
                    barred && values[i] !== null
                        ? (100 * Math.abs(values[i])) / most
                        : null,
                negative: values[i] < 0,
            })),
        };
    });
}
