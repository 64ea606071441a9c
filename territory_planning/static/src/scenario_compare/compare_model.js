import {Reactive} from "@web/core/utils/reactive";
import {KeepLast} from "@web/core/utils/concurrency";
import {CATEGORY_COLORS, NONE_COLOR} from "../territory_map/palette";

const MODEL = "territory.scenario";
export const MOST = 4;
const CHOSEN_COLOR = "#212529";
/** Share of the accounts beyond each edge of the first view. */
const TRIMMED = 0.005;
/** What a column says of an account that does not take part in it. */
const NOT_IN = -2;

/** The scenarios that are compared, today, and what is being changed by hand. */
export class CompareModel extends Reactive {
    constructor(orm, remember) {
        super();
        this.orm = orm;
        this.remember = remember;
        this.keepLast = new KeepLast();
        this.data = null;
        this.ids = [];
        this.hand = null; // { columnId, rows, repId, price }
    }

    async load(ids) {
        const data = await this.keepLast.add(
            this.orm.call(MODEL, "compare_scenarios", [ids])
        );
        if (!data.columns.length && data.offered.length) {
            // nothing asked for that can be shown: the latest ones
            const latest = data.offered.slice(0, 2).map(({id}) => id);
            return this.load(latest);
        }
        this.data = data;
        this.ids = data.columns.map(({id}) => id);
        this.hand = null;
        this.remember(this.ids);
    }

    reload() {
        return this.load([...this.ids]);
    }

    // ----------------------------------------------------------------- choosing
    get offered() {
        return this.data.offered.filter(({id}) => !this.ids.includes(id));
    }

    get isFull() {
        return this.ids.length >= MOST;
    }

    add(id) {
        return this.load([...this.ids, id]);
    }

    remove(id) {
        return this.load(this.ids.filter((other) => other !== id));
    }

    // ------------------------------------------------------------------ showing
    /** Today first, then the scenarios. */
    get columns() {
        const {today, columns} = this.data;
        return columns.length ? [today, ...columns] : [];
    }

    column(id) {
        return this.columns.find((column) => column.id === id) || this.columns[0];
    }

    /** Twelve colours; whoever comes after has one of them again, in another form. */
    color(person) {
        return person < 0
            ? NONE_COLOR
            : CATEGORY_COLORS[person % CATEGORY_COLORS.length];
    }

    isHollow(person) {
        return Math.floor(person / CATEGORY_COLORS.length) % 2 === 1;
    }

    /** The accounts of a column as dots of a map; those that stay may be faded. */
    dots(column, {onlyMoved = false, chosen = new Set()} = {}) {
        const {account, lat, lon, today} = this.data;
        const dots = [];
        column.rep.forEach((person, row) => {
            if (person === NOT_IN) {
                return;
            }
            const moved = today.rep[row] !== NOT_IN && person !== today.rep[row];
            dots.push({
                key: account[row],
                place: [lon[row], lat[row]],
                color: this.color(person),
                radius: moved ? 6 : 4,
                faded: onlyMoved && !moved,
                hollow: this.isHollow(person),
                ring: chosen.has(row) ? CHOSEN_COLOR : null,
            });
        });
        return dots;
    }

    /**
     * West, south, east and north of nearly all accounts: one at the other end of the
     * world is there, but nothing to begin with. Null without any.
     */
    get bounds() {
        const {lat, lon} = this.data;
        if (!lat.length) {
            return null;
        }
        const ends = (values) => {
            const sorted = [...values].sort((a, b) => a - b);
            const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
            return [at(TRIMMED), at(1 - TRIMMED)];
        };
        const [west, east] = ends(lon);
        const [south, north] = ends(lat);
        return [west, south, east, north];
    }

    get legend() {
        const shown = new Set(this.columns.flatMap(({rep}) => rep));
        return this.data.people
            .map((name, person) => ({
                name,
                person,
                color: this.color(person),
                hollow: this.isHollow(person),
            }))
            .filter(({person}) => shown.has(person));
    }

    // ------------------------------------------------------------------ by hand
    canEdit(column) {
        return Boolean(column.id && column.editable && this.data.may_edit);
    }

    choose(columnId, rows) {
        this.hand = rows.length ? {columnId, rows, repId: null, price: null} : null;
    }

    get handAccounts() {
        return this.hand.rows.map((row) => this.data.account[row]);
    }

    async askPrice(repId) {
        const {hand} = this;
        hand.repId = repId;
        hand.price = null;
        if (!repId) {
            return;
        }
        hand.price = await this.keepLast.add(
            this.orm.call(MODEL, "price_of_move", [
                [hand.columnId],
                this.handAccounts,
                repId,
            ])
        );
    }

    async give() {
        const {columnId, repId} = this.hand;
        await this.orm.call(MODEL, "give_to", [[columnId], this.handAccounts, repId]);
        await this.reload();
    }
}
