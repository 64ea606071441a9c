/**
 * A rep's month on the phone: what the server said of it, and what was entered since.
 * Pure: no network, no clock.
 */

/** What a rep says of a line: `visits`, `sales`; null is “not said”. */
export class MonthState {
    /**
     * @param {Object} month answer of `get_territory_my_month`
     * @param {Object[]} [waiting] entries that are kept and not sent yet, oldest first
     */
    constructor(month, waiting = []) {
        this.plan = month.plan;
        this.available = month.progress ? month.progress.hours_available : 0;
        this.lines = month.lines.map((line) => ({...line}));
        this.asked = new Set(month.questions);
        this.byId = new Map(this.lines.map((line) => [line.id, line]));
        waiting.forEach((entry) => this.say(entry));
    }

    line(id) {
        return this.byId.get(id);
    }

    /** Take over what was entered; the server may not know it yet. */
    say({line_id: id, visits, sales, knowledge}) {
        const line = this.byId.get(id);
        if (!line) {
            return;
        }
        if (visits !== undefined && visits !== null) {
            line.visits = visits;
        }
        if (sales !== undefined && sales !== null) {
            line.sales = sales;
        }
        if (knowledge) {
            line.knowledge = [{...knowledge, state: "open"}, ...line.knowledge];
        }
    }

    /**
     * The server's answer to one entry.
     *
     * @param {Object} answer
     * @param {boolean} more whether entries about the same line still wait
     */
    answered(answer, more) {
        const line = this.byId.get(answer.line_id);
        if (!line || !["saved", "again", "conflict"].includes(answer.status)) {
            return;
        }
        line.version = answer.version;
        if (!more) {
            line.visits = answer.visits;
            line.sales = answer.sales;
        }
    }

    get open() {
        return this.lines.filter((line) => line.visits === null);
    }

    /** How far the rep is, and what it adds up to if the rest is as recommended. */
    get progress() {
        const sum = (value) =>
            this.lines.reduce((total, line) => total + value(line), 0);
        return {
            lines: this.lines.length,
            answered: this.lines.length - this.open.length,
            available: this.available,
            recommended: sum((line) => line.recommended * line.hours_per_visit),
            hours: sum(
                (line) => (line.visits ?? line.recommended) * line.hours_per_visit
            ),
            forecast: sum((line) => line.sales_model),
            sales: sum((line) => line.sales ?? line.sales_model),
        };
    }

    /**
     * The lines to show, what matters most first.
     *
     * @param {"open"|"asked"|"all"} filter
     * @param {string} text part of a name or town
     * @param {Set<number>} [keep] ids that stay although they are answered now
     */
    shown(filter, text = "", keep = new Set()) {
        const wanted = text.trim().toLowerCase();
        return this.lines.filter(
            (line) =>
                (filter === "all" ||
                    keep.has(line.id) ||
                    (filter === "open" && line.visits === null) ||
                    (filter === "asked" && this.asked.has(line.account_id))) &&
                (!wanted ||
                    line.name.toLowerCase().includes(wanted) ||
                    line.city.toLowerCase().includes(wanted))
        );
    }

    /** What is kept on the phone to work without a connection. */
    export() {
        return {
            plan: this.plan,
            progress: {hours_available: this.available},
            lines: this.lines,
            questions: [...this.asked],
        };
    }
}
