import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";

const ACCOUNT_MODEL = "territory.account";

/** How many and how much, in words: with unit and name, in the user's language. */
export const withWords = (Base) =>
    class extends Base {
        /** "437 accounts": how many of what the map shows. */
        countLabel(
            count,
            what = this.resModel === ACCOUNT_MODEL ? "account" : "record"
        ) {
            const number = formatInteger(count);
            if (what === "account") {
                return count === 1 ? _t("1 account") : _t("%s accounts", number);
            }
            return count === 1 ? _t("1 record") : _t("%s records", number);
        }

        /** "3 whose place is not certain" */
        doubtLabel(count) {
            return count === 1
                ? _t("1 whose place is not certain")
                : _t("%s whose place is not certain", formatInteger(count));
        }

        /** An amount of the values with unit and name; nothing if they do not add up. */
        amountLabel(amount) {
            const {points, archInfo, fields} = this;
            if (amount === null || !archInfo.value) {
                return "";
            }
            const {type, string} = fields[archInfo.value];
            const {currency} = points.header;
            if (type === "monetary" && !currency) {
                return _t("%s in several currencies", string);
            }
            const decimals = Math.abs(amount) < 1000 ? 0 : 1;
            const text =
                type === "monetary"
                    ? formatCurrency(amount, currency, {
                          humanReadable: true,
                          digits: [16, decimals],
                          minDigits: 1,
                      })
                    : formatFloat(amount, {humanReadable: true, decimals});
            return `${text} ${string}`;
        }

        /** What some records are worth together, in lines of text. */
        describe(rows) {
            const {points} = this;
            const sum = rows.reduce((total, row) => total + points.value(row), 0);
            return points.values ? [this.amountLabel(sum)].filter(Boolean) : [];
        }
    };
